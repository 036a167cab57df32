import type { Reach } from "../../access/policy.ts";
import { columnWithinReach } from "../../access/roles/reachStore.ts";
import type { Sql, TenantSql } from "../../platform/database/database.ts";

/** An entity of a blueprint, by their ids. */
export interface EntityRef {
  blueprint: string;
  entity: string;
}

export interface StoredNote {
  id: string;
  text: string;
  /** Whose it is; null for who left. */
  by: string | null;
  byId: string;
  at: Date;
}

const noteColumns = `n.id, n.text, n.written_by as "byId", n.written_at as at,
  (select a.name from account a join membership m on m.tenant_id = $1 and m.account_id = a.id where a.id = n.written_by) as by`;

/** The newest first, as their ids are made; those before `before`, where it is said. Primary key. */
export async function listNotes(
  sql: Pick<Sql, "query">,
  { blueprint, entity }: EntityRef,
  { before, limit }: { before: string | undefined; limit: number },
): Promise<StoredNote[]> {
  return await sql.query<StoredNote>(
    `select ${noteColumns} from entity_note n where n.tenant_id = $1 and n.blueprint_id = $2 and n.entity_id = $3 and n.id < coalesce($5::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
     order by n.id desc limit $4`,
    [blueprint, entity, limit, before ?? null],
  );
}

export async function findNote(sql: Pick<Sql, "query">, { blueprint, entity }: EntityRef, id: string): Promise<StoredNote | undefined> {
  const [found] = await sql.query<StoredNote>(
    `select ${noteColumns} from entity_note n where n.tenant_id = $1 and n.blueprint_id = $2 and n.entity_id = $3 and n.id = $4`,
    [blueprint, entity, id],
  );
  return found;
}

/**
 * False where there are too many, the note is there already, or the entity isn't there any more: whoever takes that away for good at the same moment waits
 * for this, or this for them.
 */
export async function insertNote(
  sql: Pick<Sql, "query">,
  { blueprint, entity }: EntityRef,
  { id, text, byId, at }: Omit<StoredNote, "by">,
  most: number,
): Promise<boolean> {
  const rows = await sql.query(
    `insert into entity_note (tenant_id, blueprint_id, entity_id, id, text, written_by, written_at)
     select $1, $2, e.id, $4, $5, $6, $7 from entity e
     where e.tenant_id = $1 and e.blueprint_id = $2 and e.id = $3
       and (select count(*) from entity_note where tenant_id = $1 and blueprint_id = $2 and entity_id = $3) < $8::int
     for key share of e
     on conflict do nothing returning id`,
    [blueprint, entity, id, text, byId, at, most],
  );
  return rows.length > 0;
}

/** False where it isn't there. */
export async function deleteNote(sql: Pick<Sql, "query">, { blueprint, entity }: EntityRef, id: string): Promise<boolean> {
  const rows = await sql.query(
    "delete from entity_note where tenant_id = $1 and blueprint_id = $2 and entity_id = $3 and id = $4 returning id",
    [blueprint, entity, id],
  );
  return rows.length > 0;
}

export interface StoredTalk {
  conversation: string;
  contact: string;
  command: string;
  by: string | null;
  at: Date;
}

/** A command about an entity was run where somebody talks: the last one counts. Nothing where there is no such conversation. */
export async function saveTalk(
  sql: Pick<TenantSql, "query">,
  { blueprint, entity }: EntityRef,
  { conversation, run, command, by, at }: { conversation: string; run: string; command: string; by: string; at: Date },
): Promise<void> {
  await sql.query(
    `insert into entity_conversation (tenant_id, blueprint_id, entity_id, conversation_id, run_id, command, run_by, run_at)
     select $1, $2, $3, id, $5, $6, $7, $8 from conversation where tenant_id = $1 and id = $4
     on conflict (tenant_id, blueprint_id, entity_id, conversation_id)
     do update set run_id = excluded.run_id, command = excluded.command, run_by = excluded.run_by, run_at = excluded.run_at`,
    [blueprint, entity, conversation, run, command, by, at],
  );
}

/** Those within reach, the last first. Primary key. */
export async function listTalks(
  sql: Pick<Sql, "query">,
  { blueprint, entity }: EntityRef,
  reach: Reach | undefined,
  limit: number,
): Promise<StoredTalk[]> {
  const { condition, values } = columnWithinReach(reach, "t.conversation_id", 5);
  return await sql.query<StoredTalk>(
    `select t.conversation_id as conversation, p.name as contact, t.command, t.run_at as at, (select name from account where account.id = t.run_by) as by
     from entity_conversation t join conversation v on v.tenant_id = $1 and v.id = t.conversation_id
       join contact p on p.tenant_id = $1 and p.id = v.contact_id
     where t.tenant_id = $1 and t.blueprint_id = $2 and t.entity_id = $3 and ${condition} order by t.run_at desc limit $4`,
    [blueprint, entity, limit, ...values],
  );
}
