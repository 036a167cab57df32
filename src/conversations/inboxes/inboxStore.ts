import type { TenantSql } from "../../platform/database/database.ts";
import type { InboxView } from "../../protocol/inbox.ts";
import type { PrechatSettings } from "./inboxes.ts";

/** Every active inbox of the tenant with its texts and rules, by name. Index: the primary keys. */
export async function listInboxes(sql: TenantSql): Promise<InboxView[]> {
  return await sql.query<InboxView>(
    `select i.id, i.public_key as key, i.name, i.team, i.calendar, i.colour, i.origins, i.prechat,
       case when i.publishes_all then '"all"'::jsonb else to_jsonb(i.commands) end as commands,
       coalesce((select json_agg(json_build_object('key', t.key, 'language', t.language, 'text', t.text) order by t.key, t.language)
         from inbox_text t where t.tenant_id = i.tenant_id and t.inbox_id = i.id), '[]') as texts,
       coalesce((select json_agg(json_build_object('key', p.key, 'pagePattern', p.page_pattern, 'afterSeconds', p.after_seconds) order by p.created_at, p.key)
         from inbox_proactive p where p.tenant_id = i.tenant_id and p.inbox_id = i.id), '[]') as proactive
     from inbox i where i.tenant_id = $1 and i.active order by i.name, i.id`,
    [],
    "listInboxes",
  );
}

export async function insertInbox(
  sql: Pick<TenantSql, "query">,
  { id, key, name, team }: { id: string; key: string; name: string; team: string },
): Promise<void> {
  await sql.query("insert into inbox (tenant_id, id, public_key, name, team) values ($1, $2, $3, $4, $5)", [id, key, name, team]);
}

export interface InboxChange {
  name?: string;
  team?: string;
  origins?: readonly string[];
  calendar?: string | null;
  colour?: string | null;
  commands?: InboxView["commands"];
}

/** What is undefined stays; a calendar that isn't there violates a foreign key (23503). */
export async function updateInbox(sql: Pick<TenantSql, "query">, inbox: string, change: InboxChange): Promise<void> {
  await sql.query(
    `update inbox set name = coalesce($3, name), team = coalesce($4, team), origins = coalesce($5, origins),
       calendar = case when $6 then $7 else calendar end, colour = case when $8 then $9 else colour end,
       publishes_all = coalesce($10, publishes_all), commands = coalesce($11, commands)
     where tenant_id = $1 and id = $2`,
    [
      inbox,
      change.name ?? null,
      change.team ?? null,
      change.origins ?? null,
      change.calendar !== undefined,
      change.calendar ?? null,
      change.colour !== undefined,
      change.colour ?? null,
      change.commands === undefined ? null : change.commands === "all",
      change.commands === undefined || change.commands === "all" ? null : change.commands,
    ],
  );
}

export async function savePrechat(sql: TenantSql, inbox: string, prechat: PrechatSettings | null): Promise<void> {
  await sql.query("update inbox set prechat = $3 where tenant_id = $1 and id = $2", [
    inbox,
    prechat === null ? null : JSON.stringify(prechat),
  ]);
}
