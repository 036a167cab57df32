import { Refusal } from "../../protocol/refusal.ts";

/** The longest answer to a request, in bytes, where the caller names none. */
export const largestAnswer = 1024 * 1024;

export const away = () => new Refusal("automation_away", "Nothing answers this at the moment; please try again later.");

export const timedOut = () => new Refusal("automation_timeout", "The answer took too long; whether the work was done is not known.");

/** `reason` is for the log. */
export const failed = (reason: unknown) =>
  new Refusal("automation_failed", "The automation could not answer.", {
    cause: reason instanceof Error ? reason : new Error(String(reason)),
  });

/** The bus broke, before or after the request was heard: the same request with the same key may be sent again. */
export const unreachable = (cause?: unknown) =>
  new Refusal("unavailable", "The way to the automations is interrupted; it is tried again.", { cause, retryAfterMs: 1000 });
