import type { TenantSql, TransactionalSql } from "../../platform/database/database.ts";
import type { BlueprintDefinition } from "../../protocol/blueprints.ts";

/** The indexes of a table, and whether each can be used yet. */
export async function listIndexes(sql: Pick<TenantSql, "query">, table: string): Promise<Map<string, boolean>> {
  const rows = await sql.query<{ name: string; valid: boolean }>(
    `select c.relname as name, i.indisvalid as valid from pg_index i join pg_class c on c.oid = i.indexrelid
     where i.indrelid = to_regclass($2) and $1::uuid is not null`,
    [table],
  );
  return new Map(rows.map(({ name, valid }) => [name, valid]));
}

/** The latest version of a blueprint. Primary key. */
export async function findLatest(sql: Pick<TenantSql, "query">, id: string): Promise<BlueprintDefinition | undefined> {
  const [found] = await sql.query<{ definition: BlueprintDefinition }>(
    `select v.definition from blueprint b join blueprint_version v on v.tenant_id = b.tenant_id and v.blueprint_id = b.id and v.number = b.latest
     where b.tenant_id = $1 and b.id = $2`,
    [id],
  );
  return found?.definition;
}

export interface IndexedBlueprint {
  tenant: string;
  id: string;
  definition: BlueprintDefinition;
  /** The indexes of its table, with those that can't be used. */
  indexes: string[];
  halfMade: number;
}

/** The blueprints of all tenants of which some version has a field with an index. Reads every version: for a start. */
export async function listIndexed(sql: Pick<TransactionalSql, "query">): Promise<IndexedBlueprint[]> {
  return await sql.query<IndexedBlueprint>(
    `select b.tenant_id as tenant, b.id, v.definition, coalesce(i.names, '{}') as indexes, coalesce(i.half_made, 0) as "halfMade"
     from blueprint b join blueprint_version v on v.tenant_id = b.tenant_id and v.blueprint_id = b.id and v.number = b.latest
     left join lateral (
       select array_agg(c.relname::text) as names, count(*) filter (where not i.indisvalid)::int as half_made
       from pg_index i join pg_class c on c.oid = i.indexrelid
       where i.indrelid = to_regclass('entity_' || replace(b.id::text, '-', '')) and starts_with(c.relname, 'by_')
     ) i on true
     where exists (
       select from blueprint_version w where w.tenant_id = b.tenant_id and w.blueprint_id = b.id and w.definition @? '$.fields[*].indexed ? (@ == true)'
     )`,
  );
}
