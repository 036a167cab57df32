import type { Sql } from "./database.ts";

/** No tenant: the rows of the installation itself in tables of tenants. */
export const installation = "00000000-0000-0000-0000-000000000000";

/** A handle over all tenants as one of a tenant: `$1` of every statement is bound to it. One that is the tenant's already stays as it is. */
export function asTenant(sql: Sql, tenant: string): Sql {
  if (sql.tenant === tenant) return sql;
  if (sql.tenant !== undefined) throw new Error("the handle is another tenant's");
  return { tenant, query: (text, values = [], name) => sql.query(text, [tenant, ...values], name) };
}

export function ofInstallation(sql: Sql): Sql {
  return asTenant(sql, installation);
}
