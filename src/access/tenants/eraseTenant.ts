import { z } from "zod";
import { ofInstallation } from "../../platform/database/installation.ts";
import { retryJob } from "../../platform/jobs/jobStore.ts";
import { addInstallationJob, announceJobs, type JobKind } from "../../platform/jobs/jobs.ts";
import type { Platform } from "../../platform/platform.ts";
import { announceAccessChange } from "../accessChanges.ts";
import { type Actor, audit } from "../audit/audit.ts";
import { deleteSomeOf, deleteTenantRow, forgetChainOf, releaseSessions, saveTenantActive, tablesOfTenants } from "./eraseTenantStore.ts";

const eraseKind = "tenant.erase";

/**
 * Deletes a tenant with everything of it, for good, whoever asked for it: at once it is deactivated, and its sessions go on without a tenant; a job
 * does the rest, however much there is. Accounts are people's own: they stay. The installation's audit has who did it.
 */
export async function eraseTenant(
  { database, bus }: Pick<Platform, "database" | "bus">,
  { id, name }: { id: string; name: string },
  actor: Actor,
): Promise<void> {
  await database.acrossTenants.transaction(async (tx) => {
    await saveTenantActive(tx, id, false);
    await releaseSessions(tx, id);
    // Of the installation: the tenant's own jobs go with it. Asked for again, it is the same job, and one that was given up is tried again.
    const job = await addInstallationJob(tx, { kind: eraseKind, key: id, data: { tenant: id } });
    await retryJob(ofInstallation(tx), job);
    await audit(tx, { tenant: undefined, actor, action: "tenant.delete", object: { kind: "tenant", id, name } });
  });
  announceAccessChange({ bus }, [id]);
  announceJobs({ bus }, eraseKind);
}

export interface TenantErasing extends Pick<Platform, "database" | "bus"> {
  /** Deletes the bytes that its rows point to. Called before the rows go, and again harmless. */
  eraseFilesOf: (tenant: string) => Promise<void>;
}

const whose = z.object({ tenant: z.uuid() });

/**
 * Empties every table that says of its rows whose they are, a few thousand rows at a time; the audit and the tenant itself go last, with the job's
 * end. Interrupted, it is done again and goes on.
 */
export function eraseTenantJob({ database, bus, eraseFilesOf }: TenantErasing): JobKind {
  return {
    kind: eraseKind,
    atOnce: 2,
    deadlineMs: 6 * 3_600_000,
    attempts: 10,
    afterLoss: "again",
    run: async (job) => {
      const { tenant } = whose.parse(job.data);
      await eraseFilesOf(tenant);
      let rows = 0;
      for (const table of await tablesOfTenants(database.acrossTenants)) {
        for (let gone = -1; gone !== 0; rows += gone) {
          job.signal.throwIfAborted();
          gone = await deleteSomeOf(database.acrossTenants, table, tenant);
          job.progress({ rows: rows + gone });
        }
      }
      await database.acrossTenants.transaction(async (tx) => {
        await forgetChainOf(tx, tenant);
        await deleteTenantRow(tx, tenant);
        await job.finish(tx);
      });
      announceAccessChange({ bus }, [tenant]);
      return undefined;
    },
  };
}
