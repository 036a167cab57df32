import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type MailService, openMailService } from "../fixtures/mailService.ts";
import type { Agent, TestProduct } from "../fixtures/product.ts";

/** What colleagues write among themselves; each word occurs nowhere else. */
const word = () => `w${randomUUID().replaceAll("-", "")}`;
const internal = { note: word(), mention: word(), transfer: word(), summary: word(), stranger: word(), about: word() };
const said = { asked: word(), answered: word(), later: word() };

let service: MailService;
let product: TestProduct;
let [one, two]: Agent[] = [];
beforeAll(async () => {
  service = await openMailService();
  product = service.product;
  [one, two] = [await product.agent(), await product.agent("agent2@demo.example")];
});
afterAll(() => service.close());

test("no internal word, no agent's address and no reason ever reaches the visitor, in the chat or by mail", async () => {
  if (one === undefined || two === undefined) throw new Error("not signed in");
  const email = "reader@example.org";
  const { page, conversation, welcome } = await product.visit();
  await page.say(said.asked);
  await page.answerTo(await page.say(`email ${email}`));
  await two.run("conversation.take", { conversation });
  await two.run("conversation.note", { conversation, text: internal.note });
  await two.run("conversation.transfer", { conversation, to: "queue", note: internal.transfer });
  await one.run("conversation.take", { conversation });
  const desk = await one.desk();
  desk.send({ type: "note", conversation, clientId: "m", text: `${internal.mention} @Agent Two`, mentions: [two.id] });
  await desk.until("ack");
  await desk.say(conversation, said.answered);
  await page.until("message", ({ text }) => text === said.answered);
  page.send({ type: "transcript", clientId: "t" });
  await page.until("transcript", ({ clientId }) => clientId === "t");
  await page.close();

  await desk.say(conversation, said.later);
  const answers = async () => (await service.arrived(email)).filter(({ text }) => text?.includes(said.later));
  await expect.poll(answers, { timeout: 10_000 }).toHaveLength(1);
  const to = (await answers())[0]?.replyTo?.[0]?.address ?? "";
  // Who really wrote is told to the agents as a note of the system.
  await service.bring(
    Buffer.from(`From: ${internal.stranger}@example.net\nTo: ${to}\nMessage-ID: <${word()}@example.net>\n\nFrom elsewhere`),
  );
  await one.run("conversation.hand-back", { conversation, summary: internal.summary });

  const again = await product.openVisitor();
  await again.hello({ token: welcome.token, after: 0 });
  await again.until("message", ({ text }) => text === said.later);
  again.send({ type: "transcript", clientId: "all" });
  await again.until("transcript", ({ clientId }) => clientId === "all");
  again.send({ type: "merged", clientId: "merged" });
  await again.until("merged");
  await expect.poll(async () => (await service.arrived(email)).length, { timeout: 10_000 }).toBe(3);

  const mails = await service.arrived(email);
  const whole = mails.find(({ text }) => text?.includes(said.asked) && text.includes(said.later));
  expect(whole?.text).toContain(said.answered);
  const told = JSON.stringify([page.frames, again.frames, mails]);
  for (const visible of Object.values(said)) expect(told).toContain(visible);
  const notes = await desk.watch(`conversation:${conversation}`);
  await notes.until(({ items }) => JSON.stringify([...items.values()]).includes(internal.stranger));
  const seenByAgents = JSON.stringify([...notes.items.values()]);
  for (const [where, hidden] of Object.entries(internal).filter(([each]) => each !== "about")) {
    expect(seenByAgents, where).toContain(hidden);
    expect(told, where).not.toContain(hidden);
  }
  expect(told).not.toMatch(/@demo\.example/);
  for (const raw of service.server.arrived) expect(raw.toString()).not.toMatch(/@demo\.example/);
  const reasons = await product.database.acrossTenants.query<{ reason: string }>(
    "select distinct reason from control_change where conversation_id = $1 and reason is not null",
    [conversation],
  );
  expect(reasons.length).toBeGreaterThan(1);
  for (const { reason } of reasons) expect(told).not.toContain(JSON.stringify(reason));
  await Promise.all([desk.close(), again.close()]);

  // Whoever asks what is kept about them gets what colleagues wrote too: by the hand of an admin, who sees what is internal.
  const admin = await product.agent("admin@demo.example");
  const [kept] = await product.database.acrossTenants.query<{ id: string }>("select contact_id as id from conversation where id = $1", [
    conversation,
  ]);
  await one.run("contact.update", { contact: kept?.id, notes: internal.about });
  const before = service.server.arrived.length;
  const { data, messages } = await admin.run("contact.export", { contact: kept?.id });
  expect(messages[0]?.text).toMatch(/marked as internal: look through it.*Nothing of it was sent/);
  const document: Record<string, unknown> = JSON.parse(JSON.stringify(data));
  const rows = Object.entries(document).flatMap(([table, each]) => (Array.isArray(each) ? each.map((row) => ({ table, row })) : []));
  const open = JSON.stringify(rows.filter(({ row }) => row.internal !== true));
  for (const [where, hidden] of Object.entries(internal)) {
    expect(JSON.stringify(document), where).toContain(hidden);
    expect(open, where).not.toContain(hidden);
  }
  expect(document["contact"]).toMatchObject({ notes: internal.about });
  expect(document["internal"]).toEqual(expect.arrayContaining(["contact.notes", "note", "control_change"]));
  for (const visible of Object.values(said)) expect(open).toContain(visible);
  await new Promise((resolve) => setTimeout(resolve, 1500));
  expect(service.server.arrived).toHaveLength(before);
  expect(JSON.stringify([page.frames, again.frames])).not.toContain(internal.about);
});
