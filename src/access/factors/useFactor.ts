import type { Sql } from "../../platform/database/database.ts";
import { Refusal } from "../../protocol/refusal.ts";
import type { Keys } from "../keys/keys.ts";
import { openSecret } from "../keys/sealSecret.ts";
import { failuresAtMost, pauseMs, readFactorCode } from "./factorRules.ts";
import { isOn, lockFactor, type StoredFactor, saveFailure, saveStep, takeRecoveryCode } from "./factorStore.ts";
import { hashOfRecoveryCode } from "./recoveryCodes.ts";
import { readTimeCode } from "./timeCode.ts";

export type FactorUse =
  | { outcome: "right"; by: "time" }
  | { outcome: "right"; by: "recovery"; codesLeft: number }
  /** `failures`: in a row, this one counted. */
  | { outcome: "wrong"; failures: number }
  /** A right code that was used before: no guess, and so not counted as one. */
  | { outcome: "used" }
  | { outcome: "paused"; retryAfterMs: number }
  | { outcome: "off" };

/** What a sealed time code secret is for. */
export function secretPurpose(account: string): string {
  return `second factor of ${account}`;
}

/**
 * Looks at a code and uses it up, in a transaction that must commit whatever the outcome: what failed is counted. Recovery codes can't be
 * guessed, so that no pause keeps their person out. Undefined where the account has no factor that counts. Refusal `invalid_value` for what
 * can be no code.
 */
export async function useFactor(
  tx: Sql,
  keys: Pick<Keys, "id" | "secrets" | "before">,
  { account, written, nowMs }: { account: string; written: string; nowMs: number },
): Promise<FactorUse | undefined> {
  const now = new Date(nowMs);
  const factor = await lockFactor(tx, account);
  if (factor === undefined || factor.secret === null || !isOn(factor, now)) return undefined;
  const code = readFactorCode(written);
  if (code === undefined) {
    throw new Refusal("invalid_value", "Write the 6 digits that your authenticator shows now, or one of your recovery codes.", {
      path: "code",
    });
  }
  if (code.kind === "recovery") {
    const taken = await takeRecoveryCode(tx, account, hashOfRecoveryCode(code.code), now);
    return taken ? { outcome: "right", by: "recovery", codesLeft: factor.codesLeft - 1 } : await fail(tx, account, factor, nowMs);
  }
  if (factor.failures >= failuresAtMost) return { outcome: "off" };
  const pausedMs = (factor.pausedUntil?.getTime() ?? 0) - nowMs;
  if (pausedMs > 0) return { outcome: "paused", retryAfterMs: pausedMs };
  const read = readTimeCode(openSecret(keys, secretPurpose(account), factor.secret), code.code, nowMs, factor.lastStep);
  if (read === undefined) return await fail(tx, account, factor, nowMs);
  return !read.used && (await saveStep(tx, account, read.step)) ? { outcome: "right", by: "time" } : { outcome: "used" };
}

async function fail(tx: Sql, account: string, { failures: before }: StoredFactor, nowMs: number): Promise<FactorUse> {
  const failures = before + 1;
  const pause = pauseMs(failures);
  await saveFailure(tx, account, failures, pause === 0 ? null : new Date(nowMs + pause));
  return { outcome: "wrong", failures };
}

/** What a person is told of a code that didn't do. */
export function refusalOfCode(use: Exclude<FactorUse, { outcome: "right" }>): Refusal {
  if (use.outcome === "used") {
    return new Refusal("invalid_value", "This code was used already; wait for the next one.", { path: "code" });
  }
  if (use.outcome === "wrong")
    return new Refusal("invalid_value", "The code is not right; write the one that is shown now.", { path: "code" });
  if (use.outcome === "paused") {
    const seconds = Math.ceil(use.retryAfterMs / 1000);
    const wait = seconds < 90 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`;
    return new Refusal("rate_limited", `There were too many wrong codes; try again in ${wait}, or use a recovery code.`, {
      path: "code",
      retryAfterMs: seconds * 1000,
    });
  }
  return new Refusal(
    "forbidden",
    "There were a hundred wrong codes: codes of this authenticator count no more. Use a recovery code, or ask an admin to begin a reset.",
    { path: "code" },
  );
}
