import { audit } from "../../access/audit/audit.ts";
import { standIn } from "../../access/members/standIn.ts";
import { errorBody, Refusal } from "../../protocol/refusal.ts";
import { checkArguments } from "../arguments.ts";
import { mayRun } from "../execute.ts";
import { leaveUncertain } from "./effectStore.ts";
import { type Performance, performRun } from "./performRun.ts";
import { answerOf } from "./runAnswer.ts";
import { announceRun, commandOf, type RunOutside } from "./runOutside.ts";
import { endRun, type RunEnd, type StoredRun, takeSilentRuns } from "./runStore.ts";

/** A process says every 2 s that its run goes on. Well before the run would be told as uncertain, another one has it. */
const takenAfterMs = 20_000;
/** A run with which so many processes fell silent is what ends them. */
const mostTakers = 3;

/**
 * Goes on with runs whose process fell silent, as whoever asked for them, with the rights that they have now. Answers when they are taken, not when
 * they have ended.
 */
export async function resumeSilentRuns(outside: RunOutside): Promise<void> {
  const { database, clock, log } = outside;
  const now = clock.now();
  const taken = await takeSilentRuns(database.acrossTenants, {
    silentSince: new Date(now - takenAfterMs),
    now: new Date(now),
    atMost: mostTakers,
  });
  for (const { tenant, ...run } of taken) {
    log.warn({ run: run.id, command: run.command, fence: run.fence }, "its process fell silent: another one goes on with a run");
    void resume(outside, tenant, run).catch((error: unknown) => log.error({ err: error, run: run.id }, "a run could not be gone on with"));
  }
}

async function resume(outside: RunOutside, tenant: string, run: StoredRun): Promise<void> {
  const performance = await performanceOf(outside, tenant, run).catch((thrown: unknown) => {
    if (thrown instanceof Refusal) return thrown;
    throw thrown;
  });
  if (performance instanceof Refusal) await endUnfinished(outside, tenant, run, performance);
  else await performRun(outside, answerOf(run, outside.clock.now()), performance, { whoAsked: false });
}

/** What it did until then stays, and what was under way nobody knows. */
async function endUnfinished(outside: RunOutside, tenant: string, run: StoredRun, why: Refusal): Promise<void> {
  const { database, clock } = outside;
  const end: RunEnd = { state: "uncertain", messages: [], data: null, error: errorBody(why, undefined, run.language ?? undefined) };
  await database.forTenant(tenant).transaction(async (tx) => {
    if (!(await endRun(tx, run.id, end, new Date(clock.now()), { fence: run.fence }))) return;
    await leaveUncertain(tx, run.id);
    await audit(tx, {
      tenant,
      actor: { kind: "account", id: run.account, ...(run.name === null ? {} : { name: run.name }) },
      action: run.command,
      object: { kind: "run", id: run.id },
      detail: { run: run.id, outcome: "uncertain", error: why.code },
    });
  });
  announceRun(outside, tenant, run.id);
}

async function performanceOf(outside: RunOutside, tenant: string, run: StoredRun): Promise<Performance> {
  const { database, clock } = outside;
  const asked = { account: run.account, key: run.keyId, instead: run.id, language: run.language };
  const principal = await standIn(database.forTenant(tenant), asked, new Date(clock.now()));
  if (principal === undefined) throw new Refusal("forbidden", "Whoever asked for it may not work here any more.");
  const command = await commandOf(outside, tenant, run.command);
  if (command === undefined || !mayRun(command, principal))
    throw new Refusal("forbidden", `Whoever asked for it may not run "${run.command}" any more; what was done until then stays.`);
  const args = checkArguments(command.args, run.args);
  // They said who they are, and others agreed, when it began.
  return { command, principal, run: run.id, args, steppedUp: true, approved: true, fence: run.fence };
}
