/** The invariants of faults.md that the checker proves. */
export type Invariant = "I1" | "I2" | "I3" | "I4" | "I5" | "I6" | "I7" | "I8" | "I9" | "row";

/** One way in which a history breaks an invariant; `row` where it breaks what its own row of the matrix asks for. */
export interface Violation {
  invariant: Invariant;
  what: string;
}
