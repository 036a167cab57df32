import { z } from "zod";
import { type OutsideRules, outsideAddress } from "../../platform/outside/outsideAddress.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { secretIn } from "../../protocol/secretShapes.ts";
import type { Credential, FilledRequest } from "./request.ts";
import { checkHeaderName } from "./requestHeaders.ts";

const text = z.string().min(1).max(500);

export const credentialSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("basic"), user: text.exactOptional() }),
  z.strictObject({ kind: z.literal("bearer") }),
  z.strictObject({ kind: z.literal("key"), in: z.enum(["header", "query"]), name: z.string().min(1).max(100) }),
  z.strictObject({
    kind: z.literal("clientCredentials"),
    tokenUrl: z.string().max(2000),
    clientId: text,
    scope: text.exactOptional(),
    audience: text.exactOptional(),
    sentIn: z.enum(["header", "body"]).exactOptional(),
  }),
]);

const shortest = 4;
const longest = 4000;

/** Refusal `invalid_value` at the credential's field. */
export function checkCredential(
  credential: Credential,
  { headers, query }: { headers: Readonly<Record<string, string>>; query: readonly string[] },
  rules: OutsideRules,
): void {
  const path = "request.credential";
  switch (credential.kind) {
    case "basic":
      if (credential.user !== undefined && /[:\p{Cc}]/u.test(credential.user))
        throw new Refusal("invalid_value", "A user name has no colon and no control character in it.", { path: `${path}.user` });
      if (credential.user !== undefined && secretIn(credential.user) !== undefined)
        throw new Refusal("invalid_value", "This user name seems to be a secret: leave it out, and give it as the secret.", {
          path: `${path}.user`,
        });
      return;
    case "bearer":
      return;
    case "key":
      checkKey(credential, headers, query, `${path}.name`);
      return;
    case "clientCredentials":
      try {
        const url = outsideAddress(credential.tokenUrl, rules);
        if (url.hash !== "" || credential.tokenUrl.includes("{{"))
          throw new Refusal("invalid_value", "This address stands fast, without # and slots.");
      } catch (error) {
        if (error instanceof Refusal) throw new Refusal("invalid_value", error.message, { path: `${path}.tokenUrl` });
        throw error;
      }
  }
}

function checkKey(
  { in: place, name }: { in: "header" | "query"; name: string },
  headers: Readonly<Record<string, string>>,
  query: readonly string[],
  path: string,
): void {
  if (place === "header") checkHeaderName(name, path);
  else if (!/^[\w.~-]+$/.test(name))
    throw new Refusal("invalid_value", "The name of a key in the query has letters, digits and _ - . ~ in it, and no slot.", { path });
  const taken = place === "header" ? Object.keys(headers).map((known) => known.toLowerCase()) : query;
  if (taken.includes(place === "header" ? name.toLowerCase() : name))
    throw new Refusal("invalid_value", `"${name}" gets its value from the credential, so it can't be set beside it.`, { path });
}

/** What can be sent, and what can be found where it is echoed. Refusal `invalid_value`, at `secret`; never with the secret. */
export function checkSecret(credential: Credential, secret: string): void {
  const refused = (why: string) => new Refusal("invalid_value", why, { path: "secret" });
  if (secret.length < shortest || secret.length > longest) throw refused(`A secret has ${shortest} to ${longest} characters.`);
  if (/\p{Cc}/u.test(secret))
    throw refused("A secret has no line break and no other control character in it; was more pasted than the secret?");
  const isHeader = credential.kind === "bearer" || (credential.kind === "key" && credential.in === "header");
  if (isHeader && /[^\x21-\x7e]/.test(secret))
    throw refused("A secret that is sent in a header has letters, digits and signs of ASCII, and no space.");
}

const bindable = z.looseObject({ url: z.string(), credential: credentialSchema.optional() });

/**
 * Where the secret of a stored definition goes, as a text that it is also sealed for: scheme, host and port, and the way it is sent. Undefined where
 * it proves nothing. A definition that is bound elsewhere never gets the secret of another: whoever may change an address could have it sent to
 * themselves (advisory 61).
 */
export function boundTo(definition: unknown): string | undefined {
  const origins = originsOf(definition);
  const credential = credentialIn(definition);
  return origins === undefined || credential === undefined ? undefined : [kindOf(credential), ...origins].join(" ");
}

/** How a stored definition proves who asks. */
export function credentialIn(definition: unknown): Credential | undefined {
  return bindable.safeParse(definition).data?.credential;
}

/** The scheme, host and port of each address to which a stored definition sends its secret; undefined where it proves nothing. */
export function originsOf(definition: unknown): string[] | undefined {
  const { url, credential } = bindable.safeParse(definition).data ?? {};
  if (url === undefined || credential === undefined) return undefined;
  const addresses = [url, ...(credential.kind === "clientCredentials" ? [credential.tokenUrl] : [])];
  const origins = addresses.map(originOf).filter((origin) => origin !== undefined);
  return origins.length < addresses.length ? undefined : origins;
}

function kindOf(credential: Credential): string {
  return credential.kind === "key" ? `key in ${credential.in}` : credential.kind;
}

/** Slots stand behind the host only. */
function originOf(url: string): string | undefined {
  const host = /^https?:\/\/[^/?#]*/i.exec(url)?.[0] ?? "";
  return URL.canParse(host) ? new URL(host).origin : undefined;
}

/** What stands for a secret wherever one would be shown. */
export const hiddenSecret = "••••";

/** The call with what proves who asks: `secret` of client credentials is the token that they were changed into. */
export function withSecret(filled: FilledRequest, secret: string): { url: string; headers: Record<string, string> } {
  const { url, headers, credential } = filled;
  switch (credential?.kind) {
    case undefined:
      return { url, headers };
    case "basic":
      return { url, headers: { ...headers, Authorization: `Basic ${Buffer.from(basicPair(credential, secret)).toString("base64")}` } };
    case "bearer":
    case "clientCredentials":
      return { url, headers: { ...headers, Authorization: `Bearer ${secret}` } };
    case "key":
      if (credential.in === "header") return { url, headers: { ...headers, [credential.name]: secret } };
      return { url: `${url}${url.includes("?") ? "&" : "?"}${credential.name}=${encodeURIComponent(secret)}`, headers };
  }
}

/** RFC 7617: without a user name the secret is it. */
export function basicPair({ user }: { user?: string }, secret: string): string {
  return user === undefined ? `${secret}:` : `${user}:${secret}`;
}

/** The call as a plan shows it: what will be sent and where, with dots in place of what is secret. */
export function describeRequest(filled: FilledRequest): { method: string; url: string; headers: Record<string, string>; body?: string } {
  const { method, body, credential, repeatHeader } = filled;
  const shown = credential?.kind === "key" ? withSecret(filled, hiddenSecret) : { url: filled.url, headers: filled.headers };
  const proof = credential === undefined || credential.kind === "key" ? {} : { Authorization: hiddenProof(credential) };
  return {
    method,
    url: shown.url.replace(encodeURIComponent(hiddenSecret), hiddenSecret),
    headers: { ...shown.headers, ...proof, ...(repeatHeader === undefined ? {} : { [repeatHeader]: "of this run" }) },
    ...(body === undefined ? {} : { body }),
  };
}

function hiddenProof({ kind }: Credential): string {
  return `${kind === "basic" ? "Basic" : "Bearer"} ${hiddenSecret}`;
}
