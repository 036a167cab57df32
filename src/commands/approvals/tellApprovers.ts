import type { AccountPrincipal } from "../../access/principal.ts";
import type { ApprovalRule, RunAnswer } from "../../protocol/commands.ts";
import type { RunOutside } from "../runs/runOutside.ts";
import { standingOf } from "./approvalRules.ts";
import { listApprovers } from "./approvalStore.ts";

/** Tells whoever may agree that a run waits for them. Where that fails the run waits all the same: it stands in their list. */
export async function tellApprovers(outside: RunOutside, { tenant, name, account }: AccountPrincipal, run: RunAnswer): Promise<void> {
  await tellAsked(outside, tenant, run.approvals, { run: run.id, kind: "approval", what: `${run.command}, asked for by ${name}` }, [
    account,
  ]);
}

/** Tells everybody whom the rules ask, but for those who know. */
export async function tellAsked(
  { database, tellOfRun, log }: RunOutside,
  tenant: string,
  rules: readonly ApprovalRule[],
  notice: { run: string; kind: "approval" | "run"; what: string },
  but: readonly string[],
): Promise<void> {
  if (tellOfRun === undefined) return;
  try {
    const asked = (await listApprovers(database.forTenant(tenant))).filter((person) => {
      const standing = standingOf(person);
      return !but.includes(person.account) && rules.some(({ by }) => standing.includes(by));
    });
    await tellOfRun(tenant, { ...notice, accounts: asked.map(({ account }) => account) });
  } catch (error) {
    log.warn({ error, run: notice.run }, "could not tell of a run that waits");
  }
}
