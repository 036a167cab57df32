import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ScheduledView } from "../../src/protocol/messages.ts";
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

describe("a message that waits", () => {
  const sql = <Row extends object>(text: string, values: unknown[] = []) => product.database.acrossTenants.query<Row>(text, values);
  const addContact = async (name: string, email: string): Promise<string> => {
    const [row] = await sql<{ id: string }>(
      "insert into contact (tenant_id, id, name, email) values ($1, gen_random_uuid(), $2, $3) returning id",
      [product.tenant, name, email],
    );
    return row?.id ?? "";
  };
  const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString();
  const comeDue = () => sql("update job set due_at = now(), state = 'ready' where kind = 'message.send' and state = 'later'");
  const listed = async (who = admin): Promise<ScheduledView[]> =>
    JSON.parse(JSON.stringify((await who.run("message.scheduled")).data)).messages;
  const until = (state: string) => expect.poll(async () => (await listed())[0]?.state, { timeout: 10_000 }).toBe(state);
  beforeEach(() => sql("delete from scheduled_message"));

  it("goes to nobody who was blocked since, which its sender hears", async () => {
    const [blocked] = [await addContact("Eve", "eve@example.com"), await addContact("Flo", "flo@example.com")];
    await admin.run("tag.create", { name: "vip" });
    await sql("update contact set tags = array[(select id from tag where name = 'vip')] where name in ('Eve', 'Flo')");
    await admin.run(
      await publish({
        by: "mail",
        to: ["ana@example.com", "gil@example.com", "kit@example.com", "tag:vip"],
        subject: "x",
        text: "x",
        at: inAnHour(),
      }),
    );
    await sql("update contact set blocked_at = now() where id = $1", [blocked]);
    await addContact("Gil", "gil@example.com");
    await sql("update contact set blocked_at = now() where name = 'Gil'");
    // What their site signed is theirs, whatever they wrote.
    const kit = await addContact("Kit", "another@example.com");
    await sql("update contact set signed_email = 'Kit@example.com', blocked_at = now() where id = $1", [kit]);
    await comeDue();
    await until("failed");
    expect((await mails()).map(({ recipient }) => recipient)).toEqual(["ana@example.com", "flo@example.com"]);
    expect(await listed()).toMatchObject([{ sent: 2, failed: 3, error: expect.stringContaining("they are blocked") }]);
    expect(await sql("select from notice where who like '%3 of those who should get it were not reached%'")).toHaveLength(1);
  });

  it("isn't sent where its operation was taken back, and can be tried again when it is published", async () => {
    const name = await publish({ by: "mail", to: ["ana@example.com"], subject: "x", text: "x", at: inAnHour() });
    await admin.run(name);
    await admin.run("operation.unpublish", { name });
    await comeDue();
    await until("failed");
    expect(await listed()).toMatchObject([{ error: expect.stringContaining("was taken back") }]);
    expect(await mails()).toEqual([]);
    await admin.run("operation.publish", { name });
    await admin.run("message.retry", { message: (await listed())[0]?.id });
    await until("sent");
    expect(await mails()).toHaveLength(1);
  });

  it("is forgotten with the contact whose address it goes to, but for an address that others have too", async () => {
    const contact = await addContact("Hal", "hal@example.com");
    const other = await addContact("Ida", "ida@example.com");
    await addContact("Ida too", "ida@example.com");
    await admin.run(await publish({ by: "mail", to: ["Hal@example.com", "ida@example.com"], subject: "x", text: "x", at: inAnHour() }));
    await admin.run(await publish({ by: "mail", to: ["hal@example.com", "ida@example.com"], subject: "x", text: "x" }));
    expect((await admin.run("contact.erase", { contact, preview: true })).data).toMatchObject({
      erased: { scheduled_recipient: 1, mail_out: 1 },
    });
    for (const each of [contact, other]) await admin.run("contact.erase", { contact: each });
    expect(await sql("select email from scheduled_recipient")).toEqual([{ email: "ida@example.com" }]);
    expect((await mails()).map(({ recipient }) => recipient)).toEqual(["ida@example.com"]);
  });

  it("reaches two contacts who have one address, each for themselves", async () => {
    const both = [await addContact("Jo", "jo@example.com"), await addContact("Joan", "jo@example.com")];
    await admin.run(await publish({ by: "chat", to: both, text: "Dear {{row.name}}" }));
    await until("sent");
    expect((await mails()).map(({ mail }) => mail.text).sort()).toEqual(["Dear Jo", "Dear Joan"]);
  });

  it("names nobody to whoever makes operations and may not read of them", async () => {
    const permissions = "conversations.read, commands.run, operations.manage";
    await sql(
      "insert into inbox (tenant_id, id, public_key, name, origins, publishes_all) select tenant_id, gen_random_uuid(), 'shop-key', 'Shop', origins, true from inbox limit 1",
    );
    await admin.run("role.create", { key: "shop", name: "Shop", permissions, inboxes: "Shop" });
    const limited = await product.agent("agent2@demo.example");
    await admin.run("role.grant", { email: limited.email, role: "shop" });
    await admin.run("role.revoke", { email: limited.email, role: "agent" });
    const { page, conversation } = await product.visit();
    await page.say("hello");
    const to = [await addContact("Kim", "kim@example.com")];
    await admin.run(await publish({ by: "chat", to, text: "Dear {{row.name}}", at: inAnHour() }));
    await admin.run("conversation.take", { conversation });
    await admin.run(await publish({ by: "note", conversation, text: "About you", at: inAnHour() }));
    expect(await listed()).toMatchObject([
      { by: "note", sample: "About you" },
      { names: ["Kim"], sample: "Dear Kim" },
    ]);
    expect(await listed(limited)).toMatchObject([{ by: "chat", recipients: 1, names: [], sample: null }]);
    await page.close();
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
