import type { Sql } from "../../platform/database/database.ts";
import type { UniqueValue } from "../entityStore.ts";
import type { StoredValues } from "../values.ts";

export interface Holder extends UniqueValue {
  id: string;
}

/**
 * Who has these values alone. Primary key of entity_unique. Without a name: a plan that was made while the table was empty reads all of it for each value, 5 s
 * for a thousand among 46,000, and nothing tells PostgreSQL to make another while an import fills it.
 */
export async function findHolders(sql: Pick<Sql, "query">, blueprint: string, unique: readonly UniqueValue[]): Promise<Holder[]> {
  if (unique.length === 0) return [];
  return await sql.query<Holder>(
    `select u.field, u.value, u.entity_id as id from unnest($3::text[], $4::text[]) as one (field, value)
     join entity_unique u using (field, value) where u.tenant_id = $1 and u.blueprint_id = $2`,
    [blueprint, ...columnsOf(unique)],
  );
}

export interface FoundEntity {
  id: string;
  version: number;
  blueprintVersion: number;
  content: StoredValues;
  isTrashed: boolean;
}

/** Primary key; without a name as `listEntities`. */
export async function findEntitiesById(sql: Pick<Sql, "query">, blueprint: string, ids: readonly string[]): Promise<FoundEntity[]> {
  if (ids.length === 0) return [];
  return await sql.query<FoundEntity>(
    `select id, version, blueprint_version as "blueprintVersion", content, trashed_at is not null as "isTrashed"
     from entity where tenant_id = $1 and blueprint_id = $2 and id = any($3::uuid[])`,
    [blueprint, ids],
  );
}

/** What those in the trash have in a field: the newest in the trash last. Index entity_trashed. */
export async function listTrashedValues(
  sql: Pick<Sql, "query">,
  blueprint: string,
  field: string,
  limit: number,
): Promise<{ id: string; value: StoredValues[string] }[]> {
  return await sql.query(
    `select id, content -> $3 as value from (
       select id, content, trashed_at from entity where tenant_id = $1 and blueprint_id = $2 and trashed_at is not null and content ? $3
       order by trashed_at desc limit $4
     ) one order by trashed_at`,
    [blueprint, field, limit],
  );
}

function columnsOf(unique: readonly UniqueValue[]): [string[], string[]] {
  return [unique.map(({ field }) => field), unique.map(({ value }) => value)];
}
