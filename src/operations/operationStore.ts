import type { Sql, TenantSql } from "../platform/database/database.ts";
import type { OperationDefinition, OperationKind } from "../protocol/operations.ts";

export interface StoredOperation {
  id: string;
  name: string;
  kind: OperationKind;
  latest: number;
  published: number | null;
  sharedWith: string[];
  changedBy: string;
  changedAt: Date;
}

/** With the version that was asked for. */
export interface StoredVersion extends StoredOperation {
  number: number;
  definition: OperationDefinition;
  madeBy: string;
  madeAt: Date;
  /** Where its secrets go, as `boundTo` says. */
  secretsFor: string[];
}

const operationColumns = `o.id, o.name, o.kind, o.latest, o.published, o.shared_with as "sharedWith", o.changed_by as "changedBy",
  o.changed_at as "changedAt"`;
const columns = `${operationColumns}, v.number, v.definition, v.made_by as "madeBy", v.made_at as "madeAt",
  array(select s.bound_to from operation_secret s where s.tenant_id = o.tenant_id and s.operation_id = o.id) as "secretsFor"`;
const joined = "operation o join operation_version v on v.tenant_id = o.tenant_id and v.operation_id = o.id";

/** All, each with its latest version, by name. */
export async function listOperations(sql: TenantSql): Promise<StoredVersion[]> {
  return await sql.query<StoredVersion>(`select ${columns} from ${joined} and v.number = o.latest where o.tenant_id = $1 order by o.name`);
}

/** What runs: the published version of each that has one. */
export async function listPublished(sql: TenantSql): Promise<StoredVersion[]> {
  return await sql.query<StoredVersion>(
    `select ${columns} from ${joined} and v.number = o.published where o.tenant_id = $1 order by o.name`,
  );
}

/** What runs, with which version the data source has that it asks, where it names one. */
export interface PublishedVersion extends StoredVersion {
  source: { id: string; version: number } | null;
}

/** The published version of this moment; none where it was taken back. */
export async function findPublished(sql: TenantSql, id: string): Promise<PublishedVersion | undefined> {
  const [found] = await sql.query<PublishedVersion>(
    `select ${columns}, (select jsonb_build_object('id', d.id, 'version', d.version) from data_source d
       where d.tenant_id = $1 and d.name = v.definition -> 'query' ->> 'dataSource') as source
     from ${joined} and v.number = o.published where o.tenant_id = $1 and o.id = $2`,
    [id],
    "find_published",
  );
  return found;
}

/** By its name, with the latest version or the one that is named. */
export async function findOperation(sql: TenantSql, name: string, number?: number): Promise<StoredVersion | undefined> {
  const [found] = await sql.query<StoredVersion>(
    `select ${columns} from ${joined} and v.number = coalesce($3, o.latest) where o.tenant_id = $1 and o.name = $2`,
    [name, number ?? null],
  );
  return found;
}

/** Its versions, the newest first. */
export async function listVersions(sql: TenantSql, id: string): Promise<StoredVersion[]> {
  return await sql.query<StoredVersion>(`select ${columns} from ${joined} where o.tenant_id = $1 and o.id = $2 order by v.number desc`, [
    id,
  ]);
}

/** Held until the transaction ends. In the transaction of a tenant, as all that follow. */
export async function lockOperation(tx: Sql, name: string): Promise<StoredOperation | undefined> {
  const [found] = await tx.query<StoredOperation>(
    `select ${operationColumns} from operation o where o.tenant_id = $1 and o.name = $2 for update`,
    [name],
  );
  return found;
}

export interface NewVersion {
  id: string;
  number: number;
  definition: OperationDefinition;
  by: string;
  at: Date;
}

/** False where there is one of this name. */
export async function insertOperation(
  tx: Sql,
  { name, kind, ...version }: NewVersion & { name: string; kind: OperationKind },
): Promise<boolean> {
  const rows = await tx.query(
    `insert into operation (tenant_id, id, name, kind, latest, changed_by, changed_at) values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (tenant_id, name) do nothing returning id`,
    [version.id, name, kind, version.number, version.by, version.at],
  );
  if (rows.length === 0) return false;
  await insertVersion(tx, version);
  return true;
}

/** The next version of one that is locked. */
export async function addVersion(tx: Sql, version: NewVersion): Promise<void> {
  await insertVersion(tx, version);
  await tx.query("update operation set latest = $3, changed_by = $4, changed_at = $5 where tenant_id = $1 and id = $2", [
    version.id,
    version.number,
    version.by,
    version.at,
  ]);
}

async function insertVersion(tx: Sql, { id, number, definition, by, at }: NewVersion): Promise<void> {
  await tx.query(
    "insert into operation_version (tenant_id, operation_id, number, definition, made_by, made_at) values ($1, $2, $3, $4, $5, $6)",
    [id, number, JSON.stringify(definition), by, at],
  );
}

/** Which version runs; null takes it back. */
export async function savePublished(tx: Sql, id: string, published: number | null, by: string, at: Date): Promise<void> {
  await tx.query("update operation set published = $3, changed_by = $4, changed_at = $5 where tenant_id = $1 and id = $2", [
    id,
    published,
    by,
    at,
  ]);
}

export async function saveSharedWith(tx: Sql, id: string, roles: readonly string[], by: string, at: Date): Promise<void> {
  await tx.query("update operation set shared_with = $3, changed_by = $4, changed_at = $5 where tenant_id = $1 and id = $2", [
    id,
    roles,
    by,
    at,
  ]);
}

/** With all its versions. */
export async function deleteOperation(tx: Sql, id: string): Promise<void> {
  await tx.query("delete from operation where tenant_id = $1 and id = $2", [id]);
}
