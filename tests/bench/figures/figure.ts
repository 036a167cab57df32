import type { Workplace } from "../processes/workplace.ts";

/** One line of the table: what was reached, beside its limit or its peer in the same run. */
export interface Figure {
  figure: string;
  value: number;
  unit: string;
  beside: number;
  /** `value` / `beside`. */
  ratio: number;
  /** What `ratio` or, with `of: "value"`, `value` must reach. */
  target: number;
  met: boolean;
  /** What else was seen, and how it was measured. */
  note: string;
}

/** What this machine doesn't have the parts for. */
export interface LeftOut {
  figure: string;
  leftOut: string;
}

/** What could not be measured. */
export interface Failed {
  figure: string;
  failed: string;
}

export type Result = Figure | LeftOut | Failed;

export interface Measurement {
  /** The name for `--only`. */
  name: string;
  measure(workplace: Workplace): Promise<readonly (Figure | LeftOut)[]>;
}

/** The middle one: what another program did to one round doesn't count. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}
