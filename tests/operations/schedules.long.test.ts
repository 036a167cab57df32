import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import type { ScheduleTimeView, ScheduleView } from "../../src/protocol/schedules.ts";
import { type Agent, openProduct, type TestProduct } from "../fixtures/product.ts";
import { createTestDatabase, type TestDatabase } from "../fixtures/testDatabase.ts";

let product: TestProduct;
let shop: TestDatabase;
let admin: Agent;
let agent: Agent;
const day = 86_400_000;

beforeAll(async () => {
  [product, shop] = await Promise.all([openProduct({ allowHosts: new URL(inject("databaseUrl")).host }), createTestDatabase("empty")]);
  [admin, agent] = [await product.agent("admin@demo.example"), await product.agent()];
  await admin.run("data-source.create", { name: "shop", kind: "postgresql", ...(await openShop()), tls: false });
  const query = { dataSource: "shop", sql: "select name, days from customer where days >= :days order by name" };
  const parameters = [{ name: "days", type: "integer", required: true }];
  await publish({ name: "late", kind: "query", summary: "Who waits.", parameters, query });
  await publish({
    name: "broken",
    kind: "query",
    summary: "Divides by nothing.",
    query: { dataSource: "shop", sql: "select 1 / (days - days) from customer" },
  });
  await publish({
    name: "note-it",
    kind: "message",
    summary: "Tells.",
    message: { by: "notice", to: ["team:support"], text: "It is time." },
  });
});
beforeEach(async () => {
  for (const table of ["mail_out", "notice", "schedule", "job"]) await sql(`delete from ${table}`);
});
afterAll(async () => {
  await product.stop();
  await shop.drop();
});

const sql = <Row extends object>(text: string, values: unknown[] = []) => product.database.acrossTenants.query<Row>(text, values);
const mails = () =>
  sql<{ recipient: string; mail: { subject: string; text: string; html: string } }>(
    "select recipient, mail from mail_out where kind = 'schedule' order by recipient",
  );
const notices = () =>
  sql<{ email: string; who: string; run_id: string | null }>(
    "select a.email, n.who, n.run_id from notice n join account a on a.id = n.account_id where n.kind = 'message' order by a.email",
  );

async function openShop() {
  const client = new pg.Client(shop.url);
  await client.connect();
  await client.query("create table customer (name text, days integer); insert into customer values ('Ana', 5), ('<b>Bo</b>', 4)");
  await client.end();
  const { hostname, port, pathname, username, password } = new URL(shop.url);
  return { host: hostname, port: Number(port), database: pathname.slice(1), user: username, password };
}

async function publish({ name, ...rest }: { name: string } & Record<string, unknown>): Promise<void> {
  await admin.run("operation.create", { name, parameters: [], ...rest });
  await admin.run("operation.publish", { name });
  await admin.run("operation.share", { name, roles: "everyone" });
}

const usual = { name: "Late ones", operation: "late", args: { days: 3 }, when: "every weekday at 09:00" };
const viewIn = ({ data }: { data: unknown }): ScheduleView => JSON.parse(JSON.stringify(data)).schedule;
const create = async (more: object = {}, who = admin) => viewIn(await who.run("schedule.create", { ...usual, ...more }));

async function show(schedule: string, who = admin): Promise<{ schedule: ScheduleView; times: ScheduleTimeView[] }> {
  return JSON.parse(JSON.stringify((await who.run("schedule.show", { schedule })).data));
}

/** What waits becomes due, so long ago. */
async function comeDue(agoMs = 0): Promise<string> {
  const due = new Date(Date.now() - agoMs).toISOString();
  await sql(
    "update job set due_at = $1::text::timestamptz, state = 'ready', key = gen_random_uuid()::text, data = jsonb_set(data, '{due}', to_jsonb($1::text)) where kind = 'schedule.run' and state = 'later'",
    [due],
  );
  return due;
}

/** The worker of one that was `done`, or waits, is gone: another has it again, for the last time after four. */
const leaveJob = (schedule: string, dueAt: string | undefined, { was = "done", attempts = 1 } = {}) =>
  sql(
    `update job set state = 'running', ended_at = null, attempts = $3, holder = gen_random_uuid(), lease_until = now() - interval '1 second',
       data = jsonb_build_object('schedule', $1::text, 'version', 1, 'due', $2::text) where kind = 'schedule.run' and state = $4`,
    [schedule, dueAt, attempts, was],
  );

async function untilTimes(schedule: string, states: string[]): Promise<ScheduleTimeView[]> {
  await expect.poll(async () => (await show(schedule)).times.map(({ state }) => state), { timeout: 15_000 }).toEqual(states);
  return (await show(schedule)).times;
}

describe("a schedule", () => {
  it("runs its operation at its time and mails the rows, each once", async () => {
    const { id, next, timeZone } = await create({ answer: { by: "mail", to: ["ana@example.com", "team:support", "agent1@demo.example"] } });
    expect(timeZone).toBe("UTC");
    expect(new Date(next[0] ?? "").toISOString()).toMatch(/T09:00:00\.000Z$/);
    await comeDue();
    const [time] = await untilTimes(id, ["succeeded"]);
    expect(time).toMatchObject({ outcome: "It was mailed to 3 people." });
    const found = await mails();
    expect(found.map(({ recipient }) => recipient)).toEqual(["agent1@demo.example", "agent2@demo.example", "ana@example.com"]);
    expect(found[0]?.mail).toMatchObject({ subject: "Late ones: 2 rows.", text: "2 rows.\n\nname | days\n<b>Bo</b> | 4\nAna | 5" });
    expect(found[0]?.mail.html).toContain("&lt;b&gt;Bo&lt;/b&gt;</td>");
    const { data } = await admin.run("run.show", { run: time?.run });
    expect(data).toMatchObject({ command: "late", by: { name: "Admin" }, state: "succeeded" });
    expect((await show(id)).schedule).toMatchObject({
      last: { state: "succeeded" },
      next: [expect.any(String), expect.any(String), expect.any(String)],
    });
    expect(await sql("select from job where kind = 'schedule.run' and state = 'later'")).toHaveLength(1);
  });

  it("tells nobody of no rows, unless it shall", async () => {
    const answer = { by: "notice", to: ["agent1@demo.example"] };
    const quiet = await create({ args: { days: 90 }, answer });
    await comeDue();
    expect(await untilTimes(quiet.id, ["succeeded"])).toMatchObject([{ outcome: "There were no rows, so nobody was told." }]);
    expect(await notices()).toEqual([]);
    await admin.run("schedule.update", { schedule: quiet.id, onlyRows: false });
    await comeDue();
    const [{ run } = { run: null }] = await untilTimes(quiet.id, ["succeeded", "succeeded"]);
    expect(await notices()).toEqual([{ email: "agent1@demo.example", who: "Late ones: There is nothing.", run_id: run }]);
  });

  it("writes its answer as a note in a conversation", async () => {
    const { page, conversation } = await product.visit();
    await page.say("hello");
    const { id } = await create({ answer: { by: "note", conversation } });
    await comeDue();
    await untilTimes(id, ["succeeded"]);
    expect(await sql("select author_name, text from note where conversation_id = $1", [conversation])).toEqual([
      { author_name: "Admin", text: "Late ones\n2 rows.\nname | days\n<b>Bo</b> | 4\nAna | 5" },
    ]);
    await page.close();
  });

  it("makes up once what was missed while nothing ran, though two processes begin at once", async () => {
    const { id } = await create({ operation: "note-it", args: {}, when: "every hour" });
    const beside = await product.beside();
    const due = await comeDue(3 * day);
    const [time] = await untilTimes(id, ["succeeded"]);
    expect(time?.dueAt).toBe(due);
    expect(await sql("select from run where command = 'note-it'")).toHaveLength(1);
    const [waiting] = await sql<{ due_at: Date }>("select due_at from job where kind = 'schedule.run' and state = 'later'");
    expect(waiting?.due_at.getTime()).toBeGreaterThan(Date.now());
    await beside.stop();
  });

  it("Scheduled queries fail unseen: one that fails tells its owner, stands there as failed, and goes on", async () => {
    const { id } = await create({ operation: "broken", args: {} }, agent);
    await comeDue();
    const [time] = await untilTimes(id, ["failed"]);
    expect(time?.outcome).toMatch(/division by zero/i);
    expect(await notices()).toEqual([
      { email: "agent1@demo.example", who: `Your schedule "Late ones" failed: ${time?.outcome}`, run_id: time?.run },
    ]);
    expect((await show(id)).schedule).toMatchObject({ state: "active", last: { state: "failed" } });
  });

  it("runs with the rights that its owner has then", async () => {
    const { id } = await create({}, agent);
    await admin.run("operation.share", { name: "late", roles: "" });
    await comeDue();
    const [time] = await untilTimes(id, ["failed"]);
    expect(time?.outcome).toBe('There is no published operation "late" that Agent One may run.');
    await admin.run("operation.share", { name: "late", roles: "everyone" });
  });

  it("of somebody who may not work here any more is paused, and said, until an admin resumes it as theirs", async () => {
    const { id } = await create({}, agent);
    await sql("update membership set active = false where account_id = $1", [agent.id]);
    await comeDue();
    await untilTimes(id, ["failed"]);
    expect((await show(id)).schedule).toMatchObject({ state: "paused", reason: expect.stringContaining("may not work here"), next: [] });
    expect(await notices()).toMatchObject([{ email: "admin@demo.example", who: expect.stringContaining('"Late ones" is paused') }]);
    await sql("update membership set active = true where account_id = $1", [agent.id]);
    await admin.run("schedule.resume", { schedule: id });
    expect((await show(id)).schedule).toMatchObject({ state: "active", reason: null, owner: { name: "Admin" } });
  });

  it("counts as it was saved last: what waited of the version before does nothing", async () => {
    const { id } = await create({ operation: "note-it", args: {} });
    await admin.run("schedule.update", { schedule: id, when: "every monday at 8am", name: "Mondays", version: 1 });
    expect((await show(id)).schedule).toMatchObject({ name: "Mondays", pattern: "0 8 * * 1", version: 2 });
    await sql("update job set due_at = now(), state = 'ready' where data->>'version' = '1'");
    await expect.poll(() => sql("select from job where kind = 'schedule.run' and state = 'done'"), { timeout: 10_000 }).toHaveLength(1);
    expect((await show(id)).times).toEqual([]);
    expect(await admin.refused("schedule.update", { schedule: id, name: "x", version: 1 })).toMatchObject({ code: "stale" });
    const named = await admin.run("schedule.update", { schedule: id, when: "0 8 * * MON-FRI" });
    expect(viewIn(named)).toMatchObject({ when: "0 8 * * MON-FRI", words: "every weekday at 08:00" });
    expect(viewIn(await admin.run("schedule.update", { schedule: id, when: "every monday at 8am" }))).not.toHaveProperty("words");
    await admin.run("schedule.pause", { schedule: id });
    expect((await show(id)).schedule).toMatchObject({ state: "paused", next: [], reason: null });
    await comeDue();
    await expect.poll(() => sql("select from job where kind = 'schedule.run' and state = 'done'"), { timeout: 10_000 }).toHaveLength(2);
    expect((await show(id)).times).toEqual([]);
    await admin.run("schedule.resume", { schedule: id });
    await comeDue();
    await untilTimes(id, ["succeeded"]);
    await admin.run("schedule.delete", { schedule: id });
    expect(await admin.refused("schedule.show", { schedule: id })).toMatchObject({ code: "not_found" });
  });

  it("whose process died in the middle is done again where it only reads", async () => {
    const { id } = await create({ answer: { by: "mail", to: ["ana@example.com"] } });
    await comeDue();
    const [time] = await untilTimes(id, ["succeeded"]);
    await sql("delete from mail_out");
    await sql("update schedule_time set state = 'running', ended_at = null, outcome = null");
    await sql("update run set state = 'running', ended_at = null, seen_at = now() - interval '2 minutes' where id = $1", [time?.run]);
    await leaveJob(id, time?.dueAt);
    const [again] = await untilTimes(id, ["succeeded"]);
    expect(again?.run).not.toBe(time?.run);
    expect(await mails()).toHaveLength(1);
  });

  it("whose process ends while its run goes on elsewhere waits for that run, and tells what it answered", async () => {
    const { id } = await create({ operation: "note-it", args: {} });
    await comeDue();
    const [time] = await untilTimes(id, ["succeeded"]);
    await sql("delete from job where state = 'later'");
    await sql("update schedule_time set state = 'running', ended_at = null, outcome = null");
    await sql("update run set state = 'running', ended_at = null, seen_at = now() + interval '1 hour' where id = $1", [time?.run]);
    await leaveJob(id, time?.dueAt);
    const later = () => sql("select from job where kind = 'schedule.run' and state = 'later' and due_at > now() + interval '10 seconds'");
    await expect.poll(later, { timeout: 15_000 }).toHaveLength(1);
    expect((await show(id)).times).toMatchObject([{ state: "running" }]);
    expect(await sql("select from notice where who like '%failed%'")).toEqual([]);
    await sql("update run set state = 'succeeded', ended_at = now() where id = $1", [time?.run]);
    await sql("update job set due_at = now(), state = 'ready' where kind = 'schedule.run'");
    expect(await untilTimes(id, ["succeeded"])).toMatchObject([{ run: time?.run }]);
    expect(await sql("select from run where command = 'note-it' and id >= $1", [time?.run])).toHaveLength(1);
  });

  it("that is paused while it runs tells what it answers all the same; one that hadn't begun to run doesn't any more", async () => {
    const { id } = await create({ operation: "note-it", args: {} });
    await comeDue();
    const [time] = await untilTimes(id, ["succeeded"]);
    await admin.run("schedule.pause", { schedule: id });
    const unended = "update schedule_time set state = 'running', ended_at = null, outcome = null";
    await sql(unended);
    await leaveJob(id, time?.dueAt);
    expect(await untilTimes(id, ["succeeded"])).toMatchObject([{ run: time?.run }]);
    await sql("delete from run where id = $1", [time?.run]);
    await sql(unended);
    await leaveJob(id, time?.dueAt);
    expect(await untilTimes(id, ["failed"])).toMatchObject([{ run: null, outcome: "It was paused before it ran." }]);
  });

  it("that is given up before it began tells its owner, and comes at its next time", async () => {
    const { id, next } = await create({}, agent);
    await leaveJob(id, next[0], { was: "later", attempts: 4 });
    expect(await untilTimes(id, ["failed"])).toMatchObject([{ dueAt: next[0], outcome: "The process that did it ended." }]);
    expect(await notices()).toMatchObject([{ email: "agent1@demo.example", who: expect.stringContaining('"Late ones" failed') }]);
    const [waiting] = await sql<{ due_at: Date }>("select due_at from job where kind = 'schedule.run' and state = 'later'");
    expect(waiting?.due_at.toISOString()).toBe(next[1]);
  });

  it("mails to nobody who is blocked, and to 500 at most", async () => {
    const insert = "insert into contact (tenant_id, id, name, email, blocked_at, tags) select $1, gen_random_uuid(), ";
    await sql(`${insert} 'Eve', 'eve@example.com', now(), '{}'`, [product.tenant]);
    await admin.run("tag.create", { name: "many" });
    const { id } = await create({ answer: { by: "mail", to: ["ana@example.com", "eve@example.com", "tag:many"] } });
    await comeDue();
    const [first] = await untilTimes(id, ["succeeded"]);
    expect(first?.outcome).toBe("It was mailed to ana@example.com. Left out: eve@example.com; they are blocked.");
    expect((await mails()).map(({ recipient }) => recipient)).toEqual(["ana@example.com"]);
    await sql(
      `${insert} 'One of many', 'many-' || n || '@example.com', null, array[(select id from tag where name = 'many')] from generate_series(1, 500) n`,
      [product.tenant],
    );
    await comeDue();
    const [second] = await untilTimes(id, ["failed", "succeeded"]);
    expect(second?.outcome).toContain("500 people are the most at once; these are 501.");
    expect(await mails()).toHaveLength(1);
  });

  it("that was changed while it ran is not done a second time as it is now", async () => {
    const { id } = await create({});
    await comeDue();
    const [time] = await untilTimes(id, ["succeeded"]);
    await admin.run("schedule.update", { schedule: id, args: { days: 4 } });
    const runs = await sql("select id from run where command = 'late-ones'");
    await sql("update schedule_time set state = 'running', ended_at = null, outcome = null");
    await leaveJob(id, time?.dueAt);
    expect(await untilTimes(id, ["uncertain"])).toMatchObject([{ outcome: "It was changed while it ran: look at its last run." }]);
    expect(await sql("select id from run where command = 'late-ones'")).toEqual(runs);
  });
});

describe("schedules", () => {
  it("are each person's own; who makes operations sees all, and becomes the owner of what they change", async () => {
    const { id } = await create({}, agent);
    const other = await product.agent("agent2@demo.example");
    expect(await other.refused("schedule.show", { schedule: id })).toMatchObject({ code: "not_found" });
    expect((await other.run("schedule.list")).data).toEqual({ schedules: [] });
    await admin.run("schedule.update", { schedule: id, args: { days: 4 } });
    expect((await show(id)).schedule.owner.name).toBe("Admin");
    expect(await agent.refused("schedule.show", { schedule: id })).toMatchObject({ code: "not_found" });
    const entries = await sql<{ action: string }>(
      "select action from audit_entry where object_kind = 'schedule' order by seq desc limit 2",
    );
    expect(entries.map(({ action }) => action)).toEqual(["schedule.update", "schedule.create"]);
  });

  it.each([
    ["a built-in command", { operation: "role.list" }, "args.operation"],
    ["no operation", { operation: "nothing" }, "args.operation"],
    ["a missing argument", { args: {} }, "args.args.days"],
    ["a wrong argument", { args: { days: "x" } }, "args.args.days"],
    ["no time", { when: "some day" }, "args.when"],
    ["no time zone", { timeZone: "Mars/Base" }, "args.timeZone"],
    ["nobody", { answer: { by: "mail", to: [] } }, "args.answer.to"],
    ["a stranger by notice", { answer: { by: "notice", to: ["ana@example.com"] } }, "args.answer.to.0"],
    ["no conversation", { answer: { by: "note", conversation: "x" } }, "args.answer.conversation"],
    ["an unknown way", { answer: { by: "pigeon" } }, "args.answer.by"],
  ])("are refused for %s, with the place", async (_, wrong, path) => {
    expect(await admin.refused("schedule.create", { ...usual, ...wrong })).toMatchObject({ path });
  });

  it("have names of their own", async () => {
    await create();
    expect(await admin.refused("schedule.create", usual)).toMatchObject({ code: "conflict", path: "args.name" });
  });
});
