import type { Platform } from "../../platform/platform.ts";
import { Refusal } from "../../protocol/refusal.ts";
import type { OutsideStep } from "../command.ts";
import { beginEffect, endEffect, findEffect } from "./effectStore.ts";

/**
 * Does a step outside once for a run: that it begins is committed before, and how it ended after. What ran out of time may have happened, and stays
 * `uncertain`; so does what the process died in. Refusal `conflict` for a step that this run began before, where whoever is second loses, and of a
 * run that has ended.
 */
export async function onceOutside<Result>(
  { database, clock }: Pick<Platform, "database" | "clock">,
  { tenant, run }: { tenant: string; run: string },
  { step, check }: OutsideStep,
  act: (key: string) => Promise<Result>,
): Promise<Result> {
  const sql = database.forTenant(tenant);
  const now = () => new Date(clock.now());
  if (!(await beginEffect(sql, { run, step, check, at: now() }))) {
    const before = await findEffect(sql, run, step);
    if (before === undefined) throw new Refusal("conflict", `This run was ended before "${step}" began; nothing more is done.`);
    if (before === "done") throw new Refusal("conflict", `"${step}" was done before by this run.`);
    throw new Refusal("conflict", `"${step}" was begun before by this run, and nobody knows whether it happened: ${check}`);
  }
  try {
    const result = await act(`${run}:${step}`);
    await endEffect(sql, { run, step, state: "done", at: now() });
    return result;
  } catch (thrown) {
    const state = mayHaveHappened(thrown) ? "uncertain" : "failed";
    const error = thrown instanceof Refusal ? thrown.message : "It failed.";
    await endEffect(sql, { run, step, state, error, at: now() });
    throw thrown;
  }
}

/** A time-out and a broken connection say nothing about what was done; an answer does. */
export function mayHaveHappened(thrown: unknown): boolean {
  if (!(thrown instanceof Refusal)) return true;
  return thrown.code === "automation_timeout" || thrown.code === "unavailable";
}
