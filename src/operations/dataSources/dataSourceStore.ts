import type { Sql, TenantSql } from "../../platform/database/database.ts";
import type { DataSourceKind } from "../../protocol/dataSources.ts";

export interface StoredDataSource {
  id: string;
  name: string;
  kind: DataSourceKind;
  host: string;
  port: number;
  database: string;
  user: string;
  /** Sealed; none where the server asks for none. */
  password: string | null;
  tls: boolean;
  demo: boolean;
  version: number;
  changedBy: string;
  changedAt: Date;
}

const columns = `id, name, kind, host, port, database, user_name as "user", password, tls, demo, version, changed_by as "changedBy",
  changed_at as "changedAt"`;

/** All of the tenant, by name. */
export async function listDataSources(sql: TenantSql): Promise<StoredDataSource[]> {
  return await sql.query<StoredDataSource>(`select ${columns} from data_source where tenant_id = $1 order by name`);
}

/** By its id or its name, whichever was written. */
export async function findDataSource(sql: Sql, wanted: string): Promise<StoredDataSource | undefined> {
  const [found] = await sql.query<StoredDataSource>(
    `select ${columns} from data_source where tenant_id = $1 and (id::text = $2 or name = $2)`,
    [wanted.toLowerCase()],
    "find_data_source",
  );
  return found;
}

/** Held until the transaction of the tenant ends. */
export async function lockDataSource(tx: Sql, id: string): Promise<StoredDataSource | undefined> {
  const [found] = await tx.query<StoredDataSource>(`select ${columns} from data_source where tenant_id = $1 and id = $2 for update`, [id]);
  return found;
}

/** False where there is one of this name. */
export async function insertDataSource(tx: Sql, source: StoredDataSource): Promise<boolean> {
  const rows = await tx.query(
    `insert into data_source (tenant_id, id, name, kind, host, port, database, user_name, password, tls, demo, version, changed_by, changed_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) on conflict (tenant_id, name) do nothing returning id`,
    valuesOf(source),
  );
  return rows.length > 0;
}

/** Over one that is locked. */
export async function saveDataSource(tx: Sql, source: StoredDataSource): Promise<void> {
  await tx.query(
    `update data_source set name = $3, kind = $4, host = $5, port = $6, database = $7, user_name = $8, password = $9, tls = $10, demo = $11,
       version = $12, changed_by = $13, changed_at = $14
     where tenant_id = $1 and id = $2`,
    valuesOf(source),
  );
}

function valuesOf(source: StoredDataSource): unknown[] {
  const { id, name, kind, host, port, database, user, password, tls, demo, version, changedBy, changedAt } = source;
  return [id, name, kind, host, port, database, user, password, tls, demo, version, changedBy, changedAt];
}

export async function deleteDataSource(tx: Sql, id: string): Promise<void> {
  await tx.query("delete from data_source where tenant_id = $1 and id = $2", [id]);
}

/** Names of the operations whose latest or published version asks it. */
export async function operationsUsing(tx: Sql, name: string): Promise<string[]> {
  const rows = await tx.query<{ name: string }>(
    `select distinct o.name from operation o join operation_version v on v.tenant_id = o.tenant_id and v.operation_id = o.id
      where o.tenant_id = $1 and v.number in (o.latest, o.published) and v.definition->'query'->>'dataSource' = $2 order by o.name`,
    [name],
  );
  return rows.map((row) => row.name);
}

/** Whose passwords are sealed with another key than this one, of all tenants. */
export async function listSourcesSealedOtherwise(
  sql: Sql,
  keyId: string,
): Promise<{ tenant: string; id: string; host: string; port: number; password: string }[]> {
  return await sql.query(
    "select tenant_id as tenant, id, host, port, password from data_source where password is not null and not starts_with(password, $1) limit 100",
    [`${keyId}:`],
  );
}

/** Only over what was read. */
export async function saveSourceResealed(sql: Sql, tenant: string, id: string, before: string, after: string): Promise<void> {
  await sql.query("update data_source set password = $4 where tenant_id = $1 and id = $2 and password = $3", [tenant, id, before, after]);
}
