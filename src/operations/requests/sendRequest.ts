import { type Clock, sleep } from "../../platform/clock/clock.ts";
import { type AskOutside, createAskOutside, type OutsideSettings } from "../../platform/outside/askOutside.ts";
import { OutsideFailure } from "../../platform/outside/outsideFailure.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { createTokens, type Tokens } from "./clientCredentials.ts";
import { basicPair, withSecret } from "./credential.ts";
import { isRepeatable, mayHaveHappened, outcomeOf, pauseBefore, retryAfterOf, type Tried } from "./outcome.ts";
import { readAnswerBody } from "./readAnswerBody.ts";
import { type Redaction, redactionOf } from "./redact.ts";
import type { AnswerBody, FilledRequest, RequestOutcome } from "./request.ts";

export interface Sending {
  tenant: string;
  /** Of the credential. */
  secret?: string;
  /** The same for every try of the same step, and for no other: what `repeatHeader` says. */
  key: string;
  /** Ends it: the run was cancelled. */
  signal?: AbortSignal;
}

/** Sends a call. It throws nothing that a host, an address or the network can cause: what became of it is its answer. */
export type SendRequest = (filled: FilledRequest, sending: Sending) => Promise<RequestOutcome>;

/** advisories.md, 45: in all, the token and every try within it. */
const usualDeadlineMs = 10_000;

export function createSendRequest(
  { clock }: { clock: Pick<Clock, "monotonic" | "now" | "after"> },
  { deadlineMs = usualDeadlineMs, ...rules }: Omit<OutsideSettings, "deadlineMs"> & { deadlineMs?: number },
): SendRequest {
  const ask = createAskOutside({ ...rules, deadlineMs });
  const tokens = createTokens({ ask, clock });
  return async (filled, sending) => {
    const until = clock.monotonic() + deadlineMs;
    const deadline = AbortSignal.timeout(deadlineMs);
    const signal = sending.signal === undefined ? deadline : AbortSignal.any([deadline, sending.signal]);
    const attempt = { ask, tokens, clock, filled, sending, signal };
    let left = false;
    for (let tries = 1; ; tries++) {
      const last = await once(attempt);
      // What an earlier try may have done, a later one that never left doesn't undo.
      const tried: Tried = left && last.kind === "notSent" ? { ...last, kind: "maybe" } : last;
      left ||= mayHaveHappened(tried);
      const pauseMs = pauseBefore(tries, filled, tried);
      if (pauseMs === undefined || signal.aborted || clock.monotonic() + pauseMs >= until) return outcomeOf(filled, tried, tries);
      await sleep(clock, pauseMs);
    }
  };
}

interface Attempt {
  ask: AskOutside;
  tokens: Tokens;
  clock: Pick<Clock, "now">;
  filled: FilledRequest;
  sending: Sending;
  signal: AbortSignal;
}

/** With client credentials twice where the first token was refused, which means that nothing was done with it. */
async function once(attempt: Attempt): Promise<Tried> {
  const { filled, sending, signal, tokens } = attempt;
  const { credential } = filled;
  if (credential?.kind !== "clientCredentials") return await sendOnce(attempt, sending.secret);
  const secret = sending.secret ?? "";
  try {
    const token = await tokens.get(sending.tenant, credential, secret, signal);
    const tried = await sendOnce(attempt, token);
    if (tried.kind !== "answered" || tried.status !== 401) return tried;
    tokens.drop(sending.tenant, credential, secret, token);
    return await sendOnce(attempt, await tokens.get(sending.tenant, credential, secret, signal));
  } catch (error) {
    if (error instanceof Refusal) return { kind: "notSent", refusal: error };
    throw error;
  }
}

async function sendOnce({ ask, clock, filled, sending, signal }: Attempt, proof: string | undefined): Promise<Tried> {
  const { method, body, credential, repeatHeader } = filled;
  if (credential !== undefined && (proof === undefined || proof === ""))
    return {
      kind: "notSent",
      refusal: new Refusal("invalid_value", "The secret of the credential is missing; give it again.", { path: "secret" }),
    };
  const { url, headers } = proof === undefined ? filled : withSecret(filled, proof);
  const secrets = [proof, sending.secret, credential?.kind === "basic" && proof !== undefined ? basicPair(credential, proof) : undefined];
  const redaction = redactionOf(secrets.filter((secret) => secret !== undefined));
  const common = { ...defaultHeaders(headers), ...headers, ...(repeatHeader === undefined ? {} : { [repeatHeader]: sending.key }) };
  try {
    const response = await ask(url, { method, headers: common, body, signal, alone: !isRepeatable(filled) });
    const bytes = Buffer.from(await response.arrayBuffer());
    return answered(
      response.status,
      response.headers,
      readAnswerBody(bytes, response.headers.get("content-type"), redaction),
      redaction,
      clock,
    );
  } catch (error) {
    if (!(error instanceof OutsideFailure)) throw error;
    const { reach } = error;
    if (reach.kind === "answered")
      return answered(reach.status, reach.headers, { kind: "unreadable", why: error.message }, redaction, clock);
    return { kind: reach.kind, refusal: error };
  }
}

function defaultHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const names = new Set(Object.keys(headers).map((name) => name.toLowerCase()));
  return {
    ...(names.has("accept") ? {} : { Accept: "application/json, */*;q=0.5" }),
    ...(names.has("user-agent") ? {} : { "User-Agent": "Switchboard" }),
  };
}

function answered(status: number, headers: Headers, body: AnswerBody, redaction: Redaction, clock: Pick<Clock, "now">): Tried {
  return { kind: "answered", status, headers, body, redaction, retryAfterMs: retryAfterOf(headers.get("retry-after"), clock) };
}
