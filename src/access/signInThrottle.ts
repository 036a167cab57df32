import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { Refusal } from "../protocol/refusal.ts";
import { networkOf } from "./networkOf.ts";

/** Slows down whoever tries passwords. It counts what fails, whether the account exists or not, and per process. */
export interface SignInThrottle {
  /**
   * To be called before a password is looked at; Refusal `rate_limited`. The answer is to be called when the password was right.
   * Without an address (somebody who is signed in already) only the account counts.
   */
  admit(attempt: { email: string; address?: string }): Promise<() => Promise<void>>;
}

export const unthrottled: SignInThrottle = { admit: () => Promise.resolve(() => Promise.resolve()) };

const hourS = 3600;
const freeTries = 5;
/** After the fifth wrong password in a row: 30 s, then 1, 2, 4, 8, 15 minutes, half an hour, and an hour at most. */
const pausesS = [30, 60, 120, 240, 480, 900, 1800, hourS];

export function createSignInThrottle(): SignInThrottle {
  const everybody = new RateLimiterMemory({ keyPrefix: "all", points: 50, duration: 1 });
  const networkShort = new RateLimiterMemory({ keyPrefix: "network 5 min", points: 20, duration: 300 });
  const networkLong = new RateLimiterMemory({ keyPrefix: "network 1 h", points: 100, duration: hourS });
  // Spraying: one password over many accounts.
  const accountsOfNetwork = new RateLimiterMemory({ keyPrefix: "accounts", points: 20, duration: 600, blockDuration: hourS });
  const seenAccount = new RateLimiterMemory({ keyPrefix: "seen", points: 1, duration: 600 });
  const failures = new RateLimiterMemory({ keyPrefix: "failures", points: Number.MAX_SAFE_INTEGER, duration: 24 * hourS });
  const pause = new RateLimiterMemory({ keyPrefix: "pause", points: 1, duration: hourS });

  const admitAccount = async (email: string) => {
    const paused = await pause.get(email);
    if (paused !== null && paused.consumedPoints > 0 && paused.msBeforeNext > 0) throw tooMany(paused.msBeforeNext);
    const { consumedPoints: tries } = await failures.consume(email);
    if (tries < freeTries) return;
    // Opening the pause is one step: of many that arrive at once, one gets in.
    const pauseS = pausesS[Math.min(tries - freeTries, pausesS.length - 1)] ?? hourS;
    await pause.consume(email, 1, { customDuration: pauseS }).catch(async (refused: unknown) => {
      await failures.reward(email);
      throw refused;
    });
  };

  const admitNetwork = async (network: string, email: string) => {
    await everybody.consume("");
    await networkShort.consume(network);
    await networkLong.consume(network);
    const account = `${network} ${email}`;
    if ((await seenAccount.get(account)) !== null) return;
    await accountsOfNetwork.consume(network);
    await seenAccount.consume(account);
  };

  return {
    admit: async ({ email, address }) => {
      const network = address === undefined ? undefined : networkOf(address);
      try {
        if (network !== undefined) await admitNetwork(network, email);
        await admitAccount(email);
      } catch (refused) {
        throw refused instanceof RateLimiterRes ? tooMany(refused.msBeforeNext) : refused;
      }
      return async () => {
        await Promise.all([failures.delete(email), pause.delete(email)]);
        if (network !== undefined) await Promise.all([networkShort.reward(network), networkLong.reward(network)]);
      };
    },
  };
}

function tooMany(retryAfterMs: number): Refusal {
  const seconds = Math.max(1, Math.ceil(retryAfterMs / 1000));
  const wait = seconds < 90 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`;
  return new Refusal("rate_limited", `There were too many tries to sign in; try again in ${wait}.`, { retryAfterMs: seconds * 1000 });
}
