import type { Clock } from "../../platform/clock/clock.ts";
import type { Refusal } from "../../protocol/refusal.ts";
import type { Redaction } from "./redact.ts";
import type { AnswerBody, FilledRequest, RequestOutcome } from "./request.ts";

const triesAtMost = 3;
/** Before the second and third try, and at least what the host asks for, if that is no longer than `waitsAtMostMs`. */
const pausesMs = [250, 1000];
const waitsAtMostMs = 5000;

/** What one try came to: an answer, or how far it got. */
export type Tried =
  | { kind: "answered"; status: number; headers: Headers; body: AnswerBody; redaction: Redaction; retryAfterMs: number | undefined }
  | { kind: "notSent"; refusal: Refusal }
  | { kind: "maybe"; refusal: Refusal };

/** RFC 9110, 10.2.3: seconds, or an instant. */
export function retryAfterOf(written: string | null, clock: Pick<Clock, "now">): number | undefined {
  if (written === null) return undefined;
  const ms = /^\d{1,9}$/.test(written.trim()) ? Number(written) * 1000 : Date.parse(written) - clock.now();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}

/** Whether sending it twice does what sending it once does (RFC 9110, 9.2.2), or the host knows the second for the first. */
export function isRepeatable({ method, repeatHeader }: FilledRequest): boolean {
  return (method !== "POST" && method !== "PATCH") || repeatHeader !== undefined;
}

/** No answer of the host itself: a 502 or a 504 is said by whoever stands before it, which it may have done its work for all the same. */
export function mayHaveHappened(tried: Tried): boolean {
  return tried.kind === "maybe" || (tried.kind === "answered" && (tried.status === 502 || tried.status === 504));
}

/** How long to wait before the next try; undefined where there is to be none. */
export function pauseBefore(tries: number, filled: FilledRequest, tried: Tried): number | undefined {
  const pauseMs = pausesMs[tries - 1];
  if (pauseMs === undefined || tries >= triesAtMost) return undefined;
  // What an address or a credential is refused for stays so.
  if (tried.kind === "notSent") return tried.refusal.code === "unavailable" ? pauseMs : undefined;
  if (!isRepeatable(filled)) return undefined;
  if (tried.kind === "maybe" || mayHaveHappened(tried)) return pauseMs;
  if (tried.status === 429 || tried.status === 503) {
    const askedMs = tried.retryAfterMs ?? 0;
    return askedMs > waitsAtMostMs ? undefined : Math.max(pauseMs, askedMs);
  }
  return undefined;
}

export function outcomeOf(filled: FilledRequest, tried: Tried, tries: number): RequestOutcome {
  if (tried.kind === "notSent") return { kind: "notSent", code: tried.refusal.code, message: tried.refusal.message, tries };
  const changes = filled.method !== "GET" && filled.method !== "HEAD";
  const repeatable = isRepeatable(filled);
  const check = "Whether the host did it isn't known: look there before you run it again.";
  if (tried.kind === "maybe") {
    if (!changes) return { kind: "unanswered", message: tried.refusal.message, tries };
    return { kind: "uncertain", message: `${tried.refusal.message} ${check}`, repeatable, tries };
  }
  const { status, headers, body, redaction, retryAfterMs } = tried;
  if (changes && mayHaveHappened(tried))
    return { kind: "uncertain", message: `Something before the host answered ${status}. ${check}`, repeatable, tries };
  return {
    kind: "answered",
    ok: status >= 200 && status < 300,
    status,
    message: sentenceOf(status, retryAfterMs),
    headers: Object.fromEntries([...headers].map(([name, value]) => [name, redaction.text(value)])),
    body,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    tries,
  };
}

function sentenceOf(status: number, retryAfterMs: number | undefined): string {
  if (status >= 200 && status < 300) return `The host answered ${status}.`;
  if (status >= 300 && status < 400)
    return `The host answered ${status}: it sends callers elsewhere, and nobody is followed. Write the address that it leads to.`;
  if (status === 401) return "The host answered 401: it doesn't know who asks. Is the credential right, and still good?";
  if (status === 403) return "The host answered 403: who asks may not do this there.";
  if (status === 404) return "The host answered 404: it has nothing at this address.";
  if (status === 429)
    return `The host answered 429: it was asked too often.${retryAfterMs === undefined ? "" : ` Try again in ${Math.ceil(retryAfterMs / 1000)} s.`}`;
  if (status >= 500) return `The host answered ${status}: it failed by itself.`;
  return `The host answered ${status}: it refuses what was sent.`;
}
