import type { Reach } from "../access/policy.ts";
import { withinReach } from "../access/roles/reachStore.ts";
import type { Sql, TenantSql } from "../platform/database/database.ts";
import type { TagItem } from "../protocol/aids.ts";

export const mostTags = 500;
/** On one conversation or one contact. */
export const mostTagsOfOne = 50;

/** All tags of a tenant by name. Index: the primary key. */
export async function listTags(sql: TenantSql): Promise<TagItem[]> {
  const rows = await sql.query<{ id: string; name: string }>(
    "select id, name from tag where tenant_id = $1 order by lower(name)",
    [],
    "listTags",
  );
  return rows.map(({ id, name }) => ({ kind: "tag", id, name }));
}

/** By id or by name. Index tag_name, or the primary key. */
export async function findTag(sql: TenantSql, idOrName: string): Promise<TagItem | undefined> {
  const rows = await sql.query<{ id: string; name: string }>(
    "select id, name from tag where tenant_id = $1 and (lower(name) = lower($2) or id::text = lower($2))",
    [idOrName],
  );
  const row = rows[0];
  return row && { kind: "tag", ...row };
}

/** Throws 23505 where there is one of this name; false where there are too many. */
export async function insertTag(sql: Sql, id: string, name: string): Promise<boolean> {
  const rows = await sql.query(
    `insert into tag (tenant_id, id, name) select $1, $2, $3 where (select count(*) from tag where tenant_id = $1) < ${mostTags} returning id`,
    [id, name],
  );
  return rows.length > 0;
}

export async function renameTag(sql: Sql, id: string, name: string): Promise<void> {
  await sql.query("update tag set name = $3 where tenant_id = $1 and id = $2", [id, name]);
}

export async function deleteTag(sql: Sql, id: string): Promise<void> {
  await sql.query("delete from tag where tenant_id = $1 and id = $2", [id]);
}

/** On how many conversations and contacts within reach it is. Index conversation_tags, contact_tags, which `@>` may not use behind the second wall. */
export async function countTagged(
  { unwalled: sql }: TenantSql,
  id: string,
  reach: Reach = "all",
): Promise<{ conversations: number; contacts: number }> {
  const { condition, values } = withinReach(reach, 3);
  const seen =
    reach === "all"
      ? "true"
      : `exists (select from conversation c where c.tenant_id = k.tenant_id and c.contact_id = k.id and ${condition})`;
  const [row] = await sql.query<{ conversations: number; contacts: number }>(
    `select (select count(*) from conversation c where c.tenant_id = $1 and c.tags @> array[$2::uuid] and c.tags <> '{}' and ${condition}) as conversations,
       (select count(*) from contact k where k.tenant_id = $1 and k.tags @> array[$2::uuid] and k.tags <> '{}' and ${seen}) as contacts`,
    [id, ...values],
  );
  return row ?? { conversations: 0, contacts: 0 };
}

/** Takes a tag off some of what still has it, a batch at a time; how many had it. Before the second wall, as `countTagged`. */
export async function untagSome({ unwalled: sql }: TenantSql, subject: "conversation" | "contact", id: string): Promise<number> {
  const rows = await sql.query(
    `update ${subject} set tags = array_remove(tags, $2::uuid)
     where tenant_id = $1 and id in (select id from ${subject} where tenant_id = $1 and tags @> array[$2::uuid] and tags <> '{}' limit 1000)
     returning id`,
    [id],
  );
  return rows.length;
}

/** Whether the tag is on this thing; undefined where there is no such thing. Primary key. */
export async function hasTag(sql: Sql, subject: "conversation" | "contact", id: string, tag: string): Promise<boolean | undefined> {
  const [row] = await sql.query<{ has: boolean }>(`select $3::uuid = any (tags) as has from ${subject} where tenant_id = $1 and id = $2`, [
    id,
    tag,
  ]);
  return row?.has;
}

/** Puts a tag on one thing, or takes it off. `same` where it is so already, `full` where it has as many as it may. Index: the primary key. */
export async function setTag(
  sql: Sql,
  subject: "conversation" | "contact",
  id: string,
  tag: string,
  on: boolean,
): Promise<"changed" | "same" | "full" | "missing"> {
  const noticed =
    subject === "conversation" ? ", changes = changes + 1, updated_at = now(), touched = extract(epoch from now())::int / 10" : "";
  const [row] = await sql.query<{ had: boolean | null; changed: boolean }>(
    `with before as (
       select $3::uuid = any (tags) as had, cardinality(tags) as n from ${subject} where tenant_id = $1 and id = $2
     ), changed as (
       update ${subject} set tags = case when $4 then array_append(tags, $3::uuid) else array_remove(tags, $3::uuid) end${noticed}
       where tenant_id = $1 and id = $2 and ($3::uuid = any (tags)) <> $4 and (not $4 or cardinality(tags) < ${mostTagsOfOne})
       returning id
     )
     select (select had from before) as had, exists (select from changed) as changed`,
    [id, tag, on],
  );
  if (row === undefined || row.had === null) return "missing";
  if (row.changed) return "changed";
  return row.had === on ? "same" : "full";
}
