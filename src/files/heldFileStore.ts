import type { Sql } from "../platform/database/database.ts";
import type { AttachedFile } from "./file.ts";
import { columns, type FileRow, toFile } from "./fileStore.ts";

/** Which file is to be held by which entity. */
export interface Holding {
  file: string;
  entity: string;
}

export interface HeldFile extends AttachedFile {
  /** The entity that holds it; null of one that was uploaded and not given away yet. */
  entity: string | null;
}

/** Of these, those that the uploader may give away, and those that an entity holds. Index: the primary key. */
export async function findHoldable(sql: Pick<Sql, "query">, files: readonly string[], by: string): Promise<HeldFile[]> {
  const rows = await sql.query<FileRow & { held_entity: string | null }>(
    `select ${columns}, held_entity from file where tenant_id = $1 and id = any($2::uuid[]) and stored and message_key is null
       and (held_entity is not null or by_kind = 'account' and by_id = $3)`,
    [files, by],
  );
  return rows.map((row) => ({ ...toFile(row), entity: row.held_entity }));
}

/** Those of these files that these entities hold. Index: the primary key. */
export async function findHeld(sql: Pick<Sql, "query">, files: readonly string[], entities: readonly string[]): Promise<AttachedFile[]> {
  const rows = await sql.query<FileRow>(
    `select ${columns} from file where tenant_id = $1 and id = any($2::uuid[]) and held_entity = any($3::uuid[]) and stored`,
    [files, entities],
  );
  return rows.map(toFile);
}

/** Gives uploads to entities that are about to be written; those that an entity has already stay its. Answers those that it could, and which were free before. */
export async function holdFiles(
  sql: Pick<Sql, "query">,
  wanted: readonly Holding[],
  { blueprint, by }: { blueprint: string; by: string },
): Promise<(Holding & { fresh: boolean })[]> {
  return await sql.query<Holding & { fresh: boolean }>(
    `with before as (
       select f.id, one.entity, f.held_entity is null as fresh from file f join unnest($2::uuid[], $3::uuid[]) as one (file, entity) on f.id = one.file
       where f.tenant_id = $1 and f.stored and f.message_key is null
         and (f.held_entity = one.entity or f.held_entity is null and f.by_kind = 'account' and f.by_id = $4)
       for update of f
     )
     update file f set held_blueprint = $5, held_entity = before.entity, unsent_since = case when before.fresh then now() else f.unsent_since end
     from before where f.tenant_id = $1 and f.id = before.id
     returning f.id as file, before.entity, before.fresh`,
    [wanted.map(({ file }) => file), wanted.map(({ entity }) => entity), by, blueprint],
  );
}

/** What holds them is committed. */
export async function markHeld(sql: Pick<Sql, "query">, files: readonly string[]): Promise<void> {
  await sql.query("update file set unsent_since = null where tenant_id = $1 and id = any($2::uuid[]) and held_entity is not null", [files]);
}

/** What should have held them was not written: they are free again. */
export async function letGo(sql: Pick<Sql, "query">, files: readonly string[]): Promise<void> {
  await sql.query(
    "update file set held_blueprint = null, held_entity = null where tenant_id = $1 and id = any($2::uuid[]) and unsent_since is not null",
    [files],
  );
}

/** Those whose entity was committed, and whose process died before it could say so. Index file_unsent. */
export async function markForgottenHeld(sql: Sql): Promise<void> {
  await sql.query(
    `update file f set unsent_since = null where unsent_since < now() - interval '1 hour' and held_entity is not null and message_key is null
       and exists (select from blueprint b join entity e on e.tenant_id = b.tenant_id and e.blueprint_id = b.id
         where b.tenant_id = f.tenant_id and b.key = f.held_blueprint and e.id = f.held_entity)`,
  );
}
