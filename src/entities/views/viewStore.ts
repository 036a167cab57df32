import type { TenantSql } from "../../platform/database/database.ts";
import type { EntityLook } from "../../protocol/entityViews.ts";

export interface StoredView {
  id: string;
  /** Null where it is everyone's. */
  account: string | null;
  name: string;
  version: number;
  look: EntityLook;
}

type Handle = Pick<TenantSql, "query">;

const columns = "id, account_id as account, name, version, look";

/** Everyone's and this account's own, by name. Primary key. */
export async function listViews(sql: Handle, blueprint: string, account: string): Promise<StoredView[]> {
  return await sql.query<StoredView>(
    `select ${columns} from entity_view where tenant_id = $1 and blueprint_id = $2 and (account_id is null or account_id = $3) order by lower(name), id`,
    [blueprint, account],
  );
}

/** False where there are too many. Throws 23505 where there is one of this name. */
export async function insertView(sql: Handle, blueprint: string, view: Omit<StoredView, "version">, most: number): Promise<boolean> {
  const rows = await sql.query(
    `insert into entity_view (tenant_id, blueprint_id, id, account_id, name, look)
     select $1, $2, $3, $4, $5, $6 where (select count(*) from entity_view where tenant_id = $1 and blueprint_id = $2) < $7::int returning id`,
    [blueprint, view.id, view.account, view.name, JSON.stringify(view.look), most],
  );
  return rows.length > 0;
}

/** False where it is another version by now. Throws 23505 where there is another of this name. */
export async function updateView(sql: Handle, blueprint: string, view: StoredView): Promise<boolean> {
  const rows = await sql.query(
    `update entity_view set account_id = $5, name = $6, look = $7, version = version + 1
     where tenant_id = $1 and blueprint_id = $2 and id = $3 and version = $4 returning id`,
    [blueprint, view.id, view.version, view.account, view.name, JSON.stringify(view.look)],
  );
  return rows.length > 0;
}

export async function deleteView(sql: Handle, blueprint: string, id: string): Promise<void> {
  await sql.query("delete from entity_view where tenant_id = $1 and blueprint_id = $2 and id = $3", [blueprint, id]);
}
