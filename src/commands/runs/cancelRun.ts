import { audit } from "../../access/audit/audit.ts";
import type { AccountPrincipal } from "../../access/principal.ts";
import type { RunStory } from "../../protocol/commands.ts";
import { errorBody, Refusal } from "../../protocol/refusal.ts";
import { whoOf } from "./performRun.ts";
import { storedRun, storyOf } from "./readRuns.ts";
import { announceRun, type RunOutside, stopSubject } from "./runOutside.ts";
import { stateNow } from "./runRules.ts";
import { askToStop, endRun } from "./runStore.ts";

/**
 * Ends a run that waits, or asks one that runs to stop: it ends as `cancelled` within seconds, wherever it runs, unless it was done by then.
 * Refusals: `not_found`, `forbidden` for whoever did not ask for it, `conflict` where it has ended.
 */
export async function cancelRun(outside: RunOutside, by: AccountPrincipal, id: string): Promise<RunStory> {
  const { database, bus, clock } = outside;
  const sql = database.forTenant(by.tenant);
  const run = await storedRun(sql, by, id);
  if (run.account !== by.account) throw new Refusal("forbidden", "Whoever asked for a run cancels it.");
  const state = stateNow(run, clock.now());
  if (state !== "waiting" && state !== "running")
    throw new Refusal("conflict", `The run of "${run.command}" is ${state}; it can't be cancelled.`, { current: { state } });
  const done = await sql.transaction(async (tx) => {
    const withdrawn = errorBody(new Refusal("conflict", `${by.name} withdrew it.`));
    const ended =
      state === "waiting"
        ? await endRun(tx, id, { state: "cancelled", messages: [], data: null, error: withdrawn }, new Date(clock.now()))
        : await askToStop(tx, id, by.account);
    if (ended) await audit(tx, { ...whoOf(by), action: "run.cancel", object: { kind: "run", id, name: run.command } });
    return ended;
  });
  if (!done) throw new Refusal("conflict", `The run of "${run.command}" has just ended.`);
  bus.publish(stopSubject(by.tenant, id), {});
  announceRun(outside, by.tenant, id);
  return await storyOf(outside, by, id);
}
