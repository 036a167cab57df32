import { z } from "zod";
import { standIn } from "../../access/members/standIn.ts";
import { commandFor, mayRun, unknownCommand } from "../../commands/execute.ts";
import { needsConfirmation } from "../../commands/plans/confirmation.ts";
import { commandOf, type RunOutside } from "../../commands/runs/runOutside.ts";
import { type StartedRun, startRun } from "../../commands/runs/startRun.ts";
import type { JobKind, RunningJob } from "../../platform/jobs/jobs.ts";
import type { Platform } from "../../platform/platform.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { tellOfEntities } from "../tellEntities.ts";
import { asArgument } from "./started.ts";
import { startKind } from "./startKind.ts";

export interface StartingOutside extends Pick<Platform, "database" | "bus" | "clock"> {
  runs: () => RunOutside;
}

const dataShape = z.object({
  account: z.string(),
  key: z.string().nullable(),
  blueprint: z.string(),
  entity: z.string(),
  command: z.string(),
  args: z.record(z.string(), z.object({ value: z.unknown(), type: z.string().optional() })),
  run: z.string(),
});
type ToStart = z.output<typeof dataShape>;

/**
 * Begins the run of what a step started, as whoever took the step, with the rights that they have now. The run's key is of the step: a worker that takes
 * over from one that died finds the run, wherever it is by then, and begins none. What can't be begun is dead, with its reason, which the entity's
 * history tells; how a run ends is the run's.
 */
export function startCommandJob(outside: StartingOutside): JobKind {
  return {
    kind: startKind,
    atOnce: 8,
    perTenant: 4,
    deadlineMs: 30 * 60_000,
    attempts: 5,
    afterLoss: "again",
    run: async (job) => {
      const asked = dataShape.parse(job.data);
      const tell = () => tellOfEntities(outside, job.tenant, { key: asked.blueprint }, [{ id: asked.entity }]);
      const { ended } = await begin(outside, job, asked);
      tell();
      await ended;
      tell();
      return undefined;
    },
    gaveUp: async ({ tenant, data }) => {
      const asked = dataShape.safeParse(data);
      if (asked.success) tellOfEntities(outside, tenant, { key: asked.data.blueprint }, [{ id: asked.data.entity }]);
    },
  };
}

async function begin({ database, clock, runs }: StartingOutside, job: RunningJob, asked: ToStart): Promise<StartedRun> {
  const who = { account: asked.account, key: asked.key, instead: job.id };
  const principal = await standIn(database.forTenant(job.tenant), who, new Date(clock.now()));
  if (principal === undefined) throw new Refusal("forbidden", "Whoever took the step may not work here any more.");
  const outside = runs();
  const command = await commandOf(outside, job.tenant, asked.command);
  // An automation that is away for a moment comes back.
  if (command === undefined) throw new Refusal("unavailable", `There is no command "${asked.command}" any more.`);
  if (!mayRun(command, principal)) throw unknownCommand(asked.command);
  const { properties } = commandFor(command, principal).args;
  const args = Object.fromEntries(Object.entries(asked.args).map(([name, given]) => [name, asArgument(properties[name] ?? {}, given)]));
  if (needsConfirmation(command, args))
    throw new Refusal("forbidden", `"${command.name}" can't be taken back, so it is confirmed by a person each time.`);
  try {
    return await startRun(outside, { command, principal, args, idempotencyKey: asked.run });
  } catch (error) {
    // Another try would be refused in the same words.
    throw error instanceof Refusal && error.code !== "unavailable" ? new Refusal("forbidden", error.message) : error;
  }
}
