import type { ImportCounts } from "../../../src/protocol/imports.ts";

/** `1,200 new, 3 not taken`. */
export function countsInWords({ created, changed, same, skipped, failed }: ImportCounts): string {
  const told: readonly (readonly [number, string])[] = [
    [created, "new"],
    [changed, "changed"],
    [same, "as they were"],
    [skipped, "skipped"],
    [failed, "not taken"],
  ];
  const some = told.filter(([count]) => count > 0).map(([count, what]) => `${count.toLocaleString()} ${what}`);
  return some.length === 0 ? "none" : some.join(", ");
}
