import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createAuthenticator, enrol } from "../fixtures/authenticator.ts";
import { goodPassword } from "../fixtures/openHouse.ts";
import { minuteMs, openFactors } from "./openFactors.ts";

let door: Awaited<ReturnType<typeof openFactors>>;
beforeAll(async () => {
  door = await openFactors();
});
afterAll(() => door.http.close());

describe("a second factor", () => {
  it("is set up by its first code, and from then on a password alone opens nothing", async () => {
    const email = await door.register();
    const { accessToken: before } = await door.signIn(email);
    const { accessToken: other } = await door.signIn(email);
    const begun = await door.post("account/second-factor", before).expect(201);
    expect(begun.body.address).toBe(
      `otpauth://totp/Switchboard:${encodeURIComponent(email)}?secret=${begun.body.secret}&issuer=Switchboard`,
    );
    expect(begun.body.secret).toMatch(/^[A-Z2-7]{32}$/);
    const authenticator = createAuthenticator(begun.body.secret, door.http.house.clock);
    await door.post("account/second-factor/confirm", before, { code: authenticator.code(90_000) }).expect(422);
    const confirmed = await door.post("account/second-factor/confirm", before, { code: authenticator.code() }).expect(200);
    expect(new Set(confirmed.body.recoveryCodes).size).toBe(10);
    expect((await door.get("commands", other)).status, "another session ends").toBe(401);
    expect((await door.get("commands", before)).status, "this one has shown it").toBe(200);
    expect(await door.subjectsTo(email)).toEqual(["A second factor was set up"]);

    const half = await door.signIn(email);
    expect(half.next).toBe("secondFactor");
    for (const path of ["commands", "runs", "conversations", "account/second-factor"]) {
      expect((await door.get(path, half.accessToken).expect(403)).body.error.code).toBe("forbidden");
    }
    for (const path of [
      "session/ticket",
      "account/second-factor",
      "account/second-factor/confirm",
      "account/second-factor/recovery-codes",
    ]) {
      const body = path.endsWith("confirm") ? { code: "123456" } : undefined;
      expect((await door.post(path, half.accessToken, body).expect(403)).body.error.message).toBe("Show your second factor first.");
    }
    expect((await door.post("session/step-up", half.accessToken, { password: goodPassword })).status).toBe(403);
    const used = await door.show(half.accessToken, authenticator.code()).expect(422);
    expect(used.body.error).toMatchObject({ path: "code", message: "This code was used already; wait for the next one." });
    door.http.house.clock.advance(30_000);
    const whole = await door.show(half.accessToken, authenticator.code()).expect(200);
    expect(whole.body).toMatchObject({ next: "none", account: { email } });
    await door.get("commands", half.accessToken).expect(200);
  });

  it("refuses what is shown after a clock that was ahead is right again", async () => {
    const { email, authenticator } = await door.enrolled();
    const { clock } = door.http.house;
    clock.advance(120 * minuteMs);
    await door.show((await door.signIn(email)).accessToken, authenticator.code()).expect(200);
    clock.advance(-120 * minuteMs);
    const old = await door.show((await door.signIn(email)).accessToken, authenticator.code()).expect(422);
    expect(old.body.error.message).toBe("This code was used already; wait for the next one.");
    clock.advance(121 * minuteMs);
    await door.show((await door.signIn(email)).accessToken, authenticator.code()).expect(200);
  });

  it("gives the session that showed it new tokens", async () => {
    const { email, authenticator } = await door.enrolled();
    const begun = await door.http.api.post("/api/v1/session").send({ email, password: goodPassword });
    const cookie = begun.get("Set-Cookie")?.[0]?.split(";")[0] ?? "";
    const shown = await door.show(begun.body.accessToken, authenticator.code()).set("Cookie", cookie).expect(200);
    expect(shown.get("Set-Cookie")?.[0]).toMatch(/^switchboard_refresh=[\w-]{43};/);
    expect(shown.get("Set-Cookie")?.[0]).not.toContain(cookie);
    expect(shown.body.accessToken).not.toBe(begun.body.accessToken);
  });

  it("is kept sealed, and the recovery codes are kept as hashes", async () => {
    const email = await door.register();
    const { accessToken } = await door.signIn(email);
    const { secret } = (await door.post("account/second-factor", accessToken)).body;
    const code = createAuthenticator(secret, door.http.house.clock).code();
    const { recoveryCodes } = (await door.post("account/second-factor/confirm", accessToken, { code })).body;
    const sql = door.http.house.database.acrossTenants;
    const rows = JSON.stringify([
      await sql.query("select * from second_factor"),
      await sql.query("select account_id, encode(hash, 'escape') as hash from recovery_code"),
      await sql.query("select * from audit_entry"),
      await sql.query("select * from mail_out"),
      door.http.house.logged,
    ]);
    for (const plain of [secret, ...recoveryCodes]) {
      expect(rows).not.toContain(plain);
      expect(rows).not.toContain(plain.replaceAll("-", ""));
    }
    const other = await door.register();
    const { accessToken: theirs } = await door.signIn(other);
    await door.post("account/second-factor", theirs).expect(201);
    await sql.query(
      `update second_factor t set pending = f.secret from second_factor f, account mine, account their
        where f.account_id = mine.id and mine.email = $1 and t.account_id = their.id and their.email = $2`,
      [email, other],
    );
    expect((await door.post("account/second-factor/confirm", theirs, { code })).status, "sealed for another account").toBe(500);
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
    const { email, authenticator } = await door.enrolled();
    const { accessToken } = await door.signIn(email);
    const answer = await door.show(accessToken, written(authenticator.code()));
    expect(answer.status).toBe(status);
    if (status === 200) return;
    expect(answer.body.error.path).toBe("code");
    // What can be no code is no guess: five of them don't end the sign-in.
    for (let index = 0; index < 5; index += 1) await door.show(accessToken, "12345").expect(422);
    await door.show(accessToken, authenticator.code()).expect(200);
  });

  it("takes the step before in the first 10 s of a step, and never one to come or another person's", async () => {
    const { email, authenticator } = await door.enrolled();
    const other = await door.enrolled();
    const { accessToken } = await door.signIn(email);
    const intoStep = door.http.house.clock.now() % 30_000;
    door.http.house.clock.advance(30_000 - intoStep + 11_000);
    expect((await door.show(accessToken, authenticator.code(-30_000))).status, "11 s after its end").toBe(422);
    expect((await door.show(accessToken, authenticator.code(30_000))).status, "a step ahead").toBe(422);
    expect((await door.show(accessToken, other.authenticator.code())).status, "somebody else's").toBe(422);
    door.http.house.clock.advance(19_000 + 9_000);
    expect((await door.show(accessToken, authenticator.code(-30_000))).status, "9 s after its end").toBe(200);
  });

  it("sec/auth/28 lets one of 20 uses of one code at the same moment through", async () => {
    const { email, authenticator } = await door.enrolled();
    const sessions = await Promise.all(Array.from({ length: 10 }, () => door.signIn(email)));
    const code = authenticator.code();
    await door.http.house.warmUp();
    const answers = await Promise.all([...sessions, ...sessions].map(({ accessToken }) => door.show(accessToken, code)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const through = await Promise.all(sessions.map(({ accessToken }) => door.get("commands", accessToken)));
    expect(through.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  it("sec/auth/29 gives a sign-in five tries and five minutes, pauses after ten wrong codes, and takes none after a hundred", async () => {
    const { email, authenticator, recoveryCodes } = await door.enrolled();
    const wrong = () => String((Number(authenticator.code()) + 1) % 1_000_000).padStart(6, "0");
    const late = await door.signIn(email);
    door.http.house.clock.advance(5 * minuteMs);
    expect((await door.show(late.accessToken, authenticator.code())).status, "too late").toBe(401);
    for (let challenge = 0; challenge < 2; challenge += 1) {
      const { accessToken } = await door.signIn(email);
      for (let index = 0; index < 4; index += 1) await door.show(accessToken, wrong()).expect(422);
      expect((await door.show(accessToken, wrong())).status).toBe(401);
      expect((await door.show(accessToken, authenticator.code())).status, "the sign-in is over").toBe(401);
    }
    const { accessToken } = await door.signIn(email);
    const paused = await door.show(accessToken, authenticator.code()).expect(429);
    expect(paused.body.error).toMatchObject({ code: "rate_limited", path: "code", retryAfterMs: 30_000 });
    door.http.house.clock.advance(30_000);
    await door.show(accessToken, wrong()).expect(422);
    expect((await door.show(accessToken, authenticator.code()).expect(429)).body.error.retryAfterMs).toBe(60_000);
    const sql = door.http.house.database.acrossTenants;
    await sql.query(
      "update second_factor set failures = 100, paused_until = null where account_id = (select id from account where email = $1)",
      [email],
    );
    const off = await door.show(accessToken, authenticator.code()).expect(403);
    expect(off.body.error.message).toContain("recovery code");
    const recovered = await door.show(accessToken, recoveryCodes[0]).expect(200);
    expect(recovered.body.secondFactor).toEqual({ asks: "renew", dueAt: null });
  });
});

describe("recovery codes", () => {
  it("count once each, are told of by mail, and ask to set the factor up anew", async () => {
    const { email, recoveryCodes, authenticator } = await door.enrolled();
    const first = await door.signIn(email);
    const written = recoveryCodes[0]?.toLowerCase().replaceAll("-", " ");
    const shown = await door.show(first.accessToken, written).expect(200);
    expect(shown.body).toMatchObject({ next: "none", secondFactor: { asks: "renew" } });
    expect(await door.subjectsTo(email)).toContain("A recovery code of your account was used");
    const again = await door.signIn(email);
    await door.show(again.accessToken, recoveryCodes[0]).expect(422);
    const other = await door.enrolled();
    await door.show(again.accessToken, other.recoveryCodes[1]).expect(422);
    await door.show(again.accessToken, recoveryCodes[1]).expect(200);
    expect((await door.get("account/second-factor", again.accessToken)).body).toMatchObject({
      on: true,
      recoveryCodesLeft: 8,
      asks: "renew",
    });
    const { authenticator: anew } = await enrol(door.http, again.accessToken);
    expect((await door.get("account/second-factor", again.accessToken)).body).toMatchObject({ recoveryCodesLeft: 10, asks: null });
    const next = await door.signIn(email);
    await door.show(next.accessToken, authenticator.code()).expect(422);
    await door.show(next.accessToken, recoveryCodes[2]).expect(422);
    await door.show(next.accessToken, anew.code()).expect(200);
  });

  it("are made anew only by who says again who they are", async () => {
    const { email, authenticator, recoveryCodes } = await door.enrolled();
    const { accessToken } = await door.signIn(email);
    await door.show(accessToken, authenticator.code()).expect(200);
    door.http.house.clock.advance(5 * minuteMs);
    expect((await door.post("account/second-factor/recovery-codes", accessToken).expect(403)).body.error.code).toBe("step_up_needed");
    expect((await door.post("account/second-factor", accessToken).expect(403)).body.error.code).toBe("step_up_needed");
    await door.post("session/step-up", accessToken, { password: goodPassword, code: authenticator.code() }).expect(200);
    const made = await door.post("account/second-factor/recovery-codes", accessToken).expect(200);
    expect(made.body.recoveryCodes).toHaveLength(10);
    const next = await door.signIn(email);
    await door.show(next.accessToken, recoveryCodes[0]).expect(422);
    await door.show(next.accessToken, made.body.recoveryCodes[0]).expect(200);
  });
});
