import type { Sql, TenantSql } from "../../platform/database/database.ts";
import { storableJson } from "../../platform/database/storable.ts";
import { whereSql } from "../../platform/lists/listSql.ts";
import type { ChangedEntity } from "../changeStore.ts";
import { entityList } from "../entityList.ts";
import { entityColumns, type StoredEntity } from "../entityStore.ts";
import type { ReachedBlueprint } from "../reach.ts";
import { bindReach } from "../reachStore.ts";
import type { StoredValues } from "../values.ts";

/** Which entities of a blueprint one run is about. */
export interface Which {
  /** As lists take it, names looked up. */
  filter: string | undefined;
  ids: readonly string[] | undefined;
  trashed: boolean;
  /** Without those of which this run, which others have begun, has noted something. */
  without?: string;
}

/** Why nothing became of one, and what people call it. */
export interface Problem {
  title: string;
  message: string;
}

/** How many there are, at most so many. Refusals as `whereSql`. Indexes as `listEntities`. */
export async function countWhich(
  { unwalled }: Pick<TenantSql, "unwalled">,
  blueprint: ReachedBlueprint,
  which: Which,
  limit: number,
): Promise<number> {
  const { from, values } = wantedOf(blueprint, which, 4);
  const [row] = await unwalled.query<{ count: number }>(`select count(*)::int as count from (select ${from} limit $3) counted`, [
    blueprint.id,
    limit,
    ...values,
  ]);
  return row?.count ?? 0;
}

/** The next behind `after`, by id. */
export async function listWhich(
  sql: Pick<Sql, "query">,
  blueprint: ReachedBlueprint,
  which: Which,
  { after, limit }: { after: string; limit: number },
): Promise<StoredEntity[]> {
  const { from, parts, values } = wantedOf(blueprint, which, 5);
  return await sql.query<StoredEntity>(`select ${entityColumns}, ${parts} ${from} and e.id > $3 order by e.id limit $4`, [
    blueprint.id,
    after,
    limit,
    ...values,
  ]);
}

function wantedOf({ definition, reach, changes = "all" }: ReachedBlueprint, { filter, ids, trashed, without }: Which, first: number) {
  const { where, values: asked } = whereSql(entityList(definition.fields, reach, first), filter, first);
  // Bound as the list has bound it, before the filter.
  const seen = bindReach(reach, first);
  const changed = bindReach(changes, first + asked.length);
  const values = [...asked, ...changed.values, ids ?? null, ...(without === undefined ? [] : [without])];
  const named = `$${first + asked.length + changed.values.length}::uuid[]`;
  // One by one, by its primary key, as in `changeEntities`.
  const open =
    without === undefined
      ? "true"
      : `(select b.entity_id from entity_bulk b where b.tenant_id = $1 and b.run_id = $${first + values.length - 1} and b.entity_id = e.id limit 1) is null`;
  return {
    parts: `${seen.parts} as parts, ${changed.parts} as "changeParts"`,
    from: `from entity e where e.tenant_id = $1 and e.blueprint_id = $2 and e.trashed_at is ${trashed ? "not null" : "null"}
      and ${where} and ${changed.rows} and (${named} is null or e.id = any(${named})) and ${open}`,
    values,
  };
}

/** Those of which nothing became: with a problem, or without one where it was so already. What is known of one stays. */
export async function noteUnchanged(
  sql: Pick<Sql, "query">,
  { blueprint, run }: { blueprint: string; run: string },
  left: readonly { id: string; problem: Problem | undefined }[],
  at: Date,
): Promise<void> {
  if (left.length === 0) return;
  await sql.query(
    `insert into entity_bulk (tenant_id, run_id, entity_id, blueprint_id, problem, at)
     select $1, $3, id, $2, problem, $4 from unnest($5::uuid[], $6::jsonb[]) as one (id, problem) on conflict do nothing`,
    [
      blueprint,
      run,
      at,
      left.map(({ id }) => id),
      left.map(({ problem }) => (problem === undefined ? null : storableJson({ ...problem }))),
    ],
  );
}

export interface Became {
  changed: number;
  same: number;
  refused: number;
}

/** What became of a run so far. Primary key. */
export async function readBecame(sql: Pick<Sql, "query">, run: string): Promise<Became> {
  const [row] = await sql.query<Became>(
    `select count(version)::int as changed, count(*) filter (where version is null and problem is null)::int as same, count(problem)::int as refused
     from entity_bulk where tenant_id = $1 and run_id = $2`,
    [run],
  );
  return row ?? { changed: 0, same: 0, refused: 0 };
}

/** Those that were refused, in their order. Primary key. */
export async function listProblems(sql: Pick<Sql, "query">, run: string, limit: number): Promise<(Problem & { id: string })[]> {
  return await sql.query(
    `select entity_id as id, problem ->> 'title' as title, problem ->> 'message' as message from entity_bulk
     where tenant_id = $1 and run_id = $2 and problem is not null order by entity_id limit $3`,
    [run, limit],
  );
}

/** An entity as a run left it, with what it had before. */
export interface Left extends StoredEntity {
  kind: ChangedEntity["kind"];
  before: StoredValues;
  after: StoredValues;
}

/**
 * Those that a run changed and nobody since, of the next so many behind `after`, as far as whoever asks reaches them; `last` is null where there are none behind.
 * Primary keys, entity by entity, whatever PostgreSQL knows of the tables.
 */
export async function listLeft(
  sql: Pick<Sql, "query">,
  { id, reach, changes = "all" }: ReachedBlueprint,
  run: string,
  { after, limit }: { after: string; limit: number },
): Promise<{ rows: Left[]; last: string | null }> {
  const seen = bindReach(reach, 6);
  const changed = bindReach(changes, 6 + seen.values.length);
  const rows = await sql.query<Left & { place: string }>(
    `select b.entity_id as place, ${entityColumns}, ${seen.parts} as parts, ${changed.parts} as "changeParts", c.kind, c.before, c.after
     from (
       select entity_id, version from entity_bulk
       where tenant_id = $1 and run_id = $3 and entity_id > $4 and version is not null order by entity_id limit $5
     ) b
       left join lateral (
         select * from entity e where e.tenant_id = $1 and e.blueprint_id = $2 and e.id = b.entity_id and e.version = b.version
           and ${seen.rows} and ${changed.rows} limit 1
       ) e on true
       left join lateral (
         select kind, before, after from entity_change c where c.tenant_id = $1 and c.blueprint_id = $2 and c.entity_id = e.id and c.version = e.version limit 1
       ) c on true
     order by b.entity_id`,
    [id, run, after, limit, ...seen.values, ...changed.values],
  );
  return { rows: rows.filter((row) => row.kind !== null), last: rows.at(-1)?.place ?? null };
}

/** Of these values those that another has. Primary key of entity_unique. */
export async function takenAmong(
  sql: Pick<Sql, "query">,
  blueprint: string,
  wanted: readonly { entity: string; field: string; value: string }[],
): Promise<Set<string>> {
  if (wanted.length === 0) return new Set();
  const rows = await sql.query<{ entity: string }>(
    `select one.entity from unnest($3::uuid[], $4::text[], $5::text[]) as one (entity, field, value)
     join entity_unique u on u.tenant_id = $1 and u.blueprint_id = $2 and u.field = one.field and u.value = one.value and u.entity_id <> one.entity`,
    [blueprint, ...(["entity", "field", "value"] as const).map((column) => wanted.map((one) => one[column]))],
  );
  return new Set(rows.map(({ entity }) => entity));
}

/** What nobody takes back any more. Index entity_bulk_age. */
export async function deleteOld(sql: Pick<Sql, "query">, before: Date, limit: number): Promise<number> {
  const rows = await sql.query<{ gone: number }>(
    `with gone as (delete from entity_bulk where ctid = any(array(select ctid from entity_bulk where at < $1 limit $2)) returning 1)
     select count(*)::int as gone from gone`,
    [before, limit],
  );
  return rows[0]?.gone ?? 0;
}
