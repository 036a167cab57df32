import { generateSync } from "otplib";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { verifyAudit } from "../../src/access/audit/verifyAudit.ts";
import { addSuperAdmin, deactivateSuperAdmin } from "../../src/access/super/superAdmins.ts";
import type { OutgoingMail } from "../../src/platform/mail/mail.ts";
import { accountMails } from "../fixtures/accountMail.ts";
import { goodPassword } from "../fixtures/openHouse.ts";
import { type Http, openHttp } from "./openHttp.ts";

let http: Http;
const mails: OutgoingMail[] = [];
const email = "root@example.org";
const password = "a quiet heron at dawn";
const one = { user: "root", most: 1 };

beforeAll(async () => {
  const mail = {
    off: undefined,
    from: { name: "Switchboard", address: "chat@switchboard.example" },
    send: async (sent: OutgoingMail) => void mails.push(sent),
    close: async () => {},
  };
  http = await openHttp({ deps: { superDoor: { mail } } });
});
afterAll(() => http.close());
beforeEach(async () => {
  await http.house.database.acrossTenants.query("delete from super_admin");
  mails.length = 0;
});

/** A browser without a script: it keeps the cookie, and says where its forms come from. */
function openBrowser(): Browser {
  let cookie = "";
  const ask = async (path: string, init: RequestInit): Promise<Page> => {
    const answer = await fetch(`${http.publicUrl}${path}`, { ...init, redirect: "manual", headers: { ...init.headers, cookie } });
    const set = answer.headers.get("set-cookie");
    if (set !== null) cookie = set.split(";")[0] ?? "";
    return {
      status: answer.status,
      to: answer.headers.get("location") ?? "",
      text: await answer.text(),
      headers: answer.headers,
      setCookie: set ?? "",
    };
  };
  return {
    cookie: () => cookie,
    get: (path) => ask(path, {}),
    post: (path, form, headers = { origin: http.publicUrl }) => ask(path, { method: "POST", body: new URLSearchParams(form), headers }),
  };
}

interface Page {
  status: number;
  to: string;
  text: string;
  headers: Headers;
  setCookie: string;
}

interface Browser {
  cookie(): string;
  get(path: string): Promise<Page>;
  post(path: string, form: Record<string, string>, headers?: Record<string, string>): Promise<Page>;
}

/** The code of now; each counts once, so that the clock moves on a step before. */
function codeOf(secret: string): string {
  http.house.clock.advance(30_000);
  return generateSync({ secret, strategy: "totp", epoch: Math.floor(http.house.clock.now() / 1000) });
}

/** Somebody who has been through all three steps. */
async function setUp(): Promise<{ browser: Browser; secret: string }> {
  const made = await addSuperAdmin(http.house, one, { email, name: "Root" });
  const browser = openBrowser();
  await browser.post("/super/sign-in", { email, password: made.secret });
  await browser.post("/super/password", { password });
  await browser.post("/super/mail/send", {});
  await browser.post("/super/mail", { token: tokenOf(mails.at(-1)) });
  const { text } = await browser.get("/super");
  const secret = /class="secret">([A-Z2-7]+)</.exec(text)?.[1] ?? "";
  expect((await browser.post("/super/factor", { code: codeOf(secret) })).to).toBe("/super");
  return { browser, secret };
}

function tokenOf(mail: OutgoingMail | undefined): string {
  return /token=([\w-]+)/.exec(mail?.text ?? "")?.[1] ?? "";
}

describe("/super", () => {
  it("leads through password, mail and second factor, in this order, before anything else", async () => {
    const { secret } = await addSuperAdmin(http.house, one, { email, name: "Root" });
    const browser = openBrowser();
    const signedIn = await browser.post("/super/sign-in", {
      email: " Root@Example.org",
      password: secret.toLowerCase().replaceAll("-", " "),
    });
    expect(signedIn).toMatchObject({ status: 303, to: "/super" });
    expect(signedIn.setCookie).toMatch(/^switchboard_super=[\w-]{43}; .*HttpOnly; SameSite=Strict/);
    const refusedInside = async () => {
      for (const path of ["/super/tenants", "/super/tables", "/super/tables/account"])
        expect(await browser.get(path)).toMatchObject({ status: 303, to: "/super" });
      expect((await browser.post("/super/tenants", { name: "Sneaky", slug: "sneaky" })).status).toBe(401);
    };
    await refusedInside();
    expect((await browser.post("/super/factor", { code: "123456" })).status).toBe(409);
    expect((await browser.post("/super/mail/send", {})).status).toBe(409);
    expect((await browser.post("/super/password", { password: "short" })).text).toContain("at least 15 characters");
    expect((await browser.post("/super/password", { password })).to).toBe("/super");
    expect((await openBrowser().post("/super/sign-in", { email, password: secret })).status).toBe(401);

    await refusedInside();
    expect((await browser.post("/super/factor", { code: "123456" })).status).toBe(409);
    expect((await browser.post("/super/mail/send", {})).text).toContain("on its way");
    expect(mails.at(-1)).toMatchObject({ to: email });
    const token = tokenOf(mails.at(-1));
    expect((await openBrowser().get(`/super/mail?token=${token}`)).status).toBe(200);
    expect((await openBrowser().post("/super/mail", { token: `${token}x` })).status).toBe(422);
    expect((await openBrowser().post("/super/mail", { token })).status).toBe(200);
    expect((await openBrowser().post("/super/mail", { token })).status).toBe(422);

    await refusedInside();
    const enrol = await browser.get("/super");
    expect(enrol.text).toContain("<svg");
    const shared = /class="secret">([A-Z2-7]+)</.exec(enrol.text)?.[1] ?? "";
    expect((await browser.post("/super/factor", { code: "000000" })).status).toBe(422);
    expect((await browser.post("/super/factor", { code: codeOf(shared) })).to).toBe("/super");
    expect((await browser.get("/super/tenants")).status).toBe(200);
    expect((await verifyAudit(http.house)).flaws).toEqual([]);
  });

  it("sec/auth/18 lets nobody in by a wrong password, secret or code, and says the same for whoever isn't there", async () => {
    const { secret } = await addSuperAdmin(http.house, one, { email, name: "Root" });
    const wrong = await Promise.all(
      [
        { email, password: "" },
        { email, password: `${secret}A` },
        { email, password: "AAAA-AAAA-AAAA-AAAA-AAAA-AAAA-AAAA-AAAA" },
        { email: "nobody@example.org", password: secret },
      ].map((form) => openBrowser().post("/super/sign-in", form)),
    );
    for (const page of wrong) expect(page).toMatchObject({ status: 401, setCookie: "" });
    expect(new Set(wrong.map(({ text }) => text.replaceAll(/value="[^"]*"/g, ""))).size).toBe(1);
    http.house.clock.advance(24 * 3_600_000);
    expect((await openBrowser().post("/super/sign-in", { email, password: secret })).status).toBe(401);
  });

  it("sec/auth/18 takes a code once of many at the same moment, and ends the session after five wrong ones", async () => {
    const { secret } = await setUp();
    const browsers = await Promise.all(
      Array.from({ length: 6 }, async () => {
        const browser = openBrowser();
        await browser.post("/super/sign-in", { email, password });
        return browser;
      }),
    );
    const code = codeOf(secret);
    const shown = await Promise.all(browsers.map((browser) => browser.post("/super/factor", { code })));
    expect(shown.map(({ status }) => status).sort()).toEqual([303, 422, 422, 422, 422, 422]);
    const [loser] = browsers.filter((_, index) => shown[index]?.status === 422);
    const tries = [];
    for (const guess of ["000001", "000002", "٠٠٠٠٠٠", "0000004"])
      tries.push((await loser?.post("/super/factor", { code: guess }))?.status);
    expect(tries).toEqual([422, 422, 422, 401]);
    expect((await loser?.post("/super/factor", { code: codeOf(secret) }))?.status).toBe(401);
  });

  it("slows down who tries passwords there, apart from accounts of the same address, and takes none after a hundred", async () => {
    const mail = { off: undefined, from: { name: "S", address: "s@example.org" }, send: async () => {}, close: async () => {} };
    const limited = await openHttp({
      limits: true,
      config: { trustedProxies: ["127.0.0.1"] },
      deps: { superDoor: { mail } },
    });
    let from = 0;
    const tryOne = async (body: Record<string, string>, path = "/super/sign-in") => {
      from += 1;
      const headers = { origin: limited.publicUrl, "x-forwarded-for": `198.51.${Math.floor(from / 200)}.${from % 200}` };
      return await fetch(`${limited.publicUrl}${path}`, { method: "POST", redirect: "manual", headers, body: new URLSearchParams(body) });
    };
    const { secret } = await addSuperAdmin(limited.house, one, { email, name: "Root" });
    for (const who of [email, "nobody@example.org"]) {
      const statuses = [];
      for (let index = 0; index < 6; index += 1) statuses.push((await tryOne({ email: who, password: "wrong wrong wrong" })).status);
      expect([who, statuses]).toEqual([who, [401, 401, 401, 401, 401, 429]]);
    }
    const waits = await tryOne({ email, password: secret });
    expect([waits.status, waits.headers.get("retry-after")]).toEqual([429, "30"]);
    await limited.house.addAccount(email);
    const account = await limited.api.post("/api/v1/session").set("X-Forwarded-For", "203.0.113.9").send({ email, password: goodPassword });
    expect(account.status).toBe(200);
    await limited.house.database.acrossTenants.query("update super_admin set failures = 99");
    limited.house.clock.advance(3_600_000);
    expect((await tryOne({ email, password: "wrong wrong wrong" })).status).toBe(401);
    limited.house.clock.advance(3_600_000);
    expect((await tryOne({ email, password: secret })).status).toBe(401);
    await limited.close();
  });

  it("sec/auth/20 has no door by which anybody becomes the first, and tells nobody whether there is one", async () => {
    const none = await openBrowser().get("/super");
    await addSuperAdmin(http.house, one, { email, name: "Root" });
    const some = await openBrowser().get("/super");
    expect(some.text).toBe(none.text);
    for (const path of ["/super/setup", "/super/add", "/api/v1/setup", "/api/v1/super"])
      expect((await openBrowser().post(path, { email: "me@example.org" })).status).toBe(404);
    const document = await (await fetch(`${http.publicUrl}/api/openapi.json`)).text();
    expect(document).not.toContain("/super");
  });

  it("opens nothing with what an account holds, and nothing of accounts with what is its own", async () => {
    await http.house.addAccount("admin@example.org", { roles: ["admin"] });
    const grant = await http.house.signInAs("admin@example.org");
    const { browser } = await setUp();
    const tokenOfSuper = browser.cookie().split("=")[1] ?? "";
    const asked = async (headers: Record<string, string>) =>
      (await fetch(`${http.publicUrl}/super/tenants`, { headers, redirect: "manual" })).status;
    expect(await asked({ cookie: browser.cookie() })).toBe(200);
    expect(await asked({ authorization: `Bearer ${grant.answer.accessToken}` })).toBe(303);
    expect(await asked({ cookie: `switchboard_super=${grant.refreshToken}` })).toBe(303);
    expect(await asked({ cookie: `switchboard_refresh=${tokenOfSuper}` })).toBe(303);
    expect(await asked({ authorization: `Bearer ${tokenOfSuper}` })).toBe(303);
    const api = (headers: Record<string, string>) => fetch(`${http.publicUrl}/api/v1/commands`, { headers });
    expect((await api({ authorization: `Bearer ${tokenOfSuper}` })).status).toBe(401);
    expect((await api({ cookie: browser.cookie() })).status).toBe(401);
    const refresh = { method: "POST", headers: { cookie: `switchboard_refresh=${tokenOfSuper}`, origin: http.publicUrl } };
    expect((await fetch(`${http.publicUrl}/api/v1/session/refresh`, refresh)).status).toBe(401);
    expect((await openBrowser().post("/super/sign-in", { email: "admin@example.org", password: goodPassword })).status).toBe(401);
  });

  it("ends after 15 idle minutes, after 12 hours, and at once when the server says so", async () => {
    const { browser, secret } = await setUp();
    http.house.clock.advance(14 * 60_000);
    expect((await browser.get("/super/tenants")).status).toBe(200);
    http.house.clock.advance(15 * 60_000);
    expect((await browser.get("/super/tenants")).status).toBe(303);

    await browser.post("/super/sign-in", { email, password });
    await browser.post("/super/factor", { code: codeOf(secret) });
    for (let minutes = 0; minutes < 12 * 60 - 10; minutes += 10) {
      http.house.clock.advance(10 * 60_000);
      if (minutes % 100 === 0) expect((await browser.get("/super/tables")).status).toBe(200);
      else await http.house.database.acrossTenants.query("update super_session set used_at = $1", [new Date(http.house.clock.now())]);
    }
    http.house.clock.advance(10 * 60_000);
    expect((await browser.get("/super/tenants")).status).toBe(303);

    await browser.post("/super/sign-in", { email, password });
    await browser.post("/super/factor", { code: codeOf(secret) });
    expect((await browser.get("/super/tenants")).status).toBe(200);
    await deactivateSuperAdmin(http.house, one, email);
    expect((await browser.get("/super/tenants")).status).toBe(303);
  });

  it("takes forms of its own pages alone, runs no script, and stands in nobody's frame", async () => {
    const browser = openBrowser();
    expect((await browser.post("/super/sign-in", { email, password }, {})).status).toBe(403);
    expect((await browser.post("/super/sign-in", { email, password }, { origin: "https://evil.example" })).status).toBe(403);
    const { headers, text } = await browser.get("/super");
    expect(headers.get("content-security-policy")).toBe(
      "default-src 'none';style-src 'self';form-action 'self';base-uri 'none';frame-ancestors 'none'",
    );
    expect(headers.get("x-frame-options")).toBe("DENY");
    expect(headers.get("cache-control")).toBe("no-store");
    expect(text).not.toMatch(/<script|style=/);
    const twice = await fetch(`${http.publicUrl}/super/sign-in`, {
      method: "POST",
      body: new URLSearchParams([
        ["email", email],
        ["email", "x"],
        ["password", "y"],
      ]),
      headers: { origin: http.publicUrl },
    });
    expect(twice.status).toBe(422);
  });

  it("makes, renames, deactivates and deletes tenants, with admins, and each is written down", async () => {
    const { browser, secret } = await setUp();
    expect((await browser.post("/super/tenants", { name: "<b>Acme</b>", slug: "Not a slug" })).status).toBe(422);
    const { to } = await browser.post("/super/tenants", { name: "<b>Acme</b>", slug: "acme" });
    expect(to).toMatch(/^\/super\/tenants\/[0-9a-f-]{36}$/);
    expect((await browser.post("/super/tenants", { name: "Other", slug: "acme" })).status).toBe(409);
    expect((await browser.get("/super/tenants?search=acm")).text).toContain("&lt;b&gt;Acme");
    const tenant = to.split("/").at(-1) ?? "";
    expect((await browser.post(`${to}/admins`, { email: "boss@acme.example" })).text).toContain("They are invited");
    const [invitation] = await accountMails(http.house, "boss@acme.example");
    expect(invitation).toMatchObject({ subject: "Root invites you to <b>Acme</b>" });
    const accepted = await http.api
      .post("/api/v1/invitation/acceptance")
      .send({ token: invitation?.token, name: "Boss", password: "five herons over water" });
    expect([accepted.status, accepted.body.error]).toEqual([200, undefined]);
    expect((await browser.get(to)).text).toContain("boss@acme.example");
    await http.house.addAccount("known@acme.example");
    expect((await browser.post(`${to}/admins`, { email: "known@acme.example" })).text).toContain("They are an admin now");
    expect(await accountMails(http.house, "known@acme.example")).toMatchObject([{ subject: "You are an admin of <b>Acme</b>" }]);
    const { account } = await http.house.addAccount("agent@acme.example", { tenant });
    const grant = await http.house.signInAs("agent@acme.example");
    await http.house.principalOf(grant);
    await browser.post(`${to}/members/${account}/deactivate`, {});
    await expect(http.house.principalOf(grant)).rejects.toMatchObject({ code: "unauthenticated" });
    await browser.post(`${to}/members/${account}/activate`, {});
    const again = await http.house.signInAs("agent@acme.example");
    expect((await browser.post(`${to}/rename`, { name: "Acme" })).text).toContain("It is renamed");
    await browser.post(`${to}/deactivate`, {});
    await expect(http.house.principalOf(again)).rejects.toMatchObject({ code: "unauthenticated" });
    await expect(http.house.signInAs("agent@acme.example")).rejects.toMatchObject({ code: "forbidden" });
    await browser.post(`${to}/activate`, {});
    await http.house.signInAs("agent@acme.example");
    const actions = await http.house.database.acrossTenants.query<{ action: string }>(
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
    expect((await browser.post(`${to}/delete`, { slug: "amce", code: codeOf(secret) })).status).toBe(422);
    expect(await browser.post(`${to}/delete`, { slug: "acme", code: codeOf(secret) })).toMatchObject({ status: 303, to: "/super/tenants" });
    const sql = http.house.database.acrossTenants;
    const tables = await sql.query<{ table: string }>(
      "select table_name as table from information_schema.columns where column_name = 'tenant_id' and table_schema = 'public'",
    );
    expect(tables.length).toBeGreaterThan(30);
    for (const { table } of tables) expect(await sql.query(`select 1 from ${table} where tenant_id = $1`, [tenant]), table).toEqual([]);
    expect((await browser.get(to)).status).toBe(404);
    expect((await verifyAudit(http.house)).flaws).toEqual([]);
  });

  it("asks once more for a code before what a page that was left open must not be enough for, and keeps what was written", async () => {
    const { browser, secret } = await setUp();
    const { to } = await browser.post("/super/tenants", { name: "Left", slug: "left" });
    http.house.clock.advance(5 * 60_000);
    const asked = await browser.post(`${to}/rename`, { name: 'Left "open"' });
    expect([asked.status, asked.text.includes('name="name" value="Left &quot;open&quot;"')]).toEqual([403, true]);
    for (const path of ["deactivate", "admins", `members/${"0198f7a0-0000-7000-8000-000000000001"}/deactivate`])
      expect((await browser.post(`${to}/${path}`, { email: "x@example.org" })).status).toBe(403);
    expect((await browser.post("/super/tables/tenant/row?key=[]", { "set:name": "x" })).status).toBe(403);
    expect((await browser.post("/super/tables/tenant/row/delete?key=[]", {})).status).toBe(403);
    expect((await browser.post(`${to}/rename`, { name: "Left", "step-up-code": "000000" })).status).toBe(422);
    expect((await browser.get(to)).text).not.toContain("Left &quot;open&quot;");
    const right = await browser.post(`${to}/rename`, { name: 'Left "open"', "step-up-code": codeOf(secret) });
    expect(right.text).toContain("It is renamed");
    expect((await browser.post(`${to}/deactivate`, {})).text).toContain("not active any more");
  });

  it("shows, changes and deletes rows of every table, without what is secret", async () => {
    const { browser } = await setUp();
    const { account, tenant } = await http.house.addAccount("person@example.org");
    await http.house.signInAs("person@example.org");
    const sql = http.house.database.acrossTenants;
    const tables = await sql.query<{ name: string }>(
      "select table_name as name from information_schema.tables where table_schema = 'public'",
    );
    for (const { name } of tables) {
      const { status, text } = await browser.get(`/super/tables/${name}`);
      expect(status, name).toBe(200);
      expect(text, name).not.toMatch(/\$argon2id\$|\\\\x[0-9a-f]{64}/);
    }
    expect((await browser.get("/super/tables/account?search=argon2id")).text).toContain("No row has this");
    expect((await browser.get("/super/tables/pg_authid")).status).toBe(404);
    const row = `/super/tables/account/row?key=${encodeURIComponent(JSON.stringify([account]))}`;
    expect((await browser.get(row)).text).toContain("kept secret");
    expect((await browser.post(row, { "set:name": "Somebody <else>" })).text).toContain("It is saved");
    expect(await sql.query("select name from account where id = $1", [account])).toEqual([{ name: "Somebody <else>" }]);
    expect((await browser.post(row, { "set:epoch": "many" })).status).toBe(422);
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
});
