import { afterAll, beforeAll, expect, it } from "vitest";
import { linkThere } from "./linkThere.ts";
import { type TeamsUnderTest, teamsUnderTest } from "./teamsUnderTest.ts";

let chat: TeamsUnderTest;
beforeAll(async () => {
  chat = await teamsUnderTest();
});
afterAll(() => chat.close());

it("one is linked", async () => await linkThere(chat, chat.people[1], await chat.product.agent()));

/** As long as Teams names people's own chats, and as long as it may. */
it.each([150, 400])("what is said and run in a chat whose id has %i letters is heard each time", async (letters) => {
  const [ann, bob] = chat.people;
  const room = `a:${"x".repeat(letters - 2)}`;
  const conversation = { conversationType: "personal", tenantId: chat.teams.organisation, id: room };
  const say = async (person: string, text: string) =>
    expect((await chat.teams.say(person, "personal", text, { conversation })).status).toBe(200);
  const said = ["My lamp is broken.", "It is the red one.", "Thank you."].map((text) => `${text} ${letters}`);
  for (const text of said) await say(ann, text);
  const heard = async () =>
    (await chat.product.database.acrossTenants.query<{ text: string }>("select text from message where text = any($1)", [said]))
      .map(({ text }) => text)
      .sort();
  await expect.poll(heard, { timeout: 15_000 }).toEqual([...said].sort());

  for (const text of ["one two", "three four"]) await say(bob, `/reverse ${text}`);
  const answers = () => chat.teams.server.posted.filter((one) => one.conversation === room).map((one) => JSON.stringify(one.activity));
  await expect.poll(answers, { timeout: 15_000 }).toContainEqual(expect.stringContaining("two one"));
  await expect.poll(answers, { timeout: 15_000 }).toContainEqual(expect.stringContaining("four three"));
});
