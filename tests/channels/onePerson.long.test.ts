import { afterAll, beforeAll, expect, it } from "vitest";
import type { Agent } from "../fixtures/product.ts";
import { bothUnderTest } from "./bothUnderTest.ts";
import { type ChatUnderTest, sees } from "./chatUnderTest.ts";
import { linkThere } from "./linkThere.ts";

/** Once linked, a person is the same in every place, with one history (C10). */
const [ada, boss] = ["U123ABC456", "U456DEF789"];
const [ann, bob] = ["ann", "bob"];
let both: Awaited<ReturnType<typeof bothUnderTest>>;
let admin: Agent;
let one: Agent;
beforeAll(async () => {
  both = await bothUnderTest();
  [admin, one] = [await both.product.agent("admin@demo.example"), await both.product.agent()];
}, 60_000);
afterAll(() => both?.close());

/** As agents see them: of each conversation that holds these words, its id and whose it is. */
async function talksWith(...words: string[]): Promise<{ id: string; contact: string }[]> {
  const rows = await both.product.database.acrossTenants.query<{ id: string; contact: string }>(
    `select c.id, c.contact_id as contact from conversation c join message m on m.tenant_id = c.tenant_id and m.conversation_id = c.id
      where m.text = any($1::text[]) order by array_position($1::text[], m.text)`,
    [words],
  );
  return rows;
}

async function begins(chat: ChatUnderTest, person: string, words: string): Promise<void> {
  const before = chat.seen(person).filter(({ text }) => text.includes("no answer to that yet")).length;
  await chat.write(person, words);
  await expect
    .poll(() => chat.seen(person).filter(({ text }) => text.includes("no answer to that yet")).length, { timeout: 15_000 })
    .toBe(before + 1);
}

/** The history that the desk shows beside a conversation. */
async function historyOf(contact: string): Promise<string[]> {
  const filter = encodeURIComponent(JSON.stringify({ contact: { eq: contact } }));
  const response = await fetch(`${both.product.url}/api/v1/conversations?filter=${filter}`, {
    headers: { authorization: `Bearer ${admin.token}` },
  });
  const { items }: { items: { id: string }[] } = JSON.parse(await response.text());
  return items.map(({ id }) => id).sort();
}

it("C10: what somebody said in Slack and in Teams before they were linked is one history afterwards, answered where each was said", async () => {
  await begins(both.slack, ada, "My chair squeaks.");
  await begins(both.teams, ann, "My desk shakes.");
  const words = ["My chair squeaks.", "My desk shakes."];
  const [chair, desk] = await talksWith(...words);
  expect(chair?.contact).not.toBe(desk?.contact);
  await admin.run("contact.update", { contact: desk?.contact, phone: "+47 123", notes: "Likes oak." });
  // As the search has both.
  const indexed = () => both.product.database.acrossTenants.query("select contact_id from contact_search");
  await expect.poll(async () => (await indexed()).length, { timeout: 10_000 }).toBeGreaterThan(1);

  await linkThere(both.slack, ada, one);
  expect((await talksWith(...words)).map(({ contact }) => contact)).toEqual([chair?.contact, desk?.contact]);
  await linkThere(both.teams, ann, one);
  const contact = chair?.contact ?? "";
  expect(await historyOf(contact)).toEqual([chair?.id, desk?.id].sort());
  const known = await both.product.database.acrossTenants.query("select name, phone, notes from contact where id = any($1::uuid[])", [
    [contact, desk?.contact],
  ]);
  expect(known).toEqual([{ name: "Steve", phone: "+47 123", notes: "Likes oak." }]);

  const agent = await admin.desk();
  for (const [talk, chat, person] of [
    [chair, both.slack, ada],
    [desk, both.teams, ann],
  ] as const) {
    await admin.run("conversation.take", { conversation: talk?.id });
    await agent.say(talk?.id ?? "", "Somebody comes by.");
    await sees(chat, person, "Somebody comes by.");
    await admin.run("conversation.close", { conversation: talk?.id });
    await sees(chat, person, "How was it?");
  }
  await begins(both.teams, ann, "And the lamp?");
  const [lamp] = await talksWith("And the lamp?");
  expect(await historyOf(contact)).toEqual([chair?.id, desk?.id, lamp?.id].sort());
});

it("C10: unlinking doesn't tear apart what was said, and what is said from then on is somebody else's", async () => {
  const { links }: { links: { channel: string; person: string }[] } = Object((await one.run("me.links")).data);
  const [{ contact = "" } = {}] = await talksWith("My chair squeaks.");
  const before = await historyOf(contact);
  const [lamp] = await talksWith("And the lamp?");
  await one.run("me.unlink", { link: links.find(({ channel }) => channel === "teams")?.person });
  expect(await historyOf(contact)).toEqual(before);
  await admin.run("conversation.close", { conversation: lamp?.id });
  await begins(both.teams, ann, "Who am I now?");
  expect((await talksWith("Who am I now?"))[0]?.contact).not.toBe(contact);
});

it("C10: who is linked in both before they say a word, and says the first in both at once, is one person", async () => {
  await linkThere(both.slack, boss, admin);
  await linkThere(both.teams, bob, admin);
  const words = ["Is there coffee?", "Is there tea?"];
  await Promise.all([begins(both.slack, boss, "Is there coffee?"), begins(both.teams, bob, "Is there tea?")]);
  const [coffee, tea] = await talksWith(...words);
  expect(coffee?.contact).toBe(tea?.contact);
  expect(coffee?.id).not.toBe(tea?.id);
});

it("a blocked contact stays by itself: no link ends a block", async () => {
  const [{ id: conversation, contact } = { id: "", contact: "" }] = await talksWith("Who am I now?");
  await admin.run("contact.block", { contact });
  await linkThere(both.teams, ann, one);
  expect(await historyOf(contact)).toEqual([conversation]);
  const rows = await both.product.database.acrossTenants.query("select blocked_at is null as free from contact where id = $1", [contact]);
  expect(rows).toEqual([{ free: false }]);
});
