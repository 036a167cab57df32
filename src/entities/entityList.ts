import type { SqlField, SqlList } from "../platform/lists/listSql.ts";
import type { Field } from "../protocol/blueprints.ts";
import { fieldKinds } from "./fields/fieldKinds.ts";

/** By what every list of entities may be filtered and sorted, besides the fields of its blueprint: their keys have no capital letters. */
const ofEach: Readonly<Record<string, SqlField>> = {
  entityId: { type: "id", sql: "e.id" },
  entityVersion: { type: "integer", sql: "e.version::bigint" },
  createdAt: { type: "instant", sql: "e.created_at" },
  updatedAt: { type: "instant", sql: "e.changed_at" },
};

/** By what a list of these entities may be filtered and sorted; the newest first where nothing is asked. */
export function entityList(fields: readonly Field[]): SqlList {
  const own = fields.flatMap((field): [string, SqlField][] => {
    const { listed } = fieldKinds[field.type];
    if (listed === undefined) return [];
    const choices = field.choices === undefined || listed.type !== "choice" ? {} : { choices: field.choices };
    return [[field.key, { type: listed.type, sql: listed.sql(jsonText(field.id)), optional: true, ...choices }]];
  });
  return { fields: { ...ofEach, ...Object.fromEntries(own) }, order: "-entityId", unique: "entityId" };
}

/** The text of a value in the database. An id is of our making: a letter and digits. */
export function jsonText(id: string): string {
  return `(e.content ->> '${id}')`;
}
