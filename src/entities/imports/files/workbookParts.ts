/** What the cells of all sheets share. */
export interface WorkbookParts {
  /** Texts by their numbers. */
  texts: readonly string[];
  /** Whether a cell of this style is a time. */
  areTimes: readonly boolean[];
  /** Whether day 0 is in 1904, as old Macs had it. */
  is1904: boolean;
}

/** `_x000D_` is how a workbook writes what XML can't (22.9.2.19). */
export function unescaped(text: string): string {
  return text.replace(/_x([0-9A-Fa-f]{4})_/g, (_all, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}
