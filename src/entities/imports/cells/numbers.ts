import type { DecimalMark } from "../../../protocol/imports.ts";

/** 1 234.5, 1'234.5, 1,234.5; spaces of all kinds and apostrophes group thousands everywhere. */
const grouped: Readonly<Record<DecimalMark, RegExp>> = {
  ".": /^[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?$/,
  ",": /^[+-]?(\d+|\d{1,3}(\.\d{3})+)(,\d+)?$/,
};

/** Most are so: nothing is to be taken away from them. */
const plain: Readonly<Record<DecimalMark, RegExp>> = { ".": /^-?\d+(\.\d+)?$/, ",": /^-?\d+$/ };

/** A written number in the one form that fields read, `-1234.5`; undefined for what is none. A currency's sign beside it says nothing new. */
export function numberOf(text: string, mark: DecimalMark): string | undefined {
  if (plain[mark].test(text)) return text;
  const bare = text
    .trim()
    .replace(/^([+-]?)\p{Sc}\s*|\s*\p{Sc}$/gu, "$1")
    .replace(/(?<=\d)[\s'’](?=\d{3}(?!\d))/gu, "")
    .replace("−", "-");
  if (!grouped[mark].test(bare)) return undefined;
  const [whole = "", fraction] = bare.replace("+", "").split(mark);
  const digits = whole.replace(/[.,]/g, "");
  return fraction === undefined ? digits : `${digits}.${fraction}`;
}

/** Which marks of decimals values allow, of those that tell: 1.5 has a point, 1.234 may have either. */
export interface DecimalsSeen {
  point: number;
  comma: number;
  either: number;
  /** The first that may be read in two ways. */
  sample: string | null;
}

export function lookAtDecimals(seen: DecimalsSeen, text: string): void {
  const [point, comma] = [numberOf(text, "."), numberOf(text, ",")];
  if (point === comma) return;
  if (comma === undefined) seen.point++;
  else if (point === undefined) seen.comma++;
  else {
    seen.either++;
    seen.sample ??= text;
  }
}
