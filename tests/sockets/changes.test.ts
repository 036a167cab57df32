import { afterAll, beforeAll, expect, it } from "vitest";
import type { MessageItem } from "../../src/protocol/desk.ts";
import type { WatchedTopic } from "../fixtures/deskClient.ts";
import { type Agent, openProduct, type TestProduct } from "../fixtures/product.ts";
import { upload } from "../fixtures/uploads.ts";

let product: TestProduct;
let agent: Agent;
let other: Agent;
let admin: Agent;
beforeAll(async () => {
  product = await openProduct();
  [agent, other, admin] = [await product.agent(), await product.agent("agent2@demo.example"), await product.agent("admin@demo.example")];
});
afterAll(() => product.stop());

/** A visitor who has a person, and what that person said. */
async function talk(text = "Your parcle is on its way") {
  const { page, conversation, welcome } = await product.visit();
  await page.answerTo(await page.say("where is it"));
  await agent.run("conversation.take", { conversation });
  const desk = await agent.desk();
  const topic = await desk.watch(`conversation:${conversation}`);
  const { seq } = Object(await desk.say(conversation, text));
  const there = await page.until("message", (message) => message.text === text);
  const close = () => Promise.all([page.close(), desk.close()]);
  return { page, conversation, welcome, desk, topic, seq: Number(seq), there, close };
}

const entry = (topic: WatchedTopic, seq: number) =>
  topic.messages().find(({ blocks }) => blocks?.some((block) => block.type === "change" && block.of === seq));
const stored = async (conversation: string) => {
  const desk = await agent.desk();
  const messages = (await desk.watch(`conversation:${conversation}`)).messages();
  await desk.close();
  return (seq: number): MessageItem | undefined => messages.find((message) => message.seq === seq);
};
const listed = async (conversation: string) => {
  const [row] = await product.database.forTenant(product.tenant).query<{ text: string; unread: number; turns: number }>(
    `select last_text as text, unread, (select count(*)::int from turn t where t.tenant_id = $1 and t.conversation_id = $2) as turns
         from conversation where tenant_id = $1 and id = $2`,
    [conversation],
  );
  return row;
};

it("what an agent changes is another for whoever looks, whoever was away and whoever comes later, and colleagues read what it said", async () => {
  const { page, conversation, welcome, topic, seq, close } = await talk();
  await page.close();
  const list = await (await other.desk()).watch("inbox");
  await agent.run("conversation.edit-message", { conversation, seq, text: "Your parcel is on its way" });
  await topic.until((one) => entry(one, seq) !== undefined);
  const block = { type: "change", of: seq, change: "edited", by: agent.name, text: "Your parcel is on its way" };
  expect(entry(topic, seq)).toMatchObject({ author: { kind: "system" }, blocks: [block], text: expect.stringContaining("Your parcel is") });
  // Who was away gets the entry behind what they have.
  const again = await product.openVisitor();
  await again.hello({ token: welcome.token, after: seq });
  expect((await again.until("message", (message) => message.seq > seq)).blocks).toEqual([block]);
  expect((await stored(conversation))(seq)).toMatchObject({ text: "Your parcel is on its way", changedAt: expect.any(String) });
  await list.until((one) =>
    one.conversations().some(({ id, lastText }) => id === conversation && lastText === "Your parcel is on its way"),
  );
  expect(await listed(conversation)).toMatchObject({ unread: 0, turns: 0 });

  await agent.run("conversation.edit-message", { conversation, seq, text: "It is there" });
  expect((await other.run("conversation.earlier-texts", { conversation, seq })).data).toMatchObject({
    texts: [{ text: "Your parcle is on its way" }, { text: "Your parcel is on its way" }],
  });
  // The visitor's door has no text that was replaced, also in the entry of the first change.
  const third = await product.openVisitor();
  await third.hello({ token: welcome.token, after: 0 });
  await third.until("message", (message) => message.seq > seq + 1);
  expect(JSON.stringify(third.frames)).not.toMatch(/parc/);
  expect(third.shown().find((message) => message.seq === seq)).toMatchObject({ text: "It is there" });
  await Promise.all([again.close(), third.close(), close()]);
});

it("what is deleted can be read by nobody any more, nor found, nor its files fetched; that it was there stays", async () => {
  const { page, conversation, welcome, desk, topic, close } = await talk();
  const file = await upload(product.url, `Bearer ${agent.token}`, "the secret plan", { name: "plan.txt" });
  desk.send({ type: "message", conversation, clientId: "with-file", text: "quokka secret", files: [file.id] });
  const { seq } = Object(await desk.until("ack", ({ clientId }) => clientId === "with-file"));
  const shown = await page.until("message", (message) => message.seq === seq);
  const [address] = (shown.blocks ?? []).flatMap((block) => (block.type === "file" ? [block.url] : []));
  expect((await fetch(address ?? "")).status).toBe(200);
  await agent.run("conversation.edit-message", { conversation, seq, text: "quokka plan" });
  const found = async () => Object(await agent.run("search", { text: "quokka" })).messages[0].text;
  await expect.poll(found, { timeout: 15_000 }).toContain("quokka plan");

  await agent.run("conversation.delete-message", { conversation, seq });
  await topic.until((one) =>
    one.messages().some(({ blocks }) => blocks?.some((block) => block.type === "change" && block.change === "deleted")),
  );
  expect((await fetch(address ?? "")).status).toBe(404);
  expect((await stored(conversation))(seq)).toMatchObject({
    text: "This message was deleted.",
    deleted: { by: agent.name, at: expect.any(String) },
  });
  expect((await listed(conversation))?.text).toBe("This message was deleted.");
  expect(await found()).not.toContain("quokka plan");
  await expect.poll(found, { timeout: 15_000 }).toBe("Nothing was found.");
  expect((await agent.run("conversation.earlier-texts", { conversation, seq })).data).toEqual({ texts: [] });
  const rows = await product.database.acrossTenants.query("select text, blocks from message where conversation_id = $1", [conversation]);
  expect(JSON.stringify(rows)).not.toMatch(/quokka|plan\.txt/);
  const german = await product.openVisitor();
  await german.hello({ token: welcome.token, after: 0, locale: "de", languages: ["de"] });
  expect((await german.until("message", (message) => message.seq === seq)).text).toBe("Diese Nachricht wurde gelöscht.");
  expect(await agent.refused("conversation.edit-message", { conversation, seq, text: "back" })).toMatchObject({ code: "conflict" });
  await Promise.all([german.close(), close()]);
});

it("agents change what they said themselves, and only who supervises deletes the others' words", async () => {
  const { conversation, seq, close } = await talk();
  const edit = { conversation, seq, text: "not mine" };
  expect(await other.refused("conversation.edit-message", edit)).toMatchObject({ code: "forbidden" });
  expect(await agent.refused("conversation.edit-message", { ...edit, seq: 1 })).toMatchObject({ code: "forbidden" });
  expect(await admin.refused("conversation.edit-message", edit)).toMatchObject({ code: "forbidden" });
  expect(await agent.refused("conversation.edit-message", { ...edit, seq: 99 })).toMatchObject({ code: "not_found" });
  expect(await agent.refused("conversation.edit-message", { ...edit, text: " " })).toMatchObject({ code: "nothing_to_send" });
  expect(await other.refused("conversation.delete-message", { conversation, seq })).toMatchObject({ code: "forbidden" });
  expect(await agent.refused("conversation.delete-message", { conversation, seq: 1 })).toMatchObject({ code: "forbidden" });
  expect((await admin.run("conversation.delete-message", { conversation, seq: 1 })).messages).toMatchObject([
    { text: "The message is deleted." },
  ]);
  await close();
});

it("reactions stand at the message, one of each person, and are taken back", async () => {
  const { page, conversation, seq, close } = await talk();
  const react = (who: Agent, on = true) => who.run("conversation.react", { conversation, seq: 1, emoji: "🎉", on });
  await react(agent);
  await react(agent);
  await react(other);
  const news = page.until("message", (message) => message.seq === seq + 2);
  expect((await news).blocks).toMatchObject([{ change: "reacted", of: 1, reactions: [{ emoji: "🎉", names: [agent.name, other.name] }] }]);
  await react(agent, false);
  const now = await stored(conversation);
  expect(now(1)?.reactions).toEqual([{ emoji: "🎉", names: [other.name] }]);
  // The second of the same person told nobody anything.
  expect(now(seq + 3)?.blocks).toMatchObject([{ change: "unreacted" }]);
  expect(now(seq + 4)).toBeUndefined();
  expect(await agent.refused("conversation.react", { conversation, seq: 1, emoji: "x" })).toMatchObject({ code: "invalid_value" });
  await close();
});

it("what was deleted is unread no more", async () => {
  const { page, conversation, close } = await talk();
  const said = [];
  for (const text of ["one", "two", "three"]) said.push((await page.say(text)).seq);
  await expect.poll(() => listed(conversation)).toMatchObject({ unread: 3 });
  await admin.run("conversation.delete-message", { conversation, seq: said[1] });
  expect(await listed(conversation)).toMatchObject({ unread: 2 });
  // What was answered isn't unread, and so can't be less.
  const desk = await agent.desk();
  await desk.watch(`conversation:${conversation}`);
  await desk.say(conversation, "I see");
  await page.say("four");
  await expect.poll(() => listed(conversation)).toMatchObject({ unread: 1 });
  await admin.run("conversation.delete-message", { conversation, seq: said[0] });
  expect(await listed(conversation)).toMatchObject({ unread: 1 });
  await Promise.all([desk.close(), close()]);
});
