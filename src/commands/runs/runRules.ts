import type { RunState, RunVerb } from "../../protocol/commands.ts";

/** A process that is silent for so long about a run is gone. */
export const silentMs = 60_000;
/** Of a run that nobody tells of while it runs, as processes of before don't: no command of theirs ran longer than 60 s. */
export const lostAfterMs = 10 * 60_000;

export interface Standing {
  state: RunState;
  createdAt: Date;
  /** When the process that runs it said so last; null of one that doesn't say. */
  seenAt: Date | null;
  /** Of a run that waits: until when. */
  endedAt: Date | null;
}

/** The state as it is, whether or not somebody has written it down yet: lost with its process, or not approved in time. `stateSql` says the same. */
export function stateNow({ state, createdAt, seenAt, endedAt }: Standing, nowMs: number): RunState {
  if (state === "running" && (seenAt === null ? createdAt.getTime() + lostAfterMs : seenAt.getTime() + silentMs) < nowMs)
    return "uncertain";
  if (state === "waiting" && endedAt !== null && endedAt.getTime() <= nowMs) return "cancelled";
  return state;
}

export interface Undoing {
  state: RunState;
  hasUndo: boolean;
  undoableUntil: Date | null;
  undoneBy: string | null;
}

/** Why a run can't be taken back, in a sentence; undefined where it can. */
export function whyNotUndo({ state, hasUndo, undoableUntil, undoneBy }: Undoing, nowMs: number): string | undefined {
  if (undoneBy !== null) return "it was taken back already";
  // What is cancelled may have done a part.
  if (state !== "succeeded" && !(state === "cancelled" && hasUndo)) return `it is ${state}, so there is nothing to take back`;
  if (!hasUndo || undoableUntil === null) return "what it did can't be taken back";
  return undoableUntil.getTime() <= nowMs ? "it was too long ago" : undefined;
}

export interface Reader {
  /** Whether they asked for it. */
  own: boolean;
  mayRun: boolean;
  /** Whether they may decide now. */
  mayDecide: boolean;
  mayBreakGlass: boolean;
  undoable: boolean;
}

/** What a reader may do with a run. */
export function verbsOf(state: RunState, { own, mayRun, mayDecide, mayBreakGlass, undoable }: Reader): RunVerb[] {
  const verbs: [RunVerb, boolean][] = [
    ["approve", state === "waiting" && mayDecide],
    ["reject", state === "waiting" && mayDecide],
    ["break-glass", state === "waiting" && mayBreakGlass && (own || mayDecide)],
    ["cancel", own && (state === "waiting" || state === "running")],
    ["undo", undoable && mayRun],
    ["settle", state === "uncertain" && mayRun],
    ["repeat", own && mayRun && state !== "waiting" && state !== "running" && state !== "uncertain"],
  ];
  return verbs.flatMap(([verb, may]) => (may ? [verb] : []));
}
