import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import type { ScheduledView } from "../../src/protocol/messages.ts";
import { type Agent, openProduct, type TestProduct } from "../fixtures/product.ts";
import { createTestDatabase, type TestDatabase } from "../fixtures/testDatabase.ts";

let product: TestProduct;
let shop: TestDatabase;
let admin: Agent;
let agent: Agent;
let made = 0;

beforeAll(async () => {
  [product, shop] = await Promise.all([openProduct({ allowHosts: new URL(inject("databaseUrl")).host }), createTestDatabase("empty")]);
  [admin, agent] = [await product.agent("admin@demo.example"), await product.agent()];
  await admin.run("data-source.create", { name: "shop", kind: "postgresql", ...(await openShop()), tls: false });
});
beforeEach(async () => {
  await sql("delete from mail_out");
  await sql("delete from notice");
  await sql("delete from scheduled_message");
});
afterAll(async () => {
  await product.stop();
  await shop.drop();
});

const sql = <Row extends object>(text: string, values: unknown[] = []) => product.database.acrossTenants.query<Row>(text, values);
const mails = () =>
  sql<{ recipient: string; mail: { subject: string; text: string } }>(
    "select recipient, mail from mail_out where kind = 'message' order by recipient",
  );
const notices = () =>
  sql<{ email: string; who: string }>(
    "select a.email, n.who from notice n join account a on a.id = n.account_id where n.kind = 'message' order by a.email",
  );

async function openShop() {
  const client = new pg.Client(shop.url);
  await client.connect();
  await client.query(`create table customer (name text, email text, days integer);
    insert into customer values ('Ana', 'ana@example.com', 5), ('Bo', 'bo@example.com', 4), ('Ana again', 'ANA@example.com', 3), ('Cy', null, 9),
      ('Di', 'no address', 9), ('Eve', 'eve@example.com', 9), ('Fay', 'fay@example.com', 9)`);
  await client.end();
  const { hostname, port, pathname, username, password } = new URL(shop.url);
  return { host: hostname, port: Number(port), database: pathname.slice(1), user: username, password };
}

/** Makes and publishes an operation of this body; answers its name. */
async function publish(body: object, parameters: object[] = [], kind = "message"): Promise<string> {
  const name = `made-${++made}`;
  await admin.run("operation.create", { name, kind, summary: "Tells somebody.", parameters, [kind]: body });
  await admin.run("operation.publish", { name });
  return name;
}

async function planOf(
  name: string,
  args: object = {},
): Promise<{ changes: { text: string; after?: string }[]; facts: Record<string, unknown> }> {
  const answer = await fetch(`${product.url}/api/v1/commands/${name}/plans`, {
    method: "POST",
    headers: { authorization: `Bearer ${admin.token}`, "content-type": "application/json" },
    body: JSON.stringify({ args }),
  });
  return JSON.parse(await answer.text());
}

async function listed(who = admin): Promise<ScheduledView[]> {
  const { data } = await who.run("message.scheduled");
  return JSON.parse(JSON.stringify(data)).messages;
}

const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString();
/** Its time has come. */
const comeDue = () => sql("update job set due_at = now(), state = 'ready' where kind = 'message.send' and state = 'later'");
const until = (state: string) => expect.poll(async () => (await listed())[0]?.state, { timeout: 10_000 }).toBe(state);

describe("a notice", () => {
  it("goes to people of the desk by address, team and role, each once, and says from whom", async () => {
    const name = await publish({ by: "notice", to: ["team:support", "{{who}}", "role:admin"], text: "Stand-up in {{row.name}}'s room." }, [
      { name: "who", type: "text" },
    ]);
    await admin.run(name, { who: "agent1@demo.example" });
    expect(await notices()).toEqual([
      { email: "admin@demo.example", who: "Admin: Stand-up in Admin's room." },
      { email: "agent1@demo.example", who: "Admin: Stand-up in Agent One's room." },
      { email: "agent2@demo.example", who: "Admin: Stand-up in Agent Two's room." },
    ]);
    const { data } = await agent.run("notice.list");
    expect(data).toMatchObject({
      notices: [{ what: "message", who: "Admin: Stand-up in Agent One's room.", conversation: null, run: null }],
    });
  });

  it.each([
    ["somebody who doesn't work here", "ana@example.com", "not_found"],
    ["no address", "ana", "invalid_value"],
    ["no team", "team:nobody", "not_found"],
    ["no role", "role:nobody", "not_found"],
    ["a tag, which is of contacts", "tag:vip", "invalid_value"],
  ])("is refused for %s, with the place", async (_, to, code) => {
    const name = await publish({ by: "notice", to: ["{{to}}"], text: "Hello" }, [{ name: "to", type: "text" }]);
    expect(await admin.refused(name, { to })).toMatchObject({ code, path: "message.to.0" });
    expect(await notices()).toEqual([]);
  });
});

describe("a message to what a query answers", () => {
  const late = () =>
    publish(
      { dataSource: "shop", sql: "select name, email, days from customer where days >= :days order by name" },
      [{ name: "days", type: "integer", required: true }],
      "query",
    );

  it("goes to each once with the values of their row; who can't get it is left out, and said", async () => {
    await sql(
      "insert into contact (tenant_id, id, name, email, blocked_at) values ($1, gen_random_uuid(), 'Eve', 'eve@example.com', now())",
      [product.tenant],
    );
    await sql(
      `insert into mail_out (tenant_id, id, kind, key, recipient, mail, state, attempts, last_error)
       values ($1, gen_random_uuid(), 'answer', 'x', 'fay@example.com', '{}', 'dead', 1, 'There is no such mailbox.')`,
      [product.tenant],
    );
    const rows = { query: await late(), args: { days: "{{days}}" }, column: "email" };
    const name = await publish({ by: "mail", rows, subject: "Late, {{row.name}}", text: "{{row.days}} days, says {{me.name}}." }, [
      { name: "days", type: "integer", required: true },
    ]);
    const { changes, facts } = await planOf(name, { days: 3 });
    expect(changes.map(({ text }) => text)).toEqual([
      "It sends a mail to 2 people.",
      "To ana@example.com",
      "To bo@example.com",
      "Left out: row 4; their row names nobody.",
      "Left out: no address; this is no mail address.",
      "Left out: eve@example.com; they are blocked.",
      "Left out: fay@example.com; the last mail to them was refused.",
    ]);
    expect(changes[1]?.after).toBe("Late, Ana\n\n5 days, says Admin.");
    expect(facts).toMatchObject({ recipients: 2 });
    const { messages, data } = await admin.run(name, { days: 3 });
    expect(messages[0]?.text).toContain("Left out: eve@example.com");
    expect(data).toMatchObject({ recipients: 2 });
    expect((await mails()).map(({ recipient, mail }) => [recipient, mail.subject])).toEqual([
      ["ana@example.com", "Late, Ana"],
      ["bo@example.com", "Late, Bo"],
    ]);
  });

  it("is refused where the query has no such column, or isn't one that answers rows", async () => {
    const query = await late();
    const to = (rows: object) => publish({ by: "mail", rows, subject: "x", text: "x" });
    expect(await admin.refused(await to({ query, args: { days: 3 }, column: "mail" }))).toMatchObject({
      path: "message.rows.column",
      message: `"${query}" has no column "mail"; it has name, email, days.`,
    });
    expect(await admin.refused(await to({ query: "role.list", column: "email" }))).toMatchObject({ path: "message.rows.query" });
    expect(await admin.refused(await to({ query, args: {}, column: "email" }))).toMatchObject({ path: "message.rows.query" });
  });
});

describe("a message that goes later", () => {
  it("stands in the list until it goes, then goes once", async () => {
    const name = await publish(
      { by: "mail", to: ["ana@example.com", "team:support"], subject: "Later", text: "Dear {{row.name}}", at: "{{when}}" },
      [{ name: "when", type: "instant", required: true }],
    );
    const when = inAnHour();
    await admin.run(name, { when });
    expect(await mails()).toEqual([]);
    expect(await listed()).toMatchObject([
      {
        by: "mail",
        subject: "Later",
        state: "waiting",
        at: when,
        sender: { name: "Admin" },
        recipients: 3,
        names: ["ana@example.com", "Agent One", "Agent Two"],
      },
    ]);
    expect(await listed(agent)).toEqual([]);
    await comeDue();
    await until("sent");
    expect((await mails()).map(({ recipient, mail }) => [recipient, mail.text])).toEqual([
      ["agent1@demo.example", "Dear Agent One"],
      ["agent2@demo.example", "Dear Agent Two"],
      ["ana@example.com", "Dear "],
    ]);
    expect(await admin.refused(name, { when: new Date(Date.now() + 400 * 86_400_000).toISOString() })).toMatchObject({
      path: "message.at",
    });
  });

  it("goes to nobody who works here no more when it goes", async () => {
    const name = await publish({ by: "mail", to: ["team:support"], subject: "Later", text: "For us", at: "{{when}}" }, [
      { name: "when", type: "instant", required: true },
    ]);
    await admin.run(name, { when: inAnHour() });
    await sql("update account set active = false where email = 'agent2@demo.example'");
    await comeDue();
    await until("failed"); // for one of two
    expect((await mails()).map(({ recipient }) => recipient)).toEqual(["agent1@demo.example"]);
    await sql("update account set active = true where email = 'agent2@demo.example'");
  });

  it("can be changed, moved and taken back by its sender as long as it waits, by nobody else", async () => {
    const name = await publish({ by: "notice", to: ["agent1@demo.example"], text: "First", at: inAnHour() });
    await admin.run(name);
    const [{ id: message = "" } = {}] = await listed();
    expect(await agent.refused("message.cancel", { message })).toMatchObject({ code: "not_found" });
    await admin.run("message.edit", { message, text: "Second, {{row.name}}", version: 1 });
    expect(await admin.refused("message.edit", { message, text: "Third", version: 1 })).toMatchObject({ code: "stale" });
    expect(await admin.refused("message.edit", { message, text: "{{who}}" })).toMatchObject({ path: "args.text" });
    await admin.run("message.reschedule", { message, at: new Date(Date.now() + 7_200_000).toISOString() });
    expect(await notices()).toEqual([]);
    await admin.run("message.reschedule", { message, at: new Date().toISOString() });
    await until("sent");
    expect(await notices()).toEqual([{ email: "agent1@demo.example", who: "Admin: Second, Agent One" }]);
    expect(await admin.refused("message.cancel", { message })).toMatchObject({ code: "conflict" });
    await admin.run(name);
    const waiting = (await listed()).find(({ state }) => state === "waiting")?.id ?? "";
    await admin.run("message.cancel", { message: waiting });
    await comeDue();
    expect(await sql("select from job where kind = 'message.send' and state = 'cancelled'")).toHaveLength(1);
    await admin.run("operation.share", { name, roles: "everyone" });
    await agent.run(name);
    const theirs = (await listed()).find(({ sender }) => sender.name === agent.name)?.id ?? "";
    expect(await agent.refused("message.edit", { message: theirs, text: "My own words" })).toMatchObject({ code: "forbidden" });
    await agent.run("message.cancel", { message: theirs });
  });

  it("that fails tells its sender why, and is tried again when they press it", async () => {
    const { page, conversation } = await product.visit();
    await page.say("hello");
    const name = await publish({ by: "reply", conversation: "{{conversation}}", text: "Later", at: inAnHour() }, [
      { name: "conversation", type: "text" },
    ]);
    await admin.run(name, { conversation });
    await sql("update job set attempts = 5 where kind = 'message.send' and state = 'later'");
    await comeDue();
    await until("failed");
    expect(await listed()).toMatchObject([{ error: expect.stringContaining("Take the conversation first") }]);
    expect(await notices()).toMatchObject([
      { email: "admin@demo.example", who: expect.stringContaining('Your message "Later" was not sent') },
    ]);
    await admin.run("conversation.take", { conversation });
    await admin.run("message.retry", { message: (await listed())[0]?.id });
    await page.until("message", ({ text }) => text === "Later");
    await until("sent");
    await page.close();
  });
});

describe("a message to contacts", () => {
  const contactOf = async (conversation: string) =>
    (await sql<{ contact_id: string }>("select contact_id from conversation where id = $1", [conversation]))[0]?.contact_id ?? "";

  it("is written in their open conversation, else in a new one that they find, else goes by mail", async () => {
    const visits = [await product.visit(), await product.visit(), await product.visit(), await product.visit()];
    const contacts: string[] = [];
    for (const { page, conversation } of visits) {
      await page.say("hello");
      contacts.push(await contactOf(conversation));
    }
    const [open, signed, mailed, nowhere] = contacts;
    await sql("update conversation set open = false where contact_id = any($1)", [[signed, mailed, nowhere]]);
    await sql("update contact set signed_email = 'Signed@example.com', email = 'Signed@example.com' where id = $1", [signed]);
    await sql(
      "insert into contact_identity (tenant_id, contact_id, kind, value, verified) select tenant_id, $1, 'website', id || ':customer-7', true from inbox where public_key = $2",
      [signed, product.inbox],
    );
    await sql("update contact set email = 'mailed@example.com' where id = $1", [mailed]);
    const name = await publish({ by: "chat", to: ["{{to}}"], text: "Your order left, {{row.name}}." }, [
      { name: "to", type: "text", list: true },
    ]);
    await admin.run(name, { to: [open, open, "signed@example.com", mailed, nowhere] });
    await visits[0]?.page.until("message", ({ text }) => text.startsWith("Your order left"));
    await until("failed");
    expect(await listed()).toMatchObject([
      { sent: 3, failed: 1, recipients: 4, error: expect.stringContaining("no mail address is known") },
    ]);
    expect((await mails()).map(({ recipient }) => recipient)).toEqual(["mailed@example.com"]);
    const begun = await sql<{ id: string; open: boolean }>(
      "select c.id, c.open from conversation c join message m on m.conversation_id = c.id where c.contact_id = $1 and m.text like 'Your order left%'",
      [signed],
    );
    expect(begun).toMatchObject([{ open: true }]);
    await admin.run("message.retry", { message: (await listed())[0]?.id });
    await until("failed");
    expect(await sql("select from message where text like 'Your order left%'")).toHaveLength(2);
    for (const { page } of visits) await page.close();
  });

  it("reaches nobody twice though its process died between the sending and the note of it", async () => {
    const { page, conversation } = await product.visit();
    await page.say("hello");
    const to = [await contactOf(conversation), "bo@example.com"];
    await admin.run(await publish({ by: "chat", to, text: "Once" }));
    await until("sent");
    await sql("update scheduled_recipient set state = 'waiting'");
    await sql("update scheduled_message set state = 'waiting', ended_at = null");
    await sql(
      `update job j set state = 'running', ended_at = null, holder = gen_random_uuid(), lease_until = now() - interval '1 second',
         data = jsonb_build_object('message', m.id) from scheduled_message m where j.id = m.job_id`,
    );
    await expect.poll(async () => (await listed())[0], { timeout: 15_000 }).toMatchObject({ state: "sent", sent: 2 });
    expect(await sql("select from message where text = 'Once'")).toHaveLength(1);
    expect(await mails()).toHaveLength(1);
    await page.close();
  });

  it("an address that only a visitor wrote is nobody's chat: it gets a mail", async () => {
    const { page, conversation } = await product.visit();
    await page.say("hello");
    await sql("update contact set email = 'claimed@example.com' where id = $1", [await contactOf(conversation)]);
    await admin.run(await publish({ by: "chat", to: ["claimed@example.com"], text: "A secret" }));
    await until("sent");
    expect((await mails()).map(({ recipient }) => recipient)).toEqual(["claimed@example.com"]);
    expect(await sql("select from message where text = 'A secret'")).toEqual([]);
    await page.close();
  });

  it("by a tag reaches whoever has it, or an open conversation with it", async () => {
    const { page, conversation } = await product.visit();
    await page.say("hello");
    await admin.run("tag.create", { name: "vip" });
    await admin.run("conversation.tag", { conversation, tag: "vip" });
    const name = await publish({ by: "chat", to: ["tag:vip"], text: "For you, {{row.name}}" });
    expect((await planOf(name)).changes[0]?.text).toMatch(/^It sends a chat message to Visitor .* in their conversation, else by mail\.$/);
    await admin.run(name);
    await page.until("message", ({ text }) => text.startsWith("For you, Visitor"));
    await page.close();
  });
});
