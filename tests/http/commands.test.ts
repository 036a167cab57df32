import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { goodPassword } from "../fixtures/openHouse.ts";
import { type Http, openHttp } from "./openHttp.ts";
import { type TestCommands, testCommands } from "./testCommands.ts";

describe("commands over HTTP", () => {
  let http: Http;
  let test: TestCommands;
  let token: string;
  beforeAll(async () => {
    test = testCommands();
    http = await openHttp({ commands: test.commands });
    await http.house.addAccount("agent@example.com");
    await http.house.addAccount("other@example.com");
    await http.house.addAccount("admin@example.com", { roles: ["admin"] });
    await http.house.addAccount("guest@example.com", { roles: [] });
    token = await http.tokenOf("agent@example.com");
  });
  afterAll(() => http.close());
  beforeEach(() => {
    test.ran.splice(0);
  });
  const get = (path: string, as = token) => http.api.get(`/api/v1${path}`).auth(as, { type: "bearer" });
  const post = (path: string, body: object = {}, as = token) => http.api.post(`/api/v1${path}`).auth(as, { type: "bearer" }).send(body);
  const run = (name: string, args: object = {}, key: string | undefined = undefined, as = token) => {
    const sent = post(`/commands/${name}/runs`, { args }, as);
    return key === undefined ? sent : sent.set("Idempotency-Key", key);
  };

  it.each([
    ["nothing at all", (sent: ReturnType<typeof post>) => sent],
    ["an empty form", (sent: ReturnType<typeof post>) => sent.set("Content-Length", "0").type("form")],
    ["empty JSON", (sent: ReturnType<typeof post>) => sent.set("Content-Length", "0").type("json")],
    ["empty JSON in chunks", (sent: ReturnType<typeof post>) => sent.set("Transfer-Encoding", "chunked").type("json")],
    ["an empty object", (sent: ReturnType<typeof post>) => sent.send({})],
  ])("takes %s for a run and a plan without arguments", async (_what, change) => {
    for (const what of ["runs", "plans"])
      await change(http.api.post(`/api/v1/commands/echo/${what}`).auth(token, { type: "bearer" })).expect(200);
    expect(test.ran).toEqual([{}]);
  });

  it("runs one, and keeps the run", async () => {
    const answer = await run("echo", { text: "hello" }).expect(200);
    expect(answer.body).toEqual({
      id: expect.any(String),
      command: "echo",
      state: "succeeded",
      messages: [{ text: "hello" }],
      data: { text: "hello" },
      error: null,
      undoableUntil: null,
      createdAt: new Date(http.house.clock.now()).toISOString(),
      endedAt: new Date(http.house.clock.now()).toISOString(),
      expiresAt: null,
      by: { id: expect.any(String), name: "Agent agent" },
      args: { text: "hello" },
      approvals: [],
      progress: null,
      stopping: false,
      undoes: null,
      undoneBy: null,
    });
    expect(answer.get("Location")).toBe(`/api/v1/runs/${answer.body.id}`);
    expect((await get(`/runs/${answer.body.id}`).expect(200)).body).toEqual({
      ...answer.body,
      plan: null,
      decisions: [],
      effects: [],
      may: ["repeat"],
    });
  });

  it("plans one, and nothing happens", async () => {
    const plan = await post("/commands/echo/plans", { args: { text: "hello" } }).expect(200);
    expect(plan.body).toEqual({
      hash: expect.stringMatching(/^[\w-]{43}$/),
      summary: "The command echo.",
      changes: [],
      facts: {},
      approval: "none",
      approvals: [],
      expiresAt: null,
    });
    expect(test.ran).toEqual([]);
    const planned = (args: object) => post("/commands/echo/runs", { args, planHash: plan.body.hash });
    await planned({ text: "hello" }).expect(200);
    const stale = await planned({ text: "something else" }).expect(409);
    expect(stale.body.error).toMatchObject({ code: "stale", path: "planHash" });
    expect(test.ran).toEqual([{ text: "hello" }]);
  });

  describe("that can't be taken back", () => {
    const plan = async (args: object, as = token): Promise<string> =>
      (await http.api.post("/api/v1/commands/wipe/plans").auth(as, { type: "bearer" }).send({ args }).expect(200)).body.hash;
    const wipe = (args: object, planHash?: string, as = token, key = randomUUID()) =>
      http.api.post("/api/v1/commands/wipe/runs").auth(as, { type: "bearer" }).set("idempotency-key", key).send({ args, planHash });
    const refusedBy = async (asked: ReturnType<typeof wipe>) => {
      const { status, body } = await asked;
      return [status, body.error?.code, body.error?.path];
    };

    it("runs only with its plan's hash, which says what it changes and until when it counts", async () => {
      expect(await refusedBy(wipe({ text: "a" }))).toEqual([409, "confirmation_needed", "planHash"]);
      const { body } = await post("/commands/wipe/plans", { args: { text: "a" } }).expect(200);
      expect(body).toMatchObject({ hash: expect.stringMatching(/^[A-HJ-NP-Z2-9]{8}$/), changes: [{ text: "3 of a would go." }] });
      expect(Date.parse(body.expiresAt)).toBe(http.house.clock.now() + 60_000);
      expect(test.ran).toEqual([]);
      const key = randomUUID();
      const first = await wipe({ text: "a" }, body.hash.toLowerCase(), token, key).expect(200);
      expect((await wipe({ text: "a" }, body.hash, token, key).expect(200)).body.id).toBe(first.body.id);
      expect(test.ran).toEqual([{ text: "a" }]);
    });

    it("is refused by a hash that was used, by two at once, for other arguments, of another person, or a minute old", async () => {
      const stale = [409, "stale", "planHash"];
      const hash = await plan({ text: "a" });
      const twice = await Promise.all([wipe({ text: "a" }, hash), wipe({ text: "a" }, hash), wipe({ text: "a" }, hash)]);
      expect(twice.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
      expect(await refusedBy(wipe({ text: "b" }, await plan({ text: "a" })))).toEqual(stale);
      const other = await http.tokenOf("other@example.com");
      expect(await refusedBy(wipe({ text: "a" }, await plan({ text: "a" }), other))).toEqual(stale);
      // Another session of the same person didn't ask either.
      expect(await refusedBy(wipe({ text: "a" }, await plan({ text: "a" }), await http.tokenOf("agent@example.com")))).toEqual(stale);
      const [old, fresh] = [await plan({ text: "a" }), await plan({ text: "c" })];
      http.house.clock.advance(59_999);
      await wipe({ text: "c" }, fresh).expect(200);
      http.house.clock.advance(1);
      expect(await refusedBy(wipe({ text: "a" }, old))).toEqual(stale);
      for (const wrong of ["", "ABCD2345", "x".repeat(100)]) expect(await refusedBy(wipe({ text: "a" }, wrong))).toEqual(stale);
      expect(test.ran).toEqual([{ text: "a" }, { text: "c" }]);
    });

    it("needs none where it only looks, and leaves no run where it was refused", async () => {
      await wipe({ text: "nothing" }).expect(200);
      const before = (await get("/runs?limit=200")).body.items.length;
      await wipe({ text: "a" }).expect(409);
      await wipe({ text: "a" }, "ABCD2345").expect(409);
      expect((await get("/runs?limit=200")).body.items).toHaveLength(before);
    });
  });

  it("runs once for a key, however often and however close together it is asked", async () => {
    const key = randomUUID();
    await http.house.warmUp();
    const answers = await Promise.all(Array.from({ length: 10 }, () => run("echo", { text: "once" }, key)));
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(answers.every(({ status }) => status === 200 || status === 202)).toBe(true);
    expect(test.ran).toEqual([{ text: "once" }]);
    expect((await run("echo", { text: "once" }, key).expect(200)).body.state).toBe("succeeded");
    for (const [name, args] of [
      ["echo", { text: "twice" }],
      ["taken", { text: "once" }],
    ] as const) {
      const reused = await run(name, args, key).expect(409);
      expect(reused.body.error.code).toBe("idempotency_key_reused");
    }
    await run("echo", { text: "twice" }, key, await http.tokenOf("other@example.com")).expect(200);
    expect(test.ran).toHaveLength(2);
  });

  it.each([
    ["taken", 409, "already_taken", "refused"],
    ["busy", 503, "unavailable", "uncertain"],
    ["lost", 504, "automation_timeout", "uncertain"],
    ["lost-read", 504, "automation_timeout", "failed"],
    ["away", 503, "automation_away", "failed"],
    ["broken", 500, "internal", "failed"],
  ])("answers with what %s refuses, records it, and says the same to the same key", async (name, status, code, state) => {
    const key = randomUUID();
    const first = await run(name, {}, key);
    expect([first.status, first.body.error.code]).toEqual([status, code]);
    expect(first.body.error.requestId).toBe(first.headers["x-request-id"]);
    expect(JSON.stringify(first.body)).not.toContain("secret_table");
    expect(first.body).toEqual({ error: expect.anything(), id: first.get("Location")?.split("/").at(-1), state });
    const again = await run(name, {}, key);
    expect([again.status, again.body.error.code, again.get("Location")]).toEqual([status, code, first.get("Location")]);
    expect(test.ran).toHaveLength(1);
    const { body } = await get(`${first.get("Location")?.replace("/api/v1", "")}`).expect(200);
    expect(body).toMatchObject({ state, messages: [], error: { code } });
  });

  it.each([
    ["another's command", "for-admins", {}, 404, "unknown_command", undefined],
    ["a command that isn't", "nothing", {}, 404, "unknown_command", undefined],
    ["__proto__", "__proto__", {}, 404, "unknown_command", undefined],
    ["constructor", "constructor", {}, 404, "unknown_command", undefined],
    ["an unknown argument", "echo", { tenantId: "x" }, 422, "invalid_value", "args.tenantId"],
    ["an argument of another type", "echo", { text: { a: 1 } }, 422, "invalid_value", "args.text"],
    ["a list for a text", "echo", { text: ["a"] }, 422, "invalid_value", "args.text"],
    ["too long a text", "echo", { text: "x".repeat(51) }, 422, "invalid_value", "args.text"],
    ["a NUL", "echo", { text: "a\0b" }, 422, "invalid_value", "args.text"],
    ["half a character", "echo", { text: "\ud83d" }, 422, "invalid_value", "args.text"],
  ])("refuses %s before anything is recorded", async (_name, command, args, status, code, path) => {
    const before = (await get("/runs?limit=200")).body.items.length;
    const answer = await run(command, args);
    expect([answer.status, answer.body.error.code, answer.body.error.path]).toEqual([status, code, path]);
    expect((await get("/runs?limit=200")).body.items).toHaveLength(before);
    expect(test.ran).toEqual([]);
  });

  it.each([
    ["null", "null", undefined],
    ["args null", { args: null }, "args"],
    ["args as a list", { args: [] }, "args"],
    ["an unknown field", { args: {}, tenant: "demo" }, "tenant"],
    ["a principal", { args: {}, principal: { permissions: ["people.manage"] } }, "principal"],
  ])("refuses a body with %s", async (_name, body, path) => {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const answer = await http.api.post("/api/v1/commands/echo/runs").auth(token, { type: "bearer" }).type("json").send(text).expect(422);
    expect(answer.body.error.path).toBe(path);
  });

  it.each(["__proto__", "constructor", "prototype"])("refuses an argument of the name %s", async (name) => {
    const body = `{"args": {"text": "x", "${name}": {"text": "y"}}}`;
    const answer = await http.api.post("/api/v1/commands/echo/runs").auth(token, { type: "bearer" }).type("json").send(body).expect(422);
    expect(answer.body.error.path).toBe(`args.${name}`);
    expect(test.ran).toEqual([]);
  });

  it.each(["a key", "ключ", "x".repeat(201), "step:1:00000000-0000-7000-8000-000000000000:2:0"])(
    "refuses the Idempotency-Key %s",
    async (key) => {
      const sent = Buffer.from(key).toString("latin1");
      expect((await run("echo", {}, sent).expect(422)).body.error.path).toBe("Idempotency-Key");
    },
  );

  it("stores what an automation says though the database can't hold it", async () => {
    const answer = await run("odd").expect(200);
    expect((await get(`/runs/${answer.body.id}`)).body).toMatchObject({
      state: "succeeded",
      messages: [{ text: "a\uFFFDb\uFFFD" }],
      data: { "k\uFFFD": "\uFFFD", list: ["\uFFFD"] },
    });
  });

  it("changes the password, and stores neither the old nor the new one", async () => {
    await http.house.addAccount("changing@example.com");
    const own = await http.tokenOf("changing@example.com");
    const wrong = await run("me.password", { current: "wrong", new: "seven owls over water" }, undefined, own).expect(422);
    expect(wrong.body.error.path).toBe("args.current");
    const short = await run("me.password", { current: goodPassword, new: "short" }, undefined, own).expect(422);
    expect(short.body.error.path).toBe("args.new");
    const key = randomUUID();
    await run("me.password", { current: goodPassword, new: "seven owls over water" }, key, own).expect(200);
    await run("me.password", { current: goodPassword, new: "nine cranes on a roof" }, key, own).expect(409);
    await http.house.signInAs("changing@example.com", "seven owls over water");
    const stored = await http.house.database.acrossTenants.query<{ run: string }>("select row_to_json(run)::text as run from run");
    const dump = JSON.stringify([stored, http.house.logged]);
    expect(dump).toContain("me.password");
    for (const secret of [goodPassword, "seven owls", "nine cranes", "short"]) expect(dump).not.toContain(secret);
  });

  it("stops answering the moment somebody may not any more", async () => {
    await http.house.addAccount("leaving@example.com");
    const own = await http.tokenOf("leaving@example.com");
    await run("echo", { text: "x" }, undefined, own).expect(200);
    await http.house.database.acrossTenants.query("update account set active = false where email = 'leaving@example.com'");
    http.house.clock.advance(5000);
    for (const answer of [await get("/commands", own), await run("echo", {}, undefined, own), await get("/runs", own)])
      expect(answer.status).toBe(401);
  });
});
