import { sqlState, type TenantSql } from "../../platform/database/database.ts";
import { storableJson } from "../../platform/database/storable.ts";
import type { Doing } from "../entityStore.ts";
import { type HeldChange, holdingOf } from "../heldStore.ts";
import type { StoredValues } from "../values.ts";
import type { KeptValues } from "./migrateContent.ts";

/** Which entities of a blueprint: those of other versions than `to`, or of them those that are named. */
export interface ToMigrate {
  blueprint: string;
  to: number;
  entities?: readonly string[] | undefined;
}

export interface OldEntity {
  id: string;
  version: number;
  blueprintVersion: number;
  content: StoredValues;
  kept: KeptValues;
  trashed: boolean;
}

const wanted = "tenant_id = $1 and blueprint_id = $2 and blueprint_version <> $3 and ($4::uuid[] is null or id = any($4))";

export async function countToMigrate(sql: Pick<TenantSql, "query">, { blueprint, to, entities }: ToMigrate): Promise<number> {
  const [row] = await sql.query<{ count: number }>(`select count(*)::int as count from entity where ${wanted}`, [
    blueprint,
    to,
    entities ?? null,
  ]);
  return row?.count ?? 0;
}

/** The next behind `after`, by id. Primary key. */
export async function listToMigrate(
  sql: Pick<TenantSql, "query">,
  { blueprint, to, entities }: ToMigrate,
  { after, limit }: { after: string; limit: number },
): Promise<OldEntity[]> {
  return await sql.query<OldEntity>(
    `select id, version, blueprint_version as "blueprintVersion", content, kept, trashed_at is not null as trashed
     from entity where ${wanted} and id > $5 order by id limit $6`,
    [blueprint, to, entities ?? null, after, limit],
  );
}

export interface MigratedEntity extends HeldChange {
  /** The version that was seen: another one is left as it is. */
  seen: number;
  content: StoredValues;
  kept: KeptValues;
  /** Of the fields that changed, by ids. */
  before: StoredValues;
  after: StoredValues;
}

/** Answers which were still as they were seen, or nothing where one has a value that another has. One statement, with their lines in the history; without a name as `listEntities`, and found by primary keys as in `holdingOf`. */
export async function writeMigrated(
  sql: Pick<TenantSql, "query">,
  { blueprint, to }: ToMigrate,
  entities: readonly MigratedEntity[],
  { by, at }: Doing,
): Promise<Set<string> | undefined> {
  const values = [
    blueprint,
    to,
    at,
    by,
    entities.map(({ id }) => id),
    entities.map(({ seen }) => seen),
    ...(["content", "kept", "before", "after"] as const).map((part) => entities.map((entity) => storableJson(entity[part]))),
  ];
  const holding = holdingOf(entities, values.length + 2);
  try {
    const rows = await sql.query<{ id: string }>(
      `with one as (
         select * from unnest($6::uuid[], $7::int[], $8::jsonb[], $9::jsonb[], $10::jsonb[], $11::jsonb[]) as one (id, seen, content, kept, before, after)
       ), changed as (
         update entity e set blueprint_version = $3, content = one.content, kept = one.kept, version = e.version + 1, changed_at = $4, changed_by = $5
         from one where e.tenant_id = $1 and e.blueprint_id = $2 and e.id = any($6) and e.id = one.id and e.version = one.seen
         returning e.id, e.version, one.before, one.after
       ), told as (
         insert into entity_change (tenant_id, blueprint_id, entity_id, version, kind, changed_at, changed_by, before, after)
         select $1, $2, id, version, 'migrate', $4, $5, before, after from changed
       )${holding.sql}
       select id from changed`,
      [...values, ...holding.values],
    );
    return new Set(rows.map(({ id }) => id));
  } catch (error) {
    if (sqlState(error) === "23505" && entities.some(({ taken }) => taken.length > 0)) return undefined;
    throw error;
  }
}
