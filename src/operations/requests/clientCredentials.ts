import { createHash } from "node:crypto";
import * as openId from "openid-client";
import { z } from "zod";
import type { Clock } from "../../platform/clock/clock.ts";
import type { AskOutside } from "../../platform/outside/askOutside.ts";
import { Refusal } from "../../protocol/refusal.ts";
import type { Credential } from "./request.ts";

type ClientCredentials = Extract<Credential, { kind: "clientCredentials" }>;

/** Tokens of OAuth 2 client credentials (RFC 6749, 4.4), each kept until shortly before it ends. */
export interface Tokens {
  /** Refusals `unavailable`, `invalid_credentials`, `invalid_value`; never with the secret. */
  get(tenant: string, credential: ClientCredentials, secret: string, signal: AbortSignal): Promise<string>;
  /** The host refused this one: the next `get` asks anew, unless another call did already. */
  drop(tenant: string, credential: ClientCredentials, secret: string, token: string): void;
}

/** What a provider that doesn't say how long a token lives is taken to mean. */
const usualSeconds = 300;
const earlyMs = 30_000;
const tokensAtMost = 2000;
/** Of its own, and not of the call that asks first: others wait for the same token. */
const deadlineMs = 8000;

interface Kept {
  endsAt: number;
  token: Promise<string>;
  value?: string;
}

/** However many calls need a token at once, it is asked for once. */
export function createTokens({ ask, clock }: { ask: AskOutside; clock: Pick<Clock, "monotonic"> }): Tokens {
  const kept = new Map<string, Kept>();
  return {
    get: async (tenant, credential, secret, signal) => {
      const key = keyOf(tenant, credential, secret);
      let known = kept.get(key);
      if (known === undefined || known.endsAt <= clock.monotonic()) {
        if (kept.size >= tokensAtMost) kept.clear();
        known = renew(ask, clock, credential, secret, () => kept.delete(key));
        kept.set(key, known);
      }
      return await withSignal(known.token, signal);
    },
    drop: (tenant, credential, secret, token) => {
      const key = keyOf(tenant, credential, secret);
      if (kept.get(key)?.value === token) kept.delete(key);
    },
  };
}

/** A tenant's token is never another's, though both have the same client. */
function keyOf(tenant: string, { tokenUrl, clientId, scope, audience, sentIn }: ClientCredentials, secret: string): string {
  return createHash("sha256")
    .update(JSON.stringify([tenant, tokenUrl, clientId, scope, audience, sentIn, secret]))
    .digest("base64");
}

function renew(ask: AskOutside, clock: Pick<Clock, "monotonic">, credential: ClientCredentials, secret: string, forget: () => void): Kept {
  // Until it is known how long it lives, all wait for this one.
  const renewed: Kept = { endsAt: Number.POSITIVE_INFINITY, token: Promise.resolve("") };
  renewed.token = askForToken(ask, credential, secret).then(
    ({ token, seconds }) => {
      const livesMs = seconds * 1000;
      renewed.endsAt = clock.monotonic() + Math.max(livesMs - earlyMs, livesMs / 2);
      renewed.value = token;
      return token;
    },
    (error: unknown) => {
      forget();
      throw error;
    },
  );
  return renewed;
}

async function askForToken(ask: AskOutside, credential: ClientCredentials, secret: string): Promise<{ token: string; seconds: number }> {
  const { tokenUrl, clientId, scope, audience, sentIn = "header" } = credential;
  const server = { issuer: new URL(tokenUrl).origin, token_endpoint: tokenUrl };
  const authentication = sentIn === "header" ? openId.ClientSecretBasic(secret) : openId.ClientSecretPost(secret);
  const configuration = new openId.Configuration(server, clientId, undefined, authentication);
  // Which addresses may be asked by HTTP is `ask`'s to say.
  openId.allowInsecureRequests(configuration);
  configuration[openId.customFetch] = async (url, { method, headers, body }) =>
    await ask(url, {
      method,
      headers,
      body: body === null || body === undefined ? undefined : String(body),
      signal: AbortSignal.timeout(deadlineMs),
    });
  try {
    const answer = await openId.clientCredentialsGrant(configuration, {
      ...(scope === undefined ? {} : { scope }),
      ...(audience === undefined ? {} : { audience }),
    });
    return { token: answer.access_token, seconds: answer.expires_in ?? usualSeconds };
  } catch (error) {
    throw refusalOf(error);
  }
}

function refusalOf(error: unknown): Refusal {
  const asked = refusalIn(error);
  if (asked?.code === "invalid_value") return new Refusal("invalid_value", asked.message);
  if (asked !== undefined) return new Refusal("unavailable", `The address that gives the token doesn't answer: ${asked.message}`);
  if (error instanceof openId.ResponseBodyError || error instanceof openId.WWWAuthenticateChallengeError)
    return new Refusal(
      "invalid_credentials",
      "The address that gives the token refuses the client id, its secret or the scope; correct the credential.",
    );
  return new Refusal("unavailable", "The address that gives the token gave no proper answer.");
}

const withCause = z.object({ cause: z.unknown() });

/** The library wraps what `ask` throws. */
function refusalIn(error: unknown): Refusal | undefined {
  if (error instanceof Refusal) return error;
  const { cause } = withCause.safeParse(error).data ?? {};
  return cause === undefined ? undefined : refusalIn(cause);
}

async function withSignal<Value>(waited: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return await new Promise<Value>((resolve, reject) => {
    const late = () => reject(new Refusal("unavailable", "The address that gives the token didn't answer in time."));
    if (signal.aborted) late();
    signal.addEventListener("abort", late, { once: true });
    waited.then(resolve, reject).finally(() => signal.removeEventListener("abort", late));
  });
}
