import type { TenantSql } from "../../platform/database/database.ts";
import type { Block } from "../../protocol/blocks.ts";
import type { NoteItem } from "../../protocol/desk.ts";
import type { Mentioned } from "../../protocol/mentions.ts";
import { clientIdOf } from "../ledger/record.ts";
import type { Mentions } from "./mentions.ts";

export interface NewNote {
  id: string;
  key: string;
  author: { id: string | null; name: string };
  text: string;
  blocks?: Block[];
  mentions: Mentions;
}

/** Adds a note behind the newest message with those whom it names, or finds the one of the same key; undefined where there is no such conversation. */
export async function insertNote(sql: TenantSql, conversation: string, note: NewNote): Promise<NoteItem | undefined> {
  const rows = await sql.query<NoteRow>(
    `with new as (
       insert into note (tenant_id, conversation_id, id, after_seq, key, author_id, author_name, text, blocks, mentions)
       select tenant_id, id, $3, last_seq, $4, $5, $6, $7, $8::jsonb, $9::jsonb from conversation where tenant_id = $1 and id = $2
       on conflict (tenant_id, conversation_id, key) do update set key = excluded.key
       returning ${columns}
     ), mentioned as (
       insert into mention (tenant_id, account_id, conversation_id, note_id, at)
       select $1, account, $2, new.id, new.at from new, unnest($10::uuid[]) as account where new.id = $3
     ) select * from new`,
    [
      conversation,
      note.id,
      note.key,
      note.author.id,
      note.author.name,
      note.text,
      note.blocks === undefined ? null : JSON.stringify(note.blocks),
      note.mentions.named.length === 0 ? null : JSON.stringify(note.mentions.named),
      note.mentions.accounts,
    ],
    "insertNote",
  );
  const row = rows[0];
  return row && toNote(row);
}

/** All notes of a conversation, oldest first. Index: the primary key of `note`, whose ids grow with time. */
export async function listNotes(sql: TenantSql, conversation: string): Promise<NoteItem[]> {
  const rows = await sql.query<NoteRow>(
    `select ${columns} from note where tenant_id = $1 and conversation_id = $2 order by id`,
    [conversation],
    "listNotes",
  );
  return rows.map(toNote);
}

const columns = "id, after_seq, key, author_id, author_name, text, blocks, mentions, at";

interface NoteRow {
  id: string;
  after_seq: number;
  key: string;
  author_id: string | null;
  author_name: string;
  text: string;
  blocks: Block[] | null;
  mentions: Mentioned[] | null;
  at: Date;
}

function toNote(row: NoteRow): NoteItem {
  return {
    kind: "note",
    id: row.id,
    afterSeq: row.after_seq,
    author: { kind: row.author_id === null ? "system" : "agent", name: row.author_name },
    text: row.text,
    ...(row.blocks === null ? {} : { blocks: row.blocks }),
    ...(row.mentions === null ? {} : { mentions: row.mentions }),
    at: row.at.toISOString(),
    ...clientIdOf(row.key),
  };
}

/** The note with the last summary of whoever handed the conversation back. Index: the primary key of `note`. */
export async function findSummary(sql: TenantSql, conversation: string): Promise<NoteItem | undefined> {
  const rows = await sql.query<NoteRow>(
    `select ${columns} from note where tenant_id = $1 and conversation_id = $2 and author_id is null and blocks @> '[{"type": "summary"}]'
     order by id desc limit 1`,
    [conversation],
    "findSummary",
  );
  return rows.map(toNote)[0];
}
