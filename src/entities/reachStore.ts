import type { Sql } from "../platform/database/database.ts";
import { storableJson } from "../platform/database/storable.ts";
import { filterSql } from "../platform/lists/listSql.ts";
import type { EntityReach, Parts, ReachPart } from "./reach.ts";
import type { StoredValues } from "./values.ts";

/** A reach in a statement over entities `e` of the tenant `$1`. */
export interface BoundReach {
  /** Whether an entity is within it. */
  rows: string;
  /** Within which of its parts: `Parts`. */
  parts: string;
  /** What stands in a field, of its SQL: nothing where it isn't seen; undefined for a field that is seen nowhere. */
  field(id: string, sql: string): string | undefined;
  /** Bound from `$first` on. */
  values: readonly unknown[];
  first: number;
}

export function bindReach(reach: EntityReach, first: number): BoundReach {
  if (reach === "all") return { rows: "true", parts: "null::boolean[]", field: (_id, sql) => sql, values: [], first };
  const values: unknown[] = [];
  const bind = (value: unknown) => `$${values.push(value) + first - 1}`;
  const parts = reach.parts.map((part) => ({ ...part, sql: partSql(reach, part, bind) }));
  return {
    rows: anyOf(parts),
    parts: `array[${parts.map(({ sql }) => sql).join(", ")}]::boolean[]`,
    field: (id, sql) => {
      const seeing = parts.filter(({ fields }) => fields?.has(id) ?? true);
      if (seeing.length === 0) return undefined;
      return seeing.length === parts.length ? sql : `(case when ${anyOf(seeing)} then ${sql} end)`;
    },
    values,
    first,
  };
}

function anyOf(parts: readonly { sql: string }[]): string {
  return parts.length === 0 ? "false" : `(${parts.map(({ sql }) => sql).join(" or ")})`;
}

function partSql(
  { account, teams, fields }: Exclude<EntityReach, "all">,
  { records, filter }: ReachPart,
  bind: (value: unknown) => string,
): string {
  const own = records === "all" ? "true" : `e.created_by = ${bind(account)}::uuid`;
  // Index team_member_account.
  const made =
    records === "team"
      ? `(${own} or exists (select from team_member tm where tm.tenant_id = $1 and tm.account_id = e.created_by and tm.team = any(${bind(teams)}::text[])))`
      : own;
  return filter === undefined ? `(${made})` : `(${made} and ${filterSql(fields, filter, bind)})`;
}

/** An entity as it would stand. */
export interface Standing {
  id: string;
  version: number;
  content: StoredValues;
  createdAt: Date;
  createdById: string;
  changedAt: Date;
  changedById: string;
}

/** Within which parts of a reach entities would be if they stood so: no table of entities is read. */
export async function partsOf(sql: Pick<Sql, "query">, reach: EntityReach, entities: readonly Standing[]): Promise<Parts[]> {
  if (reach === "all") return entities.map(() => null);
  const { parts, values } = bindReach(reach, 9);
  const rows = await sql.query<{ parts: (boolean | null)[] }>(
    `select ${parts} as parts
     from unnest($2::uuid[], $3::int[], $4::jsonb[], $5::timestamptz[], $6::uuid[], $7::timestamptz[], $8::uuid[]) with ordinality
       as e (id, version, content, created_at, created_by, changed_at, changed_by, place)
     where $1::uuid is not null order by place`,
    [
      entities.map(({ id }) => id),
      entities.map(({ version }) => version),
      entities.map(({ content }) => storableJson(content)),
      entities.map(({ createdAt }) => createdAt),
      entities.map(({ createdById }) => createdById),
      entities.map(({ changedAt }) => changedAt),
      entities.map(({ changedById }) => changedById),
      ...values,
    ],
  );
  return rows.map((row) => row.parts);
}
