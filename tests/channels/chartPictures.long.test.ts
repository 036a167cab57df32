import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createInProcessBus } from "../../src/platform/bus/inProcess.ts";
import type { Block } from "../../src/protocol/blocks.ts";
import { type ChatUnderTest, sees } from "./chatUnderTest.ts";
import { slackUnderTest } from "./slackUnderTest.ts";
import { teamsUnderTest } from "./teamsUnderTest.ts";

const chart: Block = { type: "chart", title: "Orders", labels: ["North", "South"], series: [{ name: "orders", values: [3, 4] }] };
const strange: Block = { type: "chart", title: "Places", labels: ["東京"], series: [{ name: "orders", values: [3] }] };
const publicUrl = "https://switchboard.example";

/** A product whose assistant answers `orders` and `places` with a chart each. */
async function charting(url: string | undefined) {
  const bus = createInProcessBus();
  for (const [name, block] of Object.entries({ orders: chart, places: strange }))
    await bus.serve({
      name,
      version: "1.0.0",
      description: name,
      metadata: { summary: "Draws a chart.", risk: "read", audience: "visitor", args: '{"type":"object","properties":{}}' },
      subject: `automation.${name}`,
      queueGroup: "automations",
      handle: async () => ({ messages: [{ text: `The ${name}.`, blocks: [block] }] }),
    });
  return { bus, ...(url === undefined ? {} : { publicUrl: url }) };
}

interface Pictured extends ChatUnderTest {
  pictures(person: string): { url: string; alt: string }[];
}

async function slack(url: string | undefined): Promise<Pictured & { away(): void }> {
  const chat = await slackUnderTest(await charting(url));
  chat.slack.world.reach = (address) => address.replace(publicUrl, chat.product.url);
  return {
    ...chat,
    pictures: (person) => chat.slack.seen(person, `D${person.slice(1)}`).flatMap(({ pictures }) => pictures),
    away: () => {
      chat.slack.world.reach = (address) => address.replace(publicUrl, "http://127.0.0.1:1");
    },
  };
}

async function teams(url: string | undefined): Promise<Pictured> {
  const chat = await teamsUnderTest(await charting(url));
  return { ...chat, pictures: (person) => chat.teams.seen(person, "personal").flatMap(({ pictures }) => pictures) };
}

describe.each<[string, (url: string | undefined) => Promise<Pictured>]>([
  ["slack", slack],
  ["teams", teams],
])("in %s", (_, open) => {
  let chat: Pictured;
  let ada: string;
  beforeAll(async () => {
    chat = await open(publicUrl);
    [ada] = chat.people;
  });
  afterAll(() => chat.close());
  const here = (url: string) => url.replace(publicUrl, chat.product.url);

  it("a chart is a picture that its service can fetch, and says its numbers to who doesn't see it", async () => {
    await chat.write(ada, "orders");
    await sees(chat, ada, "The orders.");
    const [picture] = chat.pictures(ada);
    expect(picture?.alt).toBe("Orders (orders). North: 3; South: 4");
    expect(picture?.url).toMatch(/^https:\/\/switchboard\.example\/charts\//);
    const answer = await fetch(here(picture?.url ?? ""));
    expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "image/png"]);
    const { format, width } = await sharp(Buffer.from(await answer.arrayBuffer())).metadata();
    expect({ format, width }).toEqual({ format: "png", width: 1024 });
  });

  it("its address can't be guessed or changed, and ends with what was sent", async () => {
    const [{ url = "" } = {}] = chat.pictures(ada);
    const found = new URL(here(url));
    const status = async (path: string) => (await fetch(new URL(path, found.origin))).status;
    const [until = "", tenant = "", signature = ""] = (found.searchParams.get("k") ?? "").split(".");
    const other = "00000000-0000-4000-8000-000000000000";
    for (const path of [
      found.pathname,
      `${found.pathname}?k=`,
      `${found.pathname}?k=${until}.${tenant}.${signature.slice(1)}`,
      `${found.pathname}?k=${Number(until) + 1}.${tenant}.${signature}`,
      `${found.pathname}?k=${until}.${other}.${signature}`,
      `${found.pathname.replace("/0.png", "/1.png")}${found.search}`,
      `/charts/${other}/0.png${found.search}`,
      `/charts/..%2f..%2fetc/0.png${found.search}`,
    ])
      expect([path, await status(path)]).toEqual([path, 404]);
    expect(await status(`${found.pathname}${found.search}`)).toBe(200);
    await chat.product.database.acrossTenants.query("delete from channel_out where what->'drawing'->>'text' = 'The orders.'");
    expect(await status(`${found.pathname}${found.search}`)).toBe(404);
  });

  it("one that would be no good picture is bars of letters", async () => {
    const before = chat.pictures(ada).length;
    await chat.write(ada, "places");
    await sees(chat, ada, /The places[\s\S]*東京/);
    expect(chat.pictures(ada)).toHaveLength(before);
  });
});

describe("where no service could fetch it", () => {
  it("since we aren't reached by https, a chart is bars of letters", async () => {
    const chat = await teams(undefined);
    const [ada] = chat.people;
    await chat.write(ada, "orders");
    await sees(chat, ada, /North[\s\S]*3/);
    expect(chat.pictures(ada)).toEqual([]);
    await chat.close();
  });

  it("since Slack doesn't get to us, the message is there once, with bars of letters", async () => {
    const chat = await slack(publicUrl);
    const [ada] = chat.people;
    chat.away();
    await chat.write(ada, "orders");
    await sees(chat, ada, /North +█+ +3/);
    expect(chat.pictures(ada)).toEqual([]);
    expect(chat.seen(ada).filter(({ text }) => text.includes("The orders."))).toHaveLength(1);
    await chat.close();
  });
});
