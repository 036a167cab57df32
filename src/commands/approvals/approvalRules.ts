import { grantsOf, type OwnGrants } from "../../access/roles/roles.ts";
import type { ApprovalRule, Decision } from "../../protocol/commands.ts";
import { Refusal } from "../../protocol/refusal.ts";

/** How long a run waits where nothing else is said. */
export const usualHours = 24;
/** Who breaks the glass says why, in so many characters at least. */
export const shortestReason = 10;

/** Somebody who may agree, as they stand in this moment. */
export interface Approver {
  account: string;
  active: boolean;
  roles: readonly string[];
  /** What those of the tenant's own roles hold. */
  own: OwnGrants;
}

/** As which somebody may agree: `role:admin`, `permission:people.manage`. Nothing for whoever may not work here any more. */
export function standingOf({ active, roles, own }: Omit<Approver, "account">): string[] {
  if (!active) return [];
  const permissions = new Set(grantsOf(roles, own).map(({ permission }) => permission));
  return [...roles.map((role) => `role:${role}`), ...[...permissions].map((permission) => `permission:${permission}`)];
}

export interface Waiting {
  requester: string;
  rules: readonly ApprovalRule[];
  decided: readonly { account: string; decision: Decision }[];
}

/** Why somebody may not decide about a run; undefined where they may. */
export function whyNotDecide(
  { requester, rules, decided }: Waiting,
  approver: Approver,
): "requester" | "decided" | "not asked" | undefined {
  if (!isAsked(rules, approver)) return approver.account === requester ? "requester" : "not asked";
  if (approver.account === requester) return "requester";
  return decided.some(({ account }) => account === approver.account) ? "decided" : undefined;
}

/**
 * What the decisions come to by the rights that those who made them have now. One refusal is enough; each rule needs its quorum of people, who
 * are never the requester. One person counts for every rule that asks for them, and once.
 */
export function decideApproval({ requester, rules, decided }: Waiting, people: readonly Approver[]): "waiting" | "approved" | "rejected" {
  const known = new Map(people.map((person) => [person.account, person]));
  const voices = [...new Map(decided.map((each) => [each.account, each])).values()].flatMap(({ account, decision }) => {
    const person = known.get(account);
    return person === undefined || account === requester || !isAsked(rules, person) ? [] : [{ person, decision }];
  });
  if (voices.some(({ decision }) => decision === "reject")) return "rejected";
  const agreed = voices.filter(({ decision }) => decision === "approve");
  const fulfilled = rules.every(({ by, quorum }) => agreed.filter(({ person }) => standingOf(person).includes(by)).length >= quorum);
  return rules.length > 0 && fulfilled ? "approved" : "waiting";
}

function isAsked(rules: readonly ApprovalRule[], person: Approver): boolean {
  const standing = standingOf(person);
  return rules.some(({ by }) => standing.includes(by));
}

export function approvalNeeded(command: string): Refusal {
  return new Refusal("approval_needed", `"${command}" needs somebody's approval: run it by itself, then it waits for them.`);
}
