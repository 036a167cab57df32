import type { Sql, TenantSql } from "../../platform/database/database.ts";
import type { Controller } from "../../protocol/conversation.ts";
import { type ControlRow, toControl } from "../control/controlRow.ts";
import type { AgentRef, Control } from "../conversation.ts";
import { findControl } from "../conversationStore.ts";
import type { Mergeable } from "./mergeRules.ts";

const touched = "changes = c.changes + 1, updated_at = now(), touched = extract(epoch from now())::int / 10";

/** A merge that lasts. */
export interface Merge {
  id: string;
  conversation: string;
  target: string;
  mergedAt: Date;
}

/** One merge at a time in a tenant, until the transaction ends: two at once could make a ring. They are rare. */
export async function lockMerging(tx: Sql): Promise<void> {
  await tx.query("select pg_advisory_xact_lock(hashtextextended('merge ' || $1::text, 0))");
}

/** What the rule looks at, of those that are there. Indexes: the primary key, conversation_merge_now, conversation_merge_target. */
export async function findMergeable(tx: Sql, conversations: readonly string[]): Promise<Map<string, Mergeable>> {
  const rows = await tx.query<ControlRow & Omit<Mergeable, "agent"> & { id: string }>(
    `select c.id, c.contact_id as contact, c.open, c.muted, c.last_seq as "lastSeq", c.controller, c.generation, c.agent_id, c.agent_name,
       (select m.target_id from conversation_merge m where m.tenant_id = c.tenant_id and m.conversation_id = c.id and m.ended_at is null) as "mergedInto",
       (select count(*) from conversation_merge m where m.tenant_id = c.tenant_id and m.target_id = c.id and m.ended_at is null)::int as holds
     from conversation c where c.tenant_id = $1 and c.id = any($2::uuid[])`,
    [conversations],
  );
  return new Map(
    rows.map(({ agent_id: agent, agent_name: name, ...row }) => [
      row.id,
      { ...row, agent: agent === null ? null : { id: agent, name: name ?? "" } },
    ]),
  );
}

/**
 * Closes a conversation as merged, if it still is as it was seen: the generation counts, so that whatever was about to be answered is refused,
 * its turns and its offer are over. False where somebody changed it meanwhile.
 */
export async function saveMerge(
  tx: Sql,
  { id, conversation, generation, target, by }: { id: string; conversation: string; generation: number; target: string; by: AgentRef },
): Promise<boolean> {
  const rows = await tx.query(
    `with before as (
       select * from conversation where tenant_id = $1 and id = $3 and generation = $4 and open and muted is null for update
     ), changed as (
       update conversation c set muted = 'merged', open = false, closed_at = now(), controller = 'bot', generation = c.generation + 1,
         agent_id = null, agent_name = null, queued_at = null, snoozed_until = null, unread = 0,
         offered_to = null, offered_name = null, offered_until = null, offer_kind = null, ${touched}
       from before b where c.tenant_id = b.tenant_id and c.id = b.id returning c.id
     ), told as (
       insert into control_change (tenant_id, conversation_id, generation, from_controller, to_controller, by_kind, by_id, reason)
       select tenant_id, id, generation + 1, controller, 'bot', 'account', $6, 'merged into ' || $5::uuid::text from before
     ), offer_ended as (
       update assignment a set ended_at = now(), outcome = 'withdrawn' from before b
       where a.tenant_id = b.tenant_id and a.conversation_id = b.id and a.ended_at is null
     ), turns_ended as (
       delete from turn t using before b where t.tenant_id = b.tenant_id and t.conversation_id = b.id
     )
     insert into conversation_merge (tenant_id, id, conversation_id, target_id, by_id, by_name, controller, agent_id, agent_name, queued_at,
       snoozed_until, followed_seq)
     select tenant_id, $2, id, $5::uuid, $6, $7, controller, agent_id, agent_name, queued_at, snoozed_until,
       coalesce((select max(seq) from message m where m.tenant_id = b.tenant_id and m.conversation_id = b.id and m.author_kind = 'agent'), 0)
     from before b returning id`,
    [id, conversation, generation, target, by.id, by.name],
  );
  return rows.length > 0;
}

/**
 * Ends a merge: the conversation is as it was, with whoever answered it if they still may. Where its visitor wrote meanwhile and the assistant
 * had it, it waits for a person: nobody would answer that otherwise.
 */
export async function endMerge(tx: Sql, merge: string, by: AgentRef): Promise<void> {
  await tx.query(
    `with ended as (
       update conversation_merge set ended_at = now(), ended_by_name = $4 where tenant_id = $1 and id = $2 and ended_at is null returning *
     ), before as (
       select m.*,
         k.blocked_at is not null as blocked,
         case when k.blocked_at is not null then 'bot'
              when m.controller = 'agent' and not exists (
                select from membership p where p.tenant_id = m.tenant_id and p.account_id = m.agent_id and p.active) then 'queue'
              when m.controller = 'bot' and c.last_author = 'visitor' and m.carried_seq >= 0 and exists (
                select from message v where v.tenant_id = m.tenant_id and v.conversation_id = m.conversation_id and v.at > m.merged_at
                  and v.author_kind = 'visitor') then 'queue'
              else m.controller end as goes_to
       from ended m join conversation c on c.tenant_id = m.tenant_id and c.id = m.conversation_id
       join contact k on k.tenant_id = c.tenant_id and k.id = c.contact_id
     ), changed as (
       update conversation c set muted = case when b.blocked then 'blocked' end, open = not b.blocked,
         closed_at = case when b.blocked then c.closed_at end, controller = b.goes_to, generation = c.generation + 1,
         agent_id = case when b.goes_to = 'agent' then b.agent_id end, agent_name = case when b.goes_to = 'agent' then b.agent_name end,
         queued_at = case when b.goes_to = 'queue' then coalesce(b.queued_at, now()) end,
         snoozed_until = case when b.snoozed_until > now() then b.snoozed_until end, ${touched}
       from before b where c.tenant_id = b.tenant_id and c.id = b.conversation_id returning c.tenant_id, c.id, c.generation, c.controller, c.agent_id
     )
     insert into control_change (tenant_id, conversation_id, generation, from_controller, to_controller, agent_id, by_kind, by_id, reason)
     select tenant_id, id, generation, 'bot', controller, agent_id, 'account', $3, 'unmerged' from changed`,
    [merge, by.id, by.name],
  );
}

/** The merges of which this is one side, that last. Indexes: conversation_merge_now, conversation_merge_target. */
export async function mergesOf(sql: Sql, conversation: string): Promise<Merge[]> {
  return await sql.query<Merge & Record<string, unknown>>(
    `select id, conversation_id as conversation, target_id as target, merged_at as "mergedAt" from conversation_merge
     where tenant_id = $1 and (conversation_id = $2 or target_id = $2) and ended_at is null order by merged_at`,
    [conversation],
  );
}

/** The conversation into which this one was merged and who controls that; undefined where it wasn't. Index: conversation_merge_now. */
export async function findLead(sql: TenantSql, conversation: string): Promise<{ conversation: string; control: Control } | undefined> {
  const rows = await sql.query<ControlRow & { id: string }>(
    `select t.id, t.controller, t.generation, t.agent_id, t.agent_name, t.queued_at, t.open, t.team
     from conversation_merge m join conversation t on t.tenant_id = m.tenant_id and t.id = m.target_id
     where m.tenant_id = $1 and m.conversation_id = $2 and m.ended_at is null`,
    [conversation],
    "findLead",
  );
  return rows.map((row) => ({ conversation: row.id, control: toControl(row) }))[0];
}

/** Who answers it: where it was merged, whoever answers its target. */
export async function findAnswering(sql: TenantSql, conversation: string): Promise<Control | undefined> {
  return (await findLead(sql, conversation))?.control ?? (await findControl(sql, conversation));
}

/**
 * What a target's entry in the lists says is read anew from all of its timeline: who spoke last, and what the visitors wrote that no agent has
 * read. An agent's message answers what its own visitor wrote. In a transaction: its row is locked first, so that what is counted is what stands
 * then. Indexes: conversation_merge_target, the primary key of `message`.
 */
export async function refreshEntry(tx: Sql, conversation: string): Promise<void> {
  await tx.query("select from conversation where tenant_id = $1 and id = $2 for update", [conversation]);
  await tx.query(
    `with parts as (
       select c.tenant_id, c.id, c.agent_read_seq from conversation c join contact k on k.tenant_id = c.tenant_id and k.id = c.contact_id
       where c.tenant_id = $1 and (c.id = $2 or k.blocked_at is null and c.id in (
         select m.conversation_id from conversation_merge m where m.tenant_id = $1 and m.target_id = $2 and m.ended_at is null))
     ), spoken as (
       select last.* from parts p cross join lateral (
         select text, author_kind, at from message m
         where m.tenant_id = p.tenant_id and m.conversation_id = p.id and m.author_kind <> 'system' order by seq desc limit 1) last
       order by last.at desc limit 1
     ), new as (
       select count(*)::int as unread from parts p join message m on m.tenant_id = p.tenant_id and m.conversation_id = p.id
       where m.author_kind = 'visitor' and m.seq > p.agent_read_seq and m.seq > coalesce((
         select max(seq) from message a where a.tenant_id = p.tenant_id and a.conversation_id = p.id and a.author_kind = 'agent'), 0)
     )
     update conversation c set unread = new.unread, last_at = coalesce(spoken.at, c.last_at), last_author = coalesce(spoken.author_kind, c.last_author),
       last_text = coalesce(case when char_length(spoken.text) <= 120 then spoken.text else left(spoken.text, 119) || '…' end, c.last_text), ${touched}
     from new left join spoken on true where c.tenant_id = $1 and c.id = $2 and c.muted is null`,
    [conversation],
  );
}

/** A merged conversation that has something of which its target's entry doesn't tell yet. */
export interface Uncarried {
  tenant: string;
  merge: string;
  target: string;
  /** Who waits now because of it: somebody who had a person or a place in the queue, or has written since. */
  waits: { controller: Controller; agent: AgentRef | null } | null;
}

/** Since `touched` (tens of seconds since 1970), in all tenants. Indexes: conversation_touched, conversation_merge_now. */
export async function uncarried(sql: Sql, touchedSince: number, limit: number): Promise<Uncarried[]> {
  return (await sql.query<UncarriedRow>(`${selectUncarried} and c.touched >= $1 order by m.merged_at limit $2`, [touchedSince, limit])).map(
    toUncarried,
  );
}

/** Of one merge; undefined where there is nothing to tell. */
export async function uncarriedOf(sql: TenantSql, merge: string): Promise<Uncarried | undefined> {
  return (await sql.query<UncarriedRow>(`${selectUncarried} and m.tenant_id = $1 and m.id = $2`, [merge])).map(toUncarried)[0];
}

const selectUncarried = `select m.tenant_id as tenant, m.id as merge, m.target_id as target, m.controller, m.agent_id, m.agent_name, m.carried_seq,
    exists (select from message v where v.tenant_id = m.tenant_id and v.conversation_id = m.conversation_id and v.seq > m.carried_seq
      and v.author_kind = 'visitor') and k.blocked_at is null as wrote
  from conversation c join contact k on k.tenant_id = c.tenant_id and k.id = c.contact_id
  join conversation_merge m on m.tenant_id = c.tenant_id and m.conversation_id = c.id and m.ended_at is null
  where c.muted = 'merged' and c.last_seq > m.carried_seq`;

interface UncarriedRow {
  tenant: string;
  merge: string;
  target: string;
  controller: Controller;
  agent_id: string | null;
  agent_name: string | null;
  carried_seq: number;
  wrote: boolean;
}

function toUncarried({ tenant, merge, target, controller, agent_id, agent_name, carried_seq, wrote }: UncarriedRow): Uncarried {
  const first = carried_seq < 0;
  const agent = agent_id === null ? null : { id: agent_id, name: agent_name ?? "" };
  const waits = first
    ? controller === "bot"
      ? null
      : { controller, agent }
    : wrote
      ? { controller: "queue" as const, agent: null }
      : null;
  return { tenant, merge, target, waits };
}

/** Tells it to the target's entry, and remembers up to where. Whoever snoozed the target is called back by what a visitor wrote. */
export async function carry(tx: Sql, { merge, target, waits }: Uncarried): Promise<void> {
  await tx.query(
    `update conversation_merge m set carried_seq = c.last_seq from conversation c
     where m.tenant_id = $1 and m.id = $2 and c.tenant_id = m.tenant_id and c.id = m.conversation_id`,
    [merge],
  );
  await refreshEntry(tx, target);
  if (waits !== null)
    await tx.query("update conversation set snoozed_until = now() where tenant_id = $1 and id = $2 and snoozed_until > now()", [target]);
}

/** The mark of whoever answers the target rises in a merged one too. False where it is none, or not theirs to answer. */
export async function raiseMergedRead(sql: TenantSql, conversation: string, agent: string, seq: number): Promise<string | undefined> {
  const rows = await sql.query<{ target: string }>(
    `update conversation c set agent_read_seq = $3
     from conversation_merge m join conversation t on t.tenant_id = m.tenant_id and t.id = m.target_id
     where c.tenant_id = $1 and c.id = $2 and c.muted = 'merged' and c.agent_read_seq < $3 and $3 <= c.last_seq
       and m.tenant_id = c.tenant_id and m.conversation_id = c.id and m.ended_at is null and t.agent_id = $4
     returning t.id as target`,
    [conversation, seq, agent],
  );
  return rows[0]?.target;
}

/** Every merge of which this was one side, oldest first, for whoever asks why. */
export async function mergeHistory(sql: TenantSql, conversation: string): Promise<MergeEntry[]> {
  return await sql.query<MergeEntry & Record<string, unknown>>(
    `select merged_at as "mergedAt", by_name as by, conversation_id as conversation, target_id as target, ended_at as "endedAt", ended_by_name as "endedBy"
     from conversation_merge where tenant_id = $1 and (conversation_id = $2 or target_id = $2) order by merged_at`,
    [conversation],
  );
}

export interface MergeEntry {
  mergedAt: Date;
  by: string;
  conversation: string;
  target: string;
  endedAt: Date | null;
  endedBy: string | null;
}

/**
 * Before conversations are deleted: those of other people that were merged into them are free again, closed as they are, and the entries of others
 * into which they were merged say nothing of them any more. Answers those others.
 */
export async function releaseMerges(tx: Sql, conversations: readonly string[]): Promise<string[]> {
  await tx.query(
    `update conversation c set muted = null, ${touched} from conversation_merge m
     where m.tenant_id = $1 and m.target_id = any($2::uuid[]) and m.ended_at is null and c.tenant_id = m.tenant_id and c.id = m.conversation_id`,
    [conversations],
  );
  const rows = await tx.query<{ target: string }>(
    `with gone as (delete from conversation_merge where tenant_id = $1 and (conversation_id = any($2::uuid[]) or target_id = any($2::uuid[])) returning target_id)
     select distinct target_id as target from gone where target_id <> all($2::uuid[])`,
    [conversations],
  );
  for (const { target } of rows) await refreshEntry(tx, target);
  return rows.map(({ target }) => target);
}
