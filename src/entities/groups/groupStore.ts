import type { TenantSql } from "../../platform/database/database.ts";
import { type SqlList, whereSql } from "../../platform/lists/listSql.ts";
import type { AggregateTerm, GroupTerm } from "./groupTerms.ts";

export interface StoredGroup {
  /** In the order of the terms, as text; null for nothing. Of times the first day of their unit. */
  by: (string | null)[];
  count: number;
  aggregates: (string | null)[];
}

interface Asked {
  filter: string | undefined;
  by: readonly GroupTerm[];
  aggregates: readonly AggregateTerm[];
  /** Where days begin. */
  zone: string;
  limit: number;
}

/** From where on the lists of these statements are bound. */
export const gatheredFrom = 5;
export const countedFrom = 4;

/** The entities of a blueprint that pass a filter, gathered; what is empty comes last, choices in the order in which they are offered. Refusals as `whereSql`. */
export async function gatherEntities(
  { unwalled }: Pick<TenantSql, "unwalled">,
  blueprint: string,
  list: SqlList,
  { filter, by, aggregates, zone, limit }: Asked,
): Promise<StoredGroup[]> {
  const { where, values } = whereSql(list, filter, gatheredFrom);
  const bound = [blueprint, zone, limit, ...values];
  const bind = (value: unknown) => `$${bound.push(value) + 1}`;
  const groups = by.map((term, index) => ({ name: `g${index}`, term }));
  const inner = [
    ...groups.map(({ name, term }) => `${gatheredBy(term)} as ${name}`),
    ...aggregates.map(({ field }, index) => `${field.sql} as v${index}`),
  ];
  const order = groups.map(({ name, term: { field } }) =>
    field.choices === undefined
      ? `${name} nulls last`
      : `array_position(${bind(field.choices)}::text[], ${name}) nulls last, ${name} nulls last`,
  );
  const names = groups.map(({ name }) => name);
  return await unwalled.query<StoredGroup>(
    `select array[${groups.map(({ name, term }) => wordOf(term, name)).join(", ")}]::text[] as by, count(*) as count,
       array[${aggregates.map((term, index) => aggregateOf(term, `v${index}`)).join(", ")}]::text[] as aggregates
     from (
       select ${inner.length === 0 ? "1" : inner.join(", ")} from entity e
       where e.tenant_id = $1 and e.blueprint_id = $2 and e.trashed_at is null and $3::text is not null and ${where}
     ) e ${names.length === 0 ? "" : `group by ${names.join(", ")} order by ${order.join(", ")}`} limit $4`,
    bound,
  );
}

function gatheredBy({ field, unit }: GroupTerm): string {
  const { sql, whole, type } = field;
  // Of a relation to one: the only one in its list.
  if (type === "reference") return `${sql} ->> 0`;
  if (unit === undefined) return whole ?? sql;
  if (type === "date") return unit === "day" ? sql : `date_trunc('${unit}', ${sql}::timestamp)::date`;
  return `date_trunc('${unit}', ${sql} at time zone $3)::date`;
}

function wordOf({ field, unit }: GroupTerm, name: string): string {
  if (unit !== undefined) return dayOf(name);
  return field.type === "decimal" ? `trim_scale(${name})::text` : `${name}::text`;
}

/** Ten digits behind the point, of a division with thirty: rounded once. */
function aggregateOf({ of, field }: AggregateTerm, value: string): string {
  if (of === "count") return `count(${value})::text`;
  if (of === "sum") return `sum(${value})::text`;
  if (of === "avg") return `trim_scale(round(sum(${value})::numeric(90, 30) / nullif(count(${value}), 0), 10))::text`;
  if (field.type === "date") return dayOf(`${of}(${value})`);
  if (field.type === "instant") return `to_char(${of}(${value}) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
  return `${of}(${value})::text`;
}

function dayOf(date: string): string {
  return `to_char(${date}, 'YYYY-MM-DD')`;
}

/** How many pass a filter, at most so many. Refusals as `whereSql`. */
export async function countEntities(
  { unwalled }: Pick<TenantSql, "unwalled">,
  blueprint: string,
  list: SqlList,
  { filter, trashed, most }: { filter: string | undefined; trashed: boolean; most: number },
): Promise<number> {
  const { where, values } = whereSql(list, filter, countedFrom);
  const [row] = await unwalled.query<{ count: number }>(
    `select count(*) as count from (
       select from entity e where e.tenant_id = $1 and e.blueprint_id = $2 and e.trashed_at is ${trashed ? "not null" : "null"} and ${where} limit $3
     ) counted`,
    [blueprint, most, ...values],
  );
  return row?.count ?? 0;
}

/** About how many pass a filter, from so many of the table's pages by chance (of the same ones each time). Refusals as `whereSql`. */
export async function estimateEntities(
  { unwalled }: Pick<TenantSql, "unwalled">,
  { table, blueprint }: { table: string; blueprint: string },
  list: SqlList,
  { filter, trashed, pages }: { filter: string | undefined; trashed: boolean; pages: number },
): Promise<number> {
  const { where, values } = whereSql(list, filter, countedFrom);
  const [row] = await unwalled.query<{ count: number }>(
    `select (count(*) * 100 / greatest(sample.percent, 0.0001))::bigint as count
     from (select least(100, 100.0 * $3 / greatest(1, pg_relation_size(to_regclass($${values.length + countedFrom})) / 8192))::real as percent) sample
     left join lateral (
       select 1 as one from entity e tablesample system (sample.percent) repeatable (0)
       where e.tenant_id = $1 and e.blueprint_id = $2 and e.trashed_at is ${trashed ? "not null" : "null"} and ${where}
     ) found on true where found.one is not null group by sample.percent`,
    [blueprint, pages, ...values, table],
  );
  return row?.count ?? 0;
}
