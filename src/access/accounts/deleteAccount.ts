import { randomUUID } from "node:crypto";
import { Refusal } from "../../protocol/refusal.ts";
import { announceAccessChange } from "../accessChanges.ts";
import { audit } from "../audit/audit.ts";
import { eraseFromAudit } from "../audit/verifyAudit.ts";
import { unauthenticated } from "../authenticate.ts";
import { requireStepUp } from "../factors/stepUp.ts";
import { revokeSessions, type SignedIn, sessionsOfAccount } from "../sessions/sessionStore.ts";
import type { AccountOutside } from "./accountOutside.ts";
import { lockAccount } from "./accountStore.ts";
import { allTables } from "./catalogueStore.ts";
import { deleteAccountRow, deleteOwned, forgetName, forgetPerson, ownedBy, readOwned, whatHolds } from "./leaveNothingStore.ts";
import { provePassword } from "./provePassword.ts";

export interface AccountExport {
  exportedAt: string;
  account: { id: string; name: string; email: string };
  tables: Record<string, Record<string, unknown>[]>;
}

/** Everything that is kept about oneself, by table, without secrets. Refusal `step_up_needed`. */
export async function exportAccount({ database, clock }: Pick<AccountOutside, "database" | "clock">, by: SignedIn): Promise<AccountExport> {
  await requireStepUp({ database, clock }, by);
  const sql = database.acrossTenants;
  const tables: AccountExport["tables"] = {};
  for (const table of await allTables(sql)) {
    const column = ownedBy(table);
    const rows = column === undefined ? [] : await readOwned(sql, table, column, by.account);
    if (rows.length > 0) tables[table.name] = rows;
  }
  return { exportedAt: new Date(clock.now()).toISOString(), account: { id: by.account, name: by.name, email: by.email }, tables };
}

/**
 * Deletes one's account for good. What customers were told and what the audit must keep stays, said by "Former colleague"; everything that was the
 * account's own is gone. Refusals: `step_up_needed`, `invalid_value` (`password`), `rate_limited`, `conflict` for the last owner of a tenant, and while customers
 * wait for an answer of this person.
 */
export async function deleteAccount(outside: AccountOutside, by: SignedIn, password?: string): Promise<void> {
  const { database, bus, clock } = outside;
  await requireStepUp(outside, by);
  await provePassword(outside, by, password);
  const nobody = { id: randomUUID(), name: "Former colleague", email: "former-colleague@example.invalid" };
  const tenants = await database.acrossTenants.transaction(async (tx) => {
    const person = await lockAccount(tx, { id: by.account });
    if (person === undefined) throw unauthenticated();
    refuseHeld(await whatHolds(tx, person.id));
    const now = new Date(clock.now());
    const sessions = await sessionsOfAccount(tx, person.id, now);
    const ended = await revokeSessions(tx, { account: person.id, except: undefined }, "ended_by_owner", now);
    await forgetName(tx, person, nobody);
    const tables = await allTables(tx);
    for (const table of tables) {
      const column = ownedBy(table);
      if (column !== undefined) await deleteOwned(tx, table, column, person.id);
    }
    await deleteAccountRow(tx, person.id);
    for (const table of tables) await forgetPerson(tx, table, person, nobody);
    await eraseFromAudit(tx, [person.id, ...sessions.map(({ id }) => id)]);
    await audit(tx, { tenant: undefined, actor: { kind: "nobody" }, action: "account.delete" });
    return ended.map(({ tenant }) => tenant);
  });
  announceAccessChange({ bus }, tenants);
}

function refuseHeld({ tenants, conversations }: { tenants: readonly string[]; conversations: number }): void {
  const [tenant] = tenants;
  if (tenant !== undefined)
    throw new Refusal("conflict", `You are the last owner of ${tenant}: make somebody else its owner, or delete it, first.`);
  if (conversations > 0)
    throw new Refusal("conflict", `You still answer ${conversations} open conversations: close them or hand them on first.`);
}
