import { randomUUID } from "node:crypto";
import { afterAll, describe, expect, it } from "vitest";
import { openProduct } from "../fixtures/product.ts";
import { payloadOf } from "../fixtures/slackSends.ts";
import { startSlackService } from "../fixtures/slackService.ts";
import { directOf } from "../fixtures/slackWorld.ts";
import { type StallingProxy, startStallingProxy } from "../fixtures/stallingProxy.ts";
import { startTeamsService } from "../fixtures/teamsService.ts";
import type { ChatUnderTest } from "./chatUnderTest.ts";
import { sees } from "./chatUnderTest.ts";
import { connectSlack } from "./slackUnderTest.ts";
import { connectTeams } from "./teamsUnderTest.ts";

interface Away {
  chat: ChatUnderTest;
  /** The service tells the same thing once more. */
  again: () => Promise<{ status: number }>;
}

let proxy: StallingProxy;
const through = async (url: URL) => {
  proxy = await startStallingProxy(Number(url.port));
  url.port = `${proxy.port}`;
  return url.href;
};

const services: [name: string, person: string, open: (text: string) => Promise<Away>][] = [
  [
    "Slack",
    "U123ABC456",
    async (text) => {
      const slack = await startSlackService();
      const chat = await connectSlack(slack, await openProduct({ through, settings: { SLACK_API_URL: slack.apiUrl } }));
      const channel = directOf(slack.world, "U123ABC456").id;
      const event = payloadOf("message", {
        event_id: `Ev${randomUUID()}`,
        event: { user: "U123ABC456", text, channel, channel_type: "im", ts: slack.world.nextTs() },
      });
      return { chat, again: () => slack.send("events", event) };
    },
  ],
  [
    "Teams",
    "ann",
    async (text) => {
      const teams = await startTeamsService();
      const chat = await connectTeams(teams, await openProduct({ through, settings: { TEAMS_URL: teams.server.url } }));
      const activity = teams.shape("message", "ann", "personal", { text, entities: [] });
      return { chat, again: () => teams.send(activity) };
    },
  ],
];

describe.each(services)("faults 40 while the database is away, what %s says", (_, person, open) => {
  let away: Away | undefined;
  afterAll(async () => {
    await away?.chat.close();
    await proxy.close();
  });

  it("has 503, so that it is said again, and is done once", async () => {
    away = await open("Is my parcel lost?");
    const { chat, again } = away;
    proxy.mode("reset");
    for (let time = 0; time < 2; time++) expect((await again()).status).toBe(503);
    proxy.mode("pass");
    await expect.poll(async () => (await again()).status, { timeout: 15_000, interval: 200 }).toBe(200);
    for (let time = 0; time < 2; time++) expect((await again()).status).toBe(200);
    await sees(chat, person, "no answer to that yet");
    const said = () => chat.product.database.acrossTenants.query("select author_kind from message order by seq");
    await expect.poll(said).toEqual([{ author_kind: "visitor" }, { author_kind: "bot" }]);
    expect(chat.seen(person).filter(({ text }) => text.includes("no answer to that yet"))).toHaveLength(1);
  });
});
