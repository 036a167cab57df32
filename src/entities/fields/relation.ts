import { type FieldKind, readId, unfit } from "./fieldKind.ts";

const mostRelated = 200;
const longestName = 100;

/** Other entities, of one blueprint: a list of their ids, also of one. */
export const relation: FieldKind = {
  options: ["blueprint", "many", "otherSide"],
  read: (value, field, path) => {
    const ids = (Array.isArray(value) ? value : [value]).map((one) => readId(one, field, path, (say) => say.oneOf(field.blueprint ?? "")));
    const each = [...new Set(ids)];
    const most = field.many === true ? mostRelated : 1;
    if (each.length > most) throw unfit(field, (say) => (most === 1 ? say.oneOfThem : say.relatedUpTo(most, each.length)), path);
    return each;
  },
  check: (field, path) => {
    if (field.blueprint === undefined) throw unfit(field, (say) => say.ofBlueprint, `${path}.blueprint`);
    const { otherSide = "" } = field;
    if (otherSide.length > longestName || /\p{Cc}/u.test(otherSide) || !otherSide.isWellFormed())
      throw unfit(field, (say) => say.calledThere(longestName), `${path}.otherSide`, otherSide);
  },
  // Index entity_reference_target.
  listed: {
    sql: (text) => `(${text})::jsonb`,
    near: (id, bound) =>
      `e.id in (select r.entity_id from entity_reference r where r.tenant_id = e.tenant_id and r.blueprint_id = e.blueprint_id and r.field = '${id}' and r.target_id = any(${bound}::uuid[]))`,
  },
  names: "entity",
};
