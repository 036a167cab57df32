import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type MessageHouse, openMessageHouse } from "./messageHouse.ts";

let house: MessageHouse;
beforeAll(async () => {
  house = await openMessageHouse();
});
beforeEach(() => house.clear());
afterAll(() => house.close());

describe("a notice", () => {
  it("goes to people of the desk by address, team and role, each once, and says from whom", async () => {
    const name = await house.publish(
      { by: "notice", to: ["team:support", "{{who}}", "role:admin"], text: "Stand-up in {{row.name}}'s room." },
      [{ name: "who", type: "text" }],
    );
    await house.admin.run(name, { who: "agent1@demo.example" });
    expect(await house.notices()).toEqual([
      { email: "admin@demo.example", who: "Admin: Stand-up in Admin's room." },
      { email: "agent1@demo.example", who: "Admin: Stand-up in Agent One's room." },
      { email: "agent2@demo.example", who: "Admin: Stand-up in Agent Two's room." },
    ]);
    const { data } = await house.agent.run("notice.list");
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
    const name = await house.publish({ by: "notice", to: ["{{to}}"], text: "Hello" }, [{ name: "to", type: "text" }]);
    expect(await house.admin.refused(name, { to })).toMatchObject({ code, path: "message.to.0" });
    expect(await house.notices()).toEqual([]);
  });
});

describe("a message to what a query answers", () => {
  const late = () =>
    house.publish(
      { dataSource: "shop", sql: "select name, email, days from customer where days >= :days order by name" },
      [{ name: "days", type: "integer", required: true }],
      "query",
    );

  it("goes to each once with the values of their row; who can't get it is left out, and said", async () => {
    await house.sql(
      "insert into contact (tenant_id, id, name, email, blocked_at) values ($1, gen_random_uuid(), 'Eve', 'eve@example.com', now())",
      [house.product.tenant],
    );
    await house.sql(
      `insert into mail_out (tenant_id, id, kind, key, recipient, mail, state, attempts, last_error)
       values ($1, gen_random_uuid(), 'answer', 'x', 'fay@example.com', '{}', 'dead', 1, 'There is no such mailbox.')`,
      [house.product.tenant],
    );
    const rows = { query: await late(), args: { days: "{{days}}" }, column: "email" };
    const name = await house.publish({ by: "mail", rows, subject: "Late, {{row.name}}", text: "{{row.days}} days, says {{me.name}}." }, [
      { name: "days", type: "integer", required: true },
    ]);
    const { changes, facts } = await house.planOf(name, { days: 3 });
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
    const { messages, data } = await house.admin.run(name, { days: 3 });
    expect(messages[0]?.text).toContain("Left out: eve@example.com");
    expect(data).toMatchObject({ recipients: 2 });
    expect((await house.mails()).map(({ recipient, mail }) => [recipient, mail.subject])).toEqual([
      ["ana@example.com", "Late, Ana"],
      ["bo@example.com", "Late, Bo"],
    ]);
  });

  it("is refused where the query has no such column, or isn't one that answers rows", async () => {
    const query = await late();
    const to = (rows: object) => house.publish({ by: "mail", rows, subject: "x", text: "x" });
    expect(await house.admin.refused(await to({ query, args: { days: 3 }, column: "mail" }))).toMatchObject({
      path: "message.rows.column",
      message: `"${query}" has no column "mail"; it has name, email, days.`,
    });
    expect(await house.admin.refused(await to({ query: "role.list", column: "email" }))).toMatchObject({ path: "message.rows.query" });
    expect(await house.admin.refused(await to({ query, args: {}, column: "email" }))).toMatchObject({ path: "message.rows.query" });
  });
});

describe("a message to contacts", () => {
  const contactOf = async (conversation: string) =>
    (await house.sql<{ contact_id: string }>("select contact_id from conversation where id = $1", [conversation]))[0]?.contact_id ?? "";

  it("is written in their open conversation, else in a new one that they find, else goes by mail", async () => {
    const visits = [await house.product.visit(), await house.product.visit(), await house.product.visit(), await house.product.visit()];
    const contacts: string[] = [];
    for (const { page, conversation } of visits) {
      await page.say("hello");
      contacts.push(await contactOf(conversation));
    }
    const [open, signed, mailed, nowhere] = contacts;
    await house.sql("update conversation set open = false where contact_id = any($1)", [[signed, mailed, nowhere]]);
    await house.sql("update contact set signed_email = 'Signed@example.com', email = 'Signed@example.com' where id = $1", [signed]);
    await house.sql(
      "insert into contact_identity (tenant_id, contact_id, kind, value, verified) select tenant_id, $1, 'website', id || ':customer-7', true from inbox where public_key = $2",
      [signed, house.product.inbox],
    );
    await house.sql("update contact set email = 'mailed@example.com' where id = $1", [mailed]);
    const name = await house.publish({ by: "chat", to: ["{{to}}"], text: "Your order left, {{row.name}}." }, [
      { name: "to", type: "text", list: true },
    ]);
    await house.admin.run(name, { to: [open, open, "signed@example.com", mailed, nowhere] });
    await visits[0]?.page.until("message", ({ text }) => text.startsWith("Your order left"));
    await house.until("failed");
    expect(await house.listed()).toMatchObject([
      { sent: 3, failed: 1, recipients: 4, error: expect.stringContaining("no mail address is known") },
    ]);
    expect((await house.mails()).map(({ recipient }) => recipient)).toEqual(["mailed@example.com"]);
    const begun = await house.sql<{ id: string; open: boolean }>(
      "select c.id, c.open from conversation c join message m on m.conversation_id = c.id where c.contact_id = $1 and m.text like 'Your order left%'",
      [signed],
    );
    expect(begun).toMatchObject([{ open: true }]);
    await house.admin.run("message.retry", { message: (await house.listed())[0]?.id });
    await house.until("failed");
    expect(await house.sql("select from message where text like 'Your order left%'")).toHaveLength(2);
    for (const { page } of visits) await page.close();
  });

  it("reaches nobody twice though its process died between the sending and the note of it", async () => {
    const { page, conversation } = await house.product.visit();
    await page.say("hello");
    const to = [await contactOf(conversation), "bo@example.com"];
    await house.admin.run(await house.publish({ by: "chat", to, text: "Once" }));
    await house.until("sent");
    await house.sql("update scheduled_recipient set state = 'waiting'");
    await house.sql("update scheduled_message set state = 'waiting', ended_at = null");
    await house.sql(
      `update job j set state = 'running', ended_at = null, holder = gen_random_uuid(), lease_until = now() - interval '1 second',
         data = jsonb_build_object('message', m.id) from scheduled_message m where j.id = m.job_id`,
    );
    await expect.poll(async () => (await house.listed())[0], { timeout: 15_000 }).toMatchObject({ state: "sent", sent: 2 });
    expect(await house.sql("select from message where text = 'Once'")).toHaveLength(1);
    expect(await house.mails()).toHaveLength(1);
    await page.close();
  });

  it("an address that only a visitor wrote is nobody's chat: it gets a mail", async () => {
    const { page, conversation } = await house.product.visit();
    await page.say("hello");
    await house.sql("update contact set email = 'claimed@example.com' where id = $1", [await contactOf(conversation)]);
    await house.admin.run(await house.publish({ by: "chat", to: ["claimed@example.com"], text: "A secret" }));
    await house.until("sent");
    expect((await house.mails()).map(({ recipient }) => recipient)).toEqual(["claimed@example.com"]);
    expect(await house.sql("select from message where text = 'A secret'")).toEqual([]);
    await page.close();
  });

  it("by a tag reaches whoever has it, or an open conversation with it", async () => {
    const { page, conversation } = await house.product.visit();
    await page.say("hello");
    await house.admin.run("tag.create", { name: "vip" });
    await house.admin.run("conversation.tag", { conversation, tag: "vip" });
    const name = await house.publish({ by: "chat", to: ["tag:vip"], text: "For you, {{row.name}}" });
    expect((await house.planOf(name)).changes[0]?.text).toMatch(
      /^It sends a chat message to Visitor .* in their conversation, else by mail\.$/,
    );
    await house.admin.run(name);
    await page.until("message", ({ text }) => text.startsWith("For you, Visitor"));
    await page.close();
  });
});
