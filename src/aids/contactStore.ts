import type { Sql } from "../platform/database/database.ts";
import type { FieldValues } from "../protocol/aids.ts";

/** What a person may change of a contact. */
export interface ContactDetails {
  name: string;
  email: string | null;
  phone: string | null;
  notes: string;
  fields: FieldValues;
}

export interface ContactRow extends ContactDetails {
  version: number;
}

/** Locked until the end of the transaction. Index: the primary key. */
export async function lockContact(sql: Sql, contact: string): Promise<ContactRow | undefined> {
  const rows = await sql.query<ContactRow>(
    "select name, email, phone, notes, fields, version from contact where tenant_id = $1 and id = $2 for update",
    [contact],
  );
  return rows[0];
}

export async function saveContact(sql: Sql, contact: string, { name, email, phone, notes, fields }: ContactDetails): Promise<number> {
  const rows = await sql.query<{ version: number }>(
    `update contact set name = $3, email = $4, phone = $5, notes = $6, fields = $7, version = version + 1
     where tenant_id = $1 and id = $2 returning version`,
    [contact, name, email, phone, notes, JSON.stringify(fields)],
  );
  return rows[0]?.version ?? 0;
}

/** More conversations than that are told of a change of their person only when they are read again. */
const toldAtOnce = 100;

/** Marks the newest conversations of a contact as described anew; their ids. Index conversation_contact. */
export async function describeConversationsOf(sql: Sql, contact: string): Promise<string[]> {
  const rows = await sql.query<{ id: string }>(
    `update conversation set changes = changes + 1, updated_at = now(), touched = extract(epoch from now())::int / 10
     where tenant_id = $1 and id in (select id from conversation where tenant_id = $1 and contact_id = $2 order by id desc limit ${toldAtOnce})
     returning id`,
    [contact],
  );
  return rows.map(({ id }) => id);
}

export interface ConversationDetails {
  fields: FieldValues;
  version: number;
}

/** Locked until the end of the transaction. Index: the primary key. */
export async function lockConversationDetails(sql: Sql, conversation: string): Promise<ConversationDetails | undefined> {
  const rows = await sql.query<ConversationDetails>(
    "select fields, version from conversation where tenant_id = $1 and id = $2 for update",
    [conversation],
  );
  return rows[0];
}

export async function saveConversationFields(sql: Sql, conversation: string, fields: FieldValues): Promise<number> {
  const rows = await sql.query<{ version: number }>(
    `update conversation set fields = $3, version = version + 1, changes = changes + 1, updated_at = now(),
       touched = extract(epoch from now())::int / 10
     where tenant_id = $1 and id = $2 returning version`,
    [conversation, JSON.stringify(fields)],
  );
  return rows[0]?.version ?? 0;
}
