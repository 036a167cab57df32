import { actorOf, audit } from "../../access/audit/audit.ts";
import type { Database } from "../../platform/database/database.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { approvalNeeded } from "../approvals/approvalRules.ts";
import { neededApprovals } from "../approvals/neededApprovals.ts";
import { checkArguments } from "../arguments.ts";
import type { CommandResult } from "../command.ts";
import { commandFor, type Execution, execute, mayRun } from "../execute.ts";
import { isAudited, outcomeOf, recordOfRun } from "./auditRun.ts";

/** Runs a command that has no run of its own to be written down with: a step of another, or a visitor's turn. The audit has it all the same. */
export async function executeAudited(
  { database }: { database: Pick<Database, "forTenant"> },
  execution: Execution,
): Promise<CommandResult> {
  const { command, principal, run } = execution;
  const tell = async (thrown?: unknown) => {
    const outcome = thrown === undefined ? "succeeded" : outcomeOf(thrown, command);
    if (!isAudited(command, outcome)) return;
    const error = thrown instanceof Refusal ? thrown.code : undefined;
    const record = recordOfRun({ tenant: principal.tenant, actor: actorOf(principal) }, execution, { outcome, run, error });
    await database.forTenant(principal.tenant).transaction((tx) => audit(tx, record));
  };
  const result = await approvedOnly(database, execution).catch(async (thrown: unknown) => {
    await tell(thrown);
    throw thrown;
  });
  await tell();
  return result;
}

/** A step can't wait for anybody: what needs an approval is refused here, and waits as a run of its own. */
async function approvedOnly(database: Pick<Database, "forTenant">, execution: Execution): Promise<CommandResult> {
  const { principal } = execution;
  if (execution.command.risk === "read" || !mayRun(execution.command, principal)) return await execute(execution);
  const command = commandFor(execution.command, principal);
  const args = checkArguments(command.args, execution.args);
  const { rules } = await neededApprovals(database.forTenant(principal.tenant), { command, principal, args });
  if (rules.length > 0) throw approvalNeeded(command.name);
  return await execute({ ...execution, approved: true });
}
