import type { ErrorCode } from "../protocol/errors.ts";
import { Refusal } from "../protocol/refusal.ts";

/** 0 is done. */
export const exitCodes = {
  /** What was written on the command line, typed or brought doesn't fit. */
  wrongInput: 2,
  /** It fits, and is not possible as things stand: there is one already, there is none, no place is left, the audit has a flaw. */
  notPossible: 3,
  /** The database, or the installation, can't be used: it is away, locked, or not Switchboard's. */
  away: 4,
  /** Ctrl-C, as every program of a terminal says it. */
  interrupted: 130,
} as const;

/** The person pressed Ctrl-C, or Ctrl-D at a question. */
export class Interrupted extends Error {}

/** The last word to whoever started it: one sentence, and the code. */
export function lastWord(error: unknown): { sentence: string; code: number } {
  if (error instanceof Interrupted) return { sentence: "Nothing was changed.", code: exitCodes.interrupted };
  if (!(error instanceof Refusal))
    return { sentence: "It failed, and the reason is not known; nothing was changed.", code: exitCodes.away };
  return { sentence: error.message, code: codeOf[error.code] ?? exitCodes.away };
}

const codeOf: Partial<Record<ErrorCode, number>> = {
  invalid_value: exitCodes.wrongInput,
  already_taken: exitCodes.notPossible,
  conflict: exitCodes.notPossible,
  not_found: exitCodes.notPossible,
};
