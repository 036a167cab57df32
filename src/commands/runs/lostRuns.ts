import { audit } from "../../access/audit/audit.ts";
import type { Sql } from "../../platform/database/database.ts";
import type { Platform } from "../../platform/platform.ts";
import { errorBody, Refusal } from "../../protocol/refusal.ts";
import type { Command } from "../command.ts";
import type { Registry } from "../registry.ts";
import { isAudited, recordOfRun } from "./auditRun.ts";
import { announceRun } from "./runOutside.ts";
import { lostAfterMs, silentMs } from "./runRules.ts";
import { endExpiredRuns, endLostRuns, type LostRun, lockLostRuns, type SilentRun } from "./runStore.ts";
import { undoName } from "./undoCommand.ts";

const lost = new Refusal("unavailable", "The process that ran this ended; what it did is not known.");
const lostHarmless = new Refusal("unavailable", "The process that ran this ended before it was done; run it again, which does no harm.");
const expired = new Refusal("conflict", "Nobody approved it in time.");

/**
 * Ends the runs whose processes died, and those that nobody approved in time, and tells the audit. What the former changed is not known, so none
 * is repeated by itself; one that only reads, or does no more when it is run twice, has failed.
 */
export async function endForgottenRuns(
  { database, clock, bus }: Pick<Platform, "database" | "clock" | "bus">,
  registry: Pick<Registry, "of" | "load">,
): Promise<void> {
  const now = clock.now();
  const since = { silentSince: new Date(now - silentMs), begunBefore: new Date(now - lostAfterMs) };
  const ended = await database.acrossTenants.transaction(async (tx) => {
    const silent = await lockLostRuns(tx, since);
    await endSilent(tx, registry, silent, new Date(now));
    const late = await endExpiredRuns(tx, new Date(now), errorBody(expired));
    for (const run of late)
      await audit(tx, {
        ...whoseOf(run),
        action: run.command,
        object: { kind: "run", id: run.id },
        detail: { run: run.id, outcome: "expired" },
      });
    return [...silent, ...late];
  });
  for (const { tenant, id } of ended) announceRun({ bus }, tenant, id);
}

async function endSilent(tx: Sql, registry: Pick<Registry, "of" | "load">, silent: readonly SilentRun[], endedAt: Date): Promise<void> {
  for (const tenant of new Set(silent.map((run) => run.tenant))) await registry.load(tenant);
  const known = silent.map((run) => ({ ...run, command: registry.of(run.tenant).find(run.command), called: run.command }));
  const [harmless, changing] = [known.filter(isHarmless), known.filter((run) => !isHarmless(run))];
  await endLostRuns(tx, harmless, { state: "failed", error: errorBody(lostHarmless), endedAt });
  await endLostRuns(tx, changing, { state: "uncertain", error: errorBody(lost), endedAt });
  for (const { command, called, id, args, hasClaimed, ...run } of known) {
    const outcome = isHarmless({ command, hasClaimed }) ? "failed" : "uncertain";
    // An automation that is gone meanwhile may have changed something.
    if (command === undefined) await audit(tx, { ...whoseOf(run), action: called, detail: { run: id, outcome } });
    else if (isAudited(command, outcome)) await audit(tx, recordOfRun(whoseOf(run), { command, args }, { outcome, run: id }));
  }
}

/** Whoever runs it again does no more than once. Without the right to take something back, nothing was. */
function isHarmless({ command, hasClaimed }: { command: Command | undefined; hasClaimed: boolean }): boolean {
  if (command === undefined) return false;
  if (command.name === undoName) return !hasClaimed;
  return command.risk === "read" || (command.audience === "staff" && command.idempotent === true);
}

function whoseOf({ tenant, account, name }: Pick<LostRun, "tenant" | "account" | "name">) {
  return { tenant, actor: { kind: "account", id: account, ...(name === null ? {} : { name }) } } as const;
}
