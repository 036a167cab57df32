import type { NextStep } from "../../protocol/access.ts";
import { Refusal } from "../../protocol/refusal.ts";
import type { Actor } from "../audit/audit.ts";
import { unauthenticated } from "../authenticate.ts";
import { stepUpMs } from "../factors/factorRules.ts";
import type { Asked } from "../principal.ts";
import { nextStep } from "../sessions/nextStep.ts";
import type { StoredSuperSession } from "./superSessionStore.ts";

/**
 * A super admin who is signed in. A kind of its own, and no part of `Principal`: nothing that is made for accounts takes one, and nothing here
 * takes an account.
 */
export interface SuperPrincipal {
  kind: "super";
  admin: string;
  name: string;
  email: string;
  session: string;
  /** What must be done before anything else. */
  next: NextStep;
  /** When the second factor was shown last. */
  factorAt: Date | null;
  asked: Asked;
}

/** auth.md: 12 h from the sign-in, and 15 min without a request. */
export const superSessionMs = 12 * 3_600_000;
export const superIdleMs = 15 * 60_000;
/** Between the password and the second factor. */
export const challengeMs = 5 * 60_000;
export const triesOfChallenge = 5;
/** In a row, of password and second factor together: then only the server helps (NIST 800-63B, 3.2.2). */
export const failuresAtMost = 100;

export function superPrincipal(stored: StoredSuperSession, asked: Asked): SuperPrincipal {
  const { admin, name, email, session, factorAt } = stored;
  return { kind: "super", admin, name, email, session, next: nextOf(stored), factorAt, asked };
}

export function nextOf(stored: Pick<StoredSuperSession, "hasPassword" | "verified" | "enrolled" | "factorAt">): NextStep {
  return nextStep({
    passwordDue: !stored.hasPassword,
    emailVerified: stored.verified,
    secondFactorDue: stored.enrolled && stored.factorAt === null,
    enrolmentDue: !stored.enrolled,
  });
}

/** Whether the session still counts at `nowMs`. */
export function isLive({ usedAt, endsAt, createdAt, enrolled, factorAt }: StoredSuperSession, nowMs: number): boolean {
  if (endsAt.getTime() <= nowMs || usedAt.getTime() + superIdleMs <= nowMs) return false;
  return !enrolled || factorAt !== null || createdAt.getTime() + challengeMs > nowMs;
}

/** Refusal `unauthenticated`: something else comes first, or is over. */
export function requireSuperNext(principal: SuperPrincipal, next: NextStep): void {
  if (principal.next !== next)
    throw next === "none" ? unauthenticated() : new Refusal("conflict", "This is done already, or something else comes first.");
}

/** Whether the second factor was shown so lately that nobody else can have sat down there (auth.md, step-up). */
export function isSteppedUp({ factorAt }: Pick<SuperPrincipal, "factorAt">, nowMs: number): boolean {
  return factorAt !== null && factorAt.getTime() + stepUpMs > nowMs;
}

export function superActor({ admin, name, asked }: Pick<SuperPrincipal, "admin" | "name" | "asked">): Actor {
  return { kind: "super", id: admin, name, ...asked };
}
