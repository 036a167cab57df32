import { audit } from "../../access/audit/audit.ts";
import type { Platform } from "../../platform/platform.ts";
import { errorBody, Refusal } from "../../protocol/refusal.ts";
import type { Registry } from "../registry.ts";
import { isAudited, recordOfRun } from "./auditRun.ts";
import { announceRun } from "./runOutside.ts";
import { lostAfterMs, silentMs } from "./runRules.ts";
import { endExpiredRuns, endLostRuns, type LostRun } from "./runStore.ts";

const lost = new Refusal("unavailable", "The process that ran this ended; what it did is not known.");
const expired = new Refusal("conflict", "Nobody approved it in time.");

/** Ends the runs whose processes died, and those that nobody approved in time, and tells the audit: what the former changed is not known. */
export async function endForgottenRuns(
  { database, clock, bus }: Pick<Platform, "database" | "clock" | "bus">,
  registry: Pick<Registry, "of">,
): Promise<void> {
  const now = clock.now();
  const since = { silentSince: new Date(now - silentMs), begunBefore: new Date(now - lostAfterMs) };
  const ended = await database.acrossTenants.transaction(async (tx) => {
    const [silent, late] = [await endLostRuns(tx, since, errorBody(lost)), await endExpiredRuns(tx, new Date(now), errorBody(expired))];
    for (const run of silent) {
      const command = registry.of(run.tenant).find(run.command);
      // An automation that is gone meanwhile may have changed something.
      if (command === undefined) await audit(tx, { ...whoseOf(run), action: run.command, detail: { run: run.id, outcome: "uncertain" } });
      else if (isAudited(command, "uncertain"))
        await audit(tx, recordOfRun(whoseOf(run), { command, args: run.args }, { outcome: "uncertain", run: run.id }));
    }
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

function whoseOf({ tenant, account, name }: LostRun) {
  return { tenant, actor: { kind: "account", id: account, ...(name === null ? {} : { name }) } } as const;
}
