import type { Sql, TenantSql } from "../platform/database/database.ts";
import type { AttachedFile } from "./file.ts";

/** No message has such a key. */
const givenUp = "given up";

export interface NewFile extends AttachedFile {
  by: { kind: "visitor" | "account"; id: string };
  uploadKey: string | null;
  conversation: string | null;
}

/**
 * Writes down a file before its bytes are kept. The same upload again, whose first try didn't get to its end, keeps its id; undefined where
 * it did, or where the visitor's files in the conversation would become more than `mostBytes`. Indexes: the unique key, file_conversation.
 */
export async function insertFile(sql: TenantSql, file: NewFile, mostBytes: number): Promise<string | undefined> {
  const rows = await sql.query<{ id: string }>(
    `insert into file (tenant_id, id, name, media_type, size, width, height, previewed, by_kind, by_id, upload_key, conversation_id)
     select $1, $2, $3, $4, $5::int, $6, $7, $8, $9::text, $10::uuid, $11, $12::uuid
     where $9::text <> 'visitor' or $5::int + (
       select coalesce(sum(size), 0) from file where tenant_id = $1 and conversation_id = $12::uuid and by_id = $10::uuid) <= $13::bigint
     on conflict (tenant_id, by_id, upload_key) do update
       set name = excluded.name, media_type = excluded.media_type, size = excluded.size, width = excluded.width, height = excluded.height,
         previewed = excluded.previewed, unsent_since = now()
       where not file.stored
     returning id`,
    [
      file.id,
      file.name,
      file.mediaType,
      file.size,
      file.width,
      file.height,
      file.previewed,
      file.by.kind,
      file.by.id,
      file.uploadKey,
      file.conversation,
      mostBytes,
    ],
  );
  return rows[0]?.id;
}

/** Its bytes are kept: from now on it can be sent. */
export async function markStored(sql: TenantSql, file: string): Promise<void> {
  await sql.query("update file set stored = true where tenant_id = $1 and id = $2", [file]);
}

/** The file that an upload with this key made. Index: the unique key. */
export async function findUploaded(sql: TenantSql, by: string, uploadKey: string): Promise<AttachedFile | undefined> {
  const rows = await sql.query<FileRow>(`select ${columns} from file where tenant_id = $1 and by_id = $2 and upload_key = $3 and stored`, [
    by,
    uploadKey,
  ]);
  return rows[0] && toFile(rows[0]);
}

export interface FoundFile extends AttachedFile {
  byId: string;
  conversation: string | null;
  /** Of a note: no visitor gets it. */
  internal: boolean;
  sent: boolean;
  /** The key of the blueprint of whose entities one holds it; null where none does. */
  heldBlueprint: string | null;
}

/** Index: the primary key. */
export async function findFile(sql: TenantSql, file: string): Promise<FoundFile | undefined> {
  const rows = await sql.query<
    FileRow & {
      by_id: string;
      conversation_id: string | null;
      internal: boolean;
      message_key: string | null;
      held_blueprint: string | null;
    }
  >(
    `select ${columns}, by_id, conversation_id, internal, message_key, held_blueprint from file
     where tenant_id = $1 and id = $2 and stored and message_key is distinct from '${givenUp}'`,
    [file],
  );
  const row = rows[0];
  return (
    row && {
      ...toFile(row),
      byId: row.by_id,
      conversation: row.conversation_id,
      internal: row.internal,
      sent: row.message_key !== null,
      heldBlueprint: row.held_blueprint,
    }
  );
}

export interface Claim {
  by: string;
  conversation: string;
  messageKey: string;
  internal: boolean;
}

/**
 * Gives the uploader's unsent files to a message that is about to be written; those that it has already are found again. Answers those it got,
 * and whether each was free before. Index: the primary key.
 */
export async function claimFiles(sql: TenantSql, files: readonly string[], claim: Claim): Promise<(AttachedFile & { fresh: boolean })[]> {
  const rows = await sql.query<FileRow & { fresh: boolean }>(
    `with before as (
       select id, message_key is null as fresh from file
       where tenant_id = $1 and id = any($2::uuid[]) and by_id = $3 and stored and held_entity is null
         and (conversation_id = $4 or conversation_id is null) and (message_key is null or message_key = $5 and conversation_id = $4)
         and exists (select from conversation where tenant_id = $1 and id = $4)
       for update
     )
     update file f set conversation_id = $4, message_key = $5, internal = $6, unsent_since = case when before.fresh then now() else f.unsent_since end
     from before where f.tenant_id = $1 and f.id = before.id
     returning ${columns
       .split(", ")
       .map((column) => `f.${column}`)
       .join(", ")}, before.fresh`,
    [files, claim.by, claim.conversation, claim.messageKey, claim.internal],
  );
  return rows.map((row) => ({ ...toFile(row), fresh: row.fresh }));
}

/** The message was not written: the files are free again. */
export async function releaseFiles(sql: TenantSql, files: readonly string[], messageKey: string): Promise<void> {
  await sql.query(
    `update file set message_key = null, internal = false, conversation_id = case by_kind when 'visitor' then conversation_id end
     where tenant_id = $1 and id = any($2::uuid[]) and message_key = $3`,
    [files, messageKey],
  );
}

/** The message is committed. */
export async function markSent(sql: TenantSql, files: readonly string[], messageKey: string): Promise<void> {
  await sql.query("update file set unsent_since = null where tenant_id = $1 and id = any($2::uuid[]) and message_key = $3", [
    files,
    messageKey,
  ]);
}

/** Takes the files of a message that is deleted out of everybody's reach; their bytes go with what nobody sent. Index file_conversation. */
export async function giveUpFilesOf(tx: Sql, conversation: string, messageKey: string): Promise<void> {
  await tx.query(
    `update file set message_key = '${givenUp}', unsent_since = now() - interval '2 days'
     where tenant_id = $1 and conversation_id = $2 and message_key = $3 and not internal`,
    [conversation, messageKey],
  );
}

/** Takes an unsent file out of everybody's reach, before its bytes go; false where there is none of this uploader. Index: the primary key. */
export async function giveUpFile(sql: TenantSql, file: string, by: string): Promise<boolean> {
  const rows = await sql.query(
    `update file set message_key = '${givenUp}' where tenant_id = $1 and id = $2 and by_id = $3 and held_entity is null and (message_key is null or message_key = '${givenUp}') returning id`,
    [file, by],
  );
  return rows.length > 0;
}

/** Index file_conversation. */
export async function filesOf(sql: TenantSql, conversations: readonly string[]): Promise<string[]> {
  const rows = await sql.query<{ id: string }>("select id from file where tenant_id = $1 and conversation_id = any($2::uuid[])", [
    conversations,
  ]);
  return rows.map(({ id }) => id);
}

export async function filesOfTenant(sql: TenantSql): Promise<string[]> {
  return (await sql.query<{ id: string }>("select id from file where tenant_id = $1")).map(({ id }) => id);
}

export async function deleteFile(sql: TenantSql, file: string): Promise<void> {
  await sql.query(`delete from file where tenant_id = $1 and id = $2 and message_key = '${givenUp}'`, [file]);
}

/** Those whose message was committed, and whose process died before it could say so. Indexes: file_unsent, the unique keys of message and note. */
export async function markForgottenSent(sql: Sql): Promise<void> {
  await sql.query(
    `update file f set unsent_since = null where unsent_since < now() - interval '1 hour' and message_key is not null and (
       exists (select from message m where m.tenant_id = f.tenant_id and m.conversation_id = f.conversation_id and m.key = f.message_key and not f.internal)
       or exists (select from note n where n.tenant_id = f.tenant_id and n.conversation_id = f.conversation_id and n.key = f.message_key and f.internal))`,
  );
}

/** Gives up what nobody sent for a day, of all tenants, some hundred at a time. Index: file_unsent. */
export async function giveUpUnsent(sql: Sql): Promise<{ tenant: string; id: string }[]> {
  const rows = await sql.query<{ tenant_id: string; id: string }>(
    `update file set message_key = '${givenUp}' where (tenant_id, id) in (
       select tenant_id, id from file where unsent_since < now() - interval '1 day' order by unsent_since limit 500 for update skip locked)
     returning tenant_id, id`,
  );
  return rows.map((row) => ({ tenant: row.tenant_id, id: row.id }));
}

/** A piece of a statement that takes away entities, as `gone`, for good: the files that they hold are nobody's any more. Answers their ids. Index file_held. */
export const giveUpHeldByGone = `update file f set message_key = '${givenUp}', unsent_since = now() - interval '2 days' from gone
  where f.tenant_id = $1 and f.held_entity = gone.id returning f.id`;

export const columns = "id, name, media_type, size, width, height, previewed";

export interface FileRow {
  id: string;
  name: string;
  media_type: string;
  size: number;
  width: number | null;
  height: number | null;
  previewed: boolean;
}

export function toFile(row: FileRow): AttachedFile {
  return {
    id: row.id,
    name: row.name,
    mediaType: row.media_type,
    size: row.size,
    width: row.width,
    height: row.height,
    previewed: row.previewed,
  };
}
