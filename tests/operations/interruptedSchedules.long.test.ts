import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openScheduleHouse, type ScheduleHouse } from "./scheduleHouse.ts";

const day = 86_400_000;

let house: ScheduleHouse;
beforeAll(async () => {
  house = await openScheduleHouse();
});
beforeEach(() => house.clear());
afterAll(() => house.close());

describe("a schedule that was interrupted", () => {
  it("makes up once what was missed while nothing ran, though two processes begin at once", async () => {
    const { id } = await house.create({ operation: "note-it", args: {}, when: "every hour" });
    const beside = await house.product.beside();
    const due = await house.comeDue(3 * day);
    const [time] = await house.untilTimes(id, ["succeeded"]);
    expect(time?.dueAt).toBe(due);
    expect(await house.sql("select from run where command = 'note-it'")).toHaveLength(1);
    const [waiting] = await house.sql<{ due_at: Date }>("select due_at from job where kind = 'schedule.run' and state = 'later'");
    expect(waiting?.due_at.getTime()).toBeGreaterThan(Date.now());
    await beside.stop();
  });

  it("whose process died in the middle is done again where it only reads", async () => {
    const { id } = await house.create({ answer: { by: "mail", to: ["ana@example.com"] } });
    await house.comeDue();
    const [time] = await house.untilTimes(id, ["succeeded"]);
    await house.sql("delete from mail_out");
    await house.sql("update schedule_time set state = 'running', ended_at = null, outcome = null");
    await house.sql("update run set state = 'running', ended_at = null, seen_at = now() - interval '2 minutes' where id = $1", [time?.run]);
    await house.leaveJob(id, time?.dueAt);
    const [again] = await house.untilTimes(id, ["succeeded"]);
    expect(again?.run).not.toBe(time?.run);
    expect(await house.mails()).toHaveLength(1);
  });

  it("whose process ends while its run goes on elsewhere waits for that run, and tells what it answered", async () => {
    const { id } = await house.create({ operation: "note-it", args: {} });
    await house.comeDue();
    const [time] = await house.untilTimes(id, ["succeeded"]);
    await house.sql("delete from job where state = 'later'");
    await house.sql("update schedule_time set state = 'running', ended_at = null, outcome = null");
    await house.sql("update run set state = 'running', ended_at = null, seen_at = now() + interval '1 hour' where id = $1", [time?.run]);
    await house.leaveJob(id, time?.dueAt);
    const later = () =>
      house.sql("select from job where kind = 'schedule.run' and state = 'later' and due_at > now() + interval '10 seconds'");
    await expect.poll(later, { timeout: 15_000 }).toHaveLength(1);
    expect((await house.show(id)).times).toMatchObject([{ state: "running" }]);
    expect(await house.sql("select from notice where who like '%failed%'")).toEqual([]);
    await house.sql("update run set state = 'succeeded', ended_at = now() where id = $1", [time?.run]);
    await house.sql("update job set due_at = now(), state = 'ready' where kind = 'schedule.run'");
    expect(await house.untilTimes(id, ["succeeded"])).toMatchObject([{ run: time?.run }]);
    expect(await house.sql("select from run where command = 'note-it' and id >= $1", [time?.run])).toHaveLength(1);
  });

  it("that is paused while it runs tells what it answers all the same; one that hadn't begun to run doesn't any more", async () => {
    const { id } = await house.create({ operation: "note-it", args: {} });
    await house.comeDue();
    const [time] = await house.untilTimes(id, ["succeeded"]);
    await house.admin.run("schedule.pause", { schedule: id });
    const unended = "update schedule_time set state = 'running', ended_at = null, outcome = null";
    await house.sql(unended);
    await house.leaveJob(id, time?.dueAt);
    expect(await house.untilTimes(id, ["succeeded"])).toMatchObject([{ run: time?.run }]);
    await house.sql("delete from run where id = $1", [time?.run]);
    await house.sql(unended);
    await house.leaveJob(id, time?.dueAt);
    expect(await house.untilTimes(id, ["failed"])).toMatchObject([{ run: null, outcome: "It was paused before it ran." }]);
  });

  it("that is given up before it began tells its owner, and comes at its next time", async () => {
    const { id, next } = await house.create({}, house.agent);
    await house.leaveJob(id, next[0], { was: "later", attempts: 4 });
    expect(await house.untilTimes(id, ["failed"])).toMatchObject([{ dueAt: next[0], outcome: "The process that did it ended." }]);
    expect(await house.notices()).toMatchObject([{ email: "agent1@demo.example", who: expect.stringContaining('"Late ones" failed') }]);
    const [waiting] = await house.sql<{ due_at: Date }>("select due_at from job where kind = 'schedule.run' and state = 'later'");
    expect(waiting?.due_at.toISOString()).toBe(next[1]);
  });

  it("that was changed while it ran is not done a second time as it is now", async () => {
    const { id } = await house.create({});
    await house.comeDue();
    const [time] = await house.untilTimes(id, ["succeeded"]);
    await house.admin.run("schedule.update", { schedule: id, args: { days: 4 } });
    const runs = await house.sql("select id from run where command = 'late-ones'");
    await house.sql("update schedule_time set state = 'running', ended_at = null, outcome = null");
    await house.leaveJob(id, time?.dueAt);
    expect(await house.untilTimes(id, ["uncertain"])).toMatchObject([{ outcome: "It was changed while it ran: look at its last run." }]);
    expect(await house.sql("select id from run where command = 'late-ones'")).toEqual(runs);
  });
});
