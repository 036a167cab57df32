import type { Platform } from "../../platform/platform.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { announceAccessChange } from "../accessChanges.ts";
import { audit } from "../audit/audit.ts";
import { revokeSessions, type SessionListing, type SignedIn, sessionsOfAccount } from "./sessionStore.ts";

type Outside = Pick<Platform, "database" | "bus" | "clock">;

/** Where this account is signed in now, the session used last first. */
export async function listOwnSessions({ database, clock }: Outside, by: SignedIn): Promise<(SessionListing & { current: boolean })[]> {
  const sessions = await sessionsOfAccount(database.acrossTenants, by.account, new Date(clock.now()));
  return sessions.map((session) => ({ ...session, current: session.id === by.session }));
}

/** Ends one session of one's own, or all but the one that asks; answers how many. Refusal `not_found` for another's as for none. */
export async function endOwnSessions({ database, bus, clock }: Outside, by: SignedIn, which: string | "others"): Promise<number> {
  const now = new Date(clock.now());
  const ended = await database.acrossTenants.transaction(async (tx) => {
    if (which !== "others" && !(await sessionsOfAccount(tx, by.account, now)).some(({ id }) => id === which))
      throw new Refusal("not_found", "There is no such session.");
    const meant = which === "others" ? { account: by.account, except: by.session } : { session: which };
    const sessions = await revokeSessions(tx, meant, "ended_by_owner", now);
    const actor = { kind: "account", id: by.account, name: by.name, ...by.asked } as const;
    for (const { session, tenant } of sessions)
      await audit(tx, { tenant: tenant ?? undefined, actor, action: "session.end", object: { kind: "session", id: session } });
    return sessions;
  });
  announceAccessChange(
    { bus },
    ended.map(({ tenant }) => tenant),
  );
  return ended.length;
}
