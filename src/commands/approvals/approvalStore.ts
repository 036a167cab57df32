import { validate as isId } from "uuid";
import { ownGrantsOfMember } from "../../access/roles/roleStore.ts";
import type { Sql, TenantSql } from "../../platform/database/database.ts";
import type { Decision, RunDecision } from "../../protocol/commands.ts";
import type { Approver } from "./approvalRules.ts";

export interface TenantRule {
  command: string;
  role: string;
  quorum: number;
  hours: number;
}

/** Primary key. */
export async function findRule(sql: Pick<TenantSql, "query">, command: string): Promise<TenantRule | undefined> {
  const [rule] = await sql.query<TenantRule>(
    "select command, by_role as role, quorum, hours from approval_rule where tenant_id = $1 and command = $2",
    [command],
    "commands_approval_rule",
  );
  return rule;
}

export async function listRules(sql: Pick<TenantSql, "query">): Promise<TenantRule[]> {
  return await sql.query<TenantRule>(
    "select command, by_role as role, quorum, hours from approval_rule where tenant_id = $1 order by command",
  );
}

export async function saveRule(sql: Pick<TenantSql, "query">, rule: TenantRule, by: string, at: Date): Promise<void> {
  await sql.query(
    `insert into approval_rule (tenant_id, command, by_role, quorum, hours, set_by, set_at) values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (tenant_id, command) do update set by_role = $3, quorum = $4, hours = $5, set_by = $6, set_at = $7`,
    [rule.command, rule.role, rule.quorum, rule.hours, by, at],
  );
}

/** Whether a run waited for somebody to agree; of a step, its run. Primary key. */
export async function wasAgreedTo(sql: Pick<TenantSql, "query">, run: string): Promise<boolean> {
  const [id = ""] = run.split(".");
  return isId(id) && (await sql.query("select 1 from run where tenant_id = $1 and id = $2 and approval is not null", [id])).length > 0;
}

/** False where there is none. */
export async function deleteRule(sql: Pick<TenantSql, "query">, command: string): Promise<boolean> {
  return (await sql.query("delete from approval_rule where tenant_id = $1 and command = $2 returning command", [command])).length > 0;
}

/** Everybody with a place in the tenant and what they hold. Primary key of membership. */
export async function listApprovers(sql: Pick<Sql, "query">): Promise<(Approver & { name: string })[]> {
  return await sql.query<Approver & { name: string }>(
    `select m.account_id as account, a.name, m.active and a.active as active, m.roles, ${ownGrantsOfMember} as own
       from membership m join account a on a.id = m.account_id where m.tenant_id = $1`,
  );
}

/** False where this person decided before. Primary key. */
export async function insertDecision(
  tx: Pick<Sql, "query">,
  run: string,
  { account, decision, reason, at }: { account: string; decision: Decision; reason: string; at: Date },
): Promise<boolean> {
  const rows = await tx.query(
    `insert into run_approval (tenant_id, run_id, account_id, decision, reason, at) values ($1, $2, $3, $4, $5, $6)
     on conflict do nothing returning run_id`,
    [run, account, decision, reason, at],
  );
  return rows.length > 0;
}

/** Who decided, in their order. Primary key. */
export async function listDecisions(sql: Pick<Sql, "query">, run: string): Promise<(RunDecision & { account: string })[]> {
  const rows = await sql.query<{ account: string; name: string | null; decision: Decision; reason: string; at: Date }>(
    `select d.account_id as account, a.name, d.decision, d.reason, d.at from run_approval d left join account a on a.id = d.account_id
      where d.tenant_id = $1 and d.run_id = $2 order by d.at, d.account_id`,
    [run],
  );
  return rows.map(({ account, name, decision, reason, at }) => ({
    account,
    by: { id: account, name: name ?? "somebody who left" },
    decision,
    reason,
    at: at.toISOString(),
  }));
}
