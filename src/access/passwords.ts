import { randomBytes } from "node:crypto";
import { hash, verify } from "@node-rs/argon2";
import { Refusal } from "../protocol/refusal.ts";
import { normalizePassword } from "./passwordRules.ts";

/** What one hash costs. The default, argon2id with 64 MiB, 3 passes and 1 lane, takes about 0.3 s; OWASP's floor is 19 MiB and 2. */
export interface HashCost {
  memoryKiB: number;
  passes: number;
}

export interface Passwords {
  /** A new hash (PHC text). */
  hash(password: string): Promise<string>;
  /** Whether the password belongs to the hash; without a hash it takes as long and says no, so that time doesn't tell which accounts exist. */
  matches(stored: string | undefined, password: string): Promise<boolean>;
  /** Whether a stored hash was made at another cost than today's. */
  isOutdated(stored: string): boolean;
}

// 4 at once take 256 MiB; who comes after 64 waiting ones would wait longer than people do.
const atOnce = 4;
const waitingAtMost = 64;

export function createPasswords({ memoryKiB, passes }: HashCost = { memoryKiB: 65_536, passes: 3 }): Passwords {
  const queue = createQueue();
  const make = (password: string) =>
    queue(() => hash(normalizePassword(password), { memoryCost: memoryKiB, timeCost: passes, parallelism: 1, outputLen: 32 }));
  const cost = `$m=${memoryKiB},t=${passes},p=1$`;
  const dummy = `$argon2id$v=19${cost}${phcBase64(16)}$${phcBase64(32)}`;
  return {
    hash: make,
    matches: async (stored, password) => {
      const same = await queue(() => verify(stored ?? dummy, normalizePassword(password)));
      return same === true && stored !== undefined;
    },
    isOutdated: (stored) => !stored.includes(cost),
  };
}

function phcBase64(bytes: number): string {
  return randomBytes(bytes).toString("base64").replaceAll("=", "");
}

/** At most `atOnce` at once, in the order of arrival. Refusal `unavailable` where too many wait. */
function createQueue(): <Result>(work: () => Promise<Result>) => Promise<Result> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (running >= atOnce) {
      if (waiting.length >= waitingAtMost) {
        throw new Refusal("unavailable", "Too many people are signing in at this moment; please try again.", { retryAfterMs: 5000 });
      }
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else {
      running += 1;
    }
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
