import { afterAll, beforeAll, expect, it } from "vitest";
import { type TeamsUnderTest, teamsUnderTest } from "./teamsUnderTest.ts";

let chat: TeamsUnderTest;
beforeAll(async () => {
  chat = await teamsUnderTest();
});
afterAll(() => chat.close());

const messages = async () =>
  await chat.product.database.acrossTenants.query<{ text: string; changed: boolean }>(
    "select text, changed_at is not null as changed from message where author_kind = 'visitor' order by conversation_id, seq",
  );

it("a change that comes before what it changes waits for it, one from before another doesn't undo that, and nobody changes what others said", async () => {
  const id = "1790000000001";
  /** Whoever does it, in Ann's own chat. */
  const edit = async (user: string, text: string, at: Date) => {
    const { conversation } = chat.teams.shape("message", "ann", "personal");
    const channelData = { tenant: { id: chat.teams.organisation }, eventType: "editMessage" };
    const activity = chat.teams.shape("message", user, "personal", { conversation, id, text, channelData, timestamp: at.toISOString() });
    await chat.teams.send({ ...activity, type: "messageUpdate" });
  };
  await chat.teams.edit("ann", "personal", id, "The lamp is broken.");
  await chat.teams.say("ann", "personal", "The lamb is broken.", { id });
  await expect.poll(messages, { timeout: 15_000 }).toEqual([{ text: "The lamp is broken.", changed: true }]);
  await edit("ann", "The lamb is late.", new Date(Date.now() - 60_000));
  await edit("bob", "I am Ann.", new Date());
  await chat.teams.edit("ann", "personal", id, "The lamp is out.");
  await expect.poll(messages, { timeout: 15_000 }).toEqual([{ text: "The lamp is out.", changed: true }]);
  // The events of one chat are gone through in their order: between the two of Ann's nothing was done.
  const earlier = await chat.product.database.acrossTenants.query("select text from message_edit order by seq");
  expect(earlier).toEqual([{ text: "The lamb is broken." }, { text: "The lamp is broken." }]);
});

it("faults 43 what is said in a talk goes where the newest verified word of the service says, in its team's room too", async () => {
  const { teams } = chat;
  const { database } = chat.product;
  const moved = `${teams.server.url}/amer/`;
  const said = teams.shape("message", "bob", "personal", { text: "Where do answers go?", entities: [] });
  const bobs = () => teams.seen("bob", "personal").length;
  await teams.send(said);
  await expect.poll(bobs, { timeout: 15_000 }).toBe(1);
  await database.acrossTenants.query(
    "insert into channel_team_room select tenant_id, installation_id, 'support', place from channel_thread where room = 'a:bob'",
  );
  const again = { ...teams.shape("message", "bob", "personal", { text: "And now?", entities: [] }), serviceUrl: moved };
  expect(await teams.send(again, { claims: { serviceurl: moved } })).toMatchObject({ status: 200 });
  await expect.poll(bobs, { timeout: 15_000 }).toBe(2);
  const posts = teams.server.asked.filter(({ method, path }) => method === "POST" && path.endsWith("a:bob/activities"));
  expect(posts.map(({ path }) => path.split("/")[1])).toEqual(["emea", "amer"]);
  const [room] = await database.acrossTenants.query("select place->'service' as service from channel_team_room");
  expect(room).toEqual({ service: { serviceUrl: moved } });
});
