import type { FieldsBlock, TableBlock } from "../protocol/blocks.ts";
import { type EntityView, type Field, fieldWords } from "../protocol/blueprints.ts";
import { ownValue } from "../protocol/ownValue.ts";
import { hiddenFields } from "../protocol/shownFields.ts";

/** What people call an entity: its number, else its first text, else its id. */
export function titleOf(fields: readonly Field[], { id, values }: Pick<EntityView, "id" | "values">): string {
  const named =
    fields.find(({ type }) => type === "sequence") ??
    fields.find(({ key, type }) => type === "text" && ownValue(values, key) !== undefined);
  return (named === undefined ? null : fieldWords(ownValue(values, named.key))) ?? id;
}

export function entityFields(fields: readonly Field[], { values, named }: EntityView): FieldsBlock {
  const hidden = hiddenFields(fields, values);
  return {
    type: "fields",
    fields: fields.flatMap(({ key, name }) => {
      const value = fieldWords(ownValue(values, key), named);
      return value === null || hidden.has(key) ? [] : [{ label: name, value }];
    }),
  };
}

const mostColumns = 8;

export function entitiesTable(fields: readonly Field[], entities: readonly EntityView[], truncated: boolean): TableBlock {
  const shown = fields.filter(({ type }) => type !== "longText").slice(0, mostColumns);
  return {
    type: "table",
    columns: shown.map(({ name, type }) => ({ name, type: columnTypes[type] ?? "text" })),
    rows: entities.map(({ values, named }) => shown.map(({ key }) => fieldWords(ownValue(values, key), named) ?? "")),
    truncated,
  };
}

/** As tables of saved queries call them. */
export const columnTypes: Partial<Record<Field["type"], string>> = {
  integer: "integer",
  decimal: "decimal",
  money: "decimal",
  formula: "decimal",
  boolean: "boolean",
  date: "date",
  instant: "instant",
};
