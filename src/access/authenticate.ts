import type { Clock } from "../platform/clock/clock.ts";
import type { Database } from "../platform/database/database.ts";
import { Refusal } from "../protocol/refusal.ts";
import type { Keys } from "./keys/keys.ts";
import type { AccountPrincipal } from "./principal.ts";
import { readAccessToken } from "./sessions/accessToken.ts";
import type { LiveSessions } from "./sessions/liveSessions.ts";
import { notYet } from "./sessions/nextStep.ts";
import type { LiveSession, SignedIn } from "./sessions/sessionStore.ts";
import { takeSocketTicket } from "./sessions/socketTicket.ts";

interface Outside {
  keys: Keys;
  clock: Pick<Clock, "now">;
  liveSessions: Pick<LiveSessions, "find">;
}

/** Who speaks with this access token, with the rights of this moment. Refusals: as `signedInOfToken`, and `forbidden` where something else comes first. */
export async function principalOfToken(outside: Outside, token: string): Promise<AccountPrincipal> {
  return atWork(await liveOfToken(outside, token));
}

/** Who signed in with this access token, whatever they still have to do. Refusal `unauthenticated`, the same for every reason. */
export async function signedInOfToken(outside: Outside, token: string): Promise<SignedIn> {
  return (await liveOfToken(outside, token)).signedIn;
}

async function liveOfToken({ keys, clock, liveSessions }: Outside, token: string): Promise<LiveSession> {
  const claims = readAccessToken({ keys, clock }, token);
  const live = claims === undefined ? undefined : await liveSessions.find(claims.session);
  if (live === undefined || claims === undefined) throw unauthenticated();
  const { tenant, account } = live.signedIn;
  if (tenant?.id !== claims.tenant || account !== claims.account || live.epoch !== claims.epoch) throw unauthenticated();
  return live;
}

function atWork({ principal, signedIn }: LiveSession): AccountPrincipal {
  if (principal === undefined) throw notYet(signedIn.next);
  return principal;
}

/** Who opens a socket with this ticket, which is used up. Refusal `unauthenticated`. */
export async function principalOfTicket(
  {
    database,
    clock,
    liveSessions,
  }: { database: Pick<Database, "acrossTenants">; clock: Pick<Clock, "now">; liveSessions: Pick<LiveSessions, "find"> },
  ticket: string,
): Promise<AccountPrincipal> {
  const session = await takeSocketTicket({ database, clock }, ticket);
  const live = session === undefined ? undefined : await liveSessions.find(session);
  if (live === undefined) throw unauthenticated();
  return atWork(live);
}

/** The same person with the rights of this moment: to be asked before each thing done over a socket. Refusal `unauthenticated`. */
export async function principalNow(
  { liveSessions }: { liveSessions: Pick<LiveSessions, "find"> },
  principal: AccountPrincipal,
): Promise<AccountPrincipal> {
  const live = await liveSessions.find(principal.session);
  if (live?.principal?.tenant !== principal.tenant) throw unauthenticated();
  return live.principal;
}

export function unauthenticated(): Refusal {
  return new Refusal("unauthenticated", "You are not signed in, or your session has ended; sign in again.");
}
