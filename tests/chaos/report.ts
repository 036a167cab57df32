import { groupBy } from "./history/groupBy.ts";
import type { RowResult } from "./runRow.ts";

/** Of each invariant. */
const mostShown = 6;

/** One row as a person reads it: what was injected, what became of the messages, the worst times, and what broke. */
export function describeResult({ row, fault, injected, figures, own, violations, seconds }: RowResult): string {
  const { sent, acked, refused, lost, doubled, outOfOrder, misassigned, forgotten, ...times } = figures;
  const worst = Object.entries({ ...times, ...own }).map(([name, value]) => `${name} ${round(value)}`);
  return [
    `${violations.length === 0 ? "ok  " : "FAIL"} row ${String(row).padStart(2)}  ${fault} (${seconds.toFixed(0)} s)`,
    `       injected: ${injected}`,
    `       sent ${sent}, acked ${acked}, refused ${refused}, lost ${lost}, doubled ${doubled}, out of order ${outOfOrder}, assigned wrongly ${misassigned}, forgotten ${forgotten}`,
    `       ${worst.join(", ")}`,
    ...[...groupBy(violations, ({ invariant }) => invariant)].flatMap(([invariant, all]) => [
      ...all.slice(0, mostShown).map(({ what }) => `       ${invariant}: ${what}`),
      ...(all.length > mostShown ? [`       ${invariant}: and ${all.length - mostShown} more`] : []),
    ]),
  ].join("\n");
}

/** The same as one line of JSON. */
export function figureLine({ row, fault, injected, figures, own, violations }: RowResult, seed: number): string {
  const rounded = Object.fromEntries(Object.entries({ ...figures, ...own }).map(([name, value]) => [name, round(value)]));
  return JSON.stringify({ row, fault, injected, seed, ...rounded, violations: violations.length, ok: violations.length === 0 });
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
