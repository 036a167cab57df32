import type { Sql } from "../../platform/database/database.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { type ChangeOutside, changeColleague } from "../members/changeColleague.ts";
import type { Colleague } from "../members/membershipStore.ts";
import { mayGive } from "../policy.ts";
import type { AccountPrincipal } from "../principal.ts";
import { ownGrants } from "./roleStore.ts";
import { type Grant, grantsOf, isPredefined } from "./roles.ts";

/** Gives a colleague a role; their sessions and sockets have it at once. `had`: they had it before. Refusals as `changeColleague`, and `forbidden` for a role above one's own. */
export async function giveRole(
  outside: ChangeOutside,
  by: AccountPrincipal,
  email: string,
  role: string,
): Promise<Colleague & { had: boolean }> {
  let had = false;
  const colleague = await changeColleague(outside, by, email, {
    action: "role.grant",
    permission: "roles.manage",
    detail: { role },
    decide: async (tx, { active, roles }, held) => {
      await checkGivable(tx, by.tenant, role, held);
      had = roles.includes(role);
      return { active, roles: [...new Set([...roles, role])] };
    },
  });
  return { ...colleague, had };
}

/** Takes a role from a colleague. Refusals as `changeColleague`, and `invalid_value` (`args.role`) where they don't have it. */
export async function takeRole(outside: ChangeOutside, by: AccountPrincipal, email: string, role: string): Promise<Colleague> {
  return await changeColleague(outside, by, email, {
    action: "role.revoke",
    permission: "roles.manage",
    detail: { role },
    decide: async (_tx, { name, active, roles }) => {
      if (!roles.includes(role))
        throw new Refusal("invalid_value", `${name} has no role "${role.slice(0, 60)}"; they have: ${roles.join(", ") || "none"}.`, {
          path: "args.role",
        });
      return { active, roles: roles.filter((held) => held !== role) };
    },
  });
}

/** Refusals: `invalid_value` (`args.role`) for a role that isn't there, `forbidden` for one that holds more than the giver does. */
export async function checkGivable(tx: Sql, tenant: string, role: string, held: readonly Grant[]): Promise<void> {
  const own = await ownGrants(tx, tenant);
  if (!isPredefined(role) && !Object.hasOwn(own, role))
    throw new Refusal("invalid_value", `There is no role "${role.slice(0, 60)}"; "role.list" shows them.`, { path: "args.role" });
  if (!mayGive(held, grantsOf([role], own)))
    throw new Refusal("forbidden", `The role "${role}" may do more than you; nobody gives what they don't have.`, { path: "args.role" });
}
