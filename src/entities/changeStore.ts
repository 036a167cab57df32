import { v7 as newId } from "uuid";
import { type Sql, sqlState, type TenantSql } from "../platform/database/database.ts";
import { storableJson } from "../platform/database/storable.ts";
import { insertJobsSql } from "../platform/jobs/jobStore.ts";
import type { EntityChangeKind } from "../protocol/blueprints.ts";
import { type Doing, type TakenValue, unlessTaken } from "./entityStore.ts";
import { type StartToAsk, startKind } from "./flow/startKind.ts";
import { type HeldChange, holdingOf } from "./heldStore.ts";
import type { StoredValues } from "./values.ts";

export interface ChangedEntity extends HeldChange {
  /** The version that was seen: another one is left as it is. */
  seen: number;
  kind: EntityChangeKind;
  content: StoredValues;
  trashedAt: Date | null;
  /** Of the fields that changed. */
  before: StoredValues;
  after: StoredValues;
  /** What a step of the flow starts. */
  starts?: readonly StartToAsk[] | undefined;
}

/** A command that a step of a flow has run, and the key under which its run is found. */
export interface AskedStart {
  command: string;
  key: string;
}

/** Answers the value that another has, or whether it was still as it was seen. One statement, with its line in the history; without a name as `listEntities`. */
export async function changeEntity(
  sql: Pick<TenantSql, "query">,
  blueprint: string,
  change: ChangedEntity,
  { by, at }: Doing,
): Promise<TakenValue | boolean> {
  let changed = false;
  const taken = await unlessTaken(
    sql,
    blueprint,
    change.taken.map((value) => ({ ...value, id: change.id })),
    async () => {
      changed = await writeChange(sql, blueprint, change, { by, at });
    },
  );
  return taken ?? changed;
}

async function writeChange(sql: Pick<Sql, "query">, blueprint: string, change: ChangedEntity, { by, at }: Doing): Promise<boolean> {
  const values = [
    blueprint,
    change.id,
    change.seen,
    storableJson(change.content),
    at,
    by,
    change.trashedAt,
    change.kind,
    storableJson(change.before),
    storableJson(change.after),
    startedJson(change),
  ];
  const holding = holdingOf([change], values.length + 2);
  const asking = askingOf([change], values.length + 2 + holding.values.length);
  const rows = await sql.query(
    `with changed as (
         update entity set content = $5, version = version + 1, changed_at = $6, changed_by = $7, trashed_at = $8
         where tenant_id = $1 and blueprint_id = $2 and id = $3 and version = $4 returning id, version
       ), told as (
         insert into entity_change (tenant_id, blueprint_id, entity_id, version, kind, changed_at, changed_by, before, after, started)
         select $1, $2, id, version, $9, $6, $7, $10, $11, $12 from changed
       )${holding.sql}${asking.sql}
       select from changed`,
    [...values, ...holding.values, ...asking.values],
  );
  return rows.length > 0;
}

/**
 * Answers which were still as they were seen, or nothing where one has a value that another has. One statement, with their lines in the history, and in what
 * became of a run, where it is named; what a run had already is left out. Without a name as `listEntities`, and found by primary keys as in `holdingOf`.
 */
export async function changeEntities(
  sql: Pick<Sql, "query">,
  { blueprint, run = null }: { blueprint: string; run?: string | null },
  changes: readonly ChangedEntity[],
  { by, at }: Doing,
): Promise<Set<string> | undefined> {
  const values = [
    blueprint,
    at,
    by,
    run,
    changes.map(({ id }) => id),
    changes.map(({ seen }) => seen),
    changes.map(({ kind }) => kind),
    changes.map(({ trashedAt }) => trashedAt),
    ...(["content", "before", "after"] as const).map((part) => changes.map((change) => storableJson(change[part]))),
    changes.map(startedJson),
  ];
  const holding = holdingOf(changes, values.length + 2);
  const asking = askingOf(changes, values.length + 2 + holding.values.length);
  try {
    const rows = await sql.query<{ id: string }>(
      `with one as (
         select * from unnest($6::uuid[], $7::int[], $8::text[], $9::timestamptz[], $10::jsonb[], $11::jsonb[], $12::jsonb[], $13::jsonb[])
           as one (id, seen, kind, trashed_at, content, before, after, started)
       ), changed as (
         update entity e set content = one.content, version = e.version + 1, changed_at = $3, changed_by = $4, trashed_at = one.trashed_at
         from one where e.tenant_id = $1 and e.blueprint_id = $2 and e.id = any($6) and e.id = one.id and e.version = one.seen
           and (select b.entity_id from entity_bulk b where b.tenant_id = $1 and b.run_id = $5::text and b.entity_id = e.id limit 1) is null
         returning e.id, e.version, one.kind, one.before, one.after, one.started
       ), told as (
         insert into entity_change (tenant_id, blueprint_id, entity_id, version, kind, changed_at, changed_by, before, after, started)
         select $1, $2, id, version, kind, $3, $4, before, after, started from changed
       ), noted as (
         insert into entity_bulk (tenant_id, run_id, entity_id, blueprint_id, version, at)
         select $1, $5::text, id, $2, version, $3 from changed where $5::text is not null
       )${holding.sql}${asking.sql}
       select id from changed`,
      [...values, ...holding.values, ...asking.values],
    );
    return new Set(rows.map(({ id }) => id));
  } catch (error) {
    if (sqlState(error) === "23505") return undefined;
    throw error;
  }
}

/** What the line in the history says of it. */
function startedJson({ starts = [] }: Pick<ChangedEntity, "starts">): string | null {
  return starts.length === 0 ? null : JSON.stringify(starts.map(({ command, key }) => ({ command, key })));
}

/** What a statement that writes `changed` goes on with, so that what steps start is asked for with them or not at all; parameters from `first`. */
function askingOf(changes: readonly Pick<ChangedEntity, "id" | "starts">[], first: number): { sql: string; values: unknown[] } {
  const jobs = changes.flatMap(({ id: entity, starts = [] }) => starts.map((start) => ({ ...start, entity, id: newId() })));
  if (jobs.length === 0) return { sql: "", values: [] };
  const [entity, id, key, data] = [first, first + 1, first + 2, first + 3];
  const rows = `changed join unnest($${entity}::uuid[], $${id}::uuid[], $${key}::text[], $${data}::jsonb[]) as asked (entity, job_id, key, data)
    on asked.entity = changed.id`;
  return {
    sql: `, asking as (${insertJobsSql(startKind, { id: "asked.job_id", key: "asked.key", data: "asked.data" }, rows)})`,
    values: [
      jobs.map((job) => job.entity),
      jobs.map((job) => job.id),
      jobs.map((job) => job.key),
      jobs.map((job) => storableJson(job.data)),
    ],
  };
}

export interface StoredChange {
  version: number;
  kind: EntityChangeKind;
  by: string | null;
  /** The account. */
  byId: string;
  at: Date;
  before: StoredValues;
  after: StoredValues;
  started: readonly AskedStart[] | null;
}

/** The newest first. Primary key. */
export async function listChanges(
  sql: Pick<Sql, "query">,
  blueprint: string,
  entity: string,
  { newerThan = 0, limit }: { newerThan?: number; limit: number },
): Promise<StoredChange[]> {
  return await sql.query<StoredChange>(
    `select version, kind, changed_at as at, before, after, started, changed_by as "byId", (select name from account where account.id = changed_by) as by
     from entity_change where tenant_id = $1 and blueprint_id = $2 and entity_id = $3 and version > $4 order by version desc limit $5`,
    [blueprint, entity, newerThan, limit],
    "list_entity_changes",
  );
}
