import type { Platform } from "../../platform/platform.ts";
import { announceAccessChange } from "../accessChanges.ts";
import { audit } from "../audit/audit.ts";
import type { Asked } from "../principal.ts";
import { hashOfToken } from "./opaqueToken.ts";
import { lockRefreshToken, revokeSessions } from "./sessionStore.ts";

type Outside = Pick<Platform, "database" | "bus" | "clock" | "log">;

/** Ends a session: its tokens and tickets are worth nothing from now on, its sockets close. Repeating it changes nothing. */
export async function endSession({ database, bus, clock, log }: Outside, session: string, asked?: Asked): Promise<void> {
  const ended = await database.acrossTenants.transaction(async (tx) => {
    const sessions = await revokeSessions(tx, { session }, "signed_out", new Date(clock.now()));
    for (const { tenant, account, name } of sessions) {
      const actor = { kind: "account", id: account, name, ...asked } as const;
      await audit(tx, { tenant: tenant ?? undefined, actor, action: "session.end", object: { kind: "session", id: session } });
    }
    return sessions;
  });
  announceAccessChange(
    { bus },
    ended.map(({ tenant }) => tenant),
  );
  if (ended.length > 0) log.info({ session }, "signed out");
}

/** The session to which a refresh token belongs, used or not; none for a token that we never gave. */
export async function sessionOfRefreshToken({ database }: Pick<Platform, "database">, token: string): Promise<string | undefined> {
  return (await lockRefreshToken(database.acrossTenants, hashOfToken(token)))?.session;
}
