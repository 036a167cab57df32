import type { Database } from "../../platform/database/database.ts";
import type { EntityValues, Field, FieldValue, Formula } from "../../protocol/blueprints.ts";
import { blueprintFor } from "../blueprints/saveBlueprints.ts";
import { fieldsOn, type Parts, type ReachedBlueprint, type Reader } from "../reach.ts";
import { unlessMissing } from "../unlessMissing.ts";
import type { StoredValues } from "../values.ts";
import { computed, formulaSql, numberText, relatedIn } from "./formula.ts";
import { gatherRelated } from "./formulaStore.ts";

interface Outside {
  database: Pick<Database, "forTenant">;
}

interface Computing {
  id: string;
  content: StoredValues;
  parts: Parts;
}

/**
 * What the formulas of the latest version give for entities of any: computed now, of what whoever asks may see, by keys. A total is only told to who may see
 * all that it is made of.
 */
export async function computeFormulas(
  outside: Outside,
  by: Reader,
  blueprint: Pick<ReachedBlueprint, "id" | "key" | "reach" | "definition">,
  entities: readonly Computing[],
): Promise<(entity: string) => EntityValues> {
  const formulas = blueprint.definition.fields.filter(({ formula }) => formula !== undefined);
  if (formulas.length === 0 || entities.length === 0) return () => ({});
  const gathered = new Map<string, ReadonlyMap<string, FieldValue>>();
  for (const field of formulas) {
    if (field.formula === undefined || relatedIn(field.formula) === undefined) continue;
    gathered.set(
      field.id,
      await gatheredOf(
        outside,
        by,
        blueprint,
        { ...field, formula: field.formula },
        entities.map(({ id }) => id),
      ),
    );
  }
  const byId = new Map(entities.map((entity) => [entity.id, entity]));
  return (id) => {
    const entity = byId.get(id);
    if (entity === undefined) return {};
    const own = new Map([...gathered].flatMap(([field, values]) => [[field, values.get(id)] as const]).filter(isThere));
    return computed(fieldsOn(blueprint.reach, blueprint.definition.fields, entity.parts), entity.content, own);
  };
}

function isThere(entry: readonly [string, FieldValue | undefined]): entry is readonly [string, FieldValue] {
  return entry[1] !== undefined;
}

/** By the ids of entities. */
async function gatheredOf(
  { database }: Outside,
  by: Reader,
  { id, key, definition }: Pick<ReachedBlueprint, "id" | "key" | "definition">,
  { formula, currency }: Field & { formula: Formula },
  entities: readonly string[],
): Promise<ReadonlyMap<string, FieldValue>> {
  const over = relatedIn(formula);
  const none = new Map<string, FieldValue>();
  const own = definition.fields.find((field) => field.key === over?.relation);
  const other = over?.blueprint ?? own?.blueprint;
  const theirs = other === undefined ? undefined : await blueprintFor({ database }, by, "entities.read", other).catch(unlessMissing);
  if (over === undefined || theirs === undefined || theirs.trashedAt !== null) return none;
  const otherSide = over.blueprint !== undefined;
  const relation = otherSide ? theirs.definition.fields.find((field) => field.key === over.relation) : own;
  if (relation === undefined || relation.type !== "relation" || (otherSide && relation.blueprint !== key)) return none;
  const summed = theirs.definition.fields.find((field) => field.key === over.field);
  const sum = summed === undefined ? undefined : formulaSql(summed, theirs.definition.fields);
  if (over.field !== undefined && (sum === undefined || theirs.reach !== "all")) return none;
  const rows = await gatherRelated(
    database.forTenant(by.tenant),
    {
      relation: { blueprint: otherSide ? theirs.id : id, field: relation.id },
      otherSide,
      of: { blueprint: theirs.id, reach: theirs.reach },
      sum,
    },
    entities,
  );
  if (over.field === undefined) {
    const counts = new Map(rows.map((row) => [row.id, row.count]));
    return new Map(entities.map((entity) => [entity, counts.get(entity) ?? 0]));
  }
  return new Map(rows.flatMap(({ id: of, total }) => (total === null ? [] : [[of, numberText(total, currency)] as const])));
}
