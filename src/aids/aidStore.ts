import type { Sql, TenantSql } from "../platform/database/database.ts";
import type { CannedItem, MacroItem, ViewItem } from "../protocol/aids.ts";

export type OwnedItem = CannedItem | MacroItem | ViewItem;
export type AidKind = OwnedItem["kind"];

const item = `jsonb_build_object('kind', kind, 'id', id, 'owner', owner, 'name', name, 'version', version) || body as item`;

/** What an account may see: everyone's, the teams', its own. Read once for all who watch: of every owner. Index: the primary key. */
export async function listOwned(sql: TenantSql): Promise<OwnedItem[]> {
  const rows = await sql.query<{ item: OwnedItem }>(
    `select ${item} from desk_aid where tenant_id = $1 order by lower(name), id`,
    [],
    "listOwned",
  );
  return rows.map((row) => row.item);
}

/** Those of a kind that have this id or this name, whoever owns them. Index: the primary key. */
export async function findOwned<Kind extends AidKind>(
  sql: Pick<TenantSql, "query">,
  kind: Kind,
  idOrName: string,
): Promise<Extract<OwnedItem, { kind: Kind }>[]> {
  const rows = await sql.query<{ item: Extract<OwnedItem, { kind: Kind }> }>(
    `select ${item} from desk_aid where tenant_id = $1 and kind = $2 and (id::text = lower($3) or lower(name) = lower($3))`,
    [kind, idOrName],
  );
  return rows.map((row) => row.item);
}

/** More than that are no aid to anybody, and every desk holds them all. */
export const mostOfAKind = 1000;

/** False where there are too many. Throws 23505 where the owner has one of this name. */
export async function insertOwned(
  sql: Sql,
  aid: { id: string; kind: AidKind; owner: string; name: string; body: object },
): Promise<boolean> {
  const rows = await sql.query(
    `insert into desk_aid (tenant_id, id, kind, owner, name, body)
     select $1, $2, $3, $4, $5, $6 where (select count(*) from desk_aid where tenant_id = $1 and kind = $3) < ${mostOfAKind}
     returning id`,
    [aid.id, aid.kind, aid.owner, aid.name, JSON.stringify(aid.body)],
  );
  return rows.length > 0;
}

/** The new version, or none where it is another version by now. Throws 23505 where the owner has another of this name. */
export async function updateOwned(
  sql: Sql,
  aid: { id: string; version: number; owner: string; name: string; body: object },
): Promise<number | undefined> {
  const rows = await sql.query<{ version: number }>(
    `update desk_aid set owner = $4, name = $5, body = $6, version = version + 1, updated_at = now()
     where tenant_id = $1 and id = $2 and version = $3 returning version`,
    [aid.id, aid.version, aid.owner, aid.name, JSON.stringify(aid.body)],
  );
  return rows[0]?.version;
}

export async function deleteOwned(sql: Sql, id: string): Promise<void> {
  await sql.query("delete from desk_aid where tenant_id = $1 and id = $2", [id]);
}

/** Whether there is an active team of this key. */
export async function teamExists(sql: TenantSql, key: string): Promise<boolean> {
  return (await sql.query("select from team where tenant_id = $1 and key = $2 and active", [key])).length > 0;
}
