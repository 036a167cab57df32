import type { Sql, TenantSql } from "../../platform/database/database.ts";
import type { Block } from "../../protocol/blocks.ts";
import { type ControlRow, toControl } from "../control/controlRow.ts";
import type { Control } from "../conversation.ts";
import { type MessageRow, messageColumns } from "../conversationStore.ts";
import type { Changeable, StoredReaction } from "./change.ts";

export interface ChangedMessage extends Changeable {
  seq: number;
  key: string;
  authorKind: MessageRow["author_kind"];
  authorId: string | null;
  authorName: string;
}

/**
 * A message that is about to be changed. Its conversation's row is locked before it is read, so that changes come one after the other, and the entry
 * that tells of this one gets the next `seq`. Undefined where there is none. Index: the primary keys.
 */
export async function lockMessage(tx: Sql, conversation: string, seq: number): Promise<ChangedMessage | undefined> {
  await tx.query("select from conversation where tenant_id = $1 and id = $2 for update", [conversation]);
  const rows = await tx.query<MessageRow>(
    `select ${messageColumns} from message where tenant_id = $1 and conversation_id = $2 and seq = $3`,
    [conversation, seq],
  );
  return rows.map((row) => ({
    seq: row.seq,
    key: row.key,
    authorKind: row.author_kind,
    authorId: row.author_id,
    authorName: row.author_name,
    text: row.text,
    blocks: row.blocks,
    changedAt: row.changed_at,
    deletedAt: row.deleted_at,
    reactions: row.reactions,
  }))[0];
}

/** Whether an entry with this key is there. Index: the unique (tenant_id, conversation_id, key). */
export async function isKnown(tx: Sql, conversation: string, key: string): Promise<boolean> {
  return (await tx.query("select from message where tenant_id = $1 and conversation_id = $2 and key = $3", [conversation, key])).length > 0;
}

/** The message as it is now; `deletedBy` is a name. Where it was the last that somebody said, lists say what it says now (`preview`). */
export async function saveChanged(
  tx: Sql,
  conversation: string,
  { seq, ...now }: Changeable & { seq: number; deletedBy: string | null; preview: string },
): Promise<void> {
  await tx.query(
    `update message set text = $4, blocks = $5::jsonb, changed_at = $6, deleted_at = $7, deleted_by = $8, reactions = $9::jsonb
      where tenant_id = $1 and conversation_id = $2 and seq = $3`,
    [conversation, seq, now.text, json(now.blocks), now.changedAt, now.deletedAt, now.deletedBy, json(now.reactions)],
  );
  await tx.query(
    `update conversation c set last_text = $4 where c.tenant_id = $1 and c.id = $2 and not exists (
       select from message m where m.tenant_id = c.tenant_id and m.conversation_id = c.id and m.seq > $3 and m.author_kind <> 'system')`,
    [conversation, seq, now.preview],
  );
}

/** What it said is kept for agents, and the entries of changes before don't repeat what they changed it to. Index: the primary keys. */
export async function keepEarlier(
  tx: Sql,
  conversation: string,
  { of, seq, text }: { of: number; seq: number; text: string },
): Promise<void> {
  await silenceEntries(tx, conversation, of);
  await tx.query("insert into message_edit (tenant_id, conversation_id, of_seq, seq, text) values ($1, $2, $3, $4, $5)", [
    conversation,
    of,
    seq,
    text,
  ]);
}

/** What it said before is gone, and so is the turn that would answer it; nobody has it before them as unread. Index: the primary keys. */
export async function forgetEarlier(tx: Sql, conversation: string, of: number): Promise<void> {
  await silenceEntries(tx, conversation, of);
  await tx.query("delete from message_edit where tenant_id = $1 and conversation_id = $2 and of_seq = $3", [conversation, of]);
  await tx.query("delete from turn where tenant_id = $1 and conversation_id = $2 and seq = $3", [conversation, of]);
  await tx.query(
    `update conversation c set unread = greatest(c.unread - 1, 0) from message m
      where c.tenant_id = $1 and c.id = $2 and m.tenant_id = $1 and m.conversation_id = $2 and m.seq = $3 and m.author_kind = 'visitor'
        and m.seq > c.agent_read_seq and not exists (select from message a
          where a.tenant_id = $1 and a.conversation_id = $2 and a.seq > m.seq and a.author_kind = 'agent')`,
    [conversation, of],
  );
}

async function silenceEntries(tx: Sql, conversation: string, of: number): Promise<void> {
  await tx.query(
    `update message m set text = (m.blocks->0->>'by') || ' changed message ' || $3::bigint || '.', blocks = m.blocks #- '{0,text}'
       from message_edit e where e.tenant_id = $1 and e.conversation_id = $2 and e.of_seq = $3
        and m.tenant_id = e.tenant_id and m.conversation_id = e.conversation_id and m.seq = e.seq and m.blocks->0 ? 'text'`,
    [conversation, of],
  );
}

export interface NewEntry {
  key: string;
  text: string;
  blocks: Block[];
}

/** The entry behind the newest message, for whoever looks and whoever comes back. It calls nobody: lists keep their order and what is unread. */
export async function addEntry(
  tx: Sql,
  conversation: string,
  { key, text, blocks }: NewEntry,
): Promise<{ seq: number; at: string; unread: number; control: Control } | undefined> {
  const rows = await tx.query<ControlRow & { last_seq: number; unread: number; at: Date }>(
    `with bumped as (
       update conversation set last_seq = last_seq + 1, updated_at = now(), touched = extract(epoch from now())::int / 10
       where tenant_id = $1 and id = $2
       returning tenant_id, id, last_seq, unread, controller, generation, agent_id, agent_name, queued_at, open, team
     ), added as (
       insert into message (tenant_id, conversation_id, seq, key, author_kind, author_name, text, blocks)
       select tenant_id, id, last_seq, $3, 'system', 'Switchboard', $4, $5::jsonb from bumped
     )
     select *, now() as at from bumped`,
    [conversation, key, text, json(blocks)],
  );
  return rows.map((row) => ({ seq: row.last_seq, at: row.at.toISOString(), unread: row.unread, control: toControl(row) }))[0];
}

/** What a message said before each of its changes, the oldest first; undefined where there is no such message. Index: the primary keys. */
export async function listEarlier(sql: TenantSql, conversation: string, seq: number): Promise<{ text: string; until: Date }[] | undefined> {
  const rows = await sql.query<{ text: string | null; until: Date }>(
    `select e.text, e.until from message m left join message_edit e on e.tenant_id = m.tenant_id and e.conversation_id = m.conversation_id
        and e.of_seq = m.seq
      where m.tenant_id = $1 and m.conversation_id = $2 and m.seq = $3 order by e.seq`,
    [conversation, seq],
  );
  return rows.length === 0 ? undefined : rows.flatMap(({ text, until }) => (text === null ? [] : [{ text, until }]));
}

/** Everyone's newest word for each emoji, with what was taken back. Index: the primary key. */
export async function reactionsOf(sql: TenantSql, conversation: string, seq: number): Promise<StoredReaction[]> {
  const rows = await sql.query<{ reactions: StoredReaction[] | null }>(
    "select reactions from message where tenant_id = $1 and conversation_id = $2 and seq = $3",
    [conversation, seq],
  );
  return rows[0]?.reactions ?? [];
}

function json(value: unknown): string | null {
  return value === null ? null : JSON.stringify(value);
}
