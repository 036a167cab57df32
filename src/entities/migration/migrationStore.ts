import { sqlState, type TenantSql } from "../../platform/database/database.ts";
import { storableJson } from "../../platform/database/storable.ts";
import type { Doing, Reference, UniqueValue } from "../entityStore.ts";
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

export interface MigratedEntity {
  id: string;
  /** The version that was seen: another one is left as it is. */
  seen: number;
  content: StoredValues;
  kept: KeptValues;
  /** Of the fields that changed, by ids. */
  before: StoredValues;
  after: StoredValues;
  freed: readonly UniqueValue[];
  taken: readonly UniqueValue[];
  /** Whom it has in a relation no more, and whom it has now. */
  left: readonly Reference[];
  met: readonly Reference[];
}

/** Answers which were still as they were seen, or nothing where one has a value that another has. One statement, with their lines in the history; without a name as `listEntities`. */
export async function writeMigrated(
  sql: Pick<TenantSql, "query">,
  { blueprint, to }: ToMigrate,
  entities: readonly MigratedEntity[],
  { by, at }: Doing,
): Promise<Set<string> | undefined> {
  const freed = entities.flatMap(({ id, freed: values }) => values.map((value) => ({ ...value, id })));
  const taken = entities.flatMap(({ id, taken: values }) => values.map((value) => ({ ...value, id })));
  try {
    const rows = await sql.query<{ id: string }>(
      `with one as (
         select * from unnest($6::uuid[], $7::int[], $8::jsonb[], $9::jsonb[], $10::jsonb[], $11::jsonb[]) as one (id, seen, content, kept, before, after)
       ), changed as (
         update entity e set blueprint_version = $3, content = one.content, kept = one.kept, version = e.version + 1, changed_at = $4, changed_by = $5
         from one where e.tenant_id = $1 and e.blueprint_id = $2 and e.id = one.id and e.version = one.seen
         returning e.id, e.version, one.before, one.after
       ), told as (
         insert into entity_change (tenant_id, blueprint_id, entity_id, version, kind, changed_at, changed_by, before, after)
         select $1, $2, id, version, 'migrate', $4, $5, before, after from changed
       ), freed as (
         delete from entity_unique u using changed, unnest($12::text[], $13::text[], $14::uuid[]) as gone (field, value, id)
         where u.tenant_id = $1 and u.blueprint_id = $2 and u.field = gone.field and u.value = gone.value and u.entity_id = changed.id and gone.id = changed.id
       ), taken as (
         insert into entity_unique (tenant_id, blueprint_id, field, value, entity_id)
         select $1, $2, got.field, got.value, changed.id from changed join unnest($15::text[], $16::text[], $17::uuid[]) as got (field, value, id) using (id)
       ), left_alone as (
         delete from entity_reference r using changed, unnest($18::text[], $19::uuid[], $20::uuid[]) as gone (field, target, id)
         where r.tenant_id = $1 and r.blueprint_id = $2 and r.entity_id = changed.id and gone.id = changed.id and r.field = gone.field and r.target_id = gone.target
       ), met as (
         insert into entity_reference (tenant_id, blueprint_id, entity_id, field, target_id)
         select $1, $2, changed.id, got.field, got.target from changed join unnest($21::text[], $22::uuid[], $23::uuid[]) as got (field, target, id) using (id)
         on conflict do nothing
       )
       select id from changed`,
      [
        blueprint,
        to,
        at,
        by,
        entities.map(({ id }) => id),
        entities.map(({ seen }) => seen),
        ...(["content", "kept", "before", "after"] as const).map((part) => entities.map((entity) => storableJson(entity[part]))),
        ...columnsOf(freed),
        ...columnsOf(taken),
        ...targetsOf(entities, "left"),
        ...targetsOf(entities, "met"),
      ],
    );
    return new Set(rows.map(({ id }) => id));
  } catch (error) {
    if (sqlState(error) === "23505" && taken.length > 0) return undefined;
    throw error;
  }
}

function targetsOf(entities: readonly MigratedEntity[], which: "left" | "met"): [string[], string[], string[]] {
  const references = entities.flatMap((entity) => entity[which].map((one) => ({ ...one, id: entity.id })));
  return [references.map(({ field }) => field), references.map(({ target }) => target), references.map(({ id }) => id)];
}

function columnsOf(values: readonly (UniqueValue & { id: string })[]): [string[], string[], string[]] {
  return [values.map(({ field }) => field), values.map(({ value }) => value), values.map(({ id }) => id)];
}
