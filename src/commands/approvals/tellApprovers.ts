import { limitsOf } from "../../access/policy.ts";
import type { AccountPrincipal } from "../../access/principal.ts";
import { grantsOf } from "../../access/roles/roles.ts";
import type { ApprovalRule, RunAnswer } from "../../protocol/commands.ts";
import type { RunOutside } from "../runs/runOutside.ts";
import { standingOf } from "./approvalRules.ts";
import { listApprovers } from "./approvalStore.ts";

/** Tells whoever may agree that a run waits for them. Where that fails the run waits all the same: it stands in their list. */
export async function tellApprovers(
  outside: RunOutside,
  { tenant, name, account }: AccountPrincipal,
  run: RunAnswer,
  blueprint: string | undefined,
): Promise<void> {
  const notice = { run: run.id, blueprint, kind: "approval" as const, what: `${run.command}, asked for by ${name}` };
  await tellAsked(outside, tenant, run.approvals, notice, [account]);
}

/** Tells everybody whom the rules ask and who may see what it is about, but for those who know. */
export async function tellAsked(
  { database, tellOfRun, log }: RunOutside,
  tenant: string,
  rules: readonly ApprovalRule[],
  { blueprint, ...notice }: { run: string; blueprint: string | undefined; kind: "approval" | "run"; what: string },
  but: readonly string[],
): Promise<void> {
  if (tellOfRun === undefined) return;
  try {
    const asked = (await listApprovers(database.forTenant(tenant))).filter((person) => {
      const standing = standingOf(person);
      const sees =
        blueprint === undefined || limitsOf({ grants: grantsOf(person.roles, person.own) }, "entities.read", blueprint) === "all";
      return sees && !but.includes(person.account) && rules.some(({ by }) => standing.includes(by));
    });
    await tellOfRun(tenant, { ...notice, accounts: asked.map(({ account }) => account) });
  } catch (error) {
    log.warn({ error, run: notice.run }, "could not tell of a run that waits");
  }
}
