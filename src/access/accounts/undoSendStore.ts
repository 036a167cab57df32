import type { Platform } from "../../platform/platform.ts";

/** Whether this agent's desk holds replies for a few seconds, so that they can be taken back. */
export async function findUndoSend({ database }: Pick<Platform, "database">, tenant: string, account: string): Promise<boolean> {
  const rows = await database
    .forTenant(tenant)
    .query<{ on: boolean }>('select undo_send as "on" from membership where tenant_id = $1 and account_id = $2', [account]);
  return rows[0]?.on === true;
}

export async function saveUndoSend(
  { database }: Pick<Platform, "database">,
  tenant: string,
  account: string,
  { on }: { on: boolean },
): Promise<void> {
  await database.forTenant(tenant).query("update membership set undo_send = $3 where tenant_id = $1 and account_id = $2", [account, on]);
}
