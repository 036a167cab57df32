import { audit } from "../../access/audit/audit.ts";
import type { Platform } from "../../platform/platform.ts";
import { errorBody, Refusal } from "../../protocol/refusal.ts";
import type { Registry } from "../registry.ts";
import { isAudited, recordOfRun } from "./auditRun.ts";
import { endLostRuns } from "./runStore.ts";
import { lostAfterMs } from "./runs.ts";

const lost = new Refusal("unavailable", "The process that ran this ended; what it did is not known.");

/** Ends the runs whose processes died, and tells the audit: what they changed, if anything, is not known. */
export async function forgetLostRuns(
  { database, clock }: Pick<Platform, "database" | "clock">,
  registry: Pick<Registry, "of">,
): Promise<void> {
  const begunBefore = new Date(clock.now() - lostAfterMs);
  await database.acrossTenants.transaction(async (tx) => {
    for (const { tenant, id, command: name, args, account, name: called } of await endLostRuns(tx, begunBefore, errorBody(lost))) {
      const command = registry.of(tenant).find(name);
      const who = { tenant, actor: { kind: "account", id: account, ...(called === null ? {} : { name: called }) } } as const;
      // An automation that is gone meanwhile may have changed something.
      if (command === undefined) await audit(tx, { ...who, action: name, detail: { run: id, outcome: "uncertain" } });
      else if (isAudited(command, "uncertain")) await audit(tx, recordOfRun(who, { command, args }, { outcome: "uncertain", run: id }));
    }
  });
}
