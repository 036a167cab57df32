import type { Agent } from "../people/agent.ts";
import { query } from "../processes/postgres.ts";
import { soon } from "../processes/until.ts";
import { require } from "../row.ts";
import type { World } from "../world.ts";

/** An operation that tells an admin something at times. */
export interface Schedule {
  /** Its next time comes now, by the clock of the database; waits until it was. */
  comeDue(): Promise<void>;
  /** What is wrong with how often it ran. */
  judge(): Promise<ReturnType<typeof require>>;
}

const ranWithinMs = 15_000;

/** Each day in an hour from now: passed by a clock that is two hours ahead, long to come by one of the day before. */
export async function startSchedule(world: World, admin: Agent): Promise<Schedule> {
  const message = { by: "notice", to: [admin.email], text: "It is time." };
  const hour = new Date(Date.now() + 3_600_000).toISOString().slice(11, 16);
  const run = async (command: string, args: object) => {
    const { state, error } = await admin.run(command, args);
    if (state !== "succeeded") throw new Error(`${command} is ${state}: ${error?.message ?? ""}`);
  };
  await run("operation.create", { name: "remind", kind: "message", summary: "Reminds.", parameters: [], message });
  await run("operation.publish", { name: "remind" });
  await run("schedule.create", { name: "Reminder", operation: "remind", args: {}, when: `every day at ${hour}`, timeZone: "UTC" });
  let due = 0;
  return {
    comeDue: async () => {
      due++;
      await query(world.databaseUrl, "update job set due_at = now(), state = 'ready' where kind = 'schedule.run' and state = 'later'");
      await soon(ranWithinMs, async () => (await ended(world)) >= due, 100);
    },
    judge: async () => {
      const { times, distinct, succeeded, runs, notices } = await count(world);
      return [
        ...require(times === due &&
          distinct === due, `a schedule that came due ${due} times began ${times} times, ${distinct} of them its own`),
        ...require(succeeded === due, `${succeeded} of ${due} times of a schedule went well`),
        ...require(runs === due && notices === due, `${due} times of a schedule are ${runs} runs and ${notices} notices`),
      ];
    },
  };
}

async function ended({ databaseUrl }: World): Promise<number> {
  const [row] = await query(databaseUrl, "select count(*)::int as n from schedule_time where ended_at is not null");
  return Number(row?.["n"]);
}

async function count({ databaseUrl }: World): Promise<Record<"times" | "distinct" | "succeeded" | "runs" | "notices", number>> {
  const [row] = await query(
    databaseUrl,
    `select (select count(*) from schedule_time) as times, (select count(distinct due_at) from schedule_time) as distinct,
       (select count(*) from schedule_time where state = 'succeeded') as succeeded,
       (select count(*) from run where command = 'remind') as runs, (select count(*) from notice where kind = 'message') as notices`,
  );
  const of = (name: string) => Number(row?.[name]);
  return { times: of("times"), distinct: of("distinct"), succeeded: of("succeeded"), runs: of("runs"), notices: of("notices") };
}
