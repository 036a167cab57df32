import { Refusal } from "../../protocol/refusal.ts";
import type { AccountPrincipal } from "../principal.ts";
import { revokeSessions } from "../sessions/sessionStore.ts";
import { type ChangeOutside, changeColleague } from "./changeColleague.ts";
import type { Colleague } from "./membershipStore.ts";

/**
 * Whoever is deactivated may not work in the tenant any more: their sessions end, with tokens and tickets, and their sockets close at once.
 * What they hold goes back to the queue (`routing`). Repeating it changes nothing. Refusals as `changeColleague`, and `invalid_value` for oneself.
 */
export async function deactivateColleague(outside: ChangeOutside, by: AccountPrincipal, email: string): Promise<Colleague> {
  return await changeColleague(outside, by, email, {
    action: "agent.deactivate",
    permission: "people.manage",
    decide: async (tx, { account, roles }) => {
      if (account === by.account)
        throw new Refusal("invalid_value", "You can't deactivate yourself; another admin can.", { path: "args.email" });
      await revokeSessions(tx, { account, tenant: by.tenant }, "deactivated", new Date(outside.clock.now()));
      return { active: false, roles };
    },
  });
}

/** They may sign in again; no session of before comes back. Repeating it changes nothing. Refusals as `changeColleague`. */
export async function activateColleague(outside: ChangeOutside, by: AccountPrincipal, email: string): Promise<Colleague> {
  return await changeColleague(outside, by, email, {
    action: "agent.activate",
    permission: "people.manage",
    decide: async (_tx, { roles }) => ({ active: true, roles }),
  });
}
