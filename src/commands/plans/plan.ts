import type { Keys } from "../../access/keys/keys.ts";
import type { AccountPrincipal } from "../../access/principal.ts";
import type { Platform } from "../../platform/platform.ts";
import type { Plan, PlanAnswer } from "../../protocol/commands.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { neededApprovals } from "../approvals/neededApprovals.ts";
import { checkArguments } from "../arguments.ts";
import type { Args, Command } from "../command.ts";
import { commandFor } from "../execute.ts";
import { refuseSecrets } from "../refuseSecrets.ts";
import { askConfirmation, holderOf, needsConfirmation } from "./confirmation.ts";
import { isSamePlan, planMark } from "./fingerprint.ts";

/**
 * What a run would do; nothing happens. The hash stands for the command with these arguments, for who asks and for what the plan saw of the world;
 * of what can't be taken back it is a code for whoever asks, good once and for a minute. Refusals: `invalid_value`, and those of the command.
 */
export async function planRun(
  { database, clock, keys }: Pick<Platform, "database" | "clock"> & { keys: Keys },
  principal: AccountPrincipal,
  asked: Command,
  given: Readonly<Record<string, unknown>>,
): Promise<PlanAnswer> {
  const command = commandFor(asked, principal);
  const args = checkArguments(command.args, given);
  refuseSecrets(command.args, args);
  const sql = database.forTenant(principal.tenant);
  const plan = await makePlan(command, principal, args);
  const approvals = await neededApprovals(sql, { command, principal, args });
  const answer = {
    summary: command.summary,
    ...plan,
    approval: approvals.rules.length === 0 ? "none" : "needed",
    approvals: approvals.rules,
  } as const;
  const mark = planMark(keys, { command, args, account: principal.account, plan });
  if (!needsConfirmation(command, args)) return { ...answer, hash: mark.toString("base64url"), expiresAt: null };
  const confirmed = { command, requestHash: mark, args: undefined };
  const { code, expiresAt } = await askConfirmation({ sql, nowMs: clock.now() }, holderOf(principal), confirmed);
  return { ...answer, hash: code, expiresAt: expiresAt.toISOString() };
}

/** What the command says that it would do now; of one that doesn't plan, nothing. */
export async function makePlan(command: Command, principal: AccountPrincipal, args: Args): Promise<Plan> {
  const plan = command.audience === "staff" ? await command.plan?.({ principal, args }) : undefined;
  return { changes: plan?.changes ?? [], facts: plan?.facts ?? {} };
}

/** A plan that is named must be of this, by whoever asks, and of the world as it is. Refusal `stale`, with what stands now. */
export function refuseOtherPlan(
  keys: Keys,
  { command, principal, args, plan }: { command: Command; principal: AccountPrincipal; args: Args; plan: Plan },
  planHash: string,
): void {
  if (isSamePlan(keys, { command, args, account: principal.account, plan }, Buffer.from(planHash, "base64url"))) return;
  throw worldChanged(undefined, plan);
}

/** That the world is another than the plan saw: what differs, where the plan is known, and what stands now. */
export function worldChanged(before: Plan | undefined, now: Plan): Refusal {
  const differs = before === undefined ? [] : differences(before, now);
  const what = differs.length > 0 ? differs.join("; ") : now.changes.map(({ text }) => text).join(" ");
  const text =
    before === undefined ? "The plan was made for something else, or what it saw has changed" : "What the plan saw has changed meanwhile";
  return new Refusal("stale", `${text}${what === "" ? "" : ` (now: ${what})`}; make a new one.`, { path: "planHash", current: { ...now } });
}

function differences(before: Plan, now: Plan): string[] {
  const names = [...new Set([...Object.keys(before.facts), ...Object.keys(now.facts)])];
  return names.flatMap((name) => {
    const [was, is] = [before.facts[name], now.facts[name]];
    return was === is ? [] : [`${name} was ${was ?? "nothing"}, is ${is ?? "nothing"}`];
  });
}
