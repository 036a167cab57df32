import { Refusal } from "../../protocol/refusal.ts";
import type { Ending } from "./jobLeaseStore.ts";
import type { JobKind } from "./jobs.ts";

/** Why a job's signal spoke. */
export type StopReason = "cancelled" | "late" | "leaseOver" | "processEnds";

export type Outcome =
  | { kind: "returned"; again: Date | undefined }
  /** `stopped` is what the signal had said by then. */
  | { kind: "threw"; error: unknown; stopped: StopReason | undefined }
  /** It was told to stop, and went on. */
  | { kind: "abandoned"; stopped: StopReason }
  /** Its worker before was gone. */
  | { kind: "lost" };

const wontChange = new Set(["invalid_value", "forbidden", "not_found", "unknown_command"]);

/** How a try ends; `leave` writes nothing: the lease is somebody else's, or ends by itself and is looked at then. */
export function decideEnding(kind: JobKind, attempt: number, outcome: Outcome): Ending | "leave" {
  switch (outcome.kind) {
    case "returned":
      return outcome.again === undefined ? { to: "done" } : { to: "again", at: outcome.again };
    case "lost":
      if (kind.afterLoss === "dead") return { to: "dead", reason: "The process that did it ended; what it did is not known." };
      return tryAgain(kind, attempt, "The process that did it ended.");
    case "abandoned":
      if (outcome.stopped === "leaseOver") return "leave";
      // It may still write: only what may be done twice is given to others now.
      if (kind.afterLoss === "dead") return { to: "dead", reason: "It didn't stop when it was told to; what it does is not known." };
      return stopped(kind, attempt, outcome.stopped);
    case "threw":
      if (outcome.stopped !== undefined) return stopped(kind, attempt, outcome.stopped);
      if (outcome.error instanceof Refusal && wontChange.has(outcome.error.code)) return { to: "dead", reason: outcome.error.message };
      return tryAgain(kind, attempt, outcome.error instanceof Refusal ? outcome.error.message : "It failed, and the reason was logged.");
  }
}

function stopped(kind: JobKind, attempt: number, reason: StopReason): Ending | "leave" {
  if (reason === "leaseOver") return "leave";
  if (reason === "cancelled") return { to: "cancelled" };
  if (reason === "processEnds") return { to: "givenBack" };
  return tryAgain(kind, attempt, `It took longer than ${kind.deadlineMs / 1000} seconds.`);
}

function tryAgain(kind: JobKind, attempt: number, reason: string): Ending {
  if (attempt >= kind.attempts) return { to: "dead", reason };
  return { to: "retry", afterMs: (kind.retryAfterMs ?? usualRetryMs)(attempt), reason };
}

function usualRetryMs(attempt: number): number {
  return Math.min(5000 * 4 ** (attempt - 1), 3_600_000);
}
