import type { Sql } from "../../platform/database/database.ts";
import type { EntityReach } from "../reach.ts";
import { bindReach } from "../reachStore.ts";

/** Related entities, which are gathered for each of some others. */
export interface Gathering {
  /** The blueprint (its id) and the field (its id) in which the relation stands. */
  relation: { blueprint: string; field: string };
  /** Whether those that have the relation are gathered, for those that it leads to; otherwise the other way round. */
  otherSide: boolean;
  /** The blueprint of those that are gathered, and what of it whoever asks may see. */
  of: { blueprint: string; reach: EntityReach };
  /** What is added up of each, over `e.content`. */
  sum: string | undefined;
}

export interface Gathered {
  id: string;
  count: number;
  total: string | null;
}

/**
 * How many entities that aren't in the trash each of these is related to, and what they have together. Primary key of entity_reference, or index
 * entity_reference_target; without a name as everything that names a blueprint's table by a value.
 */
export async function gatherRelated(sql: Pick<Sql, "query">, gathering: Gathering, entities: readonly string[]): Promise<Gathered[]> {
  const { relation, otherSide, of, sum = "null::numeric" } = gathering;
  const [asked, gathered] = otherSide ? ["target_id", "entity_id"] : ["entity_id", "target_id"];
  const { rows, values } = bindReach(of.reach, 6);
  // What is only kept for the way back of a migration isn't what stands there.
  return await sql.query<Gathered>(
    `select x.${asked} as id, count(*)::int as count, sum(${sum})::text as total
     from entity_reference x
     join entity e on e.tenant_id = $1 and e.blueprint_id = $4 and e.id = x.${gathered} and e.trashed_at is null and ${rows}
     join entity o on o.tenant_id = $1 and o.blueprint_id = $2 and o.id = x.entity_id and (o.content -> $3) ? x.target_id::text
     where x.tenant_id = $1 and x.blueprint_id = $2 and x.field = $3 and x.${asked} = any($5::uuid[]) group by x.${asked}`,
    [relation.blueprint, relation.field, of.blueprint, entities, ...values],
  );
}
