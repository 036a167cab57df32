import type { Keys } from "../../access/keys/keys.ts";
import type { AccountPrincipal } from "../../access/principal.ts";
import type { Platform } from "../../platform/platform.ts";
import type { PlanAnswer } from "../../protocol/commands.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { checkArguments } from "../arguments.ts";
import type { Command } from "../command.ts";
import { refuseSecrets } from "../refuseSecrets.ts";
import { askConfirmation, holderOf, needsConfirmation } from "./confirmation.ts";
import { fingerprint } from "./fingerprint.ts";

/**
 * What a run would do; nothing happens. The hash stands for the command with these arguments; of what can't be taken back it is a code for whoever
 * asks, good once and for a minute. Refusals: `invalid_value`, and those of the command.
 */
export async function planRun(
  { database, clock, keys }: Pick<Platform, "database" | "clock"> & { keys: Keys },
  principal: AccountPrincipal,
  command: Command,
  given: Readonly<Record<string, unknown>>,
): Promise<PlanAnswer> {
  const args = checkArguments(command.args, given);
  refuseSecrets(command.args, args);
  const told = command.audience === "staff" ? await command.plan?.({ principal, args }) : undefined;
  const plan = { summary: command.summary, changes: told === undefined ? [] : [{ text: told }], approval: "none" } as const;
  if (!needsConfirmation(command, args)) return { ...plan, hash: fingerprint(keys, command, args).toString("base64url"), expiresAt: null };
  const outside = { sql: database.forTenant(principal.tenant), keys, nowMs: clock.now() };
  const { code, expiresAt } = await askConfirmation(outside, holderOf(principal), { command, args, keep: false });
  return { ...plan, hash: code, expiresAt: expiresAt.toISOString() };
}

/** Of what can be taken back, a plan is no duty; but one that is named must be of this. Refusal `stale`. */
export function refuseOtherPlan(requestHash: Buffer, planHash: string | undefined): void {
  if (planHash === undefined || planHash === requestHash.toString("base64url")) return;
  throw new Refusal("stale", "The plan was made for something else; make a new one.", { path: "planHash" });
}
