import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deliveryFields } from "../entities/entityHouse.ts";
import type { Agent } from "../fixtures/product.ts";
import { directOf } from "../fixtures/slackWorld.ts";
import { upload } from "../fixtures/uploads.ts";
import { type ChatUnderTest, sees } from "./chatUnderTest.ts";
import { slackUnderTest } from "./slackUnderTest.ts";
import { teamsUnderTest } from "./teamsUnderTest.ts";

let chat: ChatUnderTest;
let slack: Awaited<ReturnType<typeof slackUnderTest>>;
let teams: Awaited<ReturnType<typeof teamsUnderTest>>;
let admin: Agent;
let ada: string;

const sql = (text: string, values: unknown[] = []) => chat.product.database.acrossTenants.query<Record<string, unknown>>(text, values);

/** A conversation of theirs that the admin answers. */
async function talk(): Promise<string> {
  await chat.write(ada, `My screen stays dark ${randomUUID()}`);
  await sees(chat, ada, "no answer to that yet");
  const [found] = await sql("select id from conversation order by created_at desc limit 1");
  const conversation = String(found?.["id"]);
  await admin.run("conversation.take", { conversation });
  return conversation;
}

/** The agent says something with a file. */
async function send(conversation: string, text: string, name: string, bytes: Buffer): Promise<void> {
  const { id } = await upload(chat.product.url, `Bearer ${admin.token}`, bytes, { name });
  const desk = await admin.desk();
  const clientId = randomUUID();
  desk.send({ type: "message", conversation, clientId, text, files: [id] });
  await desk.until("ack", (ack) => ack.clientId === clientId);
}

async function link(): Promise<void> {
  await chat.write(ada, "link");
  const [, code = ""] = /code is (\w{8})/.exec((await sees(chat, ada, /code is/)).text) ?? [];
  await admin.run("me.link", { code });
  await sees(chat, ada, "Is that you?");
  await chat.press(ada, "Yes, that is me");
  await sees(chat, ada, "You are linked");
}

const named = async (name: string) => (await chat.files(ada)).filter((file) => file.name === name);

function inEveryChat(): void {
  it("what an agent sends as a file arrives as one, whole, after its message", async () => {
    const bytes = Buffer.from("a,b\n1,2\n");
    await send(await talk(), "Here they are.", "orders.csv", bytes);
    await sees(chat, ada, "Here they are.");
    await expect.poll(() => named("orders.csv"), { timeout: 10_000 }).toEqual([{ name: "orders.csv", bytes }]);
  });

  it("a file that is larger than what is sent stays a link that works", async () => {
    const bytes = Buffer.alloc(10 * 1024 * 1024 + 1, "x");
    await send(await talk(), "It is long.", "long.txt", bytes);
    await sees(chat, ada, /It is long[\s\S]*long\.txt \(10,240 KB\)/);
    expect(await named("long.txt")).toEqual([]);
    const [out] = await sql("select what from channel_out where what->'drawing'->>'text' like 'It is long.%'");
    const { url } = Object(out?.["what"]).drawing.blocks[0];
    expect((await (await fetch(url)).arrayBuffer()).byteLength).toBe(bytes.length);
  });

  it("all rows of an answer are taken as a file", async () => {
    await link();
    const headers = { "content-type": "application/json", authorization: `Bearer ${admin.token}` };
    const body = JSON.stringify({ key: "deliveries", name: "Delivery", fields: deliveryFields });
    expect((await fetch(`${chat.product.url}/api/v1/blueprints`, { method: "POST", headers, body })).status).toBe(201);
    await admin.run("deliveries.create", { deliver_from: "Porto", deliver_to: "Lyon" });
    await chat.write(ada, "/deliveries.export");
    expect((await sees(chat, ada, "Porto")).buttons).toEqual(expect.arrayContaining(["CSV", "XLSX", "PDF"]));
    await chat.press(ada, "CSV");
    const csv = async () => (await chat.files(ada)).find(({ name }) => /^deliveries\.export-.*\.csv$/.test(name));
    await expect.poll(async () => (await csv())?.bytes.toString(), { timeout: 10_000 }).toContain("Porto,Lyon");
  });
}

describe("in slack", () => {
  beforeAll(async () => {
    chat = slack = await slackUnderTest();
    [ada] = slack.people;
    admin = await slack.product.agent("admin@demo.example");
  });
  afterAll(() => slack.close());
  inEveryChat();

  it("a file stands behind its message", () => {
    const said = directOf(slack.slack.world, ada).messages;
    const message = said.findIndex(({ text }) => text.startsWith("Here they are."));
    const file = said.findIndex(({ files }) => files.some(({ name }) => name === "orders.csv"));
    expect([message >= 0, file > message]).toEqual([true, true]);
  });

  it("all rows that somebody takes in a channel come to them alone", async () => {
    const general = "C123ABC456";
    const { ts } = await slack.slack.say(ada, general, "<@U0BOT> deliveries.export");
    const thread = () => slack.slack.seen(ada, general, ts);
    await expect.poll(() => thread().flatMap(({ buttons }) => buttons.map(({ label }) => label)), { timeout: 10_000 }).toContain("XLSX");
    await slack.slack.press(ada, general, "XLSX");
    await expect
      .poll(async () => (await chat.files(ada)).map(({ name }) => name), { timeout: 10_000 })
      .toContainEqual(expect.stringMatching(/\.xlsx$/));
    await expect
      .poll(() => thread().map(({ text, only }) => [text, only]), { timeout: 10_000 })
      .toContainEqual([expect.stringMatching(/is in our own chat\.$/), ada]);
    expect(slack.slack.world.channels.get(general)?.messages.flatMap(({ files }) => files)).toEqual([]);
  });

  const faults = {
    "asks to wait before it": ["files.getUploadURLExternal", { status: 429, retryAfter: 1 }],
    "breaks while its bytes come": ["upload", { connection: "reset", done: false }],
    "asks to wait after its bytes": ["files.completeUploadExternal", { status: 429, retryAfter: 1 }],
    "breaks after it was shown": ["files.completeUploadExternal", { connection: "reset", done: true }],
    "breaks before it was shown": ["files.completeUploadExternal", { connection: "reset", done: false }],
  } as const;
  it.each(Object.entries(faults))("a file is there once where Slack %s", async (what, [method, fault]) => {
    slack.slack.fail(method, fault);
    const name = `${what}.txt`;
    await send(await talk(), "Look.", name, Buffer.from(what));
    await expect.poll(() => named(name), { timeout: 15_000 }).toEqual([{ name, bytes: Buffer.from(what) }]);
    await expect.poll(() => sql("select id from channel_out where state in ('waiting', 'sending')"), { timeout: 15_000 }).toEqual([]);
    expect(await named(name)).toHaveLength(1);
  });

  it("what may have been written is looked for again where the look itself was asked to wait", async () => {
    slack.slack.fail("chat.postMessage", { connection: "reset", done: true });
    slack.slack.fail("conversations.history", { status: 429, retryAfter: 1 }, { status: 503 });
    await chat.write(ada, "/reverse twelve thirteen");
    await expect
      .poll(() => sql("select state from channel_out where what->'drawing'->>'text' = 'thirteen twelve'"), { timeout: 15_000 })
      .toEqual([{ state: "sent" }]);
    expect(chat.seen(ada).filter(({ text }) => text.includes("thirteen twelve"))).toHaveLength(1);
  });

  it("a file that Slack refuses is linked", async () => {
    slack.slack.fail("files.getUploadURLExternal", { error: "file_uploads_disabled" });
    await send(await talk(), "Look at this.", "refused.txt", Buffer.from("x"));
    await sees(chat, ada, "There is a file: refused.txt");
  });
});

describe("in teams", () => {
  beforeAll(async () => {
    chat = teams = await teamsUnderTest();
    [ada] = teams.people;
    admin = await teams.product.agent("admin@demo.example");
  });
  afterAll(() => teams.close());
  inEveryChat();

  const offered = async (name: string) => {
    const find = () => teams.teams.offered(ada).find((file) => file.name === name);
    await expect.poll(find, { timeout: 10_000 }).toBeDefined();
    const found = find();
    if (found === undefined) throw new Error("it was offered and is gone");
    return found;
  };
  const offers = () => sql("select room from channel_offered_file");

  it("a file that one process offered is given by another", async () => {
    await send(await talk(), "Take this.", "elsewhere.txt", Buffer.from("elsewhere"));
    const file = await offered("elsewhere.txt");
    const other = await teams.product.beside({ settings: { TEAMS_URL: teams.teams.server.url } });
    const [app] = await sql("select id from channel_app");
    const door = (url: string) => `${url}/channels/teams/messages?app=${String(app?.["id"])}`;
    teams.teams.callAt(door(other.url));
    await teams.teams.consent(ada, file, "accept");
    expect(teams.teams.files(ada).at(-1)).toEqual({ name: "elsewhere.txt", bytes: Buffer.from("elsewhere") });
    teams.teams.callAt(door(teams.product.url));
    await other.stop();
  });

  it("a file waits for its person's word where they are alone, and is given once, and to them", async () => {
    await send(await talk(), "Take it.", "later.txt", Buffer.from("later"));
    const file = await offered("later.txt");
    expect(await offers()).toEqual([{ room: `a:${ada}` }]);
    await teams.teams.consent("bob", file, "accept");
    expect(await offers()).toHaveLength(1);
    await teams.teams.consent(ada, file, "accept");
    expect(teams.teams.files(ada).at(-1)).toEqual({ name: "later.txt", bytes: Buffer.from("later") });
    await teams.teams.consent(ada, file, "accept");
    await sees(chat, ada, "The file is no more here");
  });

  it("a file that nobody wants, or that is asked about for a day, is offered no more", async () => {
    await send(await talk(), "Take this.", "old.txt", Buffer.from("old"));
    const old = await offered("old.txt");
    await sql("update channel_offered_file set offered_at = now() - interval '25 hours'");
    await teams.teams.consent(ada, old, "accept");
    expect(teams.teams.files(ada).map(({ name }) => name)).not.toContain("old.txt");
    await sql("delete from channel_offered_file");
    await send(await talk(), "Or this.", "unwanted.txt", Buffer.from("unwanted"));
    await teams.teams.consent(ada, await offered("unwanted.txt"), "decline");
    expect([await offers(), teams.teams.offered(ada)]).toEqual([[], []]);
  });

  it("429 while a file is offered leads to one offer", async () => {
    const conversation = await talk();
    await expect.poll(() => sql("select id from channel_out where state in ('waiting', 'sending')"), { timeout: 10_000 }).toEqual([]);
    teams.teams.server.fail({ status: 429, retryAfter: 1 });
    await send(conversation, "Wait.", "waited.txt", Buffer.from("waited"));
    await offered("waited.txt");
    teams.teams.server.fail({ status: 429, retryAfter: 1 });
    await send(conversation, "Wait again.", "again.txt", Buffer.from("again"));
    await offered("again.txt");
    await expect.poll(() => sql("select id from channel_out where state in ('waiting', 'sending')"), { timeout: 10_000 }).toEqual([]);
    expect(teams.teams.offered(ada).map(({ name }) => name)).toEqual(["waited.txt", "again.txt"]);
  });
});
