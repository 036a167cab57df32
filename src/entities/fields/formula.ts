import { type FieldKind, unfit } from "./fieldKind.ts";

/** A number that is computed of others: `formulas/` says how. */
export const formula: FieldKind = {
  options: ["formula", "currency"],
  read: (_value, field, path) => {
    throw unfit(field, (say) => say.computed, path);
  },
  check: (field, path) => {
    if (field.formula === undefined) throw unfit(field, (say) => say.computedLike('{"sum": ["net", "tax"]}'), `${path}.formula`);
  },
  given: true,
  computed: true,
};
