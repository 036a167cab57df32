import type { Sql, TenantSql } from "../../platform/database/database.ts";
import type { BlueprintDefinition } from "../../protocol/blueprints.ts";

/** A blueprint with the version that was asked for. */
export interface StoredBlueprint {
  id: string;
  key: string;
  latest: number;
  nextField: number;
  trashedAt: Date | null;
  number: number;
  definition: BlueprintDefinition;
  changedBy: string | null;
  changedAt: Date;
  /** What was read of its other versions, which never change, where it is remembered (`throughBlueprint`). */
  otherVersions?: Map<number, BlueprintDefinition>;
  /** What some who made or changed its entities were called, by their ids, where it is remembered; null is the name of whoever left. */
  people?: Map<string, string | null>;
}

const columns = `b.id, b.key, b.latest, b.next_field as "nextField", b.trashed_at as "trashedAt", v.number, v.definition, b.changed_at as "changedAt",
  (select name from account where account.id = b.changed_by) as "changedBy"`;
const joined = "blueprint b join blueprint_version v on v.tenant_id = b.tenant_id and v.blueprint_id = b.id";

/** All, each with its latest version, by key. */
export async function listBlueprints(sql: TenantSql): Promise<StoredBlueprint[]> {
  return await sql.query<StoredBlueprint>(`select ${columns} from ${joined} and v.number = b.latest where b.tenant_id = $1 order by b.key`);
}

/** By its key, with the latest version or the one that is named. */
export async function findBlueprint(sql: TenantSql, key: string, number?: number): Promise<StoredBlueprint | undefined> {
  const [found] = await sql.query<StoredBlueprint>(
    `select ${columns} from ${joined} and v.number = coalesce($3, b.latest) where b.tenant_id = $1 and b.key = $2`,
    [key, number ?? null],
    "find_blueprint",
  );
  return found;
}

/**
 * Whether a blueprint still is as it was read, in a statement of its tenant. What makes another of it writes when, or another version; the last number that
 * its sequence gave is none of this. Primary key.
 */
export function stillSo({ id, key, latest, trashedAt, changedAt }: StoredBlueprint, bind: (value: unknown) => string): string {
  return `blueprint_still($1, ${[id, key, latest, changedAt, trashedAt].map(bind).join(", ")})`;
}

const mostOtherVersions = 20;

/** Definitions of a blueprint by their numbers, its own among them. What it remembers isn't asked for. */
export async function versionsOf(
  sql: Pick<Sql, "query">,
  { id, number: own, definition, otherVersions = new Map() }: StoredBlueprint,
  numbers: Iterable<number>,
): Promise<ReadonlyMap<number, BlueprintDefinition>> {
  const others = [...new Set(numbers)].filter((number) => number !== own && !otherVersions.has(number));
  const read = others.length === 0 ? new Map<number, BlueprintDefinition>() : await findVersions(sql, id, others);
  for (const [number, version] of read) if (otherVersions.size < mostOtherVersions) otherVersions.set(number, version);
  return new Map([...otherVersions, ...read, [own, definition]]);
}

/** Definitions by their numbers. Primary key. */
export async function findVersions(
  sql: Pick<Sql, "query">,
  id: string,
  numbers: readonly number[],
): Promise<Map<number, BlueprintDefinition>> {
  const rows = await sql.query<{ number: number; definition: BlueprintDefinition }>(
    "select number, definition from blueprint_version where tenant_id = $1 and blueprint_id = $2 and number = any($3::int[])",
    [id, numbers],
    "find_blueprint_versions",
  );
  return new Map(rows.map(({ number, definition }) => [number, definition]));
}

export interface VersionTold {
  version: number;
  by: string | null;
  at: Date;
}

/** Who made its versions, the newest first. */
export async function listVersions(sql: TenantSql, id: string): Promise<VersionTold[]> {
  return await sql.query<VersionTold>(
    `select number as version, made_at as at, (select name from account where account.id = made_by) as by
     from blueprint_version where tenant_id = $1 and blueprint_id = $2 order by number desc`,
    [id],
  );
}

/** Held until the transaction ends. In the transaction of a tenant, as all that follow. */
export async function lockBlueprint(tx: Sql, key: string): Promise<Omit<StoredBlueprint, "number" | "definition"> | undefined> {
  const [found] = await tx.query<Omit<StoredBlueprint, "number" | "definition">>(
    `select b.id, b.key, b.latest, b.next_field as "nextField", b.trashed_at as "trashedAt", b.changed_at as "changedAt",
       (select name from account where account.id = b.changed_by) as "changedBy"
     from blueprint b where b.tenant_id = $1 and b.key = $2 for update of b`,
    [key],
  );
  return found;
}

export interface NewVersion {
  id: string;
  number: number;
  definition: BlueprintDefinition;
  nextField: number;
  by: string;
  at: Date;
}

/** With the table of its entities; false where there is one of this key. */
export async function insertBlueprint(tx: Sql, { key, ...version }: NewVersion & { key: string }): Promise<boolean> {
  const rows = await tx.query(
    `insert into blueprint (tenant_id, id, key, latest, next_field, changed_by, changed_at) values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (tenant_id, key) do nothing returning id`,
    [version.id, key, version.number, version.nextField, version.by, version.at],
  );
  if (rows.length === 0) return false;
  await insertVersion(tx, version);
  await tx.query("select make_entities($2) from blueprint where tenant_id = $1 and id = $2", [version.id]);
  return true;
}

/** The next version of one that is locked. */
export async function addVersion(tx: Sql, version: NewVersion): Promise<void> {
  await insertVersion(tx, version);
  await tx.query("update blueprint set latest = $3, next_field = $4, changed_by = $5, changed_at = $6 where tenant_id = $1 and id = $2", [
    version.id,
    version.number,
    version.nextField,
    version.by,
    version.at,
  ]);
}

async function insertVersion(tx: Sql, { id, number, definition, by, at }: NewVersion): Promise<void> {
  await tx.query(
    "insert into blueprint_version (tenant_id, blueprint_id, number, definition, made_by, made_at) values ($1, $2, $3, $4, $5, $6)",
    [id, number, JSON.stringify(definition), by, at],
  );
}

/** Into the trash, or out of it; its entities stay where they are. */
export async function saveTrashed(tx: Sql, id: string, trashedAt: Date | null, by: string, at: Date): Promise<void> {
  await tx.query("update blueprint set trashed_at = $3, changed_by = $4, changed_at = $5 where tenant_id = $1 and id = $2", [
    id,
    trashedAt,
    by,
    at,
  ]);
}

/** The first of so many numbers that follow each other. Who takes them needn't wait for the disk: what is lost with it is numbers, and none is given twice. */
export async function takeNumbers(sql: Pick<Sql, "query">, id: string, count: number): Promise<number> {
  const [row] = await sql.query<{ last: number }>(
    "update blueprint set last_number = last_number + $3 where tenant_id = $1 and id = $2 returning last_number::float8 as last, set_config('synchronous_commit', 'off', true)",
    [id, count],
    "take_numbers",
  );
  if (row === undefined) throw new Error("the blueprint is gone");
  return row.last - count + 1;
}
