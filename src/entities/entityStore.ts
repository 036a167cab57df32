import { type Sql, sqlState, type TenantSql } from "../platform/database/database.ts";
import { storableJson } from "../platform/database/storable.ts";
import { type ListRequest, listSql, type SqlList } from "../platform/lists/listSql.ts";
import type { EntityChangeKind } from "../protocol/blueprints.ts";
import type { StoredValues } from "./values.ts";

export interface StoredEntity {
  id: string;
  blueprintVersion: number;
  version: number;
  content: StoredValues;
  createdAt: Date;
  createdBy: string | null;
  changedAt: Date;
  changedBy: string | null;
  trashedAt: Date | null;
}

/** A value that no other entity has, as it is compared. */
export interface UniqueValue {
  field: string;
  value: string;
}

export interface NewEntity {
  id: string;
  content: StoredValues;
  unique: readonly UniqueValue[];
}

/** Who does it, and when. */
export interface Doing {
  by: string;
  at: Date;
}

const columns = `e.id, e.blueprint_version as "blueprintVersion", e.version, e.content, e.created_at as "createdAt", e.changed_at as "changedAt",
  e.trashed_at as "trashedAt", (select name from account where account.id = e.created_by) as "createdBy",
  (select name from account where account.id = e.changed_by) as "changedBy"`;

/** All of them, or none where one has a value that is taken; then the first that is. One statement. */
export async function insertEntities(
  sql: Pick<TenantSql, "query">,
  blueprint: { id: string; version: number },
  entities: readonly NewEntity[],
  { by, at }: Doing,
): Promise<TakenValue | undefined> {
  const unique = entities.flatMap(({ id, unique: values }) => values.map((value) => ({ ...value, id })));
  return await unlessTaken(sql, blueprint.id, unique, () =>
    sql.query(
      `with made as (
         insert into entity (tenant_id, blueprint_id, id, blueprint_version, content, created_at, created_by, changed_at, changed_by)
         select $1, $2, id, $3, content, $4, $5, $4, $5 from unnest($6::uuid[], $7::jsonb[]) as one (id, content)
       )
       insert into entity_unique (tenant_id, blueprint_id, field, value, entity_id)
       select $1, $2, field, value, id from unnest($8::text[], $9::text[], $10::uuid[]) as one (field, value, id)`,
      [
        blueprint.id,
        blueprint.version,
        at,
        by,
        entities.map(({ id }) => id),
        entities.map(({ content }) => storableJson(content)),
        ...columnsOf(unique),
        unique.map(({ id }) => id),
      ],
      "insert_entities",
    ),
  );
}

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
}

/** Answers the value that another has, or whether it was still as it was seen. One statement, with its line in the history. */
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
      const rows = await sql.query(
        `with changed as (
         update entity set content = $5, version = version + 1, changed_at = $6, changed_by = $7, trashed_at = $8
         where tenant_id = $1 and blueprint_id = $2 and id = $3 and version = $4 returning id, version
       ), told as (
         insert into entity_change (tenant_id, blueprint_id, entity_id, version, kind, changed_at, changed_by, before, after)
         select $1, $2, id, version, $9, $6, $7, $10, $11 from changed
       ), freed as (
         delete from entity_unique u using changed, unnest($12::text[], $13::text[]) as one (field, value)
         where u.tenant_id = $1 and u.blueprint_id = $2 and u.field = one.field and u.value = one.value and u.entity_id = changed.id
       ), taken as (
         insert into entity_unique (tenant_id, blueprint_id, field, value, entity_id)
         select $1, $2, field, value, changed.id from changed, unnest($14::text[], $15::text[]) as one (field, value)
       )
       select from changed`,
        [
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
          ...columnsOf(change.freed),
          ...columnsOf(change.taken),
        ],
        "change_entity",
      );
      changed = rows.length > 0;
    },
  );
  return taken ?? changed;
}

export interface TakenValue extends UniqueValue {
  /** Who has it; the same entity twice in one statement has none. */
  entity: string | undefined;
}

async function unlessTaken(
  sql: Pick<TenantSql, "query">,
  blueprint: string,
  unique: readonly UniqueValue[],
  write: () => Promise<unknown>,
): Promise<TakenValue | undefined> {
  try {
    await write();
    return undefined;
  } catch (error) {
    if (sqlState(error) !== "23505" || unique.length === 0) throw error;
    const [found] = await sql.query<TakenValue>(
      `select field, value, u.entity_id as entity from unnest($3::text[], $4::text[]) as one (field, value)
       join entity_unique u using (field, value) where u.tenant_id = $1 and u.blueprint_id = $2 limit 1`,
      [blueprint, ...columnsOf(unique)],
    );
    return found ?? twice(unique) ?? raise(error);
  }
}

function twice(unique: readonly UniqueValue[]): TakenValue | undefined {
  const seen = new Set<string>();
  for (const one of unique) {
    const key = JSON.stringify([one.field, one.value]);
    if (seen.has(key)) return { ...one, entity: undefined };
    seen.add(key);
  }
  return undefined;
}

function raise(error: unknown): never {
  throw error;
}

function columnsOf(unique: readonly UniqueValue[]): [string[], string[]] {
  return [unique.map(({ field }) => field), unique.map(({ value }) => value)];
}

/** By its id; also from the trash. Primary key. */
export async function findEntity(sql: Pick<Sql, "query">, blueprint: string, id: string): Promise<StoredEntity | undefined> {
  const [found] = await sql.query<StoredEntity>(
    `select ${columns} from entity e where e.tenant_id = $1 and e.blueprint_id = $2 and e.id = $3`,
    [blueprint, id],
    "find_entity",
  );
  return found;
}

/** Whose value of a unique field this is. Primary key of entity_unique. */
export async function findByUnique(
  sql: Pick<Sql, "query">,
  blueprint: string,
  unique: readonly UniqueValue[],
): Promise<string | undefined> {
  const [found] = await sql.query<{ id: string }>(
    `select u.entity_id as id from unnest($3::text[], $4::text[]) with ordinality as one (field, value, place)
     join entity_unique u using (field, value) where u.tenant_id = $1 and u.blueprint_id = $2 order by place limit 1`,
    [blueprint, ...columnsOf(unique)],
    "find_entity_by_unique",
  );
  return found?.id;
}

/** A page of those that aren't in the trash, or of those that are. Refusals as `listSql`. */
export async function listEntities(
  sql: TenantSql,
  blueprint: string,
  list: SqlList,
  { trashed, ...request }: ListRequest & { trashed: boolean },
): Promise<{ rows: StoredEntity[]; nextCursor: string | null }> {
  const { where, orderBy, limit, cursor, values, page } = listSql(list, request, 3);
  const rows = await sql.query<StoredEntity & { cursor: (string | null)[] }>(
    `select ${columns}, ${cursor} as cursor from entity e
     where e.tenant_id = $1 and e.blueprint_id = $2 and e.trashed_at is ${trashed ? "not null" : "null"} and ${where} order by ${orderBy} limit ${limit}`,
    [blueprint, ...values],
  );
  return page(rows);
}

export interface StoredChange {
  version: number;
  kind: EntityChangeKind;
  by: string | null;
  at: Date;
  before: StoredValues;
  after: StoredValues;
}

/** The newest first. Primary key. */
export async function listChanges(
  sql: Pick<Sql, "query">,
  blueprint: string,
  entity: string,
  { newerThan = 0, limit }: { newerThan?: number; limit: number },
): Promise<StoredChange[]> {
  return await sql.query<StoredChange>(
    `select version, kind, changed_at as at, before, after, (select name from account where account.id = changed_by) as by
     from entity_change where tenant_id = $1 and blueprint_id = $2 and entity_id = $3 and version > $4 order by version desc limit $5`,
    [blueprint, entity, newerThan, limit],
    "list_entity_changes",
  );
}
