import type { LedgerState } from "./history.ts";

/** What the bot wrote to one message. */
export interface Answers {
  /** The `seq` of its first word, be it that it still works. */
  firstSeq: number;
  /** How often it was answered: 1 is right. */
  times: number;
}

/**
 * What answers which message, by `conversation seq`. An answer has the key `t:<seq>:<step>`, whether its turn wrote it or it was written with
 * its message; each begins with the step 0, and `working` and `dead` are said on the way or instead.
 */
export function answersOf({ messages }: Pick<LedgerState, "messages">): Map<string, Answers> {
  const answers = new Map<string, Answers>();
  for (const { conversation, seq, key } of messages) {
    const [, asked, step] = /^t:(\d+):(\w+)$/.exec(key) ?? [];
    if (asked === undefined) continue;
    const id = `${conversation} ${asked}`;
    const { firstSeq, times } = answers.get(id) ?? { firstSeq: seq, times: 0 };
    answers.set(id, { firstSeq: Math.min(firstSeq, seq), times: times + (step === "0" || step === "dead" ? 1 : 0) });
  }
  return answers;
}
