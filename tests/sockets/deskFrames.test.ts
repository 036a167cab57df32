import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Agent, openProduct, type TestProduct } from "../fixtures/product.ts";

let product: TestProduct;
let one: Agent;
beforeAll(async () => {
  product = await openProduct();
  one = await product.agent();
});
afterAll(() => product.stop());

describe("a frame of the desk", () => {
  let conversation: string;
  beforeEach(async () => {
    const visit = await product.visit();
    ({ conversation } = visit);
    await visit.page.say("help");
    await visit.page.close();
  });

  it.each<[string, (conversation: string) => object, string]>([
    ["a message where nobody took it", (id) => ({ type: "message", conversation: id, text: "hi" }), "not_your_conversation"],
    ["a message to nobody", () => ({ type: "message", conversation: randomUUID(), text: "hi" }), "not_found"],
    ["a note to nobody", () => ({ type: "note", conversation: randomUUID(), text: "hi" }), "not_found"],
    ["a conversation that is no id", () => ({ type: "message", conversation: "'; --", text: "hi" }), "not_found"],
    ["an empty note", (id) => ({ type: "note", conversation: id, text: " \n" }), "nothing_to_send"],
    ["a note too long", (id) => ({ type: "note", conversation: id, text: "x".repeat(4001) }), "text_too_long"],
    ["a text that is an object", (id) => ({ type: "message", conversation: id, text: {} }), "invalid_frame"],
  ])("is refused by name: %s", async (_name, frame, code) => {
    const desk = await one.desk();
    expect((await desk.refused(frame(conversation))).error.code).toBe(code);
    await desk.note(conversation, "the socket lives");
    await desk.close();
  });

  it("with a command of ours is not sent to the customer, a note with one is a note", async () => {
    const visit = await product.visit();
    const desk = await one.desk();
    await one.run("conversation.take", { conversation: visit.conversation });
    const message = { type: "message", conversation: visit.conversation };
    for (const text of ["/agent deactivate agent2@demo.example", " /conversation.close", "/ME OFFLINE"])
      expect((await desk.refused({ ...message, text })).error).toMatchObject({ code: "invalid_value", path: "text" });
    await desk.note(visit.conversation, "/agent deactivate agent2@demo.example");
    await desk.say(visit.conversation, "/help and /nothing are not ours");
    await visit.page.until("message", ({ text }) => text === "/help and /nothing are not ours");
    expect(JSON.stringify(visit.page.of("message"))).not.toContain("deactivate");
    await Promise.all([desk.close(), visit.page.close()]);
  });

  it.each([
    "conversations",
    "queue:",
    "queue:../etc",
    "conversation:1",
    `conversation:${randomUUID()}`,
    "inbox ",
    "__proto__",
    "entities:x",
  ])("asks for a topic that there is not: %s", async (topic) => {
    const desk = await one.desk();
    desk.send({ type: "watch", topic });
    expect(await desk.until("error", ({ ref }) => ref === topic)).toMatchObject({ error: { code: "not_found", path: "topic" } });
    await desk.close();
  });

  it("about another tenant's conversation answers as about none", async () => {
    const foreign = await product.addTenant(`foreign-${randomUUID().slice(0, 8)}`);
    const stranger = await product.agent(foreign.email);
    const desk = await stranger.desk();
    desk.send({ type: "watch", topic: `conversation:${conversation}` });
    const absent = randomUUID();
    desk.send({ type: "watch", topic: `conversation:${absent}` });
    const [theirs, nobodys] = await Promise.all(
      [conversation, absent].map((id) => desk.until("error", ({ ref }) => ref === `conversation:${id}`)),
    );
    expect(JSON.stringify(theirs).replaceAll(conversation, "")).toBe(JSON.stringify(nobodys).replaceAll(absent, ""));
    expect((await desk.refused({ type: "message", conversation, text: "hi" })).error.code).toBe("not_found");
    expect((await desk.refused({ type: "note", conversation, text: "hi" })).error.code).toBe("not_found");
    for (const command of ["take", "hand-back", "close", "reopen", "why"])
      expect((await stranger.refused(`conversation.${command}`, { conversation })).code).toBe("not_found");
    desk.send({ type: "typing", conversation, on: true });
    desk.send({ type: "read", conversation, seq: 1 });
    const inbox = await desk.watch("inbox");
    expect(inbox.conversations()).toEqual([]);
    const colleague = await one.desk();
    const topic = await colleague.watch(`conversation:${conversation}`);
    expect(topic.notes()).toEqual([]);
    expect(colleague.of("typing")).toEqual([]);
    await Promise.all([desk.close(), colleague.close()]);
  });

  it("with the same clientId is the same message; with another text it is refused", async () => {
    const desk = await one.desk();
    await one.run("conversation.take", { conversation });
    const first = await desk.say(conversation, "hi", "k");
    desk.send({ type: "message", conversation, clientId: "k", text: "hi" });
    await expect.poll(() => desk.of("ack").length).toBe(2);
    expect(desk.of("ack")[1]).toEqual(first);
    desk.send({ type: "message", conversation, clientId: "k", text: "other" });
    expect((await desk.until("error")).error.code).toBe("client_id_reused");
    const note = await desk.note(conversation, "inside", "n");
    expect(note).toMatchObject({ afterSeq: expect.any(Number) });
    desk.send({ type: "note", conversation, clientId: "n", text: "inside, changed" });
    expect((await desk.until("error", ({ ref }) => ref === "n")).error.code).toBe("client_id_reused");
    await desk.close();
  });

  it("beyond 100 topics is refused, until one is let go", async () => {
    const desk = await one.desk();
    for (let n = 0; n < 100; n++) desk.send({ type: "watch", topic: `queue:team-${n}` });
    await expect.poll(() => desk.of("snapshot").length).toBe(100);
    desk.send({ type: "watch", topic: "queue:support" });
    expect((await desk.until("error")).error).toMatchObject({ code: "rate_limited", path: "topic" });
    desk.send({ type: "unwatch", topic: "queue:team-7" });
    await desk.watch("queue:support");
    await desk.close();
  });
});
