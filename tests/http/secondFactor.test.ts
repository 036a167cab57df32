import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openAccountMail } from "../../src/access/accounts/accountMails.ts";
import { factorCommands } from "../../src/commands/factorCommands.ts";
import { createAuthenticator, enrol } from "../fixtures/authenticator.ts";
import { goodPassword } from "../fixtures/openHouse.ts";
import { type Http, openHttp } from "./openHttp.ts";

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

let http: Http;
beforeAll(async () => {
  http = await openHttp({
    commandsOf: (house) => factorCommands({ ...house, publicUrl: "https://chat.example.com", mailOff: undefined }),
  });
});
afterAll(() => http.close());

let accounts = 0;
async function register({ roles = ["agent"], daysAgo = 1 }: { roles?: string[]; daysAgo?: number } = {}): Promise<string> {
  accounts += 1;
  const email = `person${accounts}@example.com`;
  const { account } = await http.house.addAccount(email, { roles, secondFactor: "asked for" });
  await http.house.database.acrossTenants.query("update account set created_at = $2 where id = $1", [
    account,
    new Date(http.house.clock.now() - daysAgo * dayMs),
  ]);
  return email;
}

const signIn = async (email: string) => (await http.api.post("/api/v1/session").send({ email, password: goodPassword }).expect(200)).body;
const post = (path: string, token: string, body?: object) => http.api.post(`/api/v1/${path}`).auth(token, { type: "bearer" }).send(body);
const get = (path: string, token: string) => http.api.get(`/api/v1/${path}`).auth(token, { type: "bearer" });
const show = (token: string, code: unknown) => post("session/second-factor", token, { code });

/** What was mailed to somebody, opened as its sender would. */
async function mailsTo(email: string): Promise<{ subject: string; text: string }[]> {
  const rows = await http.house.database.acrossTenants.query<{ sealed: string }>(
    "select mail ->> 'sealed' as sealed from mail_out where recipient = $1 order by created_at, id",
    [email],
  );
  return rows.map(({ sealed }) => JSON.parse(openAccountMail(http.house.keys, sealed)));
}
const subjectsTo = async (email: string) => (await mailsTo(email)).map(({ subject }) => subject);

/** Somebody with a second factor, whose authenticator shows a code that nobody has used. */
async function enrolled(): Promise<{ email: string } & Awaited<ReturnType<typeof enrol>>> {
  const email = await register();
  const { accessToken } = await signIn(email);
  return { email, ...(await enrol(http, accessToken)) };
}

describe("a second factor", () => {
  it("is set up by its first code, and from then on a password alone opens nothing", async () => {
    const email = await register();
    const { accessToken: before } = await signIn(email);
    const { accessToken: other } = await signIn(email);
    const begun = await post("account/second-factor", before).expect(201);
    expect(begun.body.address).toBe(
      `otpauth://totp/Switchboard:${encodeURIComponent(email)}?secret=${begun.body.secret}&issuer=Switchboard`,
    );
    expect(begun.body.secret).toMatch(/^[A-Z2-7]{32}$/);
    const authenticator = createAuthenticator(begun.body.secret, http.house.clock);
    await post("account/second-factor/confirm", before, { code: authenticator.code(90_000) }).expect(422);
    const confirmed = await post("account/second-factor/confirm", before, { code: authenticator.code() }).expect(200);
    expect(new Set(confirmed.body.recoveryCodes).size).toBe(10);
    expect((await get("commands", other)).status, "another session ends").toBe(401);
    expect((await get("commands", before)).status, "this one has shown it").toBe(200);
    expect(await subjectsTo(email)).toEqual(["A second factor was set up"]);

    const half = await signIn(email);
    expect(half.next).toBe("secondFactor");
    for (const path of ["commands", "runs", "conversations", "account/second-factor"]) {
      expect((await get(path, half.accessToken).expect(403)).body.error.code).toBe("forbidden");
    }
    for (const path of [
      "session/ticket",
      "account/second-factor",
      "account/second-factor/confirm",
      "account/second-factor/recovery-codes",
    ]) {
      const body = path.endsWith("confirm") ? { code: "123456" } : undefined;
      expect((await post(path, half.accessToken, body).expect(403)).body.error.message).toBe("Show your second factor first.");
    }
    expect((await post("session/step-up", half.accessToken, { password: goodPassword })).status).toBe(403);
    const used = await show(half.accessToken, authenticator.code()).expect(422);
    expect(used.body.error).toMatchObject({ path: "code", message: "This code was used already; wait for the next one." });
    http.house.clock.advance(30_000);
    const whole = await show(half.accessToken, authenticator.code()).expect(200);
    expect(whole.body).toMatchObject({ next: "none", account: { email } });
    await get("commands", half.accessToken).expect(200);
  });

  it("gives the session that showed it new tokens", async () => {
    const { email, authenticator } = await enrolled();
    const begun = await http.api.post("/api/v1/session").send({ email, password: goodPassword });
    const cookie = begun.get("Set-Cookie")?.[0]?.split(";")[0] ?? "";
    const shown = await show(begun.body.accessToken, authenticator.code()).set("Cookie", cookie).expect(200);
    expect(shown.get("Set-Cookie")?.[0]).toMatch(/^switchboard_refresh=[\w-]{43};/);
    expect(shown.get("Set-Cookie")?.[0]).not.toContain(cookie);
    expect(shown.body.accessToken).not.toBe(begun.body.accessToken);
  });

  it("is kept sealed, and the recovery codes are kept as hashes", async () => {
    const email = await register();
    const { accessToken } = await signIn(email);
    const { secret } = (await post("account/second-factor", accessToken)).body;
    const code = createAuthenticator(secret, http.house.clock).code();
    const { recoveryCodes } = (await post("account/second-factor/confirm", accessToken, { code })).body;
    const sql = http.house.database.acrossTenants;
    const rows = JSON.stringify([
      await sql.query("select * from second_factor"),
      await sql.query("select account_id, encode(hash, 'escape') as hash from recovery_code"),
      await sql.query("select * from audit_entry"),
      await sql.query("select * from mail_out"),
      http.house.logged,
    ]);
    for (const plain of [secret, ...recoveryCodes]) {
      expect(rows).not.toContain(plain);
      expect(rows).not.toContain(plain.replaceAll("-", ""));
    }
    const other = await register();
    const { accessToken: theirs } = await signIn(other);
    await post("account/second-factor", theirs).expect(201);
    await sql.query(
      `update second_factor t set pending = f.secret from second_factor f, account mine, account their
        where f.account_id = mine.id and mine.email = $1 and t.account_id = their.id and their.email = $2`,
      [email, other],
    );
    expect((await post("account/second-factor/confirm", theirs, { code })).status, "sealed for another account").toBe(500);
  });

  it.each([
    ["7 digits", (code: string) => `${code}7`, 422],
    ["5 digits", (code: string) => code.slice(1), 422],
    ["letters", () => "abcdef", 422],
    ["nothing", () => "", 422],
    ["a number", (code: string) => Number(code), 422],
    ["a list", (code: string) => [code], 422],
    ["an object", () => ({ gt: "" }), 422],
    ["null", () => null, 422],
    ["a sign before it", (code: string) => `+${code}`, 422],
    ["a hundred and one characters", (code: string) => code.padEnd(101, " "), 422],
    ["a NUL", (code: string) => `${code}\0`, 422],
    ["spaces", (code: string) => ` ${code.slice(0, 3)} ${code.slice(3)} `, 200],
    ["Arabic digits", (code: string) => code.replace(/\d/g, (digit) => String.fromCharCode(0x660 + Number(digit))), 200],
    ["Persian digits", (code: string) => code.replace(/\d/g, (digit) => String.fromCharCode(0x6f0 + Number(digit))), 200],
    ["full-width digits", (code: string) => code.replace(/\d/g, (digit) => String.fromCharCode(0xff10 + Number(digit))), 200],
  ])("is shown as %s", async (_name, written, status) => {
    const { email, authenticator } = await enrolled();
    const { accessToken } = await signIn(email);
    const answer = await show(accessToken, written(authenticator.code()));
    expect(answer.status).toBe(status);
    if (status === 200) return;
    expect(answer.body.error.path).toBe("code");
    // What can be no code is no guess: five of them don't end the sign-in.
    for (let index = 0; index < 5; index += 1) await show(accessToken, "12345").expect(422);
    await show(accessToken, authenticator.code()).expect(200);
  });

  it("takes the step before in the first 10 s of a step, and never one to come or another person's", async () => {
    const { email, authenticator } = await enrolled();
    const other = await enrolled();
    const { accessToken } = await signIn(email);
    const intoStep = http.house.clock.now() % 30_000;
    http.house.clock.advance(30_000 - intoStep + 11_000);
    expect((await show(accessToken, authenticator.code(-30_000))).status, "11 s after its end").toBe(422);
    expect((await show(accessToken, authenticator.code(30_000))).status, "a step ahead").toBe(422);
    expect((await show(accessToken, other.authenticator.code())).status, "somebody else's").toBe(422);
    http.house.clock.advance(19_000 + 9_000);
    expect((await show(accessToken, authenticator.code(-30_000))).status, "9 s after its end").toBe(200);
  });

  it("sec/auth/28 lets one of 20 uses of one code at the same moment through", async () => {
    const { email, authenticator } = await enrolled();
    const sessions = await Promise.all(Array.from({ length: 10 }, () => signIn(email)));
    const code = authenticator.code();
    await http.house.warmUp();
    const answers = await Promise.all([...sessions, ...sessions].map(({ accessToken }) => show(accessToken, code)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const through = await Promise.all(sessions.map(({ accessToken }) => get("commands", accessToken)));
    expect(through.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  it("sec/auth/29 gives a sign-in five tries and five minutes, pauses after ten wrong codes, and takes none after a hundred", async () => {
    const { email, authenticator, recoveryCodes } = await enrolled();
    const wrong = () => String((Number(authenticator.code()) + 1) % 1_000_000).padStart(6, "0");
    const late = await signIn(email);
    http.house.clock.advance(5 * minuteMs);
    expect((await show(late.accessToken, authenticator.code())).status, "too late").toBe(401);
    for (let challenge = 0; challenge < 2; challenge += 1) {
      const { accessToken } = await signIn(email);
      for (let index = 0; index < 4; index += 1) await show(accessToken, wrong()).expect(422);
      expect((await show(accessToken, wrong())).status).toBe(401);
      expect((await show(accessToken, authenticator.code())).status, "the sign-in is over").toBe(401);
    }
    const { accessToken } = await signIn(email);
    const paused = await show(accessToken, authenticator.code()).expect(429);
    expect(paused.body.error).toMatchObject({ code: "rate_limited", path: "code", retryAfterMs: 30_000 });
    http.house.clock.advance(30_000);
    await show(accessToken, wrong()).expect(422);
    expect((await show(accessToken, authenticator.code()).expect(429)).body.error.retryAfterMs).toBe(60_000);
    const sql = http.house.database.acrossTenants;
    await sql.query(
      "update second_factor set failures = 100, paused_until = null where account_id = (select id from account where email = $1)",
      [email],
    );
    const off = await show(accessToken, authenticator.code()).expect(403);
    expect(off.body.error.message).toContain("recovery code");
    const recovered = await show(accessToken, recoveryCodes[0]).expect(200);
    expect(recovered.body.secondFactor).toEqual({ asks: "renew", dueAt: null });
  });
});

describe("recovery codes", () => {
  it("count once each, are told of by mail, and ask to set the factor up anew", async () => {
    const { email, recoveryCodes, authenticator } = await enrolled();
    const first = await signIn(email);
    const written = recoveryCodes[0]?.toLowerCase().replaceAll("-", " ");
    const shown = await show(first.accessToken, written).expect(200);
    expect(shown.body).toMatchObject({ next: "none", secondFactor: { asks: "renew" } });
    expect(await subjectsTo(email)).toContain("A recovery code of your account was used");
    const again = await signIn(email);
    await show(again.accessToken, recoveryCodes[0]).expect(422);
    const other = await enrolled();
    await show(again.accessToken, other.recoveryCodes[1]).expect(422);
    await show(again.accessToken, recoveryCodes[1]).expect(200);
    expect((await get("account/second-factor", again.accessToken)).body).toMatchObject({ on: true, recoveryCodesLeft: 8, asks: "renew" });
    const { authenticator: anew } = await enrol(http, again.accessToken);
    expect((await get("account/second-factor", again.accessToken)).body).toMatchObject({ recoveryCodesLeft: 10, asks: null });
    const next = await signIn(email);
    await show(next.accessToken, authenticator.code()).expect(422);
    await show(next.accessToken, recoveryCodes[2]).expect(422);
    await show(next.accessToken, anew.code()).expect(200);
  });

  it("are made anew only by who says again who they are", async () => {
    const { email, authenticator, recoveryCodes } = await enrolled();
    const { accessToken } = await signIn(email);
    await show(accessToken, authenticator.code()).expect(200);
    http.house.clock.advance(5 * minuteMs);
    expect((await post("account/second-factor/recovery-codes", accessToken).expect(403)).body.error.code).toBe("step_up_needed");
    expect((await post("account/second-factor", accessToken).expect(403)).body.error.code).toBe("step_up_needed");
    await post("session/step-up", accessToken, { password: goodPassword, code: authenticator.code() }).expect(200);
    const made = await post("account/second-factor/recovery-codes", accessToken).expect(200);
    expect(made.body.recoveryCodes).toHaveLength(10);
    const next = await signIn(email);
    await show(next.accessToken, recoveryCodes[0]).expect(422);
    await show(next.accessToken, made.body.recoveryCodes[0]).expect(200);
  });
});

describe("the duty", () => {
  it.each([
    ["an agent on the first day", ["agent"], 0, "none"],
    ["an agent on the 29th day", ["agent"], 29.9, "none"],
    ["an agent after 30 days", ["agent"], 30, "enrolSecondFactor"],
    ["an admin at once", ["admin"], 0, "enrolSecondFactor"],
  ])("asks %s", async (_name, roles, daysAgo, next) => {
    const email = await register({ roles, daysAgo });
    const session = await signIn(email);
    const registered = http.house.clock.now() - daysAgo * dayMs;
    const dueAt = new Date(roles.includes("admin") ? registered : registered + 30 * dayMs).toISOString();
    expect(session).toMatchObject({ next, secondFactor: { asks: "enrol", dueAt } });
    expect((await get("commands", session.accessToken)).status).toBe(next === "none" ? 200 : 403);
    if (next === "none") return;
    expect((await post("session/ticket", session.accessToken).expect(403)).body.error.message).toBe("Set up a second factor first.");
    await enrol(http, session.accessToken);
    await get("commands", session.accessToken).expect(200);
    await http.api.delete("/api/v1/session").auth(session.accessToken, { type: "bearer" }).expect(204);
  });

  it("begins while somebody is signed in, within the 5 s for which rights are remembered", async () => {
    const email = await register({ daysAgo: 30 - 1 / 24 / 60 });
    const { accessToken, next } = await signIn(email);
    expect(next).toBe("none");
    await get("commands", accessToken).expect(200);
    http.house.clock.advance(minuteMs);
    await get("commands", accessToken).expect(403);
  });
});

describe("a step-up", () => {
  it("takes password and code, holds for five minutes, and is needed for what a session left open must not do", async () => {
    const { email, authenticator } = await enrolled();
    const { accessToken } = await signIn(email);
    await show(accessToken, authenticator.code()).expect(200);
    const change = { args: { current: goodPassword, new: "another quiet heron at dawn" } };
    http.house.clock.advance(5 * minuteMs);
    const refused = await post("commands/me.password/runs", accessToken, change).expect(403);
    expect(refused.body.error.code).toBe("step_up_needed");
    const said = (body: object) => post("session/step-up", accessToken, body);
    expect((await said({ password: goodPassword })).body.error).toMatchObject({ code: "invalid_value", path: "code" });
    expect((await said({ password: "wrong wrong wrong", code: authenticator.code() })).body.error.path).toBe("password");
    expect((await said({ password: goodPassword, code: "000000" })).body.error.path).toBe("code");
    expect((await said({ code: authenticator.code() })).body.error.path).toBe("password");
    const done = await said({ password: goodPassword, code: authenticator.code() }).expect(200);
    expect(done.body.until).toBe(new Date(http.house.clock.now() + 5 * minuteMs).toISOString());
    expect((await said({ password: goodPassword, code: authenticator.code() })).body.error.message).toContain("used already");
    await post("commands/me.password/runs", accessToken, change).expect(200);
  });

  it("is needed to export what everybody did", async () => {
    const { accessToken } = await signIn(await register({ roles: ["admin"] }));
    await enrol(http, accessToken);
    await get("audit/export", accessToken).expect(200);
    http.house.clock.advance(5 * minuteMs);
    expect((await get("audit/export", accessToken).expect(403)).body.error.code).toBe("step_up_needed");
  });

  it("is the session's own, and needs no code of who has none", async () => {
    const email = await register();
    const [one, other] = [await signIn(email), await signIn(email)];
    http.house.clock.advance(6 * minuteMs);
    await post("session/step-up", one.accessToken, { password: goodPassword }).expect(200);
    await post("account/second-factor", one.accessToken).expect(201);
    await post("account/second-factor", other.accessToken).expect(403);
  });
});

describe("a reset", () => {
  const command = (token: string, email: string) => post("commands/agent.reset-factor/runs", token, { args: { email } });
  const confirm = (token: string) => http.api.post("/api/v1/account/second-factor/reset").send({ token });
  async function admin(): Promise<string> {
    const email = await register({ roles: ["admin"] });
    const { accessToken } = await signIn(email);
    await enrol(http, accessToken);
    return accessToken;
  }
  async function mailedToken(email: string): Promise<string> {
    const mails = await mailsTo(email);
    return /#\/link\/resetFactor\/([\w-]+)/.exec(mails.map(({ text }) => text).join("\n"))?.[1] ?? "";
  }

  it("is begun by an admin, confirmed by mail, and happens a day later", async () => {
    const { email, authenticator } = await enrolled();
    const by = await admin();
    await command(by, email).expect(200);
    expect((await signIn(email)).next, "begun is not done").toBe("secondFactor");
    const token = await mailedToken(email);
    await confirm(`${token}x`).expect(422);
    const confirmed = await confirm(token).expect(200);
    expect(confirmed.body.resetAt).toBe(new Date(http.house.clock.now() + dayMs).toISOString());
    await confirm(token).expect(422);
    expect((await subjectsTo(email)).slice(-1)).toEqual(["Your second factor is being reset"]);
    http.house.clock.advance(dayMs - 1);
    expect((await signIn(email)).next).toBe("secondFactor");
    http.house.clock.advance(1);
    const { accessToken, next, secondFactor } = await signIn(email);
    expect([next, secondFactor.asks]).toEqual(["none", "enrol"]);
    expect((await show(accessToken, authenticator.code())).status).toBe(409);
    await enrol(http, accessToken);
    expect((await signIn(email)).next).toBe("secondFactor");
  });

  it("stops when the second factor is shown before", async () => {
    const { email, authenticator } = await enrolled();
    await command(await admin(), email).expect(200);
    await confirm(await mailedToken(email)).expect(200);
    const { accessToken } = await signIn(email);
    await show(accessToken, authenticator.code()).expect(200);
    http.house.clock.advance(2 * dayMs);
    expect((await signIn(email)).next).toBe("secondFactor");
  });

  it("is nobody's who only answers, who means themselves or an owner, or whom no factor is there", async () => {
    const by = await admin();
    const agent = await enrolled();
    const { accessToken } = await signIn(agent.email);
    await show(accessToken, agent.authenticator.code()).expect(200);
    expect((await command(accessToken, agent.email)).body.error.code).toBe("unknown_command");
    expect((await command(by, await register())).body.error.code).toBe("conflict");
    expect((await command(by, await register({ roles: ["owner"] }))).body.error.code).toBe("forbidden");
    expect((await command(by, "nobody@example.com")).body.error.path).toBe("args.email");
  });
});
