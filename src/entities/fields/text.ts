import { type FieldKind, folded, longListed, readText, unfit } from "./fieldKind.ts";

const longestText = 1000;
const longestLongText = 100_000;

/** One line. */
export const text: FieldKind = {
  options: ["maxLength"],
  read: (value, field, path) => {
    const line = readText(value, field, path, field.maxLength ?? longestText);
    if (/[\r\n]/.test(line)) throw unfit(field, (say) => say.oneLine, path, value);
    return line;
  },
  check: (field, path) => {
    if (field.maxLength !== undefined && field.maxLength > longestText)
      throw unfit(field, (say) => say.roomUpTo(longestText), `${path}.maxLength`, field.maxLength);
  },
  listed: longListed,
  same: folded,
};

export const longText: FieldKind = {
  options: ["maxLength"],
  read: (value, field, path) => readText(value, field, path, field.maxLength ?? longestLongText),
  check: (field, path) => {
    if (field.maxLength !== undefined && field.maxLength > longestLongText)
      throw unfit(field, (say) => say.roomUpTo(longestLongText), `${path}.maxLength`, field.maxLength);
  },
};
