import type { Platform } from "../../platform/platform.ts";
import { announceAccessChange } from "../accessChanges.ts";
import { type Actor, audit } from "../audit/audit.ts";
import { deleteSomeOf, deleteTenantRow, forgetChainOf, releaseSessions, saveTenantActive, tablesOfTenants } from "./eraseTenantStore.ts";

export interface TenantErasing extends Pick<Platform, "database" | "bus"> {
  /** Deletes the bytes that its rows point to. Called before the rows go, and again harmless. */
  eraseFilesOf: (tenant: string) => Promise<void>;
}

/**
 * Deletes a tenant with everything of it, for good, whoever asked for it: it is deactivated first, then every table that says of its rows whose
 * they are is emptied, a few thousand rows at a time, and its audit goes with it. Interrupted, it is done again and goes on. Accounts are people's
 * own: they stay, and their sessions go on without a tenant. The installation's audit has who did it.
 */
export async function eraseTenant(
  { database, bus, eraseFilesOf }: TenantErasing,
  { id, name }: { id: string; name: string },
  actor: Actor,
): Promise<void> {
  await database.acrossTenants.transaction(async (tx) => {
    await saveTenantActive(tx, id, false);
    await releaseSessions(tx, id);
  });
  announceAccessChange({ bus }, [id]);
  await eraseFilesOf(id);
  for (const table of await tablesOfTenants(database.acrossTenants)) {
    while ((await deleteSomeOf(database.acrossTenants, table, id)) > 0);
  }
  await database.acrossTenants.transaction(async (tx) => {
    await forgetChainOf(tx, id);
    await deleteTenantRow(tx, id);
    await audit(tx, { tenant: undefined, actor, action: "tenant.delete", object: { kind: "tenant", id, name } });
  });
  announceAccessChange({ bus }, [id]);
}
