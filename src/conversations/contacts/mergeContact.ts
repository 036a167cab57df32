import type { Sql } from "../../platform/database/database.ts";
import { contactTables, deleteContact, moveRows } from "./contactTablesStore.ts";
import { forgetDouble } from "./identityStore.ts";

/** All that is one contact's becomes another's, and the one is gone; each conversation stays where it is held. In a transaction. */
export async function mergeContact(tx: Sql, from: string, to: string): Promise<void> {
  await forgetDouble(tx, from, to);
  for (const { name, columns } of await contactTables(tx)) if (columns.includes("contact_id")) await moveRows(tx, name, from, to);
  await deleteContact(tx, from);
}
