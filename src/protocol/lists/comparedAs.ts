import type { Field, FieldType } from "../blueprints.ts";
import type { ListFields, FieldType as ListType } from "./listFields.ts";

/** How lists, guards and conditions compare the values of a field; null where they can't. */
export const comparedAs: Readonly<Record<FieldType, ListType | null>> = {
  text: "text",
  longText: null,
  integer: "integer",
  decimal: "decimal",
  money: "decimal",
  boolean: "boolean",
  date: "date",
  instant: "instant",
  choice: "choice",
  choices: null,
  email: "text",
  phone: "text",
  url: "text",
  sequence: "text",
  account: "id",
  file: "reference",
  relation: "reference",
  // Of its own numbers it is a decimal, where it is read; of related entities nothing compares it.
  formula: null,
};

/** By what a condition over the values of one entity may ask: what somebody writes there, and what has no name of its own. */
export function conditionFields(fields: readonly Pick<Field, "key" | "type" | "choices">[]): ListFields {
  return Object.fromEntries(
    fields.flatMap(({ key, type, choices }) => {
      const compared = comparedAs[type];
      if (compared === null || compared === "reference" || type === "sequence") return [];
      return [[key, { type: compared, optional: true as const, ...(compared === "choice" && choices !== undefined ? { choices } : {}) }]];
    }),
  );
}
