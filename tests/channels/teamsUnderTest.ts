import { expect } from "vitest";
import { openProduct } from "../fixtures/product.ts";
import { startTeamsService } from "../fixtures/teamsService.ts";
import type { ChatUnderTest } from "./chatUnderTest.ts";

const place = "personal";

/** Teams: a bot's app is kept and an organisation connected, as an admin does it. */
export async function teamsUnderTest(): Promise<ChatUnderTest & { teams: Awaited<ReturnType<typeof startTeamsService>> }> {
  const teams = await startTeamsService();
  const product = await openProduct({ settings: { TEAMS_URL: teams.server.url } });
  const admin = await product.agent("admin@demo.example");
  const { appId, password } = teams.app;
  const kept = await admin.run("channel.app", { channel: "teams", appId, password });
  await admin.run("channel.connect", { organisation: teams.organisation, name: "Example" });
  teams.callAt(`${product.url}/channels/teams/messages?app=${String(Object(kept.data)["id"])}`);
  return {
    teams,
    product,
    people: ["ann", "bob"],
    write: async (person, text) => expect(await teams.say(person, place, text)).toMatchObject({ status: 200 }),
    seen: (person) =>
      teams.seen(person, place).map(({ text, buttons }) => ({ text, author: text, buttons: buttons.map(({ title }) => title) })),
    press: async (person, label) => void (await teams.press(person, place, label)),
    fill: async (person, values) => {
      const { said } = await teams.fill(person, place, values);
      return teams.dialog(person) === undefined ? {} : { "": said ?? "it is still open" };
    },
    files: async (person) => {
      for (const offered of teams.offered(person)) await teams.consent(person, offered, "accept");
      return teams.files(person);
    },
    close: async () => {
      await product.stop();
      await teams.stop();
    },
  };
}
