import type { Sql, TenantSql, TransactionalSql } from "./database.ts";

/** Binds `tenant` as `$1` of every statement; the caller's values begin at `$2`. `unwalled` goes over all tenants. */
export function tenantSql(sql: TransactionalSql, tenant: string, unwalled: TransactionalSql): TenantSql {
  return { ...boundAll(sql, tenant), unwalled: boundAll(unwalled, tenant) };
}

function boundAll(sql: TransactionalSql, tenant: string): TransactionalSql & { tenant: string } {
  return { ...bound(sql, tenant), transaction: (work) => sql.transaction((tx) => work(bound(tx, tenant))) };
}

function bound(sql: Sql, tenant: string): Sql & { tenant: string } {
  return {
    tenant,
    query: (text, values = [], name) => {
      if (!/\$1(?!\d)/.test(text)) return Promise.reject(new Error("a statement of a tenant doesn't say $1, the tenant"));
      return sql.query(text, [tenant, ...values], name);
    },
  };
}
