import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import type { z } from "zod";

const endWithinMs = 12_000;

/** One question to a process over its channel, and the answer. One at a time. */
export async function askChild<Answer>(
  child: ChildProcess,
  question: object,
  answer: z.ZodType<Answer>,
  withinMs: number,
): Promise<Answer> {
  const ended = new AbortController();
  const timer = setTimeout(() => ended.abort(), withinMs);
  try {
    const answered = once(child, "message", { signal: ended.signal });
    const died = once(child, "exit", { signal: ended.signal }).then(() => {
      throw new Error("a process of the bench ended before it answered");
    });
    died.catch(() => {});
    child.send(question);
    const [message] = await Promise.race([answered, died]).catch((error: unknown) => {
      throw ended.signal.aborted ? new Error(`no answer within ${withinMs / 1000} s to ${JSON.stringify(question).slice(0, 60)}`) : error;
    });
    return answer.parse(message);
  } finally {
    clearTimeout(timer);
    ended.abort();
  }
}

/** Asks the process to end, and makes it end if it doesn't. */
export async function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), endWithinMs);
  await exited;
  clearTimeout(timer);
}
