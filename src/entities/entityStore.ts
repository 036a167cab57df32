import { type Sql, sqlState, type TenantSql } from "../platform/database/database.ts";
import { storableJson } from "../platform/database/storable.ts";
import { type ListRequest, listPartsSql } from "../platform/lists/listSql.ts";
import { stillSo } from "./blueprints/blueprintStore.ts";
import { entityList } from "./entityList.ts";
import type { Parts, ReachedBlueprint } from "./reach.ts";
import { bindReach } from "./reachStore.ts";
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
  createdById: string;
  changedById: string;
  trashedAt: Date | null;
  /** Of the reach through which it was found, and of that of who would change it. */
  parts: Parts;
  changeParts: Parts;
}

/** A value that no other entity has, as it is compared. */
export interface UniqueValue {
  field: string;
  value: string;
}

/** That an entity has another in a relation. */
export interface Reference {
  field: string;
  target: string;
}

export interface NewEntity {
  id: string;
  content: StoredValues;
  unique: readonly UniqueValue[];
  references: readonly Reference[];
}

/** Who does it, and when. */
export interface Doing {
  by: string;
  at: Date;
}

const ownColumns = `e.id, e.blueprint_version as "blueprintVersion", e.version, e.content, e.created_at as "createdAt", e.changed_at as "changedAt",
  e.trashed_at as "trashedAt", e.created_by as "createdById", e.changed_by as "changedById"`;
// Of many that nobody waits for a plan with the names in it is worth its time; of one it would take longer than the rest.
const nameOf = (account: string) =>
  `(select a.name from account a join membership m on m.tenant_id = $1 and m.account_id = a.id where a.id = ${account})`;
export const entityColumns = `${ownColumns}, ${nameOf("e.created_by")} as "createdBy", ${nameOf("e.changed_by")} as "changedBy"`;
const columnsOfOne = `${ownColumns}, member_name($1, e.created_by) as "createdBy", member_name($1, e.changed_by) as "changedBy"`;

/** All of them, or none where one has a value that is taken; then the first that is. One statement. */
export async function insertEntities(
  sql: Pick<TenantSql, "query">,
  blueprint: { id: string; version: number },
  entities: readonly NewEntity[],
  { by, at }: Doing,
): Promise<TakenValue | undefined> {
  const unique = entities.flatMap(({ id, unique: values }) => values.map((value) => ({ ...value, id })));
  return await unlessTaken(sql, blueprint.id, unique, () => insertUnlooked(sql, blueprint, entities, { by, at }));
}

/** The same for whoever has looked whether values are taken, and begins anew where the database says otherwise (23505). */
export async function insertUnlooked(
  sql: Pick<Sql, "query">,
  blueprint: { id: string; version: number },
  entities: readonly NewEntity[],
  { by, at }: Doing,
): Promise<void> {
  const references = entities.flatMap(({ id, references: all }) => all.map((one) => ({ ...one, id })));
  const unique = entities.flatMap(({ id, unique: values }) => values.map((value) => ({ ...value, id })));
  await sql.query(
    `with made as (
       insert into entity (tenant_id, blueprint_id, id, blueprint_version, content, created_at, created_by, changed_at, changed_by)
       select $1, $2, id, $3, content, $4, $5, $4, $5 from unnest($6::uuid[], $7::jsonb[]) as one (id, content)
     ), referenced as (
       insert into entity_reference (tenant_id, blueprint_id, entity_id, field, target_id)
       select $1, $2, id, field, target from unnest($11::text[], $12::uuid[], $13::uuid[]) as one (field, target, id)
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
      ...targetsOf(references),
      references.map(({ id }) => id),
    ],
    "insert_entities",
  );
}

export interface TakenValue extends UniqueValue {
  /** Who has it; the same entity twice in one statement has none. */
  entity: string | undefined;
}

/** Writes, or answers which of these values another has. */
export async function unlessTaken(
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

export function targetsOf(references: readonly Reference[]): [string[], string[]] {
  return [references.map(({ field }) => field), references.map(({ target }) => target)];
}

export function columnsOf(unique: readonly UniqueValue[]): [string[], string[]] {
  return [unique.map(({ field }) => field), unique.map(({ value }) => value)];
}

/**
 * By its id, for whoever reaches it; also from the trash. Primary key; without a name as `listEntities`, but for who reaches all of a blueprint that is
 * remembered: then the statement names the blueprint's table by its text, and its plan, which is for this table only, is kept.
 */
export async function findEntity(sql: Pick<Sql, "query">, blueprint: ReachedBlueprint, id: string): Promise<StoredEntity | undefined> {
  const name = blueprint.isGuess === true && blueprint.reach === "all" && (blueprint.changes ?? "all") === "all" && planOf(blueprint.id);
  if (name) return await findPlanned(sql, blueprint, id, name);
  const { rows, parts, values } = boundBoth(blueprint, 4);
  const bound = [blueprint.id, id, ...values];
  const still = blueprint.isGuess === true ? ` and ${stillSo(blueprint, (value) => `$${bound.push(value) + 1}`)}` : "";
  const [found] = await sql.query<StoredEntity>(
    `select ${columnsOfOne}, ${parts} from entity e where e.tenant_id = $1 and e.blueprint_id = $2 and e.id = $3 and ${rows}${still}`,
    bound,
  );
  return found;
}

async function findPlanned(
  sql: Pick<Sql, "query">,
  blueprint: ReachedBlueprint,
  id: string,
  name: string,
): Promise<StoredEntity | undefined> {
  const bound: unknown[] = [id];
  const [found] = await sql.query<StoredEntity>(
    `select ${columnsOfOne}, null::boolean[] as parts, null::boolean[] as "changeParts" from entity e
     where e.tenant_id = $1 and e.blueprint_id = '${blueprint.id}' and e.id = $2 and ${stillSo(blueprint, (value) => `$${bound.push(value) + 1}`)}`,
    bound,
    name,
  );
  return found;
}

const mostPlanned = 100;
/** Blueprints of which a plan is kept: the first that were asked for, so many that a connection can hold them all. */
const planned = new Set<string>();

/** What the statement is called that reads one of a blueprint's entities; undefined for a blueprint of which no plan is kept. */
function planOf(blueprint: string): string | undefined {
  if (planned.size < mostPlanned) planned.add(blueprint);
  return planned.has(blueprint) ? `find_entity_${blueprint}` : undefined;
}

/** Those of these ids that whoever asks reaches. Primary key. */
export async function reachedAmong(sql: Pick<Sql, "query">, blueprint: ReachedBlueprint, ids: readonly string[]): Promise<string[]> {
  if (blueprint.reach === "all") return [...ids];
  const { rows, values } = bindReach(blueprint.reach, 4);
  const found = await sql.query<{ id: string }>(
    `select e.id from entity e where e.tenant_id = $1 and e.blueprint_id = $2 and e.id = any($3::uuid[]) and ${rows}`,
    [blueprint.id, ids, ...values],
  );
  return found.map(({ id }) => id);
}

/** Who changes an entity finds it through what they may see, too. */
function boundBoth({ reach, changes = "all" }: ReachedBlueprint, first: number) {
  const seen = bindReach(reach, first);
  const changed = bindReach(changes, first + seen.values.length);
  return {
    rows: `${seen.rows} and ${changed.rows}`,
    parts: `${seen.parts} as parts, ${changed.parts} as "changeParts"`,
    values: [...seen.values, ...changed.values],
  };
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

/**
 * A page of those that aren't in the trash, or of those that are, as far as whoever asks reaches them. Refusals as `listSql`. Indexes: the primary key, and
 * those of fields (`indexOf`): what they are asked by isn't leakproof, so the wall would keep PostgreSQL from using them. PostgreSQL appends the parts in
 * their order, and reads the second only where the first doesn't fill the page. Without a name, as everything that names a blueprint's table by a value: a
 * plan for all values is one for all tables, a second long where there are thousands.
 */
export async function listEntities(
  { unwalled }: Pick<TenantSql, "unwalled">,
  blueprint: ReachedBlueprint,
  { trashed, ...request }: ListRequest & { trashed: boolean },
): Promise<{ rows: StoredEntity[]; nextCursor: string | null }> {
  const list = entityList(blueprint.definition.fields, blueprint.reach, 3);
  const { parts, limit, cursor, values, page } = listPartsSql(list, request, 3);
  const reached = bindReach(blueprint.reach, 3);
  const selects = parts.map(
    ({ where, orderBy }) =>
      `(select e.id, e.blueprint_version, e.version, e.content, e.created_at, e.created_by, e.changed_at, e.changed_by, e.trashed_at from entity e
        where e.tenant_id = $1 and e.blueprint_id = $2 and e.trashed_at is ${trashed ? "not null" : "null"} and ${where} order by ${orderBy} limit ${limit})`,
  );
  const bound: unknown[] = [blueprint.id, ...values];
  const bind = (value: unknown) => `$${bound.push(value) + 1}`;
  const still = blueprint.isGuess === true ? `where ${stillSo(blueprint, bind)}` : "";
  // The cursor of the last one on the page, of whom the next begins, stands once: with each row it would be made, sent and read for it.
  const people = new Map(blueprint.people);
  const rows = await unwalled.query<ListedRow>(
    `select ${ownColumns}, ${reached.parts} as parts, null::boolean[] as "changeParts",
       case row_number() over () when ${limit} - 1 then ${cursor} end as cursor,
       case row_number() over () when 1 then members_still($1, ${bind([...people.keys()])}::uuid[], ${bind([...people.values()])}::text[]) end as "peopleStill"
     from (select * from (${selects.join(" union all ")}) e ${still} limit ${limit}) e`,
    bound,
  );
  const { rows: listed, nextCursor } = page(rows);
  const names = await peopleOf(unwalled, blueprint, people, listed);
  return { rows: listed.map((row) => named(row, names)), nextCursor };
}

type ListedRow = Omit<StoredEntity, "createdBy" | "changedBy"> & { cursor: (string | null)[]; peopleStill: boolean | null };

const mostPeople = 20;

/** What whoever made or changed these is called: as it is remembered where the page's own statement says that it still is so. */
async function peopleOf(
  sql: Pick<Sql, "query">,
  blueprint: ReachedBlueprint,
  known: ReadonlyMap<string, string | null>,
  rows: readonly ListedRow[],
): Promise<ReadonlyMap<string, string | null>> {
  const people = new Map(rows[0]?.peopleStill === true ? known : []);
  const missing = new Set(rows.flatMap(({ createdById, changedById }) => [createdById, changedById]).filter((id) => !people.has(id)));
  if (missing.size === 0) return people;
  const [found] = await sql.query<{ names: Record<string, string> | null }>(
    "select member_names($1, $2) as names",
    [[...missing]],
    "member_names",
  );
  for (const id of missing) people.set(id, found?.names?.[id] ?? null);
  const { people: remembered } = blueprint;
  remembered?.clear();
  for (const [id, name] of [...people].slice(-mostPeople)) remembered?.set(id, name);
  return people;
}

function named(row: ListedRow, people: ReadonlyMap<string, string | null>): StoredEntity {
  return Object.assign(row, { createdBy: people.get(row.createdById) ?? null, changedBy: people.get(row.changedById) ?? null });
}
