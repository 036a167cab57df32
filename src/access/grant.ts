import type { Clock } from "../platform/clock/clock.ts";
import type { SessionAnswer } from "../protocol/access.ts";
import { issueAccessToken } from "./accessToken.ts";
import type { Keys } from "./keys.ts";
import type { LiveSession } from "./sessionStore.ts";

/** What a sign-in or a refresh gives: the body of the answer, and the token that only the cookie carries. */
export interface SessionGrant {
  answer: SessionAnswer;
  refreshToken: string;
  refreshEndsAt: Date;
}

export function grantOf(
  { keys, clock }: { keys: Keys; clock: Pick<Clock, "now"> },
  live: LiveSession,
  memberships: SessionAnswer["memberships"],
  refreshToken: string,
): SessionGrant {
  const { account, name, email, session, tenant, next, secondFactor } = live.signedIn;
  const { token, expiresAt } = issueAccessToken({ keys, clock }, { account, tenant: tenant?.id, session, epoch: live.epoch });
  return {
    answer: {
      accessToken: token,
      expiresAt,
      account: { id: account, name, email },
      memberships,
      tenant: tenant?.slug ?? null,
      next,
      secondFactor,
    },
    refreshToken,
    refreshEndsAt: live.endsAt,
  };
}
