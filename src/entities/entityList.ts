import type { SqlField, SqlList } from "../platform/lists/listSql.ts";
import type { Field } from "../protocol/blueprints.ts";
import { listedFields, ofEach } from "./listedFields.ts";
import type { EntityReach } from "./reach.ts";
import { bindReach } from "./reachStore.ts";

/**
 * By what a list of these entities may be filtered and sorted, and which of them there are, for whoever reaches so much; the newest first where nothing
 * is asked. Its statement binds from `$first` on.
 */
export function entityList(fields: readonly Field[], reach: EntityReach, first: number): SqlList {
  const bound = bindReach(reach, first);
  const all = listedFields(fields);
  const own = fields.flatMap((field): [string, SqlField][] => {
    // Of what a formula is made may be hidden where the formula isn't.
    const listed = field.formula !== undefined && reach !== "all" ? undefined : all[field.key];
    const sql = listed === undefined ? undefined : bound.field(field.id, listed.sql);
    if (listed === undefined || sql === undefined) return [];
    const whole = listed.whole === undefined ? undefined : bound.field(field.id, listed.whole);
    return [[field.key, { ...listed, sql, ...(whole === undefined ? {} : { whole }) }]];
  });
  const within = { condition: bound.rows, values: bound.values, first };
  return { fields: { ...ofEach, ...Object.fromEntries(own) }, order: "-entityId", unique: "entityId", within };
}
