import type { Sql } from "../../platform/database/database.ts";
import { storableJson } from "../../platform/database/storable.ts";
import type { ChangedEntity } from "../changeStore.ts";
import type { Doing, UniqueValue } from "../entityStore.ts";
import { moveReferences } from "../relations/relationStore.ts";
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

/** Writes changes to entities that are still as they were seen, each with its line in the history. Answers how many were. In a transaction. */
export async function writeChanges(tx: Sql, blueprint: string, changes: readonly ChangedEntity[], { by, at }: Doing): Promise<number> {
  if (changes.length === 0) return 0;
  await moveReferences(tx, blueprint, changes);
  const freed = changes.flatMap(({ id, freed: values }) => values.map((value) => ({ ...value, id })));
  const taken = changes.flatMap(({ id, taken: values }) => values.map((value) => ({ ...value, id })));
  // Before anybody takes it: one statement would do both in no order. Without a name as `findHolders`.
  await tx.query(
    `delete from entity_unique u using unnest($3::text[], $4::text[], $5::uuid[]) as one (field, value, id)
     where u.tenant_id = $1 and u.blueprint_id = $2 and u.field = one.field and u.value = one.value and u.entity_id = one.id`,
    [blueprint, ...columnsOf(freed), freed.map(({ id }) => id)],
  );
  const rows = await tx.query(
    `with one as (
       select * from unnest($5::uuid[], $6::int[], $7::text[], $8::jsonb[], $9::jsonb[], $10::jsonb[]) as one (id, seen, kind, content, before, after)
     ), changed as (
       update entity e set content = one.content, version = e.version + 1, changed_at = $3, changed_by = $4, trashed_at = null
       from one where e.tenant_id = $1 and e.blueprint_id = $2 and e.id = one.id and e.version = one.seen returning e.id, e.version
     ), told as (
       insert into entity_change (tenant_id, blueprint_id, entity_id, version, kind, changed_at, changed_by, before, after)
       select $1, $2, id, changed.version, one.kind, $3, $4, one.before, one.after from changed join one using (id)
     ), held as (
       insert into entity_unique (tenant_id, blueprint_id, field, value, entity_id)
       select $1, $2, field, value, id from unnest($11::text[], $12::text[], $13::uuid[]) as got (field, value, id)
     )
     select from changed`,
    [
      blueprint,
      at,
      by,
      changes.map(({ id }) => id),
      changes.map(({ seen }) => seen),
      changes.map(({ kind }) => kind),
      ...(["content", "before", "after"] as const).map((part) => changes.map((change) => storableJson(change[part]))),
      ...columnsOf(taken),
      taken.map(({ id }) => id),
    ],
  );
  return rows.length;
}

function columnsOf(unique: readonly UniqueValue[]): [string[], string[]] {
  return [unique.map(({ field }) => field), unique.map(({ value }) => value)];
}
