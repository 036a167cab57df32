import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { verifyAudit } from "../../src/access/audit/verifyAudit.ts";
import { accountMails } from "../fixtures/accountMail.ts";
import { eraseTenants } from "../fixtures/eraseTenants.ts";
import { openSuper, type SuperHttp } from "./openSuper.ts";

let door: SuperHttp;
beforeAll(async () => {
  door = await openSuper();
});
afterAll(() => door.http.close());
beforeEach(() => door.beginAnew());

describe("inside /super, a super admin", () => {
  it("makes, renames, deactivates and deletes tenants, with admins, and each is written down", async () => {
    const { browser, secret } = await door.setUp();
    const refused = await browser.post("/super/tenants", { name: "<b>Acme</b>", slug: "Not a slug" });
    // What was written stays.
    expect([refused.status, formOf(refused.text)]).toEqual([422, expect.objectContaining({ name: "<b>Acme</b>", slug: "Not a slug" })]);
    const { to } = await browser.post("/super/tenants", { name: "<b>Acme</b>", slug: "acme" });
    expect(to).toMatch(/^\/super\/tenants\/[0-9a-f-]{36}$/);
    expect((await browser.post("/super/tenants", { name: "Other", slug: "acme" })).status).toBe(409);
    expect((await browser.get("/super/tenants?search=acm")).text).toContain("&lt;b&gt;Acme");
    const tenant = to.split("/").at(-1) ?? "";
    expect((await browser.post(`${to}/admins`, { email: "boss@acme.example" })).text).toContain("They are invited");
    const [invitation] = await accountMails(door.http.house, "boss@acme.example");
    expect(invitation).toMatchObject({ subject: "Root invites you to <b>Acme</b>" });
    const accepted = await door.http.api
      .post("/api/v1/invitation/acceptance")
      .send({ token: invitation?.token, name: "Boss", password: "five herons over water" });
    expect([accepted.status, accepted.body.error]).toEqual([200, undefined]);
    expect((await browser.get(to)).text).toContain("boss@acme.example");
    await door.http.house.addAccount("known@acme.example");
    expect((await browser.post(`${to}/admins`, { email: "known@acme.example" })).text).toContain("They are an admin now");
    expect(await accountMails(door.http.house, "known@acme.example")).toMatchObject([{ subject: "You are an admin of <b>Acme</b>" }]);
    const { account } = await door.http.house.addAccount("agent@acme.example", { tenant });
    const grant = await door.http.house.signInAs("agent@acme.example");
    await door.http.house.principalOf(grant);
    await browser.post(`${to}/members/${account}/deactivate`, {});
    await expect(door.http.house.principalOf(grant)).rejects.toMatchObject({ code: "unauthenticated" });
    await browser.post(`${to}/members/${account}/activate`, {});
    const again = await door.http.house.signInAs("agent@acme.example");
    expect((await browser.post(`${to}/rename`, { name: "Acme" })).text).toContain("It is renamed");
    await browser.post(`${to}/deactivate`, {});
    await expect(door.http.house.principalOf(again)).rejects.toMatchObject({ code: "unauthenticated" });
    await expect(door.http.house.signInAs("agent@acme.example")).rejects.toMatchObject({ code: "forbidden" });
    await browser.post(`${to}/activate`, {});
    await door.http.house.signInAs("agent@acme.example");
    const actions = await door.http.house.database.acrossTenants.query<{ action: string }>(
      "select action from audit_entry where tenant_id = $1 and actor_kind = 'super' order by seq",
      [tenant],
    );
    expect(actions.map(({ action }) => action)).toEqual([
      "tenant.make",
      "tenant.add-admin",
      "tenant.add-admin",
      "agent.deactivate",
      "agent.activate",
      "tenant.rename",
      "tenant.deactivate",
      "tenant.activate",
    ]);

    expect((await browser.post(`${to}/delete`, { slug: "acme", code: "000000" })).status).toBe(422);
    expect((await browser.post(`${to}/delete`, { slug: "amce", code: door.codeOf(secret) })).status).toBe(422);
    expect(await browser.post(`${to}/delete`, { slug: "acme", code: door.codeOf(secret) })).toMatchObject({
      status: 303,
      to: "/super/tenants",
    });
    await eraseTenants(door.http.house);
    const sql = door.http.house.database.acrossTenants;
    const tables = await sql.query<{ table: string }>(
      "select table_name as table from information_schema.columns where column_name = 'tenant_id' and table_schema = 'public'",
    );
    expect(tables.length).toBeGreaterThan(30);
    for (const { table } of tables) expect(await sql.query(`select 1 from ${table} where tenant_id = $1`, [tenant]), table).toEqual([]);
    expect((await browser.get(to)).status).toBe(404);
    expect((await verifyAudit(door.http.house)).flaws).toEqual([]);
  });

  it("asks once more for a code before what a page that was left open must not be enough for, and keeps what was written", async () => {
    const { browser, secret } = await door.setUp();
    const { to } = await browser.post("/super/tenants", { name: "Left", slug: "left" });
    door.http.house.clock.advance(5 * 60_000);
    const asked = await browser.post(`${to}/rename`, { name: 'Left "open"' });
    expect([asked.status, asked.text.includes('name="name" value="Left &quot;open&quot;"')]).toEqual([403, true]);
    for (const path of ["deactivate", "admins", `members/${"0198f7a0-0000-7000-8000-000000000001"}/deactivate`])
      expect((await browser.post(`${to}/${path}`, { email: "x@example.org" })).status).toBe(403);
    expect((await browser.post("/super/tables/tenant/row?key=[]", { "set:name": "x" })).status).toBe(403);
    expect((await browser.post("/super/tables/tenant/row/delete?key=[]", {})).status).toBe(403);
    expect((await browser.post(`${to}/rename`, { name: "Left", "step-up-code": "000000" })).status).toBe(422);
    expect((await browser.get(to)).text).not.toContain("Left &quot;open&quot;");
    const right = await browser.post(`${to}/rename`, { name: 'Left "open"', "step-up-code": door.codeOf(secret) });
    expect(right.text).toContain("It is renamed");
    expect((await browser.post(`${to}/deactivate`, {})).text).toContain("not active any more");
  });

  it("shows, changes and deletes rows of every table, without what is secret", async () => {
    const { browser } = await door.setUp();
    const { account, tenant } = await door.http.house.addAccount("person@example.org");
    await door.http.house.signInAs("person@example.org");
    const sql = door.http.house.database.acrossTenants;
    const tables = await sql.query<{ name: string }>(
      "select table_name as name from information_schema.tables where table_schema = 'public'",
    );
    for (const { name } of tables) {
      const { status, text } = await browser.get(`/super/tables/${name}`);
      expect(status, name).toBe(200);
      expect(text, name).toContain('<a href="/super/tables" aria-current="page">Tables</a>');
      expect(text, name).not.toMatch(/\$argon2id\$|\\\\x[0-9a-f]{64}/);
    }
    expect((await browser.get("/super/tables/account?search=argon2id")).text).toContain("No row has this");
    expect((await browser.get("/super/tables/pg_authid")).status).toBe(404);
    for (const path of ["tenants?search=%00", "tenants?after=%00", "tables/account?search=%00", "tables/team?tenant=%00"])
      expect([path, (await browser.get(`/super/${path}`)).status]).toEqual([path, 200]);
    for (const path of [
      "tables/%00",
      "tables/account?after=%5B%22%5Cu0000%22%5D",
      "tables/account/row?key=%5B%22%5Cu0000%22%5D",
      "tenants/%00",
    ])
      expect([path, (await browser.get(`/super/${path}`)).status >= 500]).toEqual([path, false]);
    const row = `/super/tables/account/row?key=${encodeURIComponent(JSON.stringify([account]))}`;
    expect((await browser.get(row)).text).toContain("kept secret");
    expect((await browser.post(row, { "set:name": "Somebody <else>" })).text).toContain("It is saved");
    expect(await sql.query("select name from account where id = $1", [account])).toEqual([{ name: "Somebody <else>" }]);
    const wrong = await browser.post(row, { "set:epoch": "many", "was:epoch": '"1"' });
    expect([wrong.status, formOf(wrong.text)]).toEqual([422, expect.objectContaining({ "set:epoch": "many", "was:epoch": '"1"' })]);
    expect((await browser.post(row, { "set:password_hash": "x" })).status).toBe(403);
    expect((await browser.post(row, { "set:id": account })).status).toBe(403);
    const removal = row.replace("/row?", "/row/delete?");
    expect((await browser.post(removal, {})).status).toBe(409);
    const chain = `/super/tables/audit_chain/row?key=${encodeURIComponent(JSON.stringify([tenant]))}`;
    expect((await browser.post(chain.replace("/row?", "/row/delete?"), {})).status).toBe(403);
    await sql.query("delete from session where account_id = $1", [account]);
    await sql.query("delete from membership where account_id = $1", [account]);
    expect((await browser.post(removal, {})).to).toBe("/super/tables/account");
    expect((await browser.get(row)).status).toBe(404);
    expect((await browser.get("/super/tables/account/row?key=%5B%22x%22%5D")).status).toBe(422);
  });

  it("sees a tenant's page though a table can't be read, and every error as a page", async () => {
    const { browser } = await door.setUp();
    const { to } = await browser.post("/super/tenants", { name: "Odd", slug: "odd" });
    const client = new pg.Client(door.http.house.databaseUrl);
    await client.connect();
    await client.query("create table by_hand (tenant_id uuid primary key, word text); revoke all on by_hand from public");
    const page = await browser.get(to);
    expect([page.status, /by_hand [^<]*/.exec(page.text)?.[0]]).toEqual([200, "by_hand can&#39;t be read"]);
    const refused = async (path: string, form?: Record<string, string>) => {
      const answer = form === undefined ? await browser.get(path) : await browser.post(path, form);
      expect([path, answer.headers.get("content-type"), answer.text.includes("</main></body>")]).toEqual([
        path,
        "text/html; charset=utf-8",
        true,
      ]);
      expect(answer.text).not.toMatch(/42P01|select |relation |permission denied/);
      return [answer.status, /role="alert">([^<]*)</.exec(answer.text)?.[1]];
    };
    expect(await refused("/super/tables/by_hand")).toEqual([403, expect.stringContaining("its owner and its grants")]);
    await client.query("drop table by_hand");
    expect(await refused("/super/tenants/%zz")).toEqual([404, expect.any(String)]);
    expect(await refused("/super/nothing")).toEqual([404, "There is no such page."]);
    expect(await refused("/super/tenants", { name: "x".repeat(300_000), slug: "x" })).toEqual([413, expect.stringContaining("the limit")]);
    const many = Object.fromEntries(Array.from({ length: 600 }, (_, index) => [`set:${index}`, "1"]));
    expect(await refused("/super/tenants", many)).toEqual([413, expect.stringContaining("more fields")]);
    await client.query("alter table tenant rename column audit_days to days; alter table membership rename to member");
    expect(await refused(to)).toEqual([500, expect.stringContaining("went wrong on our side")]);
    const id = /In the log: <code>([\w-]+)</.exec((await browser.get(to)).text)?.[1];
    expect(door.http.house.logged).toContainEqual(
      expect.objectContaining({ level: "error", fields: expect.objectContaining({ requestId: id }) }),
    );
    await client.query("alter table tenant rename column days to audit_days; alter table member rename to membership");
    await client.end();
  });

  it("changes nothing of a row but what was changed on its page, and is told what changed meanwhile", async () => {
    const { browser } = await door.setUp();
    const { account } = await door.http.house.addAccount("open@example.org");
    const sql = door.http.house.database.acrossTenants;
    const name = "\nTwo\r\nlines";
    await sql.query("update account set name = $2 where id = $1", [account, name]);
    const row = `/super/tables/account/row?key=${encodeURIComponent(JSON.stringify([account]))}`;
    const page = formOf((await browser.get(row)).text);
    expect(page).toMatchObject({ "set:active": "true", "set:epoch": "1", "was:name": JSON.stringify(name), "was:sso_tenant_id": "null" });
    // What browsers make of the lines, and of a box that is checked.
    const sent = { ...page, "set:name": "\r\nTwo\r\nlines", "none:sso_tenant_id": "yes" };
    await sql.query("update account set epoch = 7 where id = $1", [account]);
    const stale = await browser.post(row, { ...sent, "set:epoch": "2" });
    expect([stale.status, stale.text.includes("It was changed meanwhile, to &quot;7&quot;")]).toEqual([409, true]);
    expect((await browser.post(row, { ...sent, "set:active": "false" })).text).toContain("It is saved");
    expect(await sql.query("select name, epoch, active, sso_tenant_id as sso from account where id = $1", [account])).toEqual([
      { name, epoch: 7, active: false, sso: null },
    ]);
    const entry = "select detail from audit_entry where action = 'super.change-row' order by at desc limit 1";
    expect(JSON.stringify(await sql.query(entry))).toContain('{"columns":["active"]}');
  });
});

/** The fields of a page as a browser would send them. */
function formOf(page: string): Record<string, string> {
  const plain = (text: string) => text.replaceAll("&quot;", '"').replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
  const inputs = [...page.matchAll(/<input (?!type="checkbox")[^>]*>/g)].map(([input]): [string, string] => {
    return [/name="([^"]+)"/.exec(input)?.[1] ?? "", plain(/value="([^"]*)"/.exec(input)?.[1] ?? "")];
  });
  const areas = [...page.matchAll(/<textarea [^>]*name="([^"]+)"[^>]*>\n([^<]*)</g)].map(([, name = "", value = ""]): [string, string] => [
    name,
    plain(value),
  ]);
  const choices = [...page.matchAll(/<select [^>]*name="([^"]+)"[^>]*>.*?<option selected>(\w+)</g)].map(
    ([, name = "", value = ""]): [string, string] => [name, value],
  );
  return Object.fromEntries([...inputs, ...areas, ...choices].filter(([name]) => /^((set|was):|(name|slug)$)/.test(name)));
}
