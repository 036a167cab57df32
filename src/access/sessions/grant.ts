import type { Clock } from "../../platform/clock/clock.ts";
import type { SessionAnswer } from "../../protocol/access.ts";
import type { Keys } from "../keys/keys.ts";
import { issueAccessToken } from "./accessToken.ts";
import type { LiveSession } from "./sessionStore.ts";

/** What a sign-in or a refresh gives: the body of the answer, and the token that only the cookie carries. */
export interface SessionGrant {
  answer: SessionAnswer;
  refreshToken: string;
  refreshEndsAt: Date;
}

export function grantOf(
  outside: { keys: Keys; clock: Pick<Clock, "now"> },
  live: LiveSession,
  memberships: SessionAnswer["memberships"],
  refreshToken: string,
): SessionGrant {
  return { answer: answerOf(outside, live, memberships), refreshToken, refreshEndsAt: live.endsAt };
}

/** The body alone, where the refresh token stays as it is. */
export function answerOf(
  outside: { keys: Keys; clock: Pick<Clock, "now"> },
  { signedIn, epoch }: LiveSession,
  memberships: SessionAnswer["memberships"],
): SessionAnswer {
  const { account, name, email, session, tenant, next, secondFactor } = signedIn;
  const { token, expiresAt } = issueAccessToken(outside, { account, tenant: tenant?.id, session, epoch });
  return {
    accessToken: token,
    expiresAt,
    account: { id: account, name, email },
    memberships: memberships.map(({ tenant: slug, roles }) => ({ tenant: slug, roles })),
    tenant: tenant?.slug ?? null,
    next,
    secondFactor,
  };
}
