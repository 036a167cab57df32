import type { Clock } from "../../platform/clock/clock.ts";
import type { Database } from "../../platform/database/database.ts";
import type { Keys } from "../keys/keys.ts";
import { networkOf } from "./networkOf.ts";
import { type Allowance, createThrottle, throttleKey, tooMany } from "./throttle.ts";
import { beginTry, endOfPoints, forgetTries } from "./throttleStore.ts";

/** One try that was let in. */
export interface Admitted {
  /** Wrong passwords in a row, this one counted until it was right. */
  tries: number;
  /** To be called when the password was right. */
  succeeded(): Promise<void>;
}

/** Slows down whoever tries passwords. It counts what fails, whether the account exists or not, and for all processes together. */
export interface SignInThrottle {
  /**
   * To be called before a password is looked at; Refusal `rate_limited`. Without an address (somebody who is signed in already) only the account
   * counts. A known device has a count of its own: strangers can't lock its owner out.
   */
  admit(attempt: { email: string; address?: string; device?: string | undefined }): Promise<Admitted>;
}

export const unthrottled: SignInThrottle = { admit: async () => ({ tries: 0, succeeded: async () => {} }) };

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
/** After the fifth wrong password in a row: 30 s, then 1, 2, 4, 8, 15 minutes, half an hour, and an hour at most. */
const pauses = { freeTries: 5, pausesS: [30, 60, 120, 240, 480, 900, 1800, 3600], keptMs: 90 * 24 * hourMs };
const told = "There were too many tries to sign in";

interface Outside {
  database: Pick<Database, "acrossTenants">;
  clock: Pick<Clock, "now">;
  keys: Pick<Keys, "requests">;
}

export function createSignInThrottle({ database, clock, keys }: Outside): SignInThrottle {
  const sql = database.acrossTenants;
  const throttle = createThrottle({ database, clock, keys });

  const admitNetwork = async (network: string, email: string) => {
    const [everybody, ...ofNetwork] = allowancesOf(network);
    const waitMs = await throttle.consume([everybody, ...ofNetwork]);
    if (waitMs !== undefined) throw tooMany(told, waitMs);
    // Only the first try of an account from this network is one account more.
    const seen = { what: "seen account", who: `${network} ${email}`, points: 1, periodMs: 10 * minuteMs };
    if ((await throttle.consume([seen])) !== undefined) return;
    const accounts = { what: "accounts", who: network, points: 20, periodMs: 10 * minuteMs };
    const blocked = { what: "sprayed", who: network, points: 0, periodMs: hourMs };
    if ((await throttle.consume([accounts])) !== undefined) throw tooMany(told, (await throttle.consume([blocked])) ?? hourMs);
  };

  /** Whoever tried more than 20 accounts waits an hour from then on, with any account. */
  const refuseSprayer = async (network: string) => {
    const key = throttleKey(keys, { what: "sprayed", who: network });
    const waitMs = ((await endOfPoints(sql, key))?.getTime() ?? 0) - clock.now();
    if (waitMs > 0) throw tooMany(told, waitMs);
  };

  return {
    admit: async ({ email, address, device }) => {
      const network = address === undefined ? undefined : networkOf(address);
      if (network !== undefined) {
        await refuseSprayer(network);
        await admitNetwork(network, email);
      }
      const key = throttleKey(keys, device === undefined ? { what: "account", who: email } : { what: "device", who: `${device} ${email}` });
      const { tries, waitUntil } = await beginTry(sql, key, pauses, new Date(clock.now()));
      if (tries === undefined) throw tooMany(told, (waitUntil?.getTime() ?? 0) - clock.now());
      return {
        tries,
        succeeded: async () => {
          await forgetTries(sql, [key, throttleKey(keys, { what: "account", who: email })]);
          if (network !== undefined) await throttle.reward(allowancesOf(network).slice(1));
        },
      };
    },
  };
}

function allowancesOf(network: string): [Allowance, ...Allowance[]] {
  return [
    { what: "sign-ins", who: "everybody", points: 50, periodMs: 1000 },
    { what: "sign-ins 5 min", who: network, points: 20, periodMs: 5 * minuteMs },
    { what: "sign-ins 1 h", who: network, points: 100, periodMs: hourMs },
  ];
}
