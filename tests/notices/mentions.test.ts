import { afterAll, beforeAll, expect, it } from "vitest";
import { noticesEveryMs } from "../../src/notices/deliverNotices.ts";
import { systemClock } from "../../src/platform/clock/clock.ts";
import type { TopicItem } from "../../src/protocol/desk.ts";
import type { MentionItem } from "../../src/protocol/mentions.ts";
import { noticeText } from "../../src/protocol/notices.ts";
import type { DeskClient, WatchedTopic } from "../fixtures/deskClient.ts";
import { type Agent, openProduct, type TestProduct } from "../fixtures/product.ts";

let product: TestProduct;
let one: Agent;
let two: Agent;
let desk: DeskClient;
let mentions: WatchedTopic;
let notices: WatchedTopic;

beforeAll(async () => {
  // Notices are looked for every 2.5 s; here all the time.
  const after = (delayMs: number, work: () => void) => systemClock.after(delayMs === noticesEveryMs ? 50 : delayMs, work);
  product = await openProduct({ clock: { ...systemClock, after } });
  [one, two] = await Promise.all([product.agent("agent1@demo.example"), product.agent("agent2@demo.example")]);
  desk = await two.desk();
  [mentions, notices] = await Promise.all([desk.watch("mentions"), desk.watch("notices")]);
});
afterAll(async () => {
  await desk.close();
  await product.stop();
});

const mentionsIn = (items: Iterable<TopicItem>): MentionItem[] => [...items].filter((item) => item.kind === "mention");
const noticesOf = (conversation: string) =>
  [...notices.items.values()].filter((item) => item.kind === "notice" && item.what === "mention" && item.conversation === conversation);
const sql = () => product.database.acrossTenants;
const counted = async (table: "note" | "mention") => (await sql().query(`select 1 from ${table}`)).length;

it("tells whom a note names, once, at the desk and in a view of its own, until they have looked; the visitor sees nothing", async () => {
  const { page, conversation } = await product.visit();
  await page.answerTo(await page.say("hello"));
  const author = await one.desk();
  const timeline = await author.watch(`conversation:${conversation}`);
  const frame = { type: "note", conversation, text: `@${two.name} do you know them?`, clientId: "n1", mentions: [two.id, two.id, one.id] };
  author.send(frame);
  author.send(frame);
  await author.until("ack", ({ clientId }) => clientId === "n1");
  await author.settled();
  expect(author.of("error")).toEqual([]);
  await mentions.until(({ items }) => mentionsIn(items.values()).some((each) => each.conversation === conversation));
  expect(mentionsIn(mentions.items.values())).toMatchObject([
    { conversation, author: one.name, text: `@${two.name} do you know them?`, read: false },
  ]);
  await timeline.until((topic) => topic.notes().length === 1);
  expect(timeline.notes()[0]?.mentions).toEqual([
    { id: two.id, name: two.name },
    { id: one.id, name: one.name },
  ]);
  await notices.until(() => noticesOf(conversation).length > 0);
  const told = noticesOf(conversation);
  expect(told).toMatchObject([{ who: one.name, read: false }]);
  expect(told.map((item) => item.kind === "notice" && noticeText(item))).toEqual([`${one.name} mentioned you in a note`]);
  // Whoever wrote it is told of nothing.
  expect((await one.run("mention.list")).data).toEqual({ mentions: [] });

  expect((await two.run("mention.read", { conversation })).data).toEqual({ count: 1 });
  await mentions.until(({ items }) => mentionsIn(items.values()).every(({ read }) => read));
  await notices.until(() => noticesOf(conversation).every((item) => item.kind === "notice" && item.read));
  expect(noticesOf(conversation)).toHaveLength(1);
  expect((await two.run("mention.read")).data).toEqual({ count: 0 });
  expect(page.frames.filter((seen) => JSON.stringify(seen).includes("do you know them"))).toEqual([]);
  await Promise.all([author.close(), page.close()]);
});

it("a team stands for its members; a name in a reply or in plain text for nobody", async () => {
  const { page, conversation } = await product.visit();
  await page.answerTo(await page.say("person"));
  const author = await one.desk();
  await one.run("conversation.take", { conversation });
  const before = await counted("mention");
  author.send({ type: "message", conversation, clientId: "r1", text: `@${two.name} will help you`, mentions: [two.id] });
  await author.until("ack", ({ clientId }) => clientId === "r1");
  await author.note(conversation, `@${two.name} in plain words`);
  expect(await counted("mention")).toBe(before);

  await one.run("conversation.note", { conversation, text: "Who can look?", mentions: ["team:support", "AGENT2@demo.example"] });
  await mentions.until(({ items }) => mentionsIn(items.values()).some(({ text }) => text === "Who can look?"));
  const [latest] = mentionsIn(mentions.items.values()).filter((each) => each.conversation === conversation);
  expect(latest).toMatchObject({ text: "Who can look?", read: false });
  const rows = await sql().query<{ account: string }>("select account_id as account from mention where conversation_id = $1", [
    conversation,
  ]);
  expect(rows).toEqual([{ account: two.id }]);
  await Promise.all([author.close(), page.close()]);
});

it("refuses whoever can't be told, and keeps no half of it", async () => {
  const { page, conversation } = await product.visit();
  const other = await product.addTenant("elsewhere");
  const [stranger] = await sql().query<{ id: string }>("select id from account where email = $1", [other.email]);
  await sql().query(
    `with a as (insert into account (id, email, name, active) values (gen_random_uuid(), 'gone@demo.example', 'Gone', false) returning id)
     insert into membership (tenant_id, account_id, roles) select $1, id, '{agent}' from a`,
    [product.tenant],
  );
  const author = await one.desk();
  const before = await counted("note");
  const wrong: [wanted: unknown[], path: string][] = [
    [[stranger?.id], "mentions.0"],
    [[two.id, "0198c0de-0000-7000-8000-000000000000"], "mentions.1"],
    [["gone@demo.example"], "mentions.0"],
    [["team:nowhere"], "mentions.0"],
    [["'; drop table note"], "mentions.0"],
    [Array.from({ length: 21 }, () => two.id), "mentions.20"],
    [[7], "mentions.0"],
  ];
  for (const [wanted, path] of wrong) {
    const { error } = await author.refused({ type: "note", conversation, text: "psst", mentions: wanted });
    expect([wanted, error]).toMatchObject([wanted, { path, message: expect.stringMatching(/\.$/) }]);
    const args = { conversation, text: "psst", mentions: wanted };
    expect([wanted, await one.refused("conversation.note", args)]).toMatchObject([wanted, { status: 422, path: `args.${path}` }]);
  }
  expect(await one.refused("conversation.note", { conversation, text: "psst", mentions: "two" })).toMatchObject({ path: "args.mentions" });
  expect(await one.refused("mention.read", { conversation: "none" })).toMatchObject({ status: 404 });
  expect(await counted("note")).toBe(before);
  await Promise.all([author.close(), page.close()]);
});

it("goes with the person whom the note was about", async () => {
  const { page, conversation } = await product.visit();
  await one.run("conversation.note", { conversation, text: "Who is it?", mentions: [two.id] });
  const [row] = await sql().query<{ contact: string }>("select contact_id as contact from conversation where id = $1", [conversation]);
  const admin = await product.agent("admin@demo.example");
  const exported = await admin.run("contact.export", { contact: row?.contact });
  expect(exported.data).toMatchObject({ mention: [{ account_id: two.id }], note: [{ mentions: [{ name: two.name }] }] });
  await mentions.until(({ items }) => mentionsIn(items.values()).some(({ text }) => text === "Who is it?"));
  await admin.run("contact.erase", { contact: row?.contact });
  expect(await sql().query("select 1 from mention where conversation_id = $1", [conversation])).toEqual([]);
  expect((await two.run("mention.list")).messages[0]?.text).not.toContain("Who is it?");
  await page.close();
});
