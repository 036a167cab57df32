import type { CommandMessage } from "./commands.ts";

/** How a condition of a sequence's step compares two values. */
export const comparisons = ["eq", "ne", "lt", "lte", "gt", "gte", "contains", "empty", "notEmpty"] as const;

export const comparedAs = ["text", "number", "time"] as const;
export type ComparedAs = (typeof comparedAs)[number];

/** A step of a sequence that was tried. */
export interface TriedStep {
  command: string;
  /**
   * `read`: it answered. `planned`: it would change something. `skipped`: it has nothing to do, as its condition or its loop says. `unknown`: it needs
   * what a step before only finds when it runs.
   */
  state: "read" | "planned" | "skipped" | "unknown";
  /** Rows of its loop for which it is meant, and how many of them were tried; 1 of what is no loop. */
  turns: number;
  tried: number;
  messages: CommandMessage[];
  /** What it left for the steps after it, the first rows of it; a list of those of a loop. */
  data: unknown;
}
