import type { Sql, TenantSql } from "../platform/database/database.ts";
import type { AgentItem, Presence } from "../protocol/desk.ts";

export async function saveDeclared(sql: TenantSql, account: string, declared: Presence): Promise<void> {
  await sql.query(
    `insert into agent_presence (tenant_id, account_id, declared) values ($1, $2, $3)
     on conflict (tenant_id, account_id) do update set declared = excluded.declared, declared_at = now()`,
    [account, declared],
  );
}

/** Index: the primary keys; `conversation_agent` for what each holds. */
export async function listAgents(sql: TenantSql, countsSeconds: number): Promise<AgentItem[]> {
  const rows = await sql.query<{ id: string; name: string; email: string; declared: Presence | null; connected: boolean; holding: number }>(
    `select a.id, a.name, a.email, p.declared,
       exists (select from agent_connection n where n.tenant_id = m.tenant_id and n.account_id = a.id and n.seen_at > now() - make_interval(secs => $2)) as connected,
       (select count(*) from conversation c where c.tenant_id = m.tenant_id and c.controller = 'agent' and c.agent_id = a.id) as holding
     from membership m
     join account a on a.id = m.account_id
     left join agent_presence p on p.tenant_id = m.tenant_id and p.account_id = a.id
     where m.tenant_id = $1 and m.active and a.active order by a.name, a.id`,
    [countsSeconds],
    "listAgents",
  );
  return rows.map(({ id, name, email, declared, connected, holding }) => ({
    kind: "agent",
    id,
    name,
    email,
    declared: declared ?? "offline",
    connected,
    holding,
  }));
}

export async function refreshConnections(
  sql: Sql,
  gateway: string,
  accounts: readonly { tenant: string; account: string }[],
): Promise<void> {
  await sql.query(
    `insert into agent_connection (tenant_id, account_id, gateway)
     select tenant, account, $1 from json_to_recordset($2::json) as c (tenant uuid, account uuid) order by tenant, account
     on conflict (tenant_id, account_id, gateway) do update set seen_at = now()`,
    [gateway, JSON.stringify(accounts)],
    "refreshConnections",
  );
}

export async function dropConnections(sql: TenantSql, gateway: string, account: string): Promise<void> {
  await sql.query("delete from agent_connection where tenant_id = $1 and account_id = $2 and gateway = $3", [account, gateway]);
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
 * Of these tenants those whose people answer conversations at all, each with whether somebody is online and connected now.
 * Index: the primary keys of `agent_presence` and `agent_connection`.
 */
export async function tenantsWithPeople(sql: Sql, tenants: readonly string[], countsSeconds: number): Promise<Map<string, boolean>> {
  const rows = await sql.query<{ tenant_id: string; here: boolean }>(
    `select p.tenant_id, bool_or(p.declared = 'online' and m.active and exists (
         select from agent_connection n
         where n.tenant_id = p.tenant_id and n.account_id = p.account_id and n.seen_at > now() - make_interval(secs => $2))) as here
     from agent_presence p join membership m on m.tenant_id = p.tenant_id and m.account_id = p.account_id
     where p.tenant_id = any($1::uuid[]) group by p.tenant_id`,
    [tenants, countsSeconds],
    "tenantsWithPeople",
  );
  return new Map(rows.map((row) => [row.tenant_id, row.here]));
}
