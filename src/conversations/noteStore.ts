import type { TenantSql } from "../platform/database/database.ts";
import type { Block } from "../protocol/blocks.ts";
import type { NoteItem } from "../protocol/desk.ts";
import { clientIdOf } from "./record.ts";

export interface NewNote {
  id: string;
  key: string;
  author: { id: string | null; name: string };
  text: string;
  blocks?: Block[];
}

/** Adds a note behind the newest message, or finds the one of the same key; undefined where there is no such conversation. */
export async function insertNote(sql: TenantSql, conversation: string, note: NewNote): Promise<NoteItem | undefined> {
  const rows = await sql.query<NoteRow>(
    `with new as (
       insert into note (tenant_id, conversation_id, id, after_seq, key, author_id, author_name, text, blocks)
       select tenant_id, id, $3, last_seq, $4, $5, $6, $7, $8::jsonb from conversation where tenant_id = $1 and id = $2
       on conflict (tenant_id, conversation_id, key) do update set key = excluded.key
       returning ${columns}
     ) select * from new`,
    [
      conversation,
      note.id,
      note.key,
      note.author.id,
      note.author.name,
      note.text,
      note.blocks === undefined ? null : JSON.stringify(note.blocks),
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

const columns = "id, after_seq, key, author_id, author_name, text, blocks, at";

interface NoteRow {
  id: string;
  after_seq: number;
  key: string;
  author_id: string | null;
  author_name: string;
  text: string;
  blocks: Block[] | null;
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
    at: row.at.toISOString(),
    ...clientIdOf(row.key),
  };
}
