import { type FieldKind, folded, unfit } from "./fieldKind.ts";

export const boolean: FieldKind = {
  options: [],
  read: (value, field, path) => {
    if (typeof value !== "boolean") throw unfit(field, "true or false", path);
    return value;
  },
  listed: { sql: (json) => `(${json})::boolean` },
};

/** `DEL-17`: one more with each entity; a number that was given is never given again. */
export const sequence: FieldKind = {
  options: ["prefix"],
  read: (_value, field, path) => {
    throw unfit(field, "left out: its number is given", path);
  },
  check: (field, path) => {
    if (!/^[\p{L}\p{N}]{0,9}[-/]?$/u.test(field.prefix ?? "")) throw unfit(field, "of a short prefix like DEL-", `${path}.prefix`);
  },
  listed: { sql: (json) => json },
  same: folded,
  given: true,
};
