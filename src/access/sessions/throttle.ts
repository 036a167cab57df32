import { createHmac } from "node:crypto";
import type { Clock } from "../../platform/clock/clock.ts";
import type { Database } from "../../platform/database/database.ts";
import { Refusal } from "../../protocol/refusal.ts";
import type { Keys } from "../keys/keys.ts";
import { type Consumed, consumePoints, rewardPoints } from "./throttleStore.ts";

/** How often something may be done in a time that begins with its first. */
export interface Allowance {
  /** What is counted, and of whom. */
  what: string;
  who: string;
  points: number;
  periodMs: number;
}

/** Counts tries, for all processes together. */
export interface Throttle {
  /** Counts one try of each; answers how long to wait where one of them is used up. */
  consume(allowances: readonly Allowance[]): Promise<number | undefined>;
  /** Takes a counted try back. */
  reward(allowances: readonly Pick<Allowance, "what" | "who">[]): Promise<void>;
}

export const countsNothing: Throttle = { consume: async () => undefined, reward: async () => {} };

export function createThrottle({
  database,
  clock,
  keys,
}: {
  database: Pick<Database, "acrossTenants">;
  clock: Pick<Clock, "now">;
  keys: Pick<Keys, "requests">;
}): Throttle {
  const sql = database.acrossTenants;
  return {
    consume: async (allowances) => {
      const now = clock.now();
      const counted = await consumePoints(
        sql,
        allowances.map(({ periodMs, ...each }) => ({ key: throttleKey(keys, each), endsAt: new Date(now + periodMs) })),
        new Date(now),
      );
      const waits = allowances.flatMap((allowance) => overdue(counted, throttleKey(keys, allowance), allowance.points, now));
      return waits.length === 0 ? undefined : Math.max(...waits);
    },
    reward: async (allowances) => {
      await rewardPoints(
        sql,
        allowances.map((each) => throttleKey(keys, each)),
      );
    },
  };
}

function overdue(counted: readonly Consumed[], key: Buffer, points: number, now: number): number[] {
  const mine = counted.find((each) => each.key.equals(key));
  return mine !== undefined && mine.points > points ? [Math.max(1, mine.endsAt.getTime() - now)] : [];
}

/** What is stored tells nobody which addresses and people tried. */
export function throttleKey(keys: Pick<Keys, "requests">, { what, who }: Pick<Allowance, "what" | "who">): Buffer {
  return createHmac("sha256", keys.requests).update(`throttle ${what} ${who}`).digest();
}

export function tooMany(what: string, retryAfterMs: number): Refusal {
  const seconds = Math.max(1, Math.ceil(retryAfterMs / 1000));
  const wait = seconds < 90 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`;
  return new Refusal("rate_limited", `${what}; try again in ${wait}.`, { retryAfterMs: seconds * 1000 });
}
