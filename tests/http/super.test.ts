import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { verifyAudit } from "../../src/access/audit/verifyAudit.ts";
import { addSuperAdmin, deactivateSuperAdmin } from "../../src/access/super/superAdmins.ts";
import { goodPassword } from "../fixtures/openHouse.ts";
import { openHttp } from "./openHttp.ts";
import { email, one, openSuper, password, type SuperHttp, tokenOf } from "./openSuper.ts";

let door: SuperHttp;
beforeAll(async () => {
  door = await openSuper();
});
afterAll(() => door.http.close());
beforeEach(() => door.beginAnew());

describe("/super", () => {
  it("leads through password, mail and second factor, in this order, before anything else", async () => {
    const { secret } = await addSuperAdmin(door.http.house, one, { email, name: "Root" });
    const browser = door.browser();
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
    expect((await door.browser().post("/super/sign-in", { email, password: secret })).status).toBe(401);

    await refusedInside();
    expect((await browser.post("/super/factor", { code: "123456" })).status).toBe(409);
    expect((await browser.post("/super/mail/send", {})).text).toContain("on its way");
    expect(door.mails.at(-1)).toMatchObject({ to: email });
    const token = tokenOf(door.mails.at(-1));
    expect((await door.browser().get(`/super/mail?token=${token}`)).status).toBe(200);
    expect((await door.browser().post("/super/mail", { token: `${token}x` })).status).toBe(422);
    expect((await door.browser().post("/super/mail", { token })).status).toBe(200);
    expect((await door.browser().post("/super/mail", { token })).status).toBe(422);

    await refusedInside();
    const enrol = await browser.get("/super");
    expect(enrol.text).toContain("<svg");
    const shared = /class="secret">([A-Z2-7]+)</.exec(enrol.text)?.[1] ?? "";
    expect((await browser.post("/super/factor", { code: "000000" })).status).toBe(422);
    expect((await browser.post("/super/factor", { code: door.codeOf(shared) })).to).toBe("/super");
    expect((await browser.get("/super/tenants")).status).toBe(200);
    expect((await verifyAudit(door.http.house)).flaws).toEqual([]);
  });

  it("sec/auth/18 lets nobody in by a wrong password, secret or code, and says the same for whoever isn't there", async () => {
    const { secret } = await addSuperAdmin(door.http.house, one, { email, name: "Root" });
    const wrong = await Promise.all(
      [
        { email, password: "" },
        { email, password: `${secret}A` },
        { email, password: "AAAA-AAAA-AAAA-AAAA-AAAA-AAAA-AAAA-AAAA" },
        { email: "nobody@example.org", password: secret },
      ].map((form) => door.browser().post("/super/sign-in", form)),
    );
    for (const page of wrong) expect(page).toMatchObject({ status: 401, setCookie: "" });
    expect(new Set(wrong.map(({ text }) => text.replaceAll(/value="[^"]*"/g, ""))).size).toBe(1);
    door.http.house.clock.advance(24 * 3_600_000);
    expect((await door.browser().post("/super/sign-in", { email, password: secret })).status).toBe(401);
  });

  it("sec/auth/18 takes a code once of many at the same moment, and ends the session after five wrong ones", async () => {
    const { secret } = await door.setUp();
    const browsers = await Promise.all(
      Array.from({ length: 6 }, async () => {
        const browser = door.browser();
        await browser.post("/super/sign-in", { email, password });
        return browser;
      }),
    );
    const code = door.codeOf(secret);
    const shown = await Promise.all(browsers.map((browser) => browser.post("/super/factor", { code })));
    expect(shown.map(({ status }) => status).sort()).toEqual([303, 422, 422, 422, 422, 422]);
    const [loser] = browsers.filter((_, index) => shown[index]?.status === 422);
    const tries = [];
    for (const guess of ["000001", "000002", "٠٠٠٠٠٠", "0000004"])
      tries.push((await loser?.post("/super/factor", { code: guess }))?.status);
    expect(tries).toEqual([422, 422, 422, 401]);
    expect((await loser?.post("/super/factor", { code: door.codeOf(secret) }))?.status).toBe(401);
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
    const none = await door.browser().get("/super");
    await addSuperAdmin(door.http.house, one, { email, name: "Root" });
    const some = await door.browser().get("/super");
    expect(some.text).toBe(none.text);
    for (const path of ["/super/setup", "/super/add", "/api/v1/setup", "/api/v1/super"])
      expect((await door.browser().post(path, { email: "me@example.org" })).status).toBe(404);
    const document = await (await fetch(`${door.http.publicUrl}/api/openapi.json`)).text();
    expect(document).not.toContain("/super");
  });

  it("opens nothing with what an account holds, and nothing of accounts with what is its own", async () => {
    await door.http.house.addAccount("admin@example.org", { roles: ["admin"] });
    const grant = await door.http.house.signInAs("admin@example.org");
    const { browser } = await door.setUp();
    const tokenOfSuper = browser.cookie().split("=")[1] ?? "";
    const asked = async (headers: Record<string, string>) =>
      (await fetch(`${door.http.publicUrl}/super/tenants`, { headers, redirect: "manual" })).status;
    expect(await asked({ cookie: browser.cookie() })).toBe(200);
    expect(await asked({ authorization: `Bearer ${grant.answer.accessToken}` })).toBe(303);
    expect(await asked({ cookie: `switchboard_super=${grant.refreshToken}` })).toBe(303);
    expect(await asked({ cookie: `switchboard_refresh=${tokenOfSuper}` })).toBe(303);
    expect(await asked({ authorization: `Bearer ${tokenOfSuper}` })).toBe(303);
    const api = (headers: Record<string, string>) => fetch(`${door.http.publicUrl}/api/v1/commands`, { headers });
    expect((await api({ authorization: `Bearer ${tokenOfSuper}` })).status).toBe(401);
    expect((await api({ cookie: browser.cookie() })).status).toBe(401);
    const refresh = { method: "POST", headers: { cookie: `switchboard_refresh=${tokenOfSuper}`, origin: door.http.publicUrl } };
    expect((await fetch(`${door.http.publicUrl}/api/v1/session/refresh`, refresh)).status).toBe(401);
    expect((await door.browser().post("/super/sign-in", { email: "admin@example.org", password: goodPassword })).status).toBe(401);
  });

  it("ends after 15 idle minutes, after 12 hours, and at once when the server says so", async () => {
    const { browser, secret } = await door.setUp();
    door.http.house.clock.advance(14 * 60_000);
    expect((await browser.get("/super/tenants")).status).toBe(200);
    door.http.house.clock.advance(15 * 60_000);
    expect((await browser.get("/super/tenants")).status).toBe(303);

    await browser.post("/super/sign-in", { email, password });
    await browser.post("/super/factor", { code: door.codeOf(secret) });
    for (let minutes = 0; minutes < 12 * 60 - 10; minutes += 10) {
      door.http.house.clock.advance(10 * 60_000);
      if (minutes % 100 === 0) expect((await browser.get("/super/tables")).status).toBe(200);
      else
        await door.http.house.database.acrossTenants.query("update super_session set used_at = $1", [
          new Date(door.http.house.clock.now()),
        ]);
    }
    door.http.house.clock.advance(10 * 60_000);
    expect((await browser.get("/super/tenants")).status).toBe(303);

    await browser.post("/super/sign-in", { email, password });
    await browser.post("/super/factor", { code: door.codeOf(secret) });
    expect((await browser.get("/super/tenants")).status).toBe(200);
    await deactivateSuperAdmin(door.http.house, one, email);
    expect((await browser.get("/super/tenants")).status).toBe(303);
  });

  it("takes forms of its own pages alone, runs no script, and stands in nobody's frame", async () => {
    const browser = door.browser();
    expect((await browser.post("/super/sign-in", { email, password }, {})).status).toBe(403);
    expect((await browser.post("/super/sign-in", { email, password }, { origin: "https://evil.example" })).status).toBe(403);
    const { headers, text } = await browser.get("/super");
    expect(headers.get("content-security-policy")).toBe(
      "default-src 'none';style-src 'self';form-action 'self';base-uri 'none';frame-ancestors 'none'",
    );
    expect(headers.get("x-frame-options")).toBe("DENY");
    expect(headers.get("cache-control")).toBe("no-store");
    expect(text).not.toMatch(/<script|style=/);
    const twice = await fetch(`${door.http.publicUrl}/super/sign-in`, {
      method: "POST",
      body: new URLSearchParams([
        ["email", email],
        ["email", "x"],
        ["password", "y"],
      ]),
      headers: { origin: door.http.publicUrl },
    });
    expect(twice.status).toBe(422);
  });
});
