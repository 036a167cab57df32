import pg from "pg";
import { v7 as newId } from "uuid";
import { hashOfToken, newToken } from "../../../src/access/sessions/opaqueToken.ts";

/**
 * Puts so many agents of the demo tenant into the database, each with an account, a session and a ticket for one socket (good for 30 s), and
 * gives them these conversations in turn. Two hundred sign-ins through the door would measure the password hash.
 */
export async function addAgents(databaseUrl: string, count: number, conversations: readonly string[]): Promise<{ tickets: string[] }> {
  const agents = Array.from({ length: count }, () => ({ account: newId(), session: newId(), ticket: newToken() }));
  const client = new pg.Client(databaseUrl);
  await client.connect();
  try {
    await client.query("begin");
    const accounts = agents.map(({ account }) => account);
    const sessions = agents.map(({ session }) => session);
    await client.query(
      "insert into account (id, email, name) select id, 'bench-' || n || '@demo.example', 'Bench ' || n from unnest($1::uuid[]) with ordinality as new (id, n)",
      [accounts],
    );
    await client.query(
      "insert into membership (tenant_id, account_id, roles) select tenant.id, account.id, '{agent}' from tenant, unnest($1::uuid[]) as account (id)",
      [accounts],
    );
    await client.query(
      `insert into session (id, account_id, tenant_id, ends_at)
       select new.id, new.account, tenant.id, now() + interval '1 hour' from tenant, unnest($1::uuid[], $2::uuid[]) as new (id, account)`,
      [sessions, accounts],
    );
    await client.query(
      `insert into socket_ticket (ticket_hash, session_id, expires_at)
       select hash, session, now() + interval '30 seconds' from unnest($1::bytea[], $2::uuid[]) as new (hash, session)`,
      [agents.map(({ ticket }) => hashOfToken(ticket)), sessions],
    );
    await client.query(
      `update conversation c set controller = 'agent', agent_id = a.id, agent_name = a.name, generation = c.generation + 1
       from unnest($1::uuid[], $2::uuid[]) as given (conversation, account) join account a on a.id = given.account
       where c.id = given.conversation`,
      [conversations, conversations.map((_, index) => accounts[index % count])],
    );
    await client.query("commit");
  } finally {
    await client.end();
  }
  return { tickets: agents.map(({ ticket }) => ticket) };
}
