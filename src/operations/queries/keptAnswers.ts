import type { Clock } from "../../platform/clock/clock.ts";
import type { Answer } from "../sources/dataSource.ts";
import type { Statement } from "./bindQuery.ts";

export interface Found {
  answer: Answer;
  /** When it was asked, where it was kept: milliseconds since 1970. */
  keptAt?: number;
}

export interface KeptAnswers {
  /**
   * What was answered to the same statement with the same values within `forMs`; else what `ask` answers, which is kept from then on. Who asks is among the values where the statement says so. `setUp` is the data source as it is set up in this moment.
   */
  get(asked: { setUp: string; statement: Statement; forMs: number }, ask: () => Promise<Answer>): Promise<Found>;
}

interface Kept {
  answer: Answer;
  characters: number;
  /** By a clock that nobody sets, for how long; by the wall's, for people. */
  at: number;
  keptAt: number;
  /** Nobody forgets it any more when its time is over. */
  keep: () => void;
}

/** Of one process, until its time is over. In characters of JSON, all together: the longest kept go first. */
export function createKeptAnswers(clock: Pick<Clock, "now" | "monotonic" | "after">, mostCharacters = 20_000_000): KeptAnswers {
  const all = new Map<string, Kept>();
  let characters = 0;
  const forget = (key: string): void => {
    const kept = all.get(key);
    if (kept === undefined) return;
    kept.keep();
    characters -= kept.characters;
    all.delete(key);
  };
  return {
    get: async ({ setUp, statement: { text, values }, forMs }, ask) => {
      const key = JSON.stringify([setUp, text, values]);
      const known = all.get(key);
      if (known !== undefined && clock.monotonic() - known.at < forMs) return known;
      // As it was when it was asked: what changes while it is answered isn't in it.
      const [at, keptAt] = [clock.monotonic(), clock.now()];
      const answer = await ask();
      forget(key);
      const kept = {
        answer,
        characters: key.length + JSON.stringify(answer.rows).length,
        at,
        keptAt,
        keep: clock.after(forMs, () => forget(key)),
      };
      all.set(key, kept);
      characters += kept.characters;
      for (const oldest of all.keys()) {
        if (characters <= mostCharacters) break;
        forget(oldest);
      }
      return { answer };
    },
  };
}
