import { expect } from "vitest";
import { openProduct, type ProductOptions, type TestProduct } from "../fixtures/product.ts";
import { startTeamsService, type TeamsService } from "../fixtures/teamsService.ts";
import { asChatsDo, type ChatUnderTest } from "./chatUnderTest.ts";

const place = "personal";

export type TeamsUnderTest = ChatUnderTest & { teams: TeamsService };

/** Teams with a product of its own. */
export async function teamsUnderTest(options: ProductOptions = {}): Promise<TeamsUnderTest> {
  const teams = await startTeamsService();
  return await connectTeams(teams, await openProduct({ ...options, settings: { TEAMS_URL: teams.server.url } }));
}

/** A bot's app is kept and an organisation connected, as an admin does it. */
export async function connectTeams(teams: TeamsService, product: TestProduct): Promise<TeamsUnderTest> {
  const admin = await product.agent("admin@demo.example");
  const { appId, password } = teams.app;
  const kept = await admin.run("channel.app", { channel: "teams", appId, password });
  const id = String(Object(kept.data)["id"]);
  await admin.run("channel.connect", { app: id, organisation: teams.organisation, name: "Example" });
  teams.callAt(`${product.url}/channels/teams/messages?app=${id}`);
  /** Theirs by text: the server keeps what the product wrote alone. */
  const written = new Map<string, string>();
  const idOf = (person: string, said: string) =>
    written.get(said) ?? teams.seen(person, place).findLast(({ text }) => text.includes(said))?.id ?? "";
  return {
    ...asChatsDo,
    teams,
    product,
    people: ["ann", "bob"],
    write: async (person, text) => {
      const { id, ...answer } = await teams.say(person, place, text);
      expect(answer).toMatchObject({ status: 200 });
      written.set(text, id);
    },
    edit: async (person, said, text) => {
      await teams.edit(person, place, idOf(person, said), text);
      written.set(text, idOf(person, said));
    },
    remove: async (person, said) => void (await teams.remove(person, place, idOf(person, said))),
    react: async (person, said, on) => void (await teams.react(person, place, idOf(person, said), "like", on)),
    reactions: () => undefined,
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
