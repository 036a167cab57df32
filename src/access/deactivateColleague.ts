import type { Sql } from "../platform/database/database.ts";
import type { Platform } from "../platform/platform.ts";
import { Refusal } from "../protocol/refusal.ts";
import { announceAccessChange } from "./accessChanges.ts";
import { type AuditRecord, actorOf, audit } from "./audit.ts";
import { unauthenticated } from "./authenticate.ts";
import { type Colleague, lockColleague, saveMembershipActive } from "./membershipStore.ts";
import type { AccountPrincipal } from "./principal.ts";
import { revokeSessions } from "./sessionStore.ts";
import { foldEmail } from "./signIn.ts";

type Outside = Pick<Platform, "database" | "bus" | "clock" | "log">;

/**
 * Whoever is deactivated may not work in the tenant any more: their sessions end, with tokens and tickets, and their sockets close at once.
 * What they hold goes back to the queue (`routing`). Repeating it changes nothing. Refusal `invalid_value` (`args.email`) for oneself and for
 * somebody who isn't there.
 */
export async function deactivateColleague(outside: Outside, by: AccountPrincipal, email: string): Promise<Colleague> {
  const { database, bus, clock, log } = outside;
  const colleague = await database.acrossTenants.transaction(async (tx) => {
    const found = await hold(tx, by, email);
    if (found.account === by.account)
      throw new Refusal("invalid_value", "You can't deactivate yourself; another admin can.", { path: "args.email" });
    await saveMembershipActive(tx, by.tenant, found.account, false);
    await revokeSessions(tx, { account: found.account, tenant: by.tenant }, "deactivated", new Date(clock.now()));
    await audit(tx, changeOf(by, "agent.deactivate", found));
    return found;
  });
  announceAccessChange({ bus }, [by.tenant]);
  log.info({ audit: "deactivated", account: colleague.account, by: by.account }, "a colleague was deactivated");
  return colleague;
}

/** They may sign in again; no session of before comes back. Repeating it changes nothing. Refusal `invalid_value` (`args.email`). */
export async function activateColleague(outside: Outside, by: AccountPrincipal, email: string): Promise<Colleague> {
  const { database, bus, log } = outside;
  const colleague = await database.acrossTenants.transaction(async (tx) => {
    const found = await hold(tx, by, email);
    await saveMembershipActive(tx, by.tenant, found.account, true);
    await audit(tx, changeOf(by, "agent.activate", found));
    return found;
  });
  announceAccessChange({ bus }, [by.tenant]);
  log.info({ audit: "activated", account: colleague.account, by: by.account }, "a colleague was activated");
  return colleague;
}

function changeOf(by: AccountPrincipal, action: string, { account, name }: Colleague): AuditRecord {
  return { tenant: by.tenant, actor: actorOf(by), action, object: { kind: "account", id: account, name } };
}

/** Of two admins who deactivate each other at the same moment the second is no longer one. */
async function hold(tx: Sql, by: AccountPrincipal, written: string): Promise<Colleague> {
  const email = foldEmail(written);
  const { asking, meant } = await lockColleague(tx, { tenant: by.tenant, email, by: by.account });
  if (asking === undefined) throw unauthenticated();
  if (meant === undefined) throw new Refusal("invalid_value", `There is no colleague "${email.slice(0, 100)}".`, { path: "args.email" });
  return meant;
}
