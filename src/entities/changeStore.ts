import { v7 as newId } from "uuid";
import type { Sql, TenantSql } from "../platform/database/database.ts";
import { storableJson } from "../platform/database/storable.ts";
import { insertJobsSql } from "../platform/jobs/jobStore.ts";
import type { EntityChangeKind } from "../protocol/blueprints.ts";
import { columnsOf, type Doing, type Reference, type TakenValue, targetsOf, type UniqueValue, unlessTaken } from "./entityStore.ts";
import { type StartToAsk, startKind } from "./flow/startKind.ts";
import type { StoredValues } from "./values.ts";

export interface ChangedEntity {
  id: string;
  /** The version that was seen: another one is left as it is. */
  seen: number;
  kind: EntityChangeKind;
  content: StoredValues;
  trashedAt: Date | null;
  /** Of the fields that changed. */
  before: StoredValues;
  after: StoredValues;
  /** What it had alone and has no more, and what it has alone now. */
  freed: readonly UniqueValue[];
  taken: readonly UniqueValue[];
  /** Whom it has in a relation no more, and whom it has now. */
  left: readonly Reference[];
  met: readonly Reference[];
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

/** What there is nothing of isn't in the statement, which is planned anew each time. */
async function writeChange(sql: Pick<Sql, "query">, blueprint: string, change: ChangedEntity, { by, at }: Doing): Promise<boolean> {
  const values: unknown[] = [
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
  const bind = (value: unknown) => `$${values.push(value) + 1}`;
  const valued = (unique: readonly UniqueValue[]) => {
    const [fields, all] = columnsOf(unique).map(bind);
    return `unnest(${fields}::text[], ${all}::text[]) as one (field, value)`;
  };
  const targeted = (references: readonly Reference[]) => {
    const [fields, targets] = targetsOf(references).map(bind);
    return `unnest(${fields}::text[], ${targets}::uuid[]) as one (field, target)`;
  };
  const more = [
    change.freed.length > 0 &&
      `, freed as (
         delete from entity_unique u using changed, ${valued(change.freed)}
         where u.tenant_id = $1 and u.blueprint_id = $2 and u.field = one.field and u.value = one.value and u.entity_id = changed.id
       )`,
    change.taken.length > 0 &&
      `, taken as (
         insert into entity_unique (tenant_id, blueprint_id, field, value, entity_id)
         select $1, $2, field, value, changed.id from changed, ${valued(change.taken)}
       )`,
    change.left.length > 0 &&
      `, left_alone as (
         delete from entity_reference r using changed, ${targeted(change.left)}
         where r.tenant_id = $1 and r.blueprint_id = $2 and r.entity_id = changed.id and r.field = one.field and r.target_id = one.target
       )`,
    change.met.length > 0 &&
      `, met as (
         insert into entity_reference (tenant_id, blueprint_id, entity_id, field, target_id)
         select $1, $2, changed.id, field, target from changed, ${targeted(change.met)} on conflict do nothing
       )`,
  ];
  const asking = askingOf([change], values.length + 2);
  const rows = await sql.query(
    `with changed as (
         update entity set content = $5, version = version + 1, changed_at = $6, changed_by = $7, trashed_at = $8
         where tenant_id = $1 and blueprint_id = $2 and id = $3 and version = $4 returning id, version
       ), told as (
         insert into entity_change (tenant_id, blueprint_id, entity_id, version, kind, changed_at, changed_by, before, after, started)
         select $1, $2, id, version, $9, $6, $7, $10, $11, $12 from changed
       )${more.filter((part) => part !== false).join("")}${asking.sql}
       select from changed`,
    [...values, ...asking.values],
  );
  return rows.length > 0;
}

/** What the line in the history says of it. */
export function startedJson({ starts = [] }: Pick<ChangedEntity, "starts">): string | null {
  return starts.length === 0 ? null : JSON.stringify(starts.map(({ command, key }) => ({ command, key })));
}

/** What a statement that writes `changed` goes on with, so that what steps start is asked for with them or not at all; parameters from `first`. */
export function askingOf(changes: readonly Pick<ChangedEntity, "id" | "starts">[], first: number): { sql: string; values: unknown[] } {
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
