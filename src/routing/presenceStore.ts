import type { Sql, TenantSql } from "../platform/database/database.ts";
import type { AgentItem, Presence } from "../protocol/desk.ts";

export async function saveDeclared(sql: TenantSql, account: string, declared: Presence): Promise<void> {
  await sql.query(
    `insert into agent_presence (tenant_id, account_id, declared) values ($1, $2, $3)
     on conflict (tenant_id, account_id) do update set declared = excluded.declared, declared_at = now()`,
    [account, declared],
  );
}

/** A gateway that hasn't said so for this long doesn't hold an agent's connection any more. With a word every 5 s, a dead one shows within 15 s. */
const connectionCountsSeconds = 12;

/** Whether any gateway holds a connection of the account that these columns name. Index: the primary key of agent_connection. */
export function connectedNow(tenant: string, account: string): string {
  return `exists (select from agent_connection n where n.tenant_id = ${tenant} and n.account_id = ${account} and n.left_at is null
    and n.seen_at > now() - interval '${connectionCountsSeconds} seconds')`;
}

/** Index: the primary keys; `conversation_agent` and `conversation_offered` for what each holds. */
export async function listAgents(sql: TenantSql): Promise<AgentItem[]> {
  const rows = await sql.query<AgentRow>(
    `select a.id, a.name, a.email, p.declared, ${connectedNow("m.tenant_id", "a.id")} as connected, f.capacity,
       (select count(*) from conversation c where c.tenant_id = m.tenant_id and c.controller = 'agent' and c.agent_id = a.id) as holding,
       (select count(*) from conversation c where c.tenant_id = m.tenant_id and c.offered_to = a.id) as offered,
       array(select t.team from team_member t where t.tenant_id = m.tenant_id and t.account_id = a.id order by t.team) as teams
     from membership m
     join account a on a.id = m.account_id
     left join agent_presence p on p.tenant_id = m.tenant_id and p.account_id = a.id
     left join agent_profile f on f.tenant_id = m.tenant_id and f.account_id = a.id
     where m.tenant_id = $1 and m.active and a.active order by a.name, a.id`,
    [],
    "listAgents",
  );
  return rows.map(({ declared, ...row }) => ({ kind: "agent", ...row, declared: declared ?? "offline" }));
}

interface AgentRow {
  id: string;
  name: string;
  email: string;
  declared: Presence | null;
  connected: boolean;
  capacity: number | null;
  holding: number;
  offered: number;
  teams: string[];
}

/** Who is online and connected: of a team, or of the tenant where there is no such team. */
export async function countOnline(sql: TenantSql, team: string): Promise<number> {
  const rows = await sql.query<{ people: number }>(
    `select count(*)::int as people
     from agent_presence p
     join membership m on m.tenant_id = p.tenant_id and m.account_id = p.account_id and m.active
     where p.tenant_id = $1 and p.declared = 'online' and ${connectedNow("p.tenant_id", "p.account_id")}
       and (exists (select from team_member t where t.tenant_id = $1 and t.team = $2 and t.account_id = p.account_id)
         or not exists (select from team t where t.tenant_id = $1 and t.key = $2))`,
    [team],
    "countOnline",
  );
  return rows[0]?.people ?? 0;
}

export async function refreshConnections(
  sql: Sql,
  gateway: string,
  accounts: readonly { tenant: string; account: string }[],
): Promise<void> {
  await sql.query(
    `insert into agent_connection (tenant_id, account_id, gateway)
     select tenant, account, $1 from json_to_recordset($2::json) as c (tenant uuid, account uuid) order by tenant, account
     on conflict (tenant_id, account_id, gateway) do update set seen_at = now(), left_at = null`,
    [gateway, JSON.stringify(accounts)],
    "refreshConnections",
  );
}

/** The row stays for a while: it tells since when the agent is gone. */
export async function dropConnections(sql: TenantSql, gateway: string, account: string): Promise<void> {
  await sql.query("update agent_connection set left_at = now() where tenant_id = $1 and account_id = $2 and gateway = $3", [
    account,
    gateway,
  ]);
}

/** What dead gateways left behind. */
export async function forgetOldConnections(sql: Sql): Promise<void> {
  await sql.query("delete from agent_connection where seen_at < now() - interval '1 hour'");
}

export async function findDeclared(sql: TenantSql, account: string): Promise<Presence | undefined> {
  const rows = await sql.query<{ declared: Presence }>("select declared from agent_presence where tenant_id = $1 and account_id = $2", [
    account,
  ]);
  return rows[0]?.declared;
}

/**
 * By tenant and team whether somebody of it is online and connected now; teams that nobody ever declared themselves in are left out.
 * Index: the primary keys of `team_member`, `agent_presence` and `agent_connection`.
 */
export async function teamsWithPeople(sql: Sql, tenants: readonly string[]): Promise<Map<string, Map<string, boolean>>> {
  const rows = await sql.query<{ tenant_id: string; team: string; here: boolean }>(
    `select t.tenant_id, t.team, bool_or(p.declared = 'online' and m.active and ${connectedNow("t.tenant_id", "t.account_id")}) as here
     from team_member t
     join agent_presence p on p.tenant_id = t.tenant_id and p.account_id = t.account_id
     join membership m on m.tenant_id = t.tenant_id and m.account_id = t.account_id
     where t.tenant_id = any($1::uuid[]) group by t.tenant_id, t.team`,
    [tenants],
    "teamsWithPeople",
  );
  const found = new Map<string, Map<string, boolean>>();
  for (const { tenant_id: tenant, team, here } of rows) found.set(tenant, (found.get(tenant) ?? new Map()).set(team, here));
  return found;
}
