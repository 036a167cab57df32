import type { RowResult } from "./runRow.ts";

/** One row as a person reads it: what was injected, what became of the messages, the worst times, and what broke. */
export function describeResult({ row, fault, injected, figures, own, violations, seconds }: RowResult): string {
  const { sent, acked, lost, doubled, outOfOrder, misassigned, forgotten, ...times } = figures;
  const worst = Object.entries({ ...times, ...own }).map(([name, value]) => `${name} ${round(value)}`);
  return [
    `${violations.length === 0 ? "ok  " : "FAIL"} row ${String(row).padStart(2)}  ${fault} (${seconds.toFixed(0)} s)`,
    `       injected: ${injected}`,
    `       sent ${sent}, acked ${acked}, lost ${lost}, doubled ${doubled}, out of order ${outOfOrder}, assigned wrongly ${misassigned}, forgotten ${forgotten}`,
    `       ${worst.join(", ")}`,
    ...violations.slice(0, 12).map(({ invariant, what }) => `       ${invariant}: ${what}`),
    ...(violations.length > 12 ? [`       and ${violations.length - 12} more`] : []),
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
