import type { Sql } from "../../platform/database/database.ts";
import type { Doing } from "../entityStore.ts";

/** Entities of a blueprint whose version has the field that is the state, also those in the trash, since they come back. */
const having = `e.tenant_id = $1 and e.blueprint_id = $2 and exists (
  select from blueprint_version v where v.tenant_id = $1 and v.blueprint_id = $2 and v.number = e.blueprint_version
    and v.definition -> 'fields' @> jsonb_build_array(jsonb_build_object('id', $3::text)))`;

/** How many entities have each value of a field, by its id; "" counts those that have none. Reads all of them. */
export async function countByState(sql: Pick<Sql, "query">, blueprint: string, field: string): Promise<Map<string, number>> {
  const rows = await sql.query<{ state: string; count: number }>(
    `select coalesce(e.content ->> $3, '') as state, count(*)::int as count from entity e where ${having} group by 1 order by 1`,
    [blueprint, field],
  );
  return new Map(rows.map(({ state, count }) => [state, count]));
}

/** Gives all entities of some states another one, each with its line in the history. Answers `told` of them. In the transaction of a tenant. */
export async function moveStates(
  tx: Sql,
  blueprint: string,
  field: string,
  moved: ReadonlyMap<string, string>,
  { by, at }: Doing,
  told: number,
): Promise<{ id: string }[]> {
  return await tx.query<{ id: string }>(
    `with moved as (
       update entity e set content = jsonb_set(e.content, array[$3::text], to_jsonb(one.becomes)), version = e.version + 1, changed_at = $4, changed_by = $5
       from unnest($6::text[], $7::text[]) as one (was, becomes) where ${having} and coalesce(e.content ->> $3, '') = one.was
       returning e.id, e.version, one.was, one.becomes
     ), noted as (
       insert into entity_change (tenant_id, blueprint_id, entity_id, version, kind, changed_at, changed_by, before, after)
       select $1, $2, id, version, 'change', $4, $5, case was when '' then '{}' else jsonb_build_object($3::text, was) end,
         jsonb_build_object($3::text, becomes)
       from moved
     )
     select id from moved limit $8`,
    [blueprint, field, at, by, [...moved.keys()], [...moved.values()], told],
  );
}
