import { type FieldKind, unfit } from "./fieldKind.ts";

/** A number that is computed of others: `formulas/` says how. */
export const formula: FieldKind = {
  options: ["formula", "currency"],
  read: (_value, field, path) => {
    throw unfit(field, "left out: it is computed", path);
  },
  check: (field, path) => {
    if (field.formula === undefined) throw unfit(field, 'computed, like {"sum": ["net", "tax"]}', `${path}.formula`);
  },
  given: true,
  computed: true,
};
