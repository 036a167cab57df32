import { type Rights, reachOf } from "../access/policy.ts";
import { columnWithinReach } from "../access/roles/reachStore.ts";
import type { TenantSql } from "../platform/database/database.ts";
import type { MentionItem } from "../protocol/mentions.ts";

const shown = 100;

/** The notes that name an account, in conversations that it may read by now: those that it has not read first, then the newest. Index: mention_shown. */
export async function listMentions(sql: TenantSql, person: Rights): Promise<MentionItem[]> {
  const { condition, values } = columnWithinReach(reachOf(person, "conversations.read"), "mention.conversation_id", 3);
  const rows = await sql.query<MentionRow>(
    `select s.note_id, s.conversation_id, s.at, s.read_at is not null as read, k.name as contact, o.author_name, left(o.text, 300) as text
       from (select * from mention where tenant_id = $1 and account_id = $2 and ${condition} order by (read_at is not null), at desc, note_id limit ${shown}) s
       join note o on o.tenant_id = s.tenant_id and o.conversation_id = s.conversation_id and o.id = s.note_id
       join conversation c on c.tenant_id = s.tenant_id and c.id = s.conversation_id
       join contact k on k.tenant_id = c.tenant_id and k.id = c.contact_id
      order by (s.read_at is not null), s.at desc, s.note_id`,
    [person.account, ...values],
  );
  return rows.map((row) => ({
    kind: "mention",
    id: row.note_id,
    conversation: row.conversation_id,
    contact: row.contact,
    author: row.author_name,
    text: row.text,
    at: row.at.toISOString(),
    read: row.read,
  }));
}

/** What names an account in a conversation, or anywhere, is read, and so is the notice of it; answers how many were not. Index: mention_shown. */
export async function markMentionsRead(sql: TenantSql, account: string, conversation: string | null): Promise<number> {
  const rows = await sql.query(
    `with read as (
       update mention set read_at = now()
        where tenant_id = $1 and account_id = $2 and (read_at is not null) = false and ($3::uuid is null or conversation_id = $3)
       returning note_id
     ), told as (
       update notice set read_at = now(), due_at = null
        where tenant_id = $1 and account_id = $2 and read_at is null and key in (select 'mention:' || note_id from read)
     ) select note_id from read`,
    [account, conversation],
  );
  return rows.length;
}

interface MentionRow {
  note_id: string;
  conversation_id: string;
  at: Date;
  read: boolean;
  contact: string;
  author_name: string;
  text: string;
}
