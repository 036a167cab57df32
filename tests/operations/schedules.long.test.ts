import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openScheduleHouse, type ScheduleHouse, usual, viewIn } from "./scheduleHouse.ts";

let house: ScheduleHouse;
beforeAll(async () => {
  house = await openScheduleHouse();
});
beforeEach(() => house.clear());
afterAll(() => house.close());

describe("a schedule", () => {
  it("runs its operation at its time and mails the rows, each once", async () => {
    const { id, next, timeZone } = await house.create({
      answer: { by: "mail", to: ["ana@example.com", "team:support", "agent1@demo.example"] },
    });
    expect(timeZone).toBe("UTC");
    expect(new Date(next[0] ?? "").toISOString()).toMatch(/T09:00:00\.000Z$/);
    await house.comeDue();
    const [time] = await house.untilTimes(id, ["succeeded"]);
    expect(time).toMatchObject({ outcome: "It was mailed to 3 people." });
    const found = await house.mails();
    expect(found.map(({ recipient }) => recipient)).toEqual(["agent1@demo.example", "agent2@demo.example", "ana@example.com"]);
    expect(found[0]?.mail).toMatchObject({ subject: "Late ones: 2 rows.", text: "2 rows.\n\nname | days\n<b>Bo</b> | 4\nAna | 5" });
    expect(found[0]?.mail.html).toContain("&lt;b&gt;Bo&lt;/b&gt;</td>");
    const { data } = await house.admin.run("run.show", { run: time?.run });
    expect(data).toMatchObject({ command: "late", by: { name: "Admin" }, state: "succeeded" });
    expect((await house.show(id)).schedule).toMatchObject({
      last: { state: "succeeded" },
      next: [expect.any(String), expect.any(String), expect.any(String)],
    });
    expect(await house.sql("select from job where kind = 'schedule.run' and state = 'later'")).toHaveLength(1);
  });

  it("tells nobody of no rows, unless it shall", async () => {
    const answer = { by: "notice", to: ["agent1@demo.example"] };
    const quiet = await house.create({ args: { days: 90 }, answer });
    await house.comeDue();
    expect(await house.untilTimes(quiet.id, ["succeeded"])).toMatchObject([{ outcome: "There were no rows, so nobody was told." }]);
    expect(await house.notices()).toEqual([]);
    await house.admin.run("schedule.update", { schedule: quiet.id, onlyRows: false });
    await house.comeDue();
    const [{ run } = { run: null }] = await house.untilTimes(quiet.id, ["succeeded", "succeeded"]);
    expect(await house.notices()).toEqual([{ email: "agent1@demo.example", who: "Late ones: There is nothing.", run_id: run }]);
  });

  it("writes its answer as a note in a conversation", async () => {
    const { page, conversation } = await house.product.visit();
    await page.say("hello");
    const { id } = await house.create({ answer: { by: "note", conversation } });
    await house.comeDue();
    await house.untilTimes(id, ["succeeded"]);
    expect(await house.sql("select author_name, text from note where conversation_id = $1", [conversation])).toEqual([
      { author_name: "Admin", text: "Late ones\n2 rows.\nname | days\n<b>Bo</b> | 4\nAna | 5" },
    ]);
    await page.close();
  });

  it("Scheduled queries fail unseen: one that fails tells its owner, stands there as failed, and goes on", async () => {
    const { id } = await house.create({ operation: "broken", args: {} }, house.agent);
    await house.comeDue();
    const [time] = await house.untilTimes(id, ["failed"]);
    expect(time?.outcome).toMatch(/division by zero/i);
    expect(await house.notices()).toEqual([
      { email: "agent1@demo.example", who: `Your schedule "Late ones" failed: ${time?.outcome}`, run_id: time?.run },
    ]);
    expect((await house.show(id)).schedule).toMatchObject({ state: "active", last: { state: "failed" } });
  });

  it("runs with the rights that its owner has then", async () => {
    const { id } = await house.create({}, house.agent);
    await house.admin.run("operation.share", { name: "late", roles: "" });
    await house.comeDue();
    const [time] = await house.untilTimes(id, ["failed"]);
    expect(time?.outcome).toBe('There is no published operation "late" that Agent One may run.');
    await house.admin.run("operation.share", { name: "late", roles: "everyone" });
  });

  it("of somebody who may not work here any more is paused, and said, until an admin resumes it as theirs", async () => {
    const { id } = await house.create({}, house.agent);
    await house.sql("update membership set active = false where account_id = $1", [house.agent.id]);
    await house.comeDue();
    await house.untilTimes(id, ["failed"]);
    expect((await house.show(id)).schedule).toMatchObject({
      state: "paused",
      reason: expect.stringContaining("may not work here"),
      next: [],
    });
    expect(await house.notices()).toMatchObject([{ email: "admin@demo.example", who: expect.stringContaining('"Late ones" is paused') }]);
    await house.sql("update membership set active = true where account_id = $1", [house.agent.id]);
    await house.admin.run("schedule.resume", { schedule: id });
    expect((await house.show(id)).schedule).toMatchObject({ state: "active", reason: null, owner: { name: "Admin" } });
  });

  it("counts as it was saved last: what waited of the version before does nothing", async () => {
    const { id } = await house.create({ operation: "note-it", args: {} });
    await house.admin.run("schedule.update", { schedule: id, when: "every monday at 8am", name: "Mondays", version: 1 });
    expect((await house.show(id)).schedule).toMatchObject({ name: "Mondays", pattern: "0 8 * * 1", version: 2 });
    await house.sql("update job set due_at = now(), state = 'ready' where data->>'version' = '1'");
    await expect
      .poll(() => house.sql("select from job where kind = 'schedule.run' and state = 'done'"), { timeout: 10_000 })
      .toHaveLength(1);
    expect((await house.show(id)).times).toEqual([]);
    expect(await house.admin.refused("schedule.update", { schedule: id, name: "x", version: 1 })).toMatchObject({ code: "stale" });
    const named = await house.admin.run("schedule.update", { schedule: id, when: "0 8 * * MON-FRI" });
    expect(viewIn(named)).toMatchObject({ when: "0 8 * * MON-FRI", words: "every weekday at 08:00" });
    expect(viewIn(await house.admin.run("schedule.update", { schedule: id, when: "every monday at 8am" }))).not.toHaveProperty("words");
    await house.admin.run("schedule.pause", { schedule: id });
    expect((await house.show(id)).schedule).toMatchObject({ state: "paused", next: [], reason: null });
    // What waited of each version that was saved.
    await house.comeDue();
    await expect
      .poll(() => house.sql("select from job where kind = 'schedule.run' and state = 'done'"), { timeout: 10_000 })
      .toHaveLength(4);
    expect((await house.show(id)).times).toEqual([]);
    await house.admin.run("schedule.resume", { schedule: id });
    await house.comeDue();
    await house.untilTimes(id, ["succeeded"]);
    await house.admin.run("schedule.delete", { schedule: id });
    expect(await house.admin.refused("schedule.show", { schedule: id })).toMatchObject({ code: "not_found" });
  });

  it("mails to nobody who is blocked, and to 500 at most", async () => {
    const insert = "insert into contact (tenant_id, id, name, email, blocked_at, tags) select $1, gen_random_uuid(), ";
    await house.sql(`${insert} 'Eve', 'eve@example.com', now(), '{}'`, [house.product.tenant]);
    await house.admin.run("tag.create", { name: "many" });
    const { id } = await house.create({ answer: { by: "mail", to: ["ana@example.com", "eve@example.com", "tag:many"] } });
    await house.comeDue();
    const [first] = await house.untilTimes(id, ["succeeded"]);
    expect(first?.outcome).toBe("It was mailed to ana@example.com. Left out: eve@example.com; they are blocked.");
    expect((await house.mails()).map(({ recipient }) => recipient)).toEqual(["ana@example.com"]);
    await house.sql(
      `${insert} 'One of many', 'many-' || n || '@example.com', null, array[(select id from tag where name = 'many')] from generate_series(1, 500) n`,
      [house.product.tenant],
    );
    await house.comeDue();
    const [second] = await house.untilTimes(id, ["failed", "succeeded"]);
    expect(second?.outcome).toContain("500 people are the most at once; these are 501.");
    expect(await house.mails()).toHaveLength(1);
  });
});

describe("schedules", () => {
  it("are each person's own; who makes operations sees all, and becomes the owner of what they change", async () => {
    const { id } = await house.create({}, house.agent);
    const other = await house.product.agent("agent2@demo.example");
    expect(await other.refused("schedule.show", { schedule: id })).toMatchObject({ code: "not_found" });
    expect((await other.run("schedule.list")).data).toEqual({ schedules: [] });
    await house.admin.run("schedule.update", { schedule: id, args: { days: 4 } });
    expect((await house.show(id)).schedule.owner.name).toBe("Admin");
    expect(await house.agent.refused("schedule.show", { schedule: id })).toMatchObject({ code: "not_found" });
    const entries = await house.sql<{ action: string }>(
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
    expect(await house.admin.refused("schedule.create", { ...usual, ...wrong })).toMatchObject({ path });
  });

  it("have names of their own", async () => {
    await house.create();
    expect(await house.admin.refused("schedule.create", usual)).toMatchObject({ code: "conflict", path: "args.name" });
  });
});
