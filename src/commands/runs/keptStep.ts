import type { Json } from "../../platform/bus/bus.ts";
import { storableJson } from "../../platform/database/storable.ts";
import type { Platform } from "../../platform/platform.ts";
import { Refusal } from "../../protocol/refusal.ts";
import type { KeptStep, Work } from "../command.ts";
import { beginStep, endStep, findStep, keepRead, type Taken, takeStep } from "./effectStore.ts";
import { mayHaveHappened } from "./effects.ts";

export interface Taker extends Taken {
  tenant: string;
  /** Called when it is found that another process goes on with the run. */
  lose(): void;
}

/**
 * Does a step of a run once, whichever process goes on with the run: that it begins is committed before, and what it answered after. What was done
 * before answers what it answered; what was begun by a process that fell silent is `uncertain`, unless it may be repeated.
 */
export async function keptStep<Result extends Json>(
  { database, clock }: Pick<Platform, "database" | "clock">,
  { tenant, run, fence, lose }: Taker,
  { step, check, reads, repeatable }: KeptStep,
  act: () => Promise<Result>,
): Promise<Result> {
  const sql = database.forTenant(tenant);
  const taken = { run, fence };
  const now = () => new Date(clock.now());
  const lost = () => {
    lose();
    return new Refusal("conflict", "Another process goes on with this run.");
  };
  if (fence > 0) {
    const before = await findStep(sql, run, step);
    if (before?.state === "done" && before.result !== null) return asResult<Result>(before.result.value);
    if (before?.state === "failed") throw new Refusal("conflict", before.error ?? "It failed before.");
    if (before !== undefined && !(repeatable && (await takeStep(sql, taken, { step, at: now() })))) {
      await endStep(sql, { run, fence: before.fence }, { step, state: "uncertain", at: now() });
      throw new Refusal("unavailable", `Nobody knows whether it happened: the process that did it fell silent. ${check}`);
    }
    if (before !== undefined) return await actAndKeep();
  }
  if (reads) {
    const result = await act();
    if (!(await keepRead(sql, taken, { step, result: kept(result), at: now() }))) throw lost();
    return result;
  }
  if (!(await beginStep(sql, taken, { step, check, at: now() }))) throw lost();
  return await actAndKeep();

  async function actAndKeep(): Promise<Result> {
    let result: Result;
    try {
      result = await act();
    } catch (thrown) {
      const state = mayHaveHappened(thrown) ? "uncertain" : "failed";
      const error = thrown instanceof Refusal ? thrown.message : "It failed.";
      await endStep(sql, taken, { step, state, error, at: now() });
      throw thrown;
    }
    if (!(await endStep(sql, taken, { step, state: "done", result: kept(result), at: now() }))) throw lost();
    return result;
  }
}

function kept(value: Json): string {
  return storableJson({ value });
}

/** What was kept is what the same step answered. */
function asResult<Result extends Json>(value: unknown): Result {
  return JSON.parse(JSON.stringify(value ?? null));
}

/** The work of a step within another: what it does is kept under both names, but for what is read again anyway. */
export function within(work: Work, { step: outer, reads }: Pick<KeptStep, "step" | "reads">): Work {
  return {
    signal: work.signal,
    effect: ({ step, ...rest }, act) => work.effect({ ...rest, step: `${outer}: ${step}` }, act),
    step: ({ step, ...rest }, act) => (reads ? act() : work.step({ ...rest, step: `${outer}: ${step}` }, act)),
    progress: () => {},
    fresh: true,
  };
}
