import type { Sql, TenantSql } from "../../platform/database/database.ts";
import type { AgentRef, ConversationRef } from "../conversation.ts";

/** Counts the change, and lets it be found by whoever compares with the ledger. */
const touched = "changes = changes + 1, updated_at = now(), touched = extract(epoch from now())::int / 10";

/** What decides how words for a time are read. */
export async function findTenantClock(sql: TenantSql): Promise<{ timeZone: string; language: string }> {
  const rows = await sql.query<{ time_zone: string; language: string }>("select time_zone, language from tenant where id = $1", []);
  const [tenant] = rows;
  return { timeZone: tenant?.time_zone ?? "UTC", language: tenant?.language ?? "en" };
}

/** Whether it was open and in this agent's hands. */
export async function saveSnooze(sql: TenantSql, conversation: string, agent: string, until: Date): Promise<boolean> {
  const rows = await sql.query(
    `update conversation set snoozed_until = $4, ${touched} where tenant_id = $1 and id = $2 and agent_id = $3 and open returning id`,
    [conversation, agent, until],
  );
  return rows.length > 0;
}

/** Those whose time has come, or whose visitor wrote, in all tenants. Index: conversation_snoozed. */
export async function dueSnoozes(sql: Sql, limit: number): Promise<ConversationRef[]> {
  return await sql.query<{ tenant: string; id: string }>(
    "select tenant_id as tenant, id from conversation where snoozed_until <= now() order by snoozed_until limit $1",
    [limit],
    "dueSnoozes",
  );
}

/** Ends a snooze; undefined where it has ended already. `due`: only one whose time has come. */
export async function endSnooze(
  sql: TenantSql,
  conversation: string,
  which: "due" | "any",
): Promise<{ agent: string | null; visitorWrote: boolean } | undefined> {
  const rows = await sql.query<{ agent_id: string | null; visitor_wrote: boolean }>(
    `update conversation set snoozed_until = null, ${touched}
     where tenant_id = $1 and id = $2 and snoozed_until is not null and ($3 or snoozed_until <= now())
     returning agent_id, last_author = 'visitor' and unread > 0 as visitor_wrote`,
    [conversation, which === "any"],
  );
  const [row] = rows;
  return row && { agent: row.agent_id, visitorWrote: row.visitor_wrote };
}

/** The visitor's newest message counts as unread again. False where the visitor wrote nothing, or there is no such conversation. */
export async function saveUnread(sql: TenantSql, conversation: string): Promise<boolean> {
  const rows = await sql.query(
    `update conversation c set unread = greatest(c.unread, 1), agent_read_seq = least(c.agent_read_seq, m.seq - 1), ${touched}
     from (select max(seq) as seq from message where tenant_id = $1 and conversation_id = $2 and author_kind = 'visitor') m
     where c.tenant_id = $1 and c.id = $2 and m.seq is not null returning c.id`,
    [conversation],
  );
  return rows.length > 0;
}

/** Adds a colleague to those who take part, if this agent may: who answers it, or takes part. False where nothing was changed. */
export async function addParticipant(sql: TenantSql, conversation: string, by: string, colleague: AgentRef): Promise<boolean> {
  const rows = await sql.query(
    `update conversation set participants = participants || jsonb_build_object($4::text, $5::text), ${touched}
     where tenant_id = $1 and id = $2 and open and controller = 'agent' and (agent_id = $3::uuid or participants ? $3::text)
       and agent_id <> $4::uuid and not participants ? $4::text and (select count(*) from jsonb_object_keys(participants)) < ${mostParticipants}
     returning id`,
    [conversation, by, colleague.id, colleague.name],
  );
  return rows.length > 0;
}

export const mostParticipants = 20;

/** Whether this account took part until now. */
export async function removeParticipant(sql: TenantSql, conversation: string, account: string): Promise<boolean> {
  const rows = await sql.query(
    `update conversation set participants = participants - $3::text, ${touched} where tenant_id = $1 and id = $2 and participants ? $3::text returning id`,
    [conversation, account],
  );
  return rows.length > 0;
}

/** Mutes one as spam, or ends that. False where it is so already, or there is no such conversation. */
export async function saveSpam(sql: TenantSql, conversation: string, isSpam: boolean): Promise<boolean> {
  const rows = await sql.query(
    `update conversation set muted = case when $3 then 'spam' end, unread = 0, snoozed_until = null, ${touched}
     where tenant_id = $1 and id = $2 and case when $3 then muted is null else muted = 'spam' end returning id`,
    [conversation, isSpam],
  );
  return rows.length > 0;
}

/** Blocks a contact with all their conversations, or ends that; answers these, or undefined where there is no such contact. Index: conversation_contact. */
export async function saveBlock(sql: TenantSql, contact: string, isBlocked: boolean): Promise<string[] | undefined> {
  return await sql.transaction(async (tx) => {
    const found = await tx.query(
      "update contact set blocked_at = case when $3 then coalesce(blocked_at, now()) end where tenant_id = $1 and id = $2 returning id",
      [contact, isBlocked],
    );
    if (found.length === 0) return undefined;
    const rows = await tx.query<{ id: string }>(
      `update conversation set muted = case when $3 then 'blocked' end, unread = 0, snoozed_until = null, ${touched}
       where tenant_id = $1 and contact_id = $2 and muted is distinct from case when $3 then 'blocked' end and ($3 or muted = 'blocked') and muted is distinct from 'merged'
       returning id`,
      [contact, isBlocked],
    );
    return rows.map(({ id }) => id);
  });
}
