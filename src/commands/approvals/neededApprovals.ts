import type { AccountPrincipal, Principal } from "../../access/principal.ts";
import type { TenantSql } from "../../platform/database/database.ts";
import type { ApprovalRule } from "../../protocol/commands.ts";
import type { Args, Command } from "../command.ts";
import { usualHours } from "./approvalRules.ts";
import { findRule } from "./approvalStore.ts";

export interface Approvals {
  /** None: whoever may run it runs it alone. */
  rules: ApprovalRule[];
  /** How long a run waits for them. */
  hours: number;
}

interface Asked {
  command: Command;
  principal: Principal;
  args: Args;
}

/**
 * Who must agree to this: as the command declares it, and as the tenant decided. Asked on every door and for every step of another command, so
 * that no branch goes past it. What only reads needs nobody.
 */
export async function neededApprovals(sql: Pick<TenantSql, "query">, { command, principal, args }: Asked): Promise<Approvals> {
  if (command.risk === "read") return { rules: [], hours: usualHours };
  const declared = principal.kind === "visitor" ? [] : await declaredApprovals(command, principal, args);
  const rule = await findRule(sql, command.name);
  const set = rule === undefined ? [] : [{ by: `role:${rule.role}`, quorum: rule.quorum }];
  return { rules: [...declared, ...set], hours: rule?.hours ?? usualHours };
}

async function declaredApprovals(command: Command, principal: AccountPrincipal, args: Args): Promise<readonly ApprovalRule[]> {
  if (command.audience === "visitor" || command.approval === undefined) return [];
  return typeof command.approval === "function" ? await command.approval({ principal, args }) : [command.approval];
}
