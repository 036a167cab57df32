import { type FieldKind, folded, unfit } from "./fieldKind.ts";

export const boolean: FieldKind = {
  options: [],
  read: (value, field, path) => {
    if (typeof value !== "boolean") throw unfit(field, (say) => say.trueOrFalse, path, value);
    return value;
  },
  listed: { sql: (json) => `(${json})::boolean` },
};

/** `DEL-17`: one more with each entity; a number that was given is never given again. */
export const sequence: FieldKind = {
  options: ["prefix"],
  read: (_value, field, path) => {
    throw unfit(field, (say) => say.numberGiven, path);
  },
  check: (field, path) => {
    if (!/^[\p{L}\p{N}]{0,9}[-/]?$/u.test(field.prefix ?? ""))
      throw unfit(field, (say) => say.prefixLike("DEL-"), `${path}.prefix`, field.prefix);
  },
  listed: { sql: (json) => json },
  same: folded,
  given: true,
};
