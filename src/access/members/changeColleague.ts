import type { Sql } from "../../platform/database/database.ts";
import type { Platform } from "../../platform/platform.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { announceAccessChange } from "../accessChanges.ts";
import { type AuditRecord, actorOf, audit } from "../audit/audit.ts";
import { unauthenticated } from "../authenticate.ts";
import type { Permission } from "../permissions.ts";
import { mayGive } from "../policy.ts";
import type { AccountPrincipal } from "../principal.ts";
import { type Grant, grantsOf } from "../roles/roles.ts";
import { foldEmail } from "../sessions/signIn.ts";
import { type Colleague, findColleagues, listHeldRoles, lockMembers, saveMembership } from "./membershipStore.ts";

export type ChangeOutside = Pick<Platform, "database" | "bus" | "clock" | "log">;

export interface ColleagueChange {
  /** The command, for the audit. */
  action: string;
  /** What whoever asks must still hold in this moment. */
  permission: Permission;
  detail?: AuditRecord["detail"];
  /** What the colleague's membership becomes. Refuses what must not be. `held` is what whoever asks holds. */
  decide(tx: Sql, colleague: Colleague, held: readonly Grant[]): Promise<{ active: boolean; roles: readonly string[] }>;
}

/**
 * The one way in which a colleague's membership changes: with the rights that whoever asks has in this moment, never over somebody who holds
 * more, and never so that nobody is left who can undo it. Refusals: `invalid_value` (`args.email`), `forbidden`, `conflict` where somebody else
 * changed the same colleague in the same second.
 */
export async function changeColleague(
  { database, bus, log }: ChangeOutside,
  by: AccountPrincipal,
  written: string,
  { action, permission, detail, decide }: ColleagueChange,
): Promise<Colleague> {
  const email = foldEmail(written);
  const colleague = await database.acrossTenants.transaction(async (tx) => {
    await lockMembers(tx, by.tenant);
    const { asking, meant } = await findColleagues(tx, { tenant: by.tenant, email, by: by.account });
    const held = asking === undefined ? [] : grantsOf(asking.roles, asking.own);
    if (!held.some((grant) => grant.permission === permission)) throw unauthenticated();
    if (meant === undefined) throw new Refusal("invalid_value", `There is no colleague "${email.slice(0, 100)}".`, { path: "args.email" });
    if (!mayGive(held, grantsOf(meant.roles, meant.own)))
      throw new Refusal("forbidden", `${meant.name} may do more here than you; somebody who may do as much can change that.`, {
        path: "args.email",
      });
    if (meant.justChangedBy !== null && meant.justChangedBy.account !== by.account)
      throw new Refusal("conflict", `${meant.justChangedBy.name} changed ${meant.name} in this moment; look at it again.`, {
        path: "args.email",
      });
    const change = await decide(tx, meant, held);
    await saveMembership(tx, { tenant: by.tenant, account: meant.account, by: by.account, ...change });
    await refuseNobodyLeft(tx, by.tenant, meant.name);
    await audit(tx, {
      tenant: by.tenant,
      actor: actorOf(by),
      action,
      object: { kind: "account", id: meant.account, name: meant.name },
      ...(detail === undefined ? {} : { detail }),
    });
    return { ...meant, active: change.active, roles: [...change.roles] };
  });
  announceAccessChange({ bus }, [by.tenant]);
  log.info({ audit: action, account: colleague.account, by: by.account }, "a colleague was changed");
  return colleague;
}

/** A tenant where nobody manages people and roles could never be mended from inside. */
async function refuseNobodyLeft(tx: Sql, tenant: string, name: string): Promise<void> {
  const held = await listHeldRoles(tx, tenant);
  const manages = held.some(({ roles, own }) =>
    ["people.manage", "roles.manage"].every((needed) => grantsOf(roles, own).some(({ permission }) => permission === needed)),
  );
  if (!manages) throw new Refusal("conflict", `${name} is the last admin here; make somebody else one first.`, { path: "args.email" });
}
