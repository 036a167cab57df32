import { createHash } from "node:crypto";
import type { WantedIndexes } from "../../platform/database/tableIndexes.ts";
import type { Field } from "../../protocol/blueprints.ts";
import { fieldKinds } from "../fields/fieldKinds.ts";
import { jsonText } from "../listedFields.ts";

/** The index of one field: by its value as lists compare it, then by the entity, as a page of them is ordered. */
export interface FieldIndex {
  name: string;
  on: string;
}

/** The table of a blueprint's entities, as `make_entities` calls it. */
export function tableOf(blueprint: string): string {
  return `entity_${blueprint.replaceAll("-", "")}`;
}

/** The index that a field wants; none where it wants none. Its name has what it is on, so that one on something else is another. Pure. */
export function indexOf(blueprint: string, { id, type, indexed }: Pick<Field, "id" | "type" | "indexed">): FieldIndex | undefined {
  const { listed } = fieldKinds[type];
  if (indexed !== true || listed === undefined) return undefined;
  const on = `(${listed.sql(jsonText(id, "content"))}), id`;
  return { name: `${prefixOf(blueprint)}${id}_${createHash("sha256").update(on).digest("hex").slice(0, 8)}`, on };
}

/** All that a blueprint's fields want. Pure. */
export function indexesOf(blueprint: string, fields: readonly Field[]): WantedIndexes {
  const on = new Map(fields.flatMap((field) => indexOf(blueprint, field) ?? []).map((index) => [index.name, index.on]));
  return { table: tableOf(blueprint), prefix: prefixOf(blueprint), on };
}

/** No index that PostgreSQL names by itself begins so. */
function prefixOf(blueprint: string): string {
  return `by_${blueprint.replaceAll("-", "")}_`;
}
