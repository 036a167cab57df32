import { createHmac } from "node:crypto";
import jwt from "jsonwebtoken";
import { z } from "zod";
import type { Clock } from "../platform/clock/clock.ts";
import { Refusal } from "../protocol/refusal.ts";
import { acceptedKeys, type Keys } from "./keys/keys.ts";

/** Who a site says that its visitor is. */
export interface VisitorIdentity {
  /** The site's own name for this person, the same for ever. */
  subject: string;
  name: string | undefined;
  email: string | undefined;
}

/** An inbox as far as its site's signatures need it. */
export interface SigningInbox {
  id: string;
  publicKey: string;
  /** Counts the changes of the secret. */
  identityEpoch: number;
  /** When the secret was changed last, or null. */
  identityRotatedAt: Date | null;
}

/** Clocks of other machines may differ by so much (auth.md). */
const skewSeconds = 60;
const longestLifeSeconds = 24 * 3600;
const oldSecretCountsMs = 24 * 3_600_000;

/** HMAC-SHA256 of the inbox and the number of its secret, under a key of its own: the site keeps it, we don't. */
export function identitySecret(keys: Pick<Keys, "visitorIdentities">, inbox: string, epoch: number): string {
  return createHmac("sha256", keys.visitorIdentities).update(`${inbox} ${epoch}`).digest("base64url");
}

const claimsSchema = z.object({
  sub: z.string().min(1).max(200),
  exp: z.number(),
  name: z.string().trim().min(1).max(120).optional().catch(undefined),
  email: z.email().max(254).optional().catch(undefined),
});

/**
 * The person in a JWT that the site's server signed: HS256 and nothing else (no `none`, no public key taken for a secret: RFC 8725, 3.1),
 * `aud` the inbox's public key, `exp` at most a day ahead. Refusal `invalid_value` with the path `identity`.
 */
export function verifyVisitorIdentity(
  { keys, clock }: { keys: Pick<Keys, "visitorIdentities" | "before">; clock: Pick<Clock, "now"> },
  inbox: SigningInbox,
  token: string,
): VisitorIdentity {
  const now = Math.floor(clock.now() / 1000);
  const claims = claimsSchema.safeParse(verified(keys, inbox, token, now, clock.now()));
  if (!claims.success) {
    const claim = claims.error.issues[0]?.path.join(".") ?? "sub";
    throw refused(`has no "${claim}" as it must be; sub is your name for this person, exp when it ends`);
  }
  if (claims.data.exp > now + longestLifeSeconds + skewSeconds) throw refused('lives too long; let "exp" be at most a day ahead');
  const { sub, name, email } = claims.data;
  return { subject: sub, name, email: email?.toLowerCase() };
}

function verified(
  keys: Pick<Keys, "visitorIdentities" | "before">,
  inbox: SigningInbox,
  token: string,
  now: number,
  nowMs: number,
): unknown {
  const rotatedAt = inbox.identityRotatedAt?.getTime() ?? Number.NEGATIVE_INFINITY;
  const epochs = [inbox.identityEpoch, ...(nowMs - rotatedAt < oldSecretCountsMs ? [inbox.identityEpoch - 1] : [])];
  let failure: unknown;
  const secrets = acceptedKeys(keys, "visitorIdentities").flatMap((visitorIdentities) =>
    epochs.map((epoch) => identitySecret({ visitorIdentities }, inbox.id, epoch)),
  );
  for (const secret of secrets) {
    try {
      return jwt.verify(token, secret, {
        algorithms: ["HS256"],
        audience: inbox.publicKey,
        clockTimestamp: now,
        clockTolerance: skewSeconds,
      });
    } catch (error) {
      failure = error;
      // Signed with this secret, it fails for another reason: the older one has nothing to add.
      if (!(error instanceof jwt.JsonWebTokenError && error.message === "invalid signature")) break;
    }
  }
  throw refused(reasonOf(failure), failure);
}

function reasonOf(error: unknown): string {
  if (error instanceof jwt.TokenExpiredError) return "has expired; ask your server for a new one";
  if (error instanceof jwt.NotBeforeError) return 'does not count yet; check "nbf" and the clock of your server';
  if (error instanceof jwt.JsonWebTokenError && error.message.startsWith("jwt audience"))
    return 'is for another inbox; "aud" must be this inbox\'s key';
  return "is not signed with this inbox's secret by HS256";
}

function refused(why: string, cause?: unknown): Refusal {
  return new Refusal("invalid_value", `The identity ${why}.`, { path: "identity", cause });
}
