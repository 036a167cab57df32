import { audit } from "../../access/audit/audit.ts";
import type { AccountPrincipal } from "../../access/principal.ts";
import type { RunStory } from "../../protocol/commands.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { mayRun } from "../execute.ts";
import { settleEffects } from "./effectStore.ts";
import { whoOf } from "./performRun.ts";
import { storedRun, storyOf } from "./readRuns.ts";
import { announceRun, commandOf, type RunOutside } from "./runOutside.ts";
import { stateNow } from "./runRules.ts";
import { settleRun as saveSettled } from "./runStore.ts";

/** What somebody found who looked: whether an uncertain run has happened. One that hasn't may be run again. */
export type Found = "happened" | "failed";

/** Refusals: `not_found`, `forbidden` for whoever may not run the command, `conflict` where it is known already. */
export async function settleRun(outside: RunOutside, by: AccountPrincipal, id: string, found: Found): Promise<RunStory> {
  const { database, clock } = outside;
  const sql = database.forTenant(by.tenant);
  const run = await storedRun(sql, by, id);
  const command = await commandOf(outside, by.tenant, run.command);
  if (command === undefined || !mayRun(command, by))
    throw new Refusal("forbidden", `You may not run "${run.command}", nor say how it ended.`);
  const state = stateNow(run, clock.now());
  if (state === "uncertain" && run.state === "running")
    throw new Refusal("conflict", "Its process has just been lost; it can be settled within ten minutes.", { retryAfterMs: 60_000 });
  const text = found === "happened" ? `${by.name} looked: it happened.` : `${by.name} looked: it didn't happen.`;
  const settled = await sql.transaction(async (tx) => {
    const outcome = found === "happened" ? "succeeded" : "failed";
    if (!(await saveSettled(tx, id, { state: outcome, messages: [{ text }] }))) return false;
    await settleEffects(tx, id, new Date(clock.now()));
    await audit(tx, { ...whoOf(by), action: "run.settle", object: { kind: "run", id, name: run.command }, detail: { outcome } });
    return true;
  });
  if (!settled) throw new Refusal("conflict", `The run of "${run.command}" is ${state}; it is known how it ended.`, { current: { state } });
  announceRun(outside, by.tenant, id);
  return await storyOf(outside, by, id);
}
