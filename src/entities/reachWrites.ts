import type { Sql } from "../platform/database/database.ts";
import type { Field } from "../protocol/blueprints.ts";
import { ownValue } from "../protocol/ownValue.ts";
import { Refusal } from "../protocol/refusal.ts";
import { shownShort } from "../protocol/sentence.ts";
import { findEntity, type StoredEntity, type TakenValue } from "./entityStore.ts";
import { fieldsOn, type ReachedBlueprint, seesField } from "./reach.ts";
import { partsOf } from "./reachStore.ts";
import { told } from "./sentences/sentences.ts";
import { unknownField, type WrittenValues } from "./values.ts";

/** Entities as they would stand, with what of the reach they would be within. */
export async function standingIn(
  sql: Pick<Sql, "query">,
  { reach, changes = "all" }: ReachedBlueprint,
  entities: readonly StoredEntity[],
): Promise<StoredEntity[]> {
  const [parts, changeParts] = await Promise.all([partsOf(sql, reach, entities), partsOf(sql, changes, entities)]);
  return entities.map((entity, index) => ({ ...entity, parts: parts[index] ?? null, changeParts: changeParts[index] ?? null }));
}

/** The ids of the fields that somebody writes. Refusal `invalid_value` for what is no field to them, as if it weren't there. */
export function writtenFields(
  { reach }: ReachedBlueprint,
  fields: readonly Field[],
  written: WrittenValues,
  path: string,
): ReadonlySet<string> {
  const seen = fields.filter((field) => seesField(reach, field));
  const unknown = Object.keys(written).find((key) => !seen.some((field) => field.key === key));
  if (unknown !== undefined)
    throw unknownField(
      unknown,
      seen.map(({ key }) => key),
      path,
    );
  return new Set(seen.filter(({ key }) => ownValue(written, key) !== undefined).map(({ id }) => id));
}

/** The same of an entity that there is, where they may write all of it there. Refusals as of both. */
export function requireWritable(
  blueprint: ReachedBlueprint,
  fields: readonly Field[],
  entity: StoredEntity,
  written: WrittenValues,
): ReadonlySet<string> {
  const ids = writtenFields(blueprint, fields, written, "values");
  requireWithin(blueprint, fields, entity, ids, "values");
  return ids;
}

/**
 * What somebody writes themselves they may write there, of an entity as it stands or would stand; and where it would stand it is still one of theirs.
 * Refusal `forbidden`.
 */
export function requireWithin(
  blueprint: ReachedBlueprint,
  fields: readonly Field[],
  { parts, changeParts }: Pick<StoredEntity, "parts" | "changeParts">,
  written: ReadonlySet<string>,
  path: string,
): void {
  const { changes = "all", reach, definition } = blueprint;
  if (changes !== "all" && changeParts?.includes(true) !== true)
    throw new Refusal(
      "forbidden",
      told((say) => say.outside(definition.name)),
      { path },
    );
  const theirs = new Set(fieldsOn(changes, fieldsOn(reach, fields, parts), changeParts));
  const other = fields.find((field) => written.has(field.id) && !theirs.has(field));
  if (other !== undefined)
    throw new Refusal(
      "forbidden",
      told((say) => say.notYours(other.name)),
      { path: `${path}.${other.key}` },
    );
}

/** Who takes an entity away, or brings it back, may write all of it. Refusal `forbidden`. */
export function requireWhole({ changes = "all", definition }: ReachedBlueprint, { changeParts }: StoredEntity): void {
  if (changes === "all" || changes.parts.some(({ fields }, index) => fields === undefined && changeParts?.[index] === true)) return;
  throw new Refusal(
    "forbidden",
    told((say) => say.onlyPart(definition.name)),
    {
      path: "id",
    },
  );
}

/** That another has a value that is unique: which, and who has it, as far as whoever asks may know. */
export async function takenRefusal(
  sql: Pick<Sql, "query">,
  blueprint: ReachedBlueprint,
  seen: readonly Field[],
  { field: id, value, entity }: TakenValue,
  path: string,
): Promise<Refusal> {
  const field = seen.find((one) => one.id === id);
  if (field === undefined)
    return new Refusal(
      "conflict",
      told((say) => say.notUnique),
      { path },
    );
  const at = `${path}.${field.key}`;
  if (entity === undefined)
    return new Refusal(
      "conflict",
      told((say) => say.twice(field.name, shownShort(value))),
      { path: at },
    );
  const other = await findEntity(sql, blueprint, entity);
  if (other === undefined || fieldsOn(blueprint.reach, [field], other.parts).length === 0)
    return new Refusal(
      "conflict",
      told((say) => say.cannotBe(field.name, shownShort(value))),
      { path: at },
    );
  return new Refusal(
    "conflict",
    told((say) => say.another(field.name, shownShort(value))),
    { path: at, current: { id: entity } },
  );
}
