import { readRecoveryCode } from "./recoveryCodes.ts";

const secondMs = 1000;
const minuteMs = 60 * secondMs;
const dayMs = 24 * 60 * minuteMs;

/** auth.md: one sign-in has so many tries and so much time for the second factor. */
export const challenge = { tries: 5, ms: 5 * minuteMs };
/** How long a secret that was shown waits for its first code. */
export const pendingMs = 15 * minuteMs;
/** How long saying again who one is holds. */
export const stepUpMs = 5 * minuteMs;
/** How long a confirmed reset waits, so that whoever is not behind it can stop it. */
export const resetDelayMs = dayMs;
/** After so many wrong codes in a row they count no more (NIST 800-63B, 3.2.2). */
export const failuresAtMost = 100;

const failuresFree = 10;
const pausesMs = [30 * secondMs, minuteMs, 2 * minuteMs, 4 * minuteMs, 8 * minuteMs, 15 * minuteMs, 30 * minuteMs, 60 * minuteMs];

/** How long no code counts after so many wrong ones in a row. */
export function pauseMs(failures: number): number {
  return failures < failuresFree ? 0 : (pausesMs[Math.min(failures - failuresFree, pausesMs.length - 1)] ?? 0);
}

const graceMs = 30 * dayMs;

export interface Registered {
  registeredAt: Date;
  /** Whether they manage people in the tenant of the session. */
  manages: boolean;
  /** A demo account. */
  exempt: boolean;
  /** Whether they have a second factor that counts. */
  on: boolean;
}

/** When a second factor must be there: from the first sign-in for who manages people, after 30 days for everybody else; undefined where it is, or none is asked for. */
export function enrolmentDueAt({ registeredAt, manages, exempt, on }: Registered): Date | undefined {
  if (on || exempt) return undefined;
  return manages ? registeredAt : new Date(registeredAt.getTime() + graceMs);
}

/** What somebody typed where a code is asked for; undefined where it can be neither. */
export function readFactorCode(written: string): { kind: "time" | "recovery"; code: string } | undefined {
  const digits = asciiDigits(written.normalize("NFKC")).replace(/[\s-]/gu, "");
  if (/^[0-9]{6}$/.test(digits)) return { kind: "time", code: digits };
  const recovery = readRecoveryCode(written);
  return recovery === undefined ? undefined : { kind: "recovery", code: recovery };
}

/** Phones with an Arabic or Persian keyboard write their own digits; NFKC leaves these. */
function asciiDigits(text: string): string {
  return text.replace(/[\u0660-\u0669\u06f0-\u06f9]/gu, (digit) => String((digit.codePointAt(0) ?? 0) & 0xf));
}
