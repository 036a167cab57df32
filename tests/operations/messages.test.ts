import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Agent, openProduct, type TestProduct } from "../fixtures/product.ts";

let product: TestProduct;
let admin: Agent;
let made = 0;
beforeAll(async () => {
  product = await openProduct();
  admin = await product.agent("admin@demo.example");
});
beforeEach(() => product.database.acrossTenants.query("delete from mail_out"));
afterAll(() => product.stop());

const mails = () =>
  product.database.acrossTenants.query<{ recipient: string; mail: { subject: string; text: string; html: string }; due_at: Date }>(
    "select recipient, mail, due_at from mail_out order by recipient",
  );

/** Makes and publishes an operation of this body; answers its name. */
async function publish(message: object, parameters: object[] = []): Promise<string> {
  const name = `message-${++made}`;
  await admin.run("operation.create", { name, kind: "message", summary: "Tells somebody.", parameters, message });
  await admin.run("operation.publish", { name });
  return name;
}

describe("a message by mail", () => {
  it("goes to each address once, however often they are named, with the values in their places and nothing of them as HTML", async () => {
    const name = await publish(
      { by: "mail", to: ["{{to}}", "ana@example.com"], subject: "Order {{order}}", text: "Dear {{who}},\nit left." },
      [
        { name: "to", type: "text", list: true, required: true },
        { name: "order", type: "text", required: true },
        { name: "who", type: "text", required: true },
      ],
    );
    const { data } = await admin.run(name, { to: ["ana@example.com", "bo@example.com"], order: "17", who: "<b>you</b>" });
    expect(data).toEqual({ recipients: 2, at: null, skipped: {} });
    const found = await mails();
    expect(found).toMatchObject([
      { recipient: "ana@example.com", mail: { subject: "Order 17", text: "Dear <b>you</b>,\nit left." } },
      { recipient: "bo@example.com" },
    ]);
    expect(found[0]?.mail.html).toContain("Dear &lt;b&gt;you&lt;/b&gt;,<br>it left.");
  });

  it("is not sent twice by the same request", async () => {
    const name = await publish({ by: "mail", to: ["ana@example.com"], subject: "Once", text: "Once." });
    const key = randomUUID();
    const once = () =>
      fetch(`${product.url}/api/v1/commands/${name}/runs`, {
        method: "POST",
        headers: { authorization: `Bearer ${admin.token}`, "idempotency-key": key, "content-type": "application/json" },
        body: "{}",
      });
    await Promise.all([once(), once(), once()]);
    expect(await mails()).toHaveLength(1);
  });

  it("goes to everybody of a team", async () => {
    await admin.run(await publish({ by: "mail", to: ["team:support"], subject: "Hello", text: "All of you." }));
    expect((await mails()).map(({ recipient }) => recipient)).toEqual(["agent1@demo.example", "agent2@demo.example"]);
  });

  it("can't carry a header in its subject", async () => {
    const name = await publish({ by: "mail", to: ["ana@example.com"], subject: "About {{what}}", text: "." }, [
      { name: "what", type: "text" },
    ]);
    await admin.run(name, { what: "it\r\nBcc: eve@example.com" });
    expect((await mails())[0]?.mail.subject).toBe("About it Bcc: eve@example.com");
  });

  it("says what it would send, and sends nothing", async () => {
    const name = await publish({ by: "mail", to: ["team:support"], subject: "Hello", text: "All of you." });
    const answer = await fetch(`${product.url}/api/v1/commands/${name}/plans`, {
      method: "POST",
      headers: { authorization: `Bearer ${admin.token}`, "content-type": "application/json" },
      body: "{}",
    });
    expect(await answer.json()).toMatchObject({
      changes: [
        { text: 'It sends "Hello" to 2 people.', count: 2 },
        { text: "To Agent One <agent1@demo.example>", after: "Hello\n\nAll of you." },
        { text: "To Agent Two <agent2@demo.example>" },
      ],
    });
    expect(await mails()).toEqual([]);
  });

  it.each([
    ["nobody", ""],
    ["no address", "not an address"],
    ["two in one", "a@example.com, b@example.com"],
    ["a header", "a@example.com\r\nBcc: b@example.com"],
  ])("is refused for %s", async (_, to) => {
    const name = await publish({ by: "mail", to: ["{{to}}"], subject: "x", text: "x" }, [{ name: "to", type: "text" }]);
    expect(await admin.refused(name, { to })).toMatchObject({ code: "invalid_value", path: "message.to.0" });
    expect(await mails()).toEqual([]);
  });
});

it("a message in a conversation is written as whoever runs it, and only where they may", async () => {
  const { page, conversation } = await product.visit();
  await page.say("hello");
  const parameters = [{ name: "conversation", type: "text", required: true }];
  const reply = await publish({ by: "reply", conversation: "{{conversation}}", text: "Greetings from {{me.name}}" }, parameters);
  expect(await admin.refused(reply, { conversation })).toMatchObject({ code: "not_your_conversation" });
  await admin.run("conversation.take", { conversation });
  await admin.run(reply, { conversation });
  await page.until("message", ({ text }) => text === "Greetings from Admin");
  await page.close();
});

it.each([
  ["a slot without a value", { by: "note", conversation: "x", text: "{{secret}}" }, "args.message.text"],
  ["an unknown way", { by: "pigeon", text: "x" }, "args.message.by"],
  ["nobody at all", { by: "mail", to: [], subject: "x", text: "x" }, "args.message.to"],
  ["no text", { by: "note", conversation: "x", text: "" }, "args.message.text"],
])("%s is refused with its place", async (_, message, path) => {
  expect(await admin.refused("operation.create", { name: "wrong", kind: "message", summary: "x", message })).toMatchObject({ path });
});
