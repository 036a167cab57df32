import { giveUpHeldByGone } from "../../files/fileStore.ts";
import type { Sql, TenantSql } from "../../platform/database/database.ts";
import { type ListRequest, listSql, type SqlList } from "../../platform/lists/listSql.ts";
import type { Parts, ReachedBlueprint } from "../reach.ts";
import { bindReach } from "../reachStore.ts";
import type { StoredValues } from "../values.ts";

export interface Trashed {
  kind: "blueprint" | "entity";
  /** The key of the blueprint. */
  blueprint: string;
  blueprintId: string;
  id: string;
  /** Of an entity: what it has, and the version that it fits. */
  content: StoredValues | null;
  number: number;
  trashedAt: Date;
  trashedBy: string | null;
  parts: Parts;
}

/** By what the trash may be filtered and sorted; what went into it last comes first. */
export const trashList: SqlList = {
  fields: {
    id: { type: "id", sql: "t.id" },
    kind: { type: "choice", sql: "t.kind", choices: ["blueprint", "entity"] },
    blueprint: { type: "text", sql: "t.blueprint" },
    trashedAt: { type: "instant", sql: "t.trashed_at" },
  },
  order: "-trashedAt",
  unique: "id",
};

/** A page of what is in the trash, of these blueprints. Indexes: blueprint_key, entity_trashed. */
export async function listTrashed(
  sql: TenantSql,
  blueprints: readonly ReachedBlueprint[],
  request: ListRequest,
): Promise<{ rows: Trashed[]; nextCursor: string | null }> {
  const {
    within,
    parts,
    values: rules,
  } = boundEach(
    blueprints.filter(({ reach }) => reach !== "all"),
    4,
  );
  const { where, orderBy, limit, cursor, values, page } = listSql(trashList, request, 4 + rules.length);
  const rows = await sql.query<Trashed & { cursor: (string | null)[] }>(
    `select t.kind, t.blueprint, t.blueprint_id as "blueprintId", t.id, t.content, t.number, t.trashed_at as "trashedAt", t.parts,
       (select name from account where account.id = t.changed_by) as "trashedBy", ${cursor} as cursor
     from (
       select 'blueprint' as kind, b.key as blueprint, b.id as blueprint_id, b.id, null::jsonb as content, b.latest as number, b.trashed_at, b.changed_by,
         null::boolean[] as parts
       from blueprint b where b.tenant_id = $1 and b.id = any($2::uuid[]) and b.trashed_at is not null
       union all
       select 'entity', b.key, b.id, e.id, e.content, e.blueprint_version, e.trashed_at, e.changed_by, ${parts}
       from entity e join blueprint b on b.tenant_id = e.tenant_id and b.id = e.blueprint_id
       where e.tenant_id = $1 and e.blueprint_id = any($2::uuid[]) and e.trashed_at is not null and (e.blueprint_id = any($3::uuid[])${within})
     ) t where ${where} order by ${orderBy} limit ${limit}`,
    [blueprints.map(({ id }) => id), blueprints.filter(({ reach }) => reach === "all").map(({ id }) => id), ...rules, ...values],
  );
  return page(rows);
}

/** What is reached of each of these blueprints' entities, behind others that are reached. */
function boundEach(blueprints: readonly ReachedBlueprint[], first: number): { within: string; parts: string; values: unknown[] } {
  const values: unknown[] = [];
  const each = blueprints.map(({ id, reach }) => {
    const theirs = `e.blueprint_id = $${values.push(id) + first - 1}::uuid`;
    const { rows, parts, values: bound } = bindReach(reach, first + values.length);
    values.push(...bound);
    return { theirs, rows, parts };
  });
  return {
    within: each.map(({ theirs, rows }) => ` or (${theirs} and ${rows})`).join(""),
    parts: `(case ${each.map(({ theirs, parts }) => `when ${theirs} then ${parts}`).join(" ")} ${each.length === 0 ? "when true then null::boolean[] " : ""}end)`,
    values,
  };
}

/** How much would be gone with a blueprint. */
export async function countOfBlueprint(sql: Pick<TenantSql, "query">, id: string): Promise<{ entities: number; changes: number }> {
  const [row] = await sql.query<{ entities: number; changes: number }>(
    `select (select count(*)::int from entity where tenant_id = $1 and blueprint_id = $2) as entities,
       (select count(*)::int from entity_change where tenant_id = $1 and blueprint_id = $2) as changes`,
    [id],
  );
  return row ?? { entities: 0, changes: 0 };
}

const atOnce = 5000;

/** How many entities went, and which files they held: their bytes are still there. */
export interface Gone {
  entities: number;
  ids: string[];
  files: string[];
}

const nothingWent: Gone = { entities: 0, ids: [], files: [] };
/** What stands beside those that are gone. */
const aroundGone = (["note", "conversation", "bulk"] as const)
  .map((beside) => {
    const table = `entity_${beside}`;
    return `${beside}_gone as (delete from ${table} b using gone where b.tenant_id = $1 and b.blueprint_id = $2 and b.entity_id = gone.id)`;
  })
  .join(", ");
const whatWent =
  "select (select count(*)::int from gone) as entities, array(select id from gone) as ids, array(select id from files) as files";

/**
 * Some entities of a blueprint that is in the trash, with all that is kept of them; answers how many went. In a transaction: who writes a note holds its
 * entity until that is written, and only a statement that begins after it finds it.
 */
export async function purgeSomeEntities(sql: Pick<Sql, "query">, blueprint: string): Promise<Gone> {
  await sql.query(`select from entity where tenant_id = $1 and blueprint_id = $2 order by id limit ${atOnce} for update`, [blueprint]);
  const [row] = await sql.query<Gone>(
    `with gone as (
       delete from entity where tenant_id = $1 and blueprint_id = $2
         and id = any(array(select id from entity where tenant_id = $1 and blueprint_id = $2 order by id limit ${atOnce}))
         and exists (select from blueprint where tenant_id = $1 and id = $2 and trashed_at is not null) returning id
     ), changes as (
       delete from entity_change c using gone where c.tenant_id = $1 and c.blueprint_id = $2 and c.entity_id = gone.id
     ), freed as (
       delete from entity_unique u using gone where u.tenant_id = $1 and u.blueprint_id = $2 and u.entity_id = gone.id
     ), unreferenced as (
       delete from entity_reference r using gone where r.tenant_id = $1 and r.blueprint_id = $2 and r.entity_id = gone.id
     ), ${aroundGone}, files as (${giveUpHeldByGone})
     ${whatWent}`,
    [blueprint],
  );
  return row ?? nothingWent;
}

/** One that is in the trash, with all that is kept of it; none where it isn't there any more. In a transaction, as `purgeSomeEntities`. */
export async function purgeTrashedEntity(sql: Pick<Sql, "query">, blueprint: string, id: string): Promise<Gone> {
  await sql.query("select from entity where tenant_id = $1 and blueprint_id = $2 and id = $3 for update", [blueprint, id]);
  const [row] = await sql.query<Gone>(
    `with gone as (
       delete from entity where tenant_id = $1 and blueprint_id = $2 and id = $3 and trashed_at is not null returning id
     ), changes as (
       delete from entity_change c using gone where c.tenant_id = $1 and c.blueprint_id = $2 and c.entity_id = gone.id
     ), unreferenced as (
       delete from entity_reference r using gone where r.tenant_id = $1 and r.blueprint_id = $2 and r.entity_id = gone.id
     ), ${aroundGone}, files as (${giveUpHeldByGone})
     ${whatWent}`,
    [blueprint, id],
  );
  return row ?? nothingWent;
}

/** The blueprint itself with its versions, where it is in the trash and has no entities left. */
export async function deleteBlueprint(sql: Pick<TenantSql, "query">, id: string): Promise<boolean> {
  const rows = await sql.query(
    `delete from blueprint b where b.tenant_id = $1 and b.id = $2 and b.trashed_at is not null
       and not exists (select from entity e where e.tenant_id = $1 and e.blueprint_id = $2) returning b.id`,
    [id],
  );
  return rows.length > 0;
}
