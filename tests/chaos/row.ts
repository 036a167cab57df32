import type { Violation } from "./history/violation.ts";
import type { DiskSettings } from "./processes/smallDisk.ts";
import type { Ground, Shape, World } from "./world.ts";

/** One row of the matrix in faults.md. */
export interface Row {
  number: number;
  fault: string;
  shape: Shape;
  /** Pauses of the pages between attempts; as in the product where the row is about coming back. Default 500 ms. */
  jitterMs?: number;
  openFiles?: number;
  /** How long its fault lasts by the matrix; where it doesn't say, `usualSeconds`. */
  seconds?: number;
  /** Settings of the product's processes beside the usual ones. */
  environment?: (folder: string, ground: Ground) => Record<string, string> | Promise<Record<string, string>>;
  /** A disk of its own for the database, which a row may fill. */
  disk?: DiskSettings;
  /** What this machine lacks for it, in words; then the row is left out. */
  missing?: () => string | undefined;
  inject(world: World, scale: Scale): Promise<Findings>;
}

export const usualSeconds = 10;

/** How much of everything a run is asked for; without `seconds` each row's faults last as long as the matrix says. */
export type Amounts = Omit<Scale, "seconds"> & Partial<Pick<Scale, "seconds">>;

/** How much of everything. */
export interface Scale {
  /** How long people talk around a fault, and how long a lasting fault lasts. */
  seconds: number;
  /** Sockets of the rows that are about many. */
  sockets: number;
  /** Repetitions of the rows that are about a moment. */
  rounds: number;
  /** How long the random mix goes on, and how many messages a second people write meanwhile. */
  minutes: number;
  perSecond: number;
  /** How many messages the random mix goes on for, instead of minutes. */
  messages?: number | undefined;
  /** How many faults it has, instead of both. */
  faults?: number | undefined;
}

/** What a row saw beside the history: its own figures (milliseconds or counts), and what its required behaviour lacks. */
export interface Findings {
  injected: string;
  figures?: Record<string, number>;
  violations?: Violation[];
}

/** A violation of the row's own required behaviour, where it does not hold. */
export function require(holds: boolean, what: string): Violation[] {
  return holds ? [] : [{ invariant: "row", what }];
}
