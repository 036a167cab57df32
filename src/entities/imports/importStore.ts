import type { Sql, TenantSql } from "../../platform/database/database.ts";
import { storableJson } from "../../platform/database/storable.ts";
import type { ImportCellError, ImportCounts, ImportReading, ImportSettings, ImportState } from "../../protocol/imports.ts";
import type { ColumnSeen } from "./scanTable.ts";

/** An import with all that is known of its file. */
export interface StoredImport {
  id: string;
  blueprintId: string;
  name: string;
  size: number;
  reading: ImportReading;
  sheets: string[];
  rows: number;
  seen: ColumnSeen[];
  settings: ImportSettings;
  state: ImportState | "arriving";
  position: number;
  counts: ImportCounts;
  run: string | null;
  fault: string | null;
  by: string;
  createdAt: Date;
  changedAt: Date;
  endedAt: Date | null;
}

const columns = `id, blueprint_id as "blueprintId", name, size::float8 as size, reading, sheets, rows::float8 as rows, seen, settings, state,
  position::float8 as position, counts, run_id as run, fault, created_by as by, created_at as "createdAt", changed_at as "changedAt", ended_at as "endedAt"`;

type Query = Pick<Sql, "query">;

/** Before its bytes come: what breaks off in the middle is found by this row. */
export async function insertArriving(
  sql: Query,
  { id, blueprint, name, by, at }: { id: string; blueprint: string; name: string; by: string; at: Date },
): Promise<void> {
  await sql.query(
    `insert into entity_import (tenant_id, id, blueprint_id, name, size, sha256, reading, rows, seen, settings, state, counts, created_by, created_at, changed_at)
     values ($1, $2, $3, $4, 0, '', '{}', 0, '[]', '{}', 'arriving', '{}', $5, $6, $6)`,
    [id, blueprint, name, by, at],
  );
}

export type Arrived = Pick<StoredImport, "id" | "size" | "reading" | "sheets" | "rows" | "seen" | "settings" | "counts"> & {
  sha256: string;
};

/** What came is whole and can be read. Answers when the same bytes were imported into this blueprint before, if they were. */
export async function saveArrived(sql: Query, { id, ...file }: Arrived, at: Date): Promise<void> {
  await sql.query(
    `update entity_import set state = 'draft', size = $3, sha256 = $4, reading = $5, sheets = $6, rows = $7, seen = $8, settings = $9, counts = $10,
       changed_at = $11 where tenant_id = $1 and id = $2 and state = 'arriving'`,
    [
      id,
      file.size,
      file.sha256,
      storableJson(file.reading),
      storableJson(file.sheets),
      file.rows,
      storableJson(file.seen),
      storableJson(file.settings),
      storableJson(file.counts),
      at,
    ],
  );
}

/** How a draft is read, and what shall become of it. False where it isn't one any more. */
export async function saveDraft(
  sql: Query,
  { id, reading, rows, seen, settings }: Pick<StoredImport, "id" | "reading" | "rows" | "seen" | "settings">,
  at: Date,
): Promise<boolean> {
  const saved = await sql.query(
    `update entity_import set reading = $3, rows = $4, seen = $5, settings = $6, changed_at = $7, fault = null
     where tenant_id = $1 and id = $2 and state = 'draft' returning id`,
    [id, storableJson(reading), rows, storableJson(seen), storableJson(settings), at],
  );
  return saved.length > 0;
}

/** Of whoever made it. Primary key. */
export async function findImport(sql: Query, id: string, by: string): Promise<StoredImport | undefined> {
  const [found] = await sql.query<StoredImport>(
    `select ${columns} from entity_import where tenant_id = $1 and id = $2 and created_by = $3 and state <> 'arriving'`,
    [id, by],
    "find_import",
  );
  return found;
}

/** When the same bytes were imported into the same blueprint before. Index entity_import_of. */
export async function findSameBefore(sql: Query, id: string): Promise<Date | null> {
  const [found] = await sql.query<{ endedAt: Date }>(
    `select b.ended_at as "endedAt" from entity_import i join entity_import b using (tenant_id, blueprint_id, sha256)
     where i.tenant_id = $1 and i.id = $2 and b.id <> i.id and b.state = 'done' order by b.ended_at desc limit 1`,
    [id],
  );
  return found?.endedAt ?? null;
}

/** The newest of somebody into a blueprint. Index entity_import_of. */
export async function listImports(sql: Query, blueprint: string, by: string, limit: number): Promise<StoredImport[]> {
  return await sql.query<StoredImport>(
    `select ${columns} from entity_import where tenant_id = $1 and blueprint_id = $2 and created_by = $3 and state <> 'arriving'
     order by created_at desc limit $4`,
    [blueprint, by, limit],
  );
}

/**
 * A run takes an import that waits, one of its own that its process left, or one of which nobody has heard for a minute: who imports says so every few
 * seconds. False where another has it, or it has ended.
 */
export async function claimImport(sql: Query, id: string, run: string, at: Date): Promise<boolean> {
  const claimed = await sql.query(
    `update entity_import set state = 'going', run_id = $3, changed_at = $4::timestamptz, fault = null
     where tenant_id = $1 and id = $2
       and (state in ('draft', 'paused') or state = 'going' and (run_id = $3 or changed_at < $4::timestamptz - interval '1 minute')) returning id`,
    [id, run, at],
  );
  return claimed.length > 0;
}

export interface Behind {
  id: string;
  run: string;
  /** Where it was, or whoever went on with it meanwhile has it; missing where that doesn't matter. */
  from?: number;
  position: number;
  counts: ImportCounts;
}

/** So many rows are behind it: in the transaction of what they became. False where it was paused, cancelled, or gone on with by another. */
export async function advanceImport(sql: Query, { id, run, from, position, counts }: Behind, at: Date): Promise<boolean> {
  const advanced = await sql.query(
    `update entity_import set position = $4, counts = $5, changed_at = $6
     where tenant_id = $1 and id = $2 and run_id = $3 and state = 'going' and ($7::bigint is null or position = $7) returning id`,
    [id, run, position, JSON.stringify(counts), at, from ?? null],
    "advance_import",
  );
  return advanced.length > 0;
}

/** From one state into another; false where it isn't in it, or `run` hasn't got it. */
export async function moveImport(
  sql: Query,
  id: string,
  { from, to, run, fault, at }: { from: readonly ImportState[]; to: ImportState; run?: string; fault?: string | undefined; at: Date },
): Promise<boolean> {
  const moved = await sql.query(
    `update entity_import set state = $4::text, fault = $5, changed_at = $6::timestamptz, position = case when $4::text = 'draft' then 0 else position end,
       ended_at = case when $4::text in ('done', 'cancelled') then $6::timestamptz end
     where tenant_id = $1 and id = $2 and state = any($3::text[]) and ($7::uuid is null or run_id = $7) returning id`,
    [id, from, to, fault ?? null, at, run ?? null],
  );
  return moved.length > 0;
}

export interface StoredRowError extends ImportCellError {
  row: number;
  place: number;
}

export async function insertErrors(sql: Query, id: string, errors: readonly StoredRowError[]): Promise<void> {
  if (errors.length === 0) return;
  await sql.query(
    `insert into entity_import_error (tenant_id, import_id, row, place, column_name, value, reason)
     select $1, $2, row, place, column_name, value, reason
     from unnest($3::bigint[], $4::int[], $5::text[], $6::text[], $7::text[]) as one (row, place, column_name, value, reason)
     on conflict do nothing`,
    [
      id,
      errors.map(({ row }) => row),
      errors.map(({ place }) => place),
      errors.map(({ column }) => column),
      errors.map(({ value }) => value),
      errors.map(({ reason }) => reason),
    ],
  );
}

export async function deleteErrors(sql: Query, id: string): Promise<void> {
  await sql.query("delete from entity_import_error where tenant_id = $1 and import_id = $2", [id]);
}

/** In the order of the file, those behind a place. Primary key. */
export async function listErrors(sql: Query, id: string, after: { row: number; place: number }, limit: number): Promise<StoredRowError[]> {
  return await sql.query<StoredRowError>(
    `select row::float8 as row, place, column_name as column, value, reason from entity_import_error
     where tenant_id = $1 and import_id = $2 and (row, place) > ($3::bigint, $4::int) order by row, place limit $5`,
    [id, after.row, after.place, limit],
  );
}

/** What nobody needs any more: a draft or a break after a week, what has ended after a month, what never came whole or lost its blueprint after a day. */
export async function listForgotten(sql: Query, limit: number): Promise<{ tenant: string; id: string }[]> {
  return await sql.query(
    `select i.tenant_id as tenant, i.id from entity_import i
     where i.changed_at < now() - interval '1 day' and (
       i.state = 'arriving' or i.changed_at < now() - case when i.state in ('done', 'cancelled') then interval '30 days' else interval '7 days' end
       or not exists (select from blueprint b where b.tenant_id = i.tenant_id and b.id = i.blueprint_id))
     limit $1`,
    [limit],
  );
}

export async function deleteImport(sql: Query, id: string): Promise<void> {
  await sql.query("delete from entity_import where tenant_id = $1 and id = $2", [id]);
}

/** All of a tenant, for whoever erases it. */
export async function importsOfTenant(sql: TenantSql): Promise<string[]> {
  const rows = await sql.query<{ id: string }>("select id from entity_import where tenant_id = $1");
  return rows.map(({ id }) => id);
}
