import jwt from "jsonwebtoken";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { closeCodes } from "../../src/protocol/visitor.ts";
import { type Agent, openProduct, type TestProduct } from "../fixtures/product.ts";

let product: TestProduct;
let admin: Agent;
let secret: string;

beforeAll(async () => {
  product = await openProduct();
  admin = await product.agent("admin@demo.example");
  secret = String(Object(await admin.run("inbox.identity-secret", { inbox: product.inbox })).data.secret);
});
afterAll(() => product.stop());

let people = 0;

/** A person whom the site knows by a name of its own. */
function person(claims: object = {}): string {
  const exp = Math.floor(Date.now() / 1000) + 3600;
  return jwt.sign({ sub: `customer ${++people}`, aud: product.inbox, exp, ...claims }, secret);
}

async function contactOf(conversation: string): Promise<{ id: string; name: string; identities: unknown[] }> {
  const [row] = await product.database.forTenant(product.tenant).query<{ id: string; name: string; identities: unknown[] }>(
    `select k.id, k.name, (select coalesce(json_agg(n.value), '[]') from contact_identity n where n.tenant_id = k.tenant_id and n.contact_id = k.id) as identities
     from conversation c join contact k on k.tenant_id = c.tenant_id and k.id = c.contact_id where c.tenant_id = $1 and c.id = $2`,
    [conversation],
  );
  if (row === undefined) throw new Error("no contact");
  return row;
}

describe("a visitor whom the site names", () => {
  test("is the same contact on every device, with the same conversation and all of it", async () => {
    const identity = person({ name: "Ana Lima", email: "ana@shop.example" });
    const first = await product.visit({ identity });
    await first.page.say("reverse one two");
    await first.page.until("message", ({ text }) => text === "two one");
    const second = await product.visit({ identity });
    expect(second.conversation).toBe(first.conversation);
    expect(second.welcome.token).not.toBe(first.welcome.token);
    await second.page.until("message", ({ text }) => text === "two one");
    expect(await contactOf(first.conversation)).toMatchObject({ name: "Ana Lima", identities: [expect.stringContaining("customer")] });
  });

  test("is one contact with one conversation, however many tabs open at once", async () => {
    const identity = person();
    const visits = await Promise.all(Array.from({ length: 10 }, () => product.visit({ identity })));
    expect(new Set(visits.map(({ conversation }) => conversation)).size).toBe(1);
    await Promise.all(visits.map(({ page }, n) => page.say(`mat ${n}`)));
  });

  test("brings along what was said before the site knew them", async () => {
    const identity = person();
    const known = await product.visit({ identity });
    await known.page.say("reverse at home");
    const before = await product.visit();
    await before.page.say("reverse in the shop");
    const after = await product.openVisitor();
    const welcome = await after.hello({ token: before.welcome.token, identity });
    expect(welcome).toMatchObject({ conversation: before.conversation, token: before.welcome.token });
    expect((await contactOf(before.conversation)).id).toBe((await contactOf(known.conversation)).id);
  });

  test("goes on with their own conversation where nothing was said on this page", async () => {
    const identity = person();
    const known = await product.visit({ identity });
    await known.page.say("reverse at home");
    const empty = await product.visit();
    const after = await product.openVisitor();
    expect((await after.hello({ token: empty.welcome.token, identity })).conversation).toBe(known.conversation);
  });

  test("sees nothing of somebody else who used the same page", async () => {
    const first = await product.visit({ identity: person() });
    await first.page.say("my secret");
    const page = await product.openVisitor();
    const welcome = await page.hello({ token: first.welcome.token, identity: person() });
    expect(welcome).toMatchObject({ seq: 0 });
    expect(welcome.conversation).not.toBe(first.conversation);
  });

  test("who has signed out is not read by the next at the same computer", async () => {
    const first = await product.visit({ identity: person() });
    const page = await product.openVisitor();
    page.send({ type: "hello", inbox: product.inbox, token: first.welcome.token });
    expect((await page.until("error", () => true)).error.code).toBe("unauthenticated");
    expect((await page.ended).code).toBe(closeCodes.unauthenticated);
  });

  test("unverified names and addresses join nobody", async () => {
    const one = await product.visit({ identity: person({ name: "Same Name", email: "same@shop.example" }) });
    const two = await product.visit({ identity: person({ name: "Same Name", email: "same@shop.example" }) });
    expect((await contactOf(one.conversation)).id).not.toBe((await contactOf(two.conversation)).id);
  });

  test("has the address that the site signed, whatever they leave themselves by a frame or a command", async () => {
    const identity = person({ name: "Ana Lima", email: "ana@shop.example" });
    const { page, conversation } = await product.visit({ identity });
    const leave = async (clientId: string, email: string) => {
      page.send({ type: "contact", clientId, email });
      return await Promise.race([
        page.until("contact", (kept) => kept.clientId === clientId),
        page.until("error", ({ ref }) => ref === clientId).then(({ error }) => error),
      ]);
    };
    expect(await leave("c1", "somebody@else.example")).toMatchObject({ code: "conflict", path: "email" });
    expect(await leave("c2", "Ana@shop.example")).toMatchObject({ type: "contact" });
    expect((await page.answerTo(await page.say("email somebody@else.example"))).text).toMatch(/known from this site/);
    const emailOf = async () =>
      await product.database
        .forTenant(product.tenant)
        .query<{ email: string }>(
          "select lower(k.email) as email from contact k join conversation c on c.tenant_id = k.tenant_id and c.contact_id = k.id where c.tenant_id = $1 and c.id = $2",
          [conversation],
        );
    expect(await emailOf()).toEqual([{ email: "ana@shop.example" }]);
    // Where the site signs none, the visitor's own word is the best there is.
    const other = await product.visit({ identity: person({ name: "Bo" }) });
    other.page.send({ type: "contact", clientId: "c3", email: "bo@home.example" });
    expect(await other.page.until("contact")).toMatchObject({ email: "bo@home.example" });
    await Promise.all([page.close(), other.page.close()]);
  });

  test.each<[string, object, string]>([
    ["no text", { email: 5 }, "invalid_frame"],
    ["nothing", { email: "" }, "invalid_value"],
    ["no address at all", {}, "invalid_frame"],
    ["no domain", { email: "ana" }, "invalid_value"],
    ["two", { email: "ana@a.example, bo@b.example" }, "invalid_value"],
    ["a name and an address", { email: "Ana <ana@a.example>" }, "invalid_value"],
    ["a header", { email: "ana@a.example\r\nBcc: all@a.example" }, "invalid_value"],
    ["255 characters", { email: `${"a".repeat(64)}@${"b".repeat(182)}.example` }, "invalid_frame"],
    ["a list", { email: ["ana@a.example"] }, "invalid_frame"],
  ])("leaves %s for an address, and is told what is wrong with the field", async (_, fields, code) => {
    const { page } = await product.visit();
    page.send({ type: "contact", clientId: "c1", ...fields });
    expect((await page.until("error", ({ ref }) => ref === "c1")).error).toMatchObject({ code, path: "email" });
    await page.say("the chat goes on");
    await page.close();
  });

  test.each<[string, () => string, RegExp]>([
    ["by another secret", () => jwt.sign({ sub: "x", aud: product.inbox }, "another secret", { expiresIn: 60 }), /./],
    ["that has expired", () => person({ exp: Math.floor(Date.now() / 1000) - 3600 }), /expired/],
    ["for another site", () => person({ aud: "another-inbox" }), /./],
    ["of nobody", () => person({ sub: "" }), /./],
    ["without a signature", () => jwt.sign({ sub: "x", aud: product.inbox }, "", { algorithm: "none", expiresIn: 60 }), /./],
    ["that is none", () => "somebody's word", /./],
  ])("a word %s is refused in a sentence that names the field", async (_, identity, message) => {
    const page = await product.openVisitor();
    page.send({ type: "hello", inbox: product.inbox, identity: identity() });
    const { error } = await page.until("error", () => true);
    expect(error).toMatchObject({ code: "invalid_value", path: "identity", message: expect.stringMatching(message) });
    expect((await page.ended).code).toBe(closeCodes.unauthenticated);
  });

  test("the secret, by which one could be any visitor, is told only to who may read every conversation", async () => {
    await admin.run("role.create", { key: "hr", name: "HR", permissions: "people.manage, conversations.read", records: "own" });
    await admin.run("role.grant", { email: "agent2@demo.example", role: "hr" });
    await admin.run("role.revoke", { email: "agent2@demo.example", role: "agent" });
    const hr = await product.agent("agent2@demo.example");
    for (const command of ["inbox.identity-secret", "inbox.rotate-identity-secret"]) {
      const { code, message } = await hr.refused(command, { inbox: product.inbox });
      expect([code, message]).toEqual(["forbidden", expect.stringContaining("every conversation")]);
    }
  });

  test("the secret can be changed, and only by who manages people", async () => {
    const agent = await product.agent();
    expect(await agent.refused("inbox.rotate-identity-secret", { inbox: product.inbox })).toMatchObject({ code: "unknown_command" });
    const changed = await admin.run("inbox.rotate-identity-secret", { inbox: product.inbox });
    expect(changed.state).toBe("succeeded");
    expect(await admin.refused("inbox.identity-secret", { inbox: "none" })).toMatchObject({ code: "not_found", path: "args.inbox" });
  });
});

describe("a contact's data", () => {
  test("are exported and erased with everything, and whoever looks is let go", async () => {
    const visit = await product.visit({ identity: person({ name: "Bia Costa" }) });
    await visit.page.say("please forget me");
    const { id } = await contactOf(visit.conversation);
    const agent = await product.agent();
    await agent.run("conversation.take", { conversation: visit.conversation });
    const exported = await admin.run("contact.export", { contact: id });
    expect(exported.data).toMatchObject({
      contact: { id, name: "Bia Costa" },
      conversation: [expect.objectContaining({ id: visit.conversation })],
      message: expect.arrayContaining([expect.objectContaining({ text: "please forget me" })]),
      contact_identity: [expect.objectContaining({ verified: true })],
    });
    expect(JSON.stringify(exported.data)).not.toContain("token_hash");

    const preview = await admin.run("contact.erase", { contact: id, preview: true });
    expect(preview.data).toMatchObject({
      preview: true,
      erased: { conversation: 1, visitor_token: 1, contact_identity: 1, message: expect.any(Number) },
    });
    expect((await contactOf(visit.conversation)).id).toBe(id);
    expect((await admin.run("contact.erase", { contact: id })).data).toMatchObject({ preview: false, erased: { conversation: 1 } });
    expect((await visit.page.ended).code).toBe(closeCodes.unauthenticated);
    expect(await rowsLeft(id, visit.conversation)).toEqual([]);
    expect(await admin.refused("contact.erase", { contact: id })).toMatchObject({ code: "not_found", path: "args.contact" });
    const other = await product.addTenant("elsewhere");
    await product.database.acrossTenants.query("update membership set roles = '{admin}' where tenant_id = $1", [other.tenant]);
    const foreign = await product.agent(other.email);
    expect((await foreign.refused("contact.export", { contact: id })).code).toBe("not_found");
  });

  test("show mails to an address that their site has signed, and none to one that they only say is theirs", async () => {
    const visit = await product.visit({ identity: person({ name: "Cleo" }) });
    await visit.page.say("all you keep about me, please");
    const { id } = await contactOf(visit.conversation);
    const sql = product.database.acrossTenants;
    await sql.query(
      `insert into mail_out (tenant_id, id, kind, key, recipient, mail, state, attempts)
       values ($1, gen_random_uuid(), 'schedule', 'report', 'adviser@tax.example', '{"subject":"Report"}', 'dead', 1)`,
      [product.tenant],
    );
    const mails = async () => JSON.parse(JSON.stringify((await admin.run("contact.export", { contact: id })).data)).mail_out ?? [];
    await sql.query("update contact set email = 'adviser@tax.example' where id = $1", [id]);
    expect(await mails()).toEqual([]);
    await sql.query("update contact set signed_email = 'adviser@tax.example' where id = $1", [id]);
    expect(await mails()).toMatchObject([{ recipient: "adviser@tax.example" }]);
  });
});

/** Tables that still hold a row of this person, by the catalogue and not by what the product believes. */
async function rowsLeft(contact: string, conversation: string): Promise<string[]> {
  const sql = product.database.acrossTenants;
  const columns = await sql.query<{ table_name: string; column_name: string }>(
    "select table_name, column_name from information_schema.columns where table_schema = current_schema() and data_type = 'uuid' and column_name <> 'tenant_id'",
  );
  const left: string[] = [];
  for (const { table_name: table, column_name: column } of columns) {
    const rows = await sql.query(`select 1 from "${table}" where "${column}" in ($1::uuid, $2::uuid) limit 1`, [contact, conversation]);
    if (rows.length > 0) left.push(`${table}.${column}`);
  }
  return left;
}
