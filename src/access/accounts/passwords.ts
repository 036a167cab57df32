import { randomBytes } from "node:crypto";
import { availableParallelism } from "node:os";
import { z } from "zod";
import { Refusal } from "../../protocol/refusal.ts";
import { createHashThread, type HashWork, hashAtOnce } from "./hashThread.ts";
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
  /** The same for what is looked up when its turn has come: of a hundred who sign in at once the database is asked for a few at a time. */
  matchesFound<Found>(
    find: () => Promise<Found>,
    hashOf: (found: Found) => string | null | undefined,
    password: string,
  ): Promise<{ found: Found; right: boolean }>;
  /** Whether a stored hash was made at another cost than today's. */
  isOutdated(stored: string): boolean;
}

// auth.md: 4 at once, which take 256 MiB. One processor is left to everything else: beside 4 on 2 processors a timer was late by 3 to 5 ms (p50)
// and 20 to 110 (p99), beside 1 as late as without: 0.4 and 8 to 20.
export const hashesAtOnce = Math.min(4, Math.max(1, availableParallelism() - 1));
/** OWASP's. */
const floorKiB = 19 * 1024;
/** Who comes after them would wait longer than people do. */
const waitingAtMost = 64;

export function createPasswords({ memoryKiB, passes }: HashCost = { memoryKiB: 65_536, passes: 3 }): Passwords {
  const queue = createQueue();
  // 200 lines of the chat a second beside 100 who sign in: p99 21 ms on threads of a low priority, 56 to 133 on those of libuv. What takes a millisecond
  // (`PASSWORD_COST=low`) needs none.
  const threads = Array.from({ length: hashesAtOnce }, memoryKiB < floorKiB ? () => hashAtOnce : createHashThread);
  const options = { memoryCost: memoryKiB, timeCost: passes, parallelism: 1, outputLen: 32 };
  /** On a thread that does nothing else; there are as many as the queue lets through. */
  const onThread = async (work: HashWork): Promise<string | boolean> => {
    const thread = threads.pop();
    if (thread === undefined) throw new Error("more hashes at once than threads");
    try {
      return await thread(work);
    } finally {
      threads.push(thread);
    }
  };
  const make = (password: string) => queue(async () => z.string().parse(await onThread({ hash: normalizePassword(password), options })));
  const cost = `$m=${memoryKiB},t=${passes},p=1$`;
  const dummy = `$argon2id$v=19${cost}${phcBase64(16)}$${phcBase64(32)}`;
  const matchesFound: Passwords["matchesFound"] = (find, hashOf, password) =>
    queue(async () => {
      const found = await find();
      const stored = hashOf(found) ?? undefined;
      const same = await onThread({ verify: stored ?? dummy, password: normalizePassword(password) });
      return { found, right: same === true && stored !== undefined };
    });
  return {
    hash: make,
    matches: async (stored, password) =>
      (
        await matchesFound(
          async () => stored,
          (hash) => hash,
          password,
        )
      ).right,
    matchesFound,
    isOutdated: (stored) => !stored.includes(cost),
  };
}

function phcBase64(bytes: number): string {
  return randomBytes(bytes).toString("base64").replaceAll("=", "");
}

/** At most `hashesAtOnce`, in the order of arrival. Refusal `unavailable` where too many wait. */
function createQueue(): <Result>(work: () => Promise<Result>) => Promise<Result> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (running >= hashesAtOnce) {
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
