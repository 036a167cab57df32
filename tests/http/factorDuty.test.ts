import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { enrol } from "../fixtures/authenticator.ts";
import { goodPassword } from "../fixtures/openHouse.ts";
import { dayMs, minuteMs, openFactors } from "./openFactors.ts";

let door: Awaited<ReturnType<typeof openFactors>>;
beforeAll(async () => {
  door = await openFactors();
});
afterAll(() => door.http.close());

describe("the duty", () => {
  it.each([
    ["an agent on the first day", ["agent"], 0, "none"],
    ["an agent on the 29th day", ["agent"], 29.9, "none"],
    ["an agent after 30 days", ["agent"], 30, "enrolSecondFactor"],
    ["an admin at once", ["admin"], 0, "enrolSecondFactor"],
  ])("asks %s", async (_name, roles, daysAgo, next) => {
    const email = await door.register({ roles, daysAgo });
    const session = await door.signIn(email);
    const registered = door.http.house.clock.now() - daysAgo * dayMs;
    const dueAt = new Date(roles.includes("admin") ? registered : registered + 30 * dayMs).toISOString();
    expect(session).toMatchObject({ next, secondFactor: { asks: "enrol", dueAt } });
    expect((await door.get("commands", session.accessToken)).status).toBe(next === "none" ? 200 : 403);
    if (next === "none") return;
    expect((await door.post("session/ticket", session.accessToken).expect(403)).body.error.message).toBe("Set up a second factor first.");
    await enrol(door.http, session.accessToken);
    await door.get("commands", session.accessToken).expect(200);
    await door.http.api.delete("/api/v1/session").auth(session.accessToken, { type: "bearer" }).expect(204);
  });

  it("begins while somebody is signed in, within the 5 s for which rights are remembered", async () => {
    const email = await door.register({ daysAgo: 30 - 1 / 24 / 60 });
    const { accessToken, next } = await door.signIn(email);
    expect(next).toBe("none");
    await door.get("commands", accessToken).expect(200);
    door.http.house.clock.advance(minuteMs);
    await door.get("commands", accessToken).expect(403);
  });
});

describe("a step-up", () => {
  it("takes password and code, holds for five minutes, and is needed for what a session left open must not do", async () => {
    const { email, authenticator } = await door.enrolled();
    const { accessToken } = await door.signIn(email);
    await door.show(accessToken, authenticator.code()).expect(200);
    const change = { args: { current: goodPassword, new: "another quiet heron at dawn" } };
    door.http.house.clock.advance(5 * minuteMs);
    const refused = await door.post("commands/me.password/runs", accessToken, change).expect(403);
    expect(refused.body.error.code).toBe("step_up_needed");
    const said = (body: object) => door.post("session/step-up", accessToken, body);
    expect((await said({ password: goodPassword })).body.error).toMatchObject({ code: "invalid_value", path: "code" });
    expect((await said({ password: "wrong wrong wrong", code: authenticator.code() })).body.error.path).toBe("password");
    expect((await said({ password: goodPassword, code: "000000" })).body.error.path).toBe("code");
    expect((await said({ code: authenticator.code() })).body.error.path).toBe("password");
    const done = await said({ password: goodPassword, code: authenticator.code() }).expect(200);
    expect(done.body.until).toBe(new Date(door.http.house.clock.now() + 5 * minuteMs).toISOString());
    expect((await said({ password: goodPassword, code: authenticator.code() })).body.error.message).toContain("used already");
    await door.post("commands/me.password/runs", accessToken, change).expect(200);
  });

  it("is needed to export what everybody did", async () => {
    const { accessToken } = await door.signIn(await door.register({ roles: ["admin"] }));
    await enrol(door.http, accessToken);
    await door.get("audit/export", accessToken).expect(200);
    door.http.house.clock.advance(5 * minuteMs);
    expect((await door.get("audit/export", accessToken).expect(403)).body.error.code).toBe("step_up_needed");
  });

  it("is the session's own, and needs no code of who has none", async () => {
    const email = await door.register();
    const [one, other] = [await door.signIn(email), await door.signIn(email)];
    door.http.house.clock.advance(6 * minuteMs);
    await door.post("session/step-up", one.accessToken, { password: goodPassword }).expect(200);
    await door.post("account/second-factor", one.accessToken).expect(201);
    await door.post("account/second-factor", other.accessToken).expect(403);
  });
});

describe("a reset", () => {
  const command = (token: string, email: string) => door.post("commands/agent.reset-factor/runs", token, { args: { email } });
  const confirm = (token: string) => door.http.api.post("/api/v1/account/second-factor/reset").send({ token });
  async function admin(): Promise<string> {
    const email = await door.register({ roles: ["admin"] });
    const { accessToken } = await door.signIn(email);
    await enrol(door.http, accessToken);
    return accessToken;
  }
  async function mailedToken(email: string): Promise<string> {
    const mails = await door.mailsTo(email);
    return /#\/link\/resetFactor\/([\w-]+)/.exec(mails.map(({ text }) => text).join("\n"))?.[1] ?? "";
  }

  it("is begun by an admin, confirmed by mail, and happens a day later", async () => {
    const { email, authenticator } = await door.enrolled();
    const by = await admin();
    await command(by, email).expect(200);
    expect((await door.signIn(email)).next, "begun is not done").toBe("secondFactor");
    const token = await mailedToken(email);
    await confirm(`${token}x`).expect(422);
    const confirmed = await confirm(token).expect(200);
    expect(confirmed.body.resetAt).toBe(new Date(door.http.house.clock.now() + dayMs).toISOString());
    await confirm(token).expect(422);
    expect((await door.subjectsTo(email)).slice(-1)).toEqual(["Your second factor is being reset"]);
    door.http.house.clock.advance(dayMs - 1);
    expect((await door.signIn(email)).next).toBe("secondFactor");
    door.http.house.clock.advance(1);
    const { accessToken, next, secondFactor } = await door.signIn(email);
    expect([next, secondFactor.asks]).toEqual(["none", "enrol"]);
    expect((await door.show(accessToken, authenticator.code())).status).toBe(409);
    await enrol(door.http, accessToken);
    expect((await door.signIn(email)).next).toBe("secondFactor");
  });

  it("stops when the second factor is shown before", async () => {
    const { email, authenticator } = await door.enrolled();
    await command(await admin(), email).expect(200);
    await confirm(await mailedToken(email)).expect(200);
    const { accessToken } = await door.signIn(email);
    await door.show(accessToken, authenticator.code()).expect(200);
    door.http.house.clock.advance(2 * dayMs);
    expect((await door.signIn(email)).next).toBe("secondFactor");
  });

  it("is nobody's who only answers, who means themselves or an owner, or whom no factor is there", async () => {
    const by = await admin();
    const agent = await door.enrolled();
    const { accessToken } = await door.signIn(agent.email);
    await door.show(accessToken, agent.authenticator.code()).expect(200);
    expect((await command(accessToken, agent.email)).body.error.code).toBe("unknown_command");
    expect((await command(by, await door.register())).body.error.code).toBe("conflict");
    expect((await command(by, await door.register({ roles: ["owner"] }))).body.error.code).toBe("forbidden");
    expect((await command(by, "nobody@example.com")).body.error.path).toBe("args.email");
  });
});
