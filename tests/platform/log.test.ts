import pg from "pg";
import { expect, test } from "vitest";
import { createLog } from "../../src/platform/log/pinoLog.ts";
import { Refusal } from "../../src/protocol/refusal.ts";
import { createTestDatabase } from "../fixtures/testDatabase.ts";

function recorded(level = "info") {
  const lines: string[] = [];
  return { lines, log: createLog({ stage: "production", level }, (line) => lines.push(line)) };
}

test("a line is one JSON object with level, time, fields and message; a child's fields are on each of its lines", () => {
  const { lines, log } = recorded();
  log.child({ conversation: "c1" }).warn({ count: 3 }, "slow");
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? "")).toEqual({
    level: "warn",
    time: expect.stringMatching(/^\d{4}-.*Z$/),
    conversation: "c1",
    count: 3,
    msg: "slow",
  });
});

test("what is below the level is not written, and nothing is when it is silent", () => {
  const { lines, log } = recorded("warn");
  log.info({}, "no");
  log.debug({}, "no");
  const silent = recorded("silent");
  silent.log.error({}, "no");
  expect([...lines, ...silent.lines]).toEqual([]);
});

test("secrets and texts that somebody logs by mistake don't come out, three levels deep", () => {
  const { lines, log } = recorded();
  const secrets = { password: "hush", token: "hush", text: "hush", authorization: "Bearer hush", cookie: "a=hush", secretKey: "hush" };
  log.info({ ...secrets, body: secrets, request: { headers: secrets } }, "signed in");
  log.child({ user: secrets }).info({}, "child");
  expect(lines.join()).not.toContain("hush");
  expect(lines).toHaveLength(2);
});

test("a refusal is logged with its cause, and that with its frames", () => {
  const { lines, log } = recorded();
  log.error({ error: new Refusal("unavailable", "Not now.", { cause: new Error("because") }) }, "failed");
  const { error } = JSON.parse(lines[0] ?? "");
  expect(error).toMatchObject({ name: "Refusal", message: "Not now.", code: "unavailable", cause: { name: "Error", message: "because" } });
  expect(error.frames).toBeUndefined();
  expect(error.cause.frames).toContain("log.test.ts");
});

test("a database's error is logged by its code and names, without the values that its message and details quote", async () => {
  const database = await createTestDatabase();
  const client = new pg.Client(database.url);
  await client.connect();
  const { lines, log } = recorded();
  await client.query("insert into account (id, email, name) values (gen_random_uuid(), 'hush@example.com', 'x')");
  for (const statement of [
    "insert into account (id, email, name) values (gen_random_uuid(), 'hush@example.com', 'x')",
    "select 'hush'::uuid",
  ]) {
    const thrown = await client.query(statement).catch((error: unknown) => error);
    log.error({ error: thrown }, "failed");
    log.error({ error: new Refusal("unavailable", "Not now.", { cause: thrown }) }, "failed");
  }
  await client.end();
  await database.drop();
  expect(lines.join()).not.toContain("hush");
  expect(JSON.parse(lines[0] ?? "").error).toMatchObject({
    name: "DatabaseError",
    code: "23505",
    table: "account",
    constraint: "account_email_key",
  });
});

test("of one warning come twenty lines a second, and how many more there were; of what isn't one, all", async () => {
  const { lines, log } = recorded();
  for (let number = 0; number < 100; number++) {
    log.warn({ number }, "not saved");
    log.child({ door: "a" }).info({ number }, "signed in");
  }
  log.error({}, "something else");
  const of = (message: string) => lines.map((line) => JSON.parse(line)).filter(({ msg }) => String(msg).startsWith(message));
  expect(of("not saved")).toHaveLength(20);
  expect(of("signed in")).toHaveLength(100);
  expect(of("something else")).toHaveLength(1);
  await expect.poll(() => of("not saved").at(-1)).toMatchObject({ level: "warn", times: 80 });
  log.warn({}, "not saved");
  expect(of("not saved")).toHaveLength(22);
});
