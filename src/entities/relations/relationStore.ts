import type { Sql } from "../../platform/database/database.ts";
import type { Doing } from "../entityStore.ts";

/** How many entities have one of these in a relation, besides those of `blueprint`. Index entity_reference_target. */
export async function countReferring(sql: Pick<Sql, "query">, blueprint: string, target?: string): Promise<number> {
  const [row] = await sql.query<{ count: number }>(
    `select count(distinct r.entity_id)::int as count from entity_reference r
     where r.tenant_id = $1 and case when $3::uuid is null
       then r.blueprint_id <> $2 and r.target_id in (select id from entity where tenant_id = $1 and blueprint_id = $2)
       else r.target_id = $3 and r.entity_id <> $3 end`,
    [blueprint, target ?? null],
  );
  return row?.count ?? 0;
}

export interface Emptied {
  id: string;
  /** The key of its blueprint. */
  blueprint: string;
}

/**
 * Takes entities that are gone for good out of the relations of all others, with a line in the history of each. Index entity_reference_target; without a name
 * as everything that names a blueprint's table by a value.
 */
export async function emptyReferences(sql: Pick<Sql, "query">, targets: readonly string[], { by, at }: Doing): Promise<Emptied[]> {
  return await sql.query<Emptied>(
    `with held as (
       select e.blueprint_id, e.id, r.field, e.content -> r.field as was,
         nullif((e.content -> r.field) - array_agg(r.target_id::text), '[]'::jsonb) as stays
       from entity_reference r join entity e on e.tenant_id = r.tenant_id and e.blueprint_id = r.blueprint_id and e.id = r.entity_id
       where r.tenant_id = $1 and r.target_id = any($2::uuid[]) and e.tenant_id = $1 and e.content ? r.field
       group by e.blueprint_id, e.id, e.content, r.field
     ), one as (
       select blueprint_id, id, array_agg(field) as fields, jsonb_object_agg(field, was) as before,
         coalesce(jsonb_object_agg(field, stays) filter (where stays is not null), '{}') as after
       from held group by blueprint_id, id
     ), changed as (
       update entity e set content = (e.content - one.fields) || one.after, version = e.version + 1, changed_at = $3, changed_by = $4
       from one where e.tenant_id = $1 and e.blueprint_id = one.blueprint_id and e.id = one.id
       returning e.blueprint_id, e.id, e.version, one.before, one.after
     ), told as (
       insert into entity_change (tenant_id, blueprint_id, entity_id, version, kind, changed_at, changed_by, before, after)
       select $1, blueprint_id, id, version, 'change', $3, $4, before, after from changed
     ), unreferenced as (
       delete from entity_reference where tenant_id = $1 and target_id = any($2::uuid[])
     )
     select changed.id, b.key as blueprint from changed join blueprint b on b.tenant_id = $1 and b.id = changed.blueprint_id`,
    [targets, at, by],
  );
}
