import { createSecretKey, randomUUID } from "node:crypto";
import jwt from "jsonwebtoken";
import { z } from "zod";
import type { Clock } from "../../platform/clock/clock.ts";
import { acceptedKeys, type Keys } from "../keys/keys.ts";

/** Whom a token speaks for. It says nothing about rights: those are looked up each time it is used. */
export interface TokenClaims {
  account: string;
  /** None until the session has one. */
  tenant: string | undefined;
  session: string;
  /** The account's epoch; raising it ends all its access tokens at once. */
  epoch: number;
}

export const accessTokenMs = 15 * 60 * 1000;
const issuer = "switchboard";
const audience = "switchboard-api";
const noTenant = "none";
// A clock that was set back must not revive what has expired, one that runs a little ahead must not refuse what is new.
const clockSkewS = 60;

const claimsSchema = z.object({
  typ: z.literal("at"),
  sub: z.uuid(),
  // A session without a tenant has a word of its own there: a token that merely lacks it is no token.
  tid: z.union([z.uuid(), z.literal(noTenant)]),
  sid: z.uuid(),
  epoch: z.int(),
  jti: z.uuid(),
  iat: z.int(),
  exp: z.int(),
});

/** A token for 15 minutes. It is held in memory, never in storage or in a URL. */
export function issueAccessToken(
  { keys, clock }: { keys: Keys; clock: Pick<Clock, "now"> },
  claims: TokenClaims,
): { token: string; expiresAt: string } {
  const iat = Math.floor(clock.now() / 1000);
  const exp = iat + accessTokenMs / 1000;
  const payload = {
    typ: "at",
    sub: claims.account,
    tid: claims.tenant ?? noTenant,
    sid: claims.session,
    epoch: claims.epoch,
    jti: randomUUID(),
    iat,
    exp,
  };
  const token = jwt.sign(payload, createSecretKey(keys.accessTokens), { algorithm: "HS256", issuer, audience, keyid: keys.id });
  return { token, expiresAt: new Date(exp * 1000).toISOString() };
}

/** The claims of a token that we issued and that has not expired; none for anything else. */
export function readAccessToken({ keys, clock }: { keys: Keys; clock: Pick<Clock, "now"> }, token: string): TokenClaims | undefined {
  if (token.length > 2000) return undefined;
  const nowS = Math.floor(clock.now() / 1000);
  const claims = knownClaims(keys, token) ?? learnClaims(keys, token, nowS);
  if (claims === undefined || claims.iat > nowS + clockSkewS || claims.exp <= nowS || claims.iat + accessTokenMs / 1000 <= nowS)
    return undefined;
  return {
    account: claims.sub,
    tenant: claims.tid === noTenant ? undefined : claims.tid,
    session: claims.sid,
    epoch: claims.epoch,
  };
}

type Claims = z.infer<typeof claimsSchema>;

/** Of tokens whose signature was verified, by the whole token: of what it says, only the time has to be looked at again. */
const learnt = new WeakMap<Keys, Map<string, Claims>>();
const mostLearnt = 10_000;

function knownClaims(keys: Keys, token: string): Claims | undefined {
  return learnt.get(keys)?.get(token);
}

function learnClaims(keys: Keys, token: string, nowS: number): Claims | undefined {
  const payloads = acceptedKeys(keys, "accessTokens").map((key) => verified(token, key, nowS));
  const claims = claimsSchema.safeParse(payloads.find((payload) => payload !== undefined));
  if (!claims.success) return undefined;
  const known = learnt.get(keys) ?? new Map<string, Claims>();
  learnt.set(keys, known);
  if (known.size >= mostLearnt) known.clear();
  known.set(token, claims.data);
  return claims.data;
}

/** Each key is tried, as a secret (from bytes the library tries to read a public key first, 0.1 ms): what a token says of its own key or algorithm decides nothing. The one algorithm is named here and not taken from the token (CVE-2022-23540 and its likes). */
function verified(token: string, key: Buffer, nowS: number): unknown {
  try {
    return jwt.verify(token, createSecretKey(key), {
      algorithms: ["HS256"],
      issuer,
      audience,
      clockTimestamp: nowS,
      maxAge: accessTokenMs / 1000,
    });
  } catch {
    return undefined;
  }
}
