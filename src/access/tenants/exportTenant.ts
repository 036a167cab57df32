import type { Platform } from "../../platform/platform.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { actorOf, audit } from "../audit/audit.ts";
import { requireStepUp } from "../factors/stepUp.ts";
import type { AccountPrincipal } from "../principal.ts";
import { exportedTables, readPage, readPeople } from "./exportTenantStore.ts";

/**
 * Everything of a tenant as lines of JSON, `{"table", "row"}`, a thousand rows in memory at most; secrets and what is made anew from the rest are
 * left out. The audit has an export of its own. That it was taken is an entry there. Refusals: `forbidden` for a program, `step_up_needed`.
 */
export async function exportTenant(
  { database, clock }: Pick<Platform, "database" | "clock">,
  by: AccountPrincipal,
): Promise<AsyncGenerator<string>> {
  if (by.kind !== "account") throw new Refusal("forbidden", "A person exports a whole workspace, no program.");
  await requireStepUp({ database, clock }, by);
  await database
    .forTenant(by.tenant)
    .transaction((tx) =>
      audit(tx, { tenant: by.tenant, actor: actorOf(by), action: "tenant.export", object: { kind: "tenant", id: by.tenant } }),
    );
  return linesOf(database, by.tenant);
}

async function* linesOf({ aside }: Pick<Platform["database"], "aside">, tenant: string): AsyncGenerator<string> {
  const sql = aside.forTenant(tenant);
  yield textOf("account", await readPeople(aside.acrossTenants, tenant));
  for (const table of await exportedTables(aside.acrossTenants)) {
    for (let after: readonly string[] | null = null; ; ) {
      const page = await readPage(sql, table, after);
      yield textOf(
        table.name,
        page.map(({ row }) => row),
      );
      const last = page.at(-1);
      if (last === undefined || last.at.length === 0) break;
      after = last.at;
    }
  }
}

function textOf(table: string, rows: readonly object[]): string {
  return rows.map((row) => `${JSON.stringify({ table, row })}\n`).join("");
}
