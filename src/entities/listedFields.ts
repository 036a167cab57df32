import type { SqlField } from "../platform/lists/listSql.ts";
import type { Field } from "../protocol/blueprints.ts";
import { comparedAs } from "../protocol/lists/comparedAs.ts";
import { fieldKinds } from "./fields/fieldKinds.ts";
import { formulaSql } from "./formulas/formula.ts";

/** By what every list of entities may be filtered and sorted, besides the fields of its blueprint: their keys have no capital letters. */
export const ofEach: Readonly<Record<string, SqlField>> = {
  entityId: { type: "id", sql: "e.id" },
  entityVersion: { type: "integer", sql: "e.version::bigint" },
  createdAt: { type: "instant", sql: "e.created_at" },
  updatedAt: { type: "instant", sql: "e.changed_at" },
};

const gatheredRefusal = "is computed of related entities, by which no list is filtered or sorted";

/** The fields of which lists know how they compare, by their keys. */
export function listedFields(fields: readonly Field[]): Record<string, SqlField> {
  return Object.fromEntries(
    fields.flatMap((field): [string, SqlField][] => {
      const { listed } = fieldKinds[field.type];
      const sql = field.formula === undefined ? undefined : formulaSql(field, fields);
      if (sql !== undefined) return [[field.key, { type: "decimal", sql, optional: true }]];
      if (field.formula !== undefined) return [[field.key, { type: "decimal", sql: "null", refused: gatheredRefusal }]];
      if (listed === undefined) return [];
      const text = jsonText(field.id);
      const type = comparedAs[field.type];
      if (type === null) throw new Error(`lists can't compare a ${field.type}`);
      const choices = field.choices === undefined || type !== "choice" ? {} : { choices: field.choices };
      const { near: nearTo } = listed;
      const near = nearTo === undefined ? {} : { near: (bound: string) => nearTo(field.id, bound) };
      const whole = listed.whole === undefined ? {} : { whole: listed.whole(text) };
      return [[field.key, { type, sql: listed.sql(text), ...whole, ...near, optional: true, ...choices }]];
    }),
  );
}

/** By what a filter over one entity's values may ask, as lists have it. */
export function comparedFields(fields: readonly Field[]): Readonly<Record<string, SqlField>> {
  return { ...ofEach, ...listedFields(fields.filter(({ type }) => comparedAs[type] !== null && comparedAs[type] !== "reference")) };
}

/** The text of a value in the database. An id is of our making: a letter and digits. */
export function jsonText(id: string, content = "e.content"): string {
  return `(${content} ->> '${id}')`;
}
