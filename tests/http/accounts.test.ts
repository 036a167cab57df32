import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { changeTenant } from "../../src/access/tenants/changeTenant.ts";
import { accountMails } from "../fixtures/accountMail.ts";
import { eraseTenants } from "../fixtures/eraseTenants.ts";
import { goodPassword } from "../fixtures/openHouse.ts";
import { type Http, openHttp } from "./openHttp.ts";

const password = "seven owls over water";
const other = "nine cranes on a roof";
const minuteMs = 60_000;

describe("accounts", () => {
  let http: Http;
  beforeAll(async () => {
    http = await openHttp();
  });
  afterAll(() => http.close());

  const post = (path: string, body: object, token?: string) => {
    const asked = http.api.post(`/api/v1/${path}`);
    return (token === undefined ? asked : asked.auth(token, { type: "bearer" })).send(body);
  };
  const get = (path: string, token: string) => http.api.get(`/api/v1/${path}`).auth(token, { type: "bearer" });
  const register = (email: string, chosen = password) => post("account", { email, password: chosen, name: "Ada Byron" });
  const signIn = (email: string, chosen = password) => post("session", { email, password: chosen });
  const lastMail = async (email: string) => {
    const mail = (await accountMails(http.house, email)).at(-1);
    if (mail === undefined) throw new Error(`no mail to ${email}`);
    return mail;
  };
  const registered = async (email: string) => {
    await register(email).expect(202);
    await post("account/confirmation", { token: (await lastMail(email)).token }).expect(200);
    return (await signIn(email).expect(200)).body;
  };

  it("are made by mail and password, confirmed by a link that works once, and make a tenant of their own", async () => {
    await register(" Ada@Example.COM ").expect(202);
    const waiting = (await signIn("ada@example.com").expect(200)).body;
    expect(waiting).toMatchObject({ next: "verifyEmail", tenant: null, memberships: [] });
    const tenant = { name: "Acme", slug: "acme", timeZone: "Europe/Lisbon", language: "en" };
    await post("tenants", tenant, waiting.accessToken).expect(403);
    const { token } = await lastMail("ada@example.com");
    await post("account/confirmation", { token }).expect(200, { email: "ada@example.com" });
    const used = await post("account/confirmation", { token }).expect(422);
    expect(used.body.error).toMatchObject({ path: "token", message: expect.stringContaining("used already") });
    await expect.poll(async () => (await get("account", waiting.accessToken)).body.next).toBe("none");
    expect((await get("commands", waiting.accessToken).expect(403)).body.error.message).toMatch(/^Choose a tenant first/);
    const made = await post("tenants", tenant, waiting.accessToken).expect(201);
    expect(made.body).toMatchObject({ tenant: "acme", memberships: [{ tenant: "acme", roles: ["owner"] }], next: "enrolSecondFactor" });
    expect((await get("commands", made.body.accessToken).expect(403)).body.error.message).toContain("second factor");
    await get("commands", waiting.accessToken).expect(401);
    await post("tenants", tenant, (await registered("rival@example.com")).accessToken).expect(409);
  });

  it("answer the same for an address that has one, whose owner is told and keeps everything", async () => {
    await registered("known@example.com");
    const [known, unknown] = [await register("known@example.com", other), await register("unknown@example.com", other)];
    expect([known.status, known.body]).toEqual([unknown.status, unknown.body]);
    expect((await lastMail("known@example.com")).subject).toBe("You already have an account");
    await signIn("known@example.com", other).expect(401);
    await signIn("known@example.com").expect(200);
  });

  it("sec/auth/22 that a stranger made before their owner came are the owner's alone", async () => {
    await register("owner@example.com", other).expect(202);
    const stranger = (await signIn("owner@example.com", other).expect(200)).body;
    await register("owner@example.com").expect(202);
    await post("account/confirmation", { token: (await lastMail("owner@example.com")).token }).expect(200);
    await signIn("owner@example.com", other).expect(401);
    await expect.poll(async () => (await get("account", stranger.accessToken)).status).toBe(401);
    await signIn("owner@example.com").expect(200);
  });

  it("sec/auth/21 mail links whose base no request can change", async () => {
    await registered("base@example.com");
    const forged = {
      Host: "evil.example",
      "X-Forwarded-Host": "evil.example",
      "X-Forwarded-Proto": "https",
      Forwarded: "host=evil.example",
    };
    await post("account/password/link", { email: "base@example.com" }).set(forged).expect(202);
    const { address, text } = await lastMail("base@example.com");
    expect(address).toMatch(new RegExp(`^${http.publicUrl}/desk#/link/resetPassword/[\\w-]{43}$`));
    expect(text).not.toContain("evil");
    await post("account/password/link", { email: "base@example.com" }).set("Origin", "https://evil.example").expect(403);
  });

  it("sec/auth/27 get a new password by a link of ten minutes, which ends every session and tells the owner", async () => {
    const { accessToken } = await registered("reset@example.com");
    await post("account/password/link", { email: "reset@example.com" }).expect(202);
    const first = await lastMail("reset@example.com");
    await post("account/password/link", { email: "reset@example.com" }).expect(202);
    const { token } = await lastMail("reset@example.com");
    await post("account/password", { token: first.token, password: other }).expect(422);
    const weak = await post("account/password", { token, password: "too short" }).expect(422);
    expect(weak.body.error.path).toBe("password");
    await post("account/password", { token, password: other }).expect(204);
    await post("account/password", { token, password: other }).expect(422);
    await expect.poll(async () => (await get("account", accessToken)).status).toBe(401);
    await signIn("reset@example.com").expect(401);
    await signIn("reset@example.com", other).expect(200);
    expect((await lastMail("reset@example.com")).subject).toBe("Your password was changed");
    await post("account/password/link", { email: "reset@example.com" }).expect(202);
    const late = await lastMail("reset@example.com");
    http.house.clock.advance(10 * minuteMs);
    await post("account/password", { token: late.token, password }).expect(422);
  });

  it("ask for a new password with the same answer where nobody has the address, and mail nobody", async () => {
    await registered("asked@example.com");
    const [known, unknown] = await Promise.all([
      post("account/password/link", { email: "asked@example.com" }),
      post("account/password/link", { email: "nobody@example.com" }),
    ]);
    expect([known?.status, known?.body]).toEqual([unknown?.status, unknown?.body]);
    expect(await accountMails(http.house, "nobody@example.com")).toEqual([]);
  });

  it("change their address by a link to the new one, with the password, and tell the old one", async () => {
    const { accessToken } = await registered("old@example.com");
    await post("account/email/link", { email: "new@example.com", password: other }, accessToken).expect(422);
    await post("account/email/link", { email: "new@example.com", password }, accessToken).expect(202);
    expect((await lastMail("old@example.com")).text).toContain("new@example.com");
    await signIn("new@example.com").expect(401);
    await post("account/confirmation", { token: (await lastMail("new@example.com")).token }).expect(200, { email: "new@example.com" });
    await signIn("new@example.com").expect(200);
    await signIn("old@example.com").expect(401);
  });

  it("see their sessions, and end one or all others, but nobody else's", async () => {
    const { accessToken } = await registered("many@example.com");
    const [second, third] = [(await signIn("many@example.com")).body, (await signIn("many@example.com")).body];
    const items = (await get("sessions", accessToken).expect(200)).body.items;
    expect(items).toHaveLength(3);
    expect(items.filter(({ current }: { current: boolean }) => current)).toHaveLength(1);
    const stranger = await registered("stranger@example.com");
    const foreign = (await get("sessions", stranger.accessToken)).body.items[0].id;
    const end = (id: string) => http.api.delete(`/api/v1/sessions/${id}`).auth(accessToken, { type: "bearer" });
    const [absent, others] = [await end("019aa000-0000-7000-8000-000000000000"), await end(foreign)];
    expect([absent.status, absent.body.error.message]).toEqual([404, others.body.error.message]);
    expect(others.status).toBe(404);
    await end((await get("sessions", second.accessToken)).body.items.find(({ current }: { current: boolean }) => current).id).expect(204);
    await expect.poll(async () => (await get("account", second.accessToken)).status).toBe(401);
    await http.api.delete("/api/v1/sessions").auth(accessToken, { type: "bearer" }).expect(200, { ended: 1 });
    await expect.poll(async () => (await get("account", third.accessToken)).status).toBe(401);
    await get("account", accessToken).expect(200);
  });

  it("go from one tenant of theirs to another, with the rights they have there, and into no other's", async () => {
    await http.house.addAccount("two@example.com");
    const side = await http.house.addTenant("side");
    await http.house.database.acrossTenants.query(
      "insert into membership (tenant_id, account_id, roles) select $1, id, '{admin}' from account where email = 'two@example.com'",
      [side],
    );
    await http.house.addTenant("foreign");
    const first = (await signIn("two@example.com", goodPassword)).body;
    const second = await post("session/tenant", { tenant: "side" }, first.accessToken).expect(200);
    expect(second.body).toMatchObject({ tenant: "side", account: { email: "two@example.com" } });
    await get("commands", second.body.accessToken).expect(200);
    await get("commands", first.accessToken).expect(401);
    const refused = await Promise.all(
      ["foreign", "absent"].map((tenant) => post("session/tenant", { tenant }, second.body.accessToken).expect(404)),
    );
    expect(refused[0]?.body.error.message).toBe(refused[1]?.body.error.message);
  });

  it("leave a tenant whose name changes by a command of its owner, and to nobody's", async () => {
    const [own] = [await http.house.addTenant("mine"), await http.house.addTenant("theirs")];
    await http.house.addAccount("boss@example.com", { tenant: own, roles: ["owner"] });
    const by = await http.house.principalOf(await http.house.signInAs("boss@example.com"));
    expect(await changeTenant(http.house, by, { name: "Mine all mine", slug: "all-mine", timeZone: "europe/lisbon" })).toEqual({
      name: "Mine all mine",
      slug: "all-mine",
      timeZone: "Europe/Lisbon",
      language: "en",
    });
    await expect(changeTenant(http.house, by, { slug: "theirs" })).rejects.toMatchObject({ code: "conflict", path: "slug" });
    await expect(changeTenant(http.house, by, { slug: "No!" })).rejects.toMatchObject({ code: "invalid_value", path: "slug" });
    await expect(changeTenant(http.house, by, { timeZone: "Mars/Olympus" })).rejects.toMatchObject({ path: "timeZone" });
  });

  it("end a tenant with everything in it, by its owner alone, and are left without one", async () => {
    const tenant = await http.house.addTenant("ending");
    await http.house.addAccount("last@example.com", { tenant, roles: ["owner"] });
    await http.house.addAccount("helper@example.com", { tenant, roles: ["admin"] });
    const [owner, helper] = [
      (await signIn("last@example.com", goodPassword)).body,
      (await signIn("helper@example.com", goodPassword)).body,
    ];
    const ending = { slug: "ending", password: goodPassword };
    await http.house.database.acrossTenants.query(
      `insert into api_key (tenant_id, id, account_id, name, prefix, token_hash, scopes, created_at, expires_at)
       select $1, gen_random_uuid(), id, 'Key', 'sbk_', sha256('a key'), '{}', now(), now() from account where email = 'last@example.com'`,
      [tenant],
    );
    await get("tenant/export", helper.accessToken).expect(403);
    const exported = await get("tenant/export", owner.accessToken).expect(200);
    const lines: { table: string; row: Record<string, unknown> }[] = exported.text
      .trim()
      .split("\n")
      .map((line: string) => JSON.parse(line));
    expect(lines.filter(({ table }) => table === "account").map(({ row }) => row["email"])).toEqual(
      expect.arrayContaining(["last@example.com", "helper@example.com"]),
    );
    expect(lines.filter(({ table }) => table === "membership")).toHaveLength(2);
    expect(lines.filter(({ table }) => table === "api_key")).toMatchObject([{ row: { name: "Key" } }]);
    expect(lines.filter(({ row }) => row["tenant_id"] !== undefined && row["tenant_id"] !== tenant)).toEqual([]);
    expect(exported.text).not.toMatch(/password|"[a-z_]*(hash|secret|token)"/);
    await post("tenant/deletion", ending, helper.accessToken).expect(403);
    expect((await post("tenant/deletion", { ...ending, slug: "house" }, owner.accessToken).expect(422)).body.error.path).toBe("slug");
    expect((await post("tenant/deletion", { ...ending, password }, owner.accessToken).expect(422)).body.error.path).toBe("password");
    await post("account/deletion", { password: goodPassword }, owner.accessToken).expect(409);
    expect((await post("tenant/deletion", ending, owner.accessToken).expect(200)).body.tenant).toBeNull();
    await eraseTenants(http.house);
    const left = await http.house.database.acrossTenants.query("select 1 from membership where tenant_id = $1", [tenant]);
    expect(left).toEqual([]);
    await expect.poll(async () => (await get("commands", helper.accessToken)).status).toBeGreaterThan(400);
    const alone = (await signIn("last@example.com", goodPassword).expect(200)).body;
    await post("account/deletion", { password: goodPassword }, alone.accessToken).expect(204);
    await signIn("last@example.com", goodPassword).expect(401);
  });

  it.each([
    ["account", { email: "a@example.com", password: "short", name: "A" }, "password"],
    ["account", { email: "a@example.com", password: "switchboard a@example.com", name: "A" }, "password"],
    ["account", { email: "a@example.com", password: "p".repeat(129), name: "A" }, "password"],
    ["account", { email: "a@b@example.com", password, name: "A" }, "email"],
    ["account", { email: "a@example", password, name: "A" }, "email"],
    ["account", { email: "a@example.com\r\nBcc: b@example.com", password, name: "A" }, "email"],
    ["account", { email: `${"a".repeat(250)}@example.com`, password, name: "A" }, "email"],
    ["account", { email: "a@example.com", password, name: "https://evil.example" }, "name"],
    ["account", { email: "a@example.com", password, name: " " }, "name"],
    ["account", { email: "a@example.com", password, name: "A", roles: ["admin"] }, "roles"],
    ["account/confirmation", { token: "x".repeat(43) }, "token"],
    ["account/confirmation", { token: ["x"] }, "token"],
    ["account/password", { token: "x".repeat(43), password }, "token"],
    ["account/password/link", { email: "" }, "email"],
  ])("%s refuses %j, naming the field", async (path, body, field) => {
    const answer = await post(path, body).expect(422);
    expect(answer.body.error.path).toBe(field);
  });

  it("are confirmed within 24 hours", async () => {
    await register("late@example.com").expect(202);
    const { token } = await lastMail("late@example.com");
    http.house.clock.advance(24 * 60 * minuteMs);
    await post("account/confirmation", { token }).expect(422);
  });

  it("take a password of any writing, the same however it was typed", async () => {
    await register("unicode@example.com", "Ünïcödé pässwörter 🦉".normalize("NFD")).expect(202);
    await signIn("unicode@example.com", "Ünïcödé pässwörter 🦉".normalize("NFC")).expect(200);
  });
});

describe("with limits", () => {
  it("three mails an hour go to one account, in silence, and ten from one network", async () => {
    const http = await openHttp({ limits: true });
    await http.house.addAccount("ada@example.com");
    const ask = (email: string) => http.api.post("/api/v1/account/password/link").send({ email });
    for (let index = 0; index < 4; index += 1) await ask("ada@example.com").expect(202);
    expect(await accountMails(http.house, "ada@example.com")).toHaveLength(3);
    for (let index = 0; index < 6; index += 1) await ask(`${index}@example.com`).expect(202);
    const refused = await ask("ada@example.com").expect(429);
    expect(Number(refused.headers["retry-after"])).toBeGreaterThan(3500);
    await http.close();
  });

  it("a known browser isn't shut out by strangers, and the hundredth wrong password is the last", async () => {
    const http = await openHttp({ limits: true, config: { trustedProxies: ["127.0.0.1"] } });
    await http.house.addAccount("ada@example.com");
    let from = 0;
    const signIn = (password: string) => {
      from += 1;
      const asked = http.api.post("/api/v1/session").set("X-Forwarded-For", `198.51.${Math.floor(from / 200)}.${from % 200}`);
      return asked.send({ email: "ada@example.com", password });
    };
    const mine = await signIn(goodPassword).expect(200);
    const device =
      mine
        .get("Set-Cookie")
        ?.find((cookie) => cookie.startsWith("switchboard_device="))
        ?.split(";")[0] ?? "";
    for (let index = 0; index < 5; index += 1) await signIn("wrong wrong wrong").expect(401);
    await signIn(goodPassword).expect(429);
    await signIn(goodPassword).set("Cookie", `${device}x`).expect(429);
    await signIn(goodPassword).set("Cookie", device).expect(200);
    for (let index = 0; index < 100; index += 1) {
      http.house.clock.advance(3_600_000);
      await signIn("wrong wrong wrong").expect(401);
    }
    http.house.clock.advance(3_600_000);
    await signIn(goodPassword).expect(401);
    expect((await accountMails(http.house, "ada@example.com")).at(-1)?.subject).toBe("Your password was switched off");
    await http.close();
  });
});
