import type { Sql, TenantSql } from "../../platform/database/database.ts";

export interface AppRow {
  tenant: string;
  id: string;
  channel: string;
  appId: string;
  /** Sealed. */
  secrets: string;
}

const app = `tenant_id as tenant, id, channel, app_id as "appId", secrets`;

/** Whoever calls a door names the app, before anybody knows the tenant. Index: channel_app_id. */
export async function findApp(sql: Sql, channel: string, id: string): Promise<AppRow | undefined> {
  const rows = await sql.query<AppRow>(
    `select ${app} from channel_app a where id = $1 and channel = $2 and exists (select from tenant t where t.id = a.tenant_id and t.active)`,
    [id, channel],
  );
  return rows[0];
}

/** All of a service, of whichever tenants; there are few. */
export async function listAppsOf(sql: Sql, channel: string): Promise<AppRow[]> {
  return await sql.query<AppRow>(
    `select ${app} from channel_app a where channel = $1 and exists (select from tenant t where t.id = a.tenant_id and t.active)`,
    [channel],
  );
}

/** The tenant's, the oldest first. */
export async function listApps(sql: TenantSql): Promise<AppRow[]> {
  return await sql.query<AppRow>(`select ${app} from channel_app where tenant_id = $1 order by created_at, id`);
}

export async function saveApp(sql: Sql, { id, channel, appId, secrets, by }: Omit<AppRow, "tenant"> & { by: string }): Promise<void> {
  await sql.query(
    `insert into channel_app (tenant_id, id, channel, app_id, secrets, created_by) values ($1, $2, $3, $4, $5, $6)
     on conflict (tenant_id, id) do update set app_id = excluded.app_id, secrets = excluded.secrets`,
    [id, channel, appId, secrets, by],
  );
}

/** With everything that was connected by it. */
export async function deleteApp(sql: Sql, id: string): Promise<void> {
  await sql.query("delete from channel_app where tenant_id = $1 and id = $2", [id]);
}

export interface InstallationRow {
  tenant: string;
  id: string;
  app: string;
  channel: string;
  workspace: string;
  name: string;
  /** Sealed. */
  token: string;
  botUser: string;
  inbox: string;
  state: InstallationState;
  problem: string | null;
  heldUntil: Date | null;
  heardAt: Date | null;
  sentAt: Date | null;
  createdAt: Date;
}

/** `live`: it works. `broken`: its service refuses us. `gone`: it was disconnected. */
export type InstallationState = "live" | "broken" | "gone";

const installation = `tenant_id as tenant, id, app, channel, workspace, name, token, bot_user as "botUser", inbox_id as inbox, state, problem,
  held_until as "heldUntil", heard_at as "heardAt", sent_at as "sentAt", created_at as "createdAt"`;

/** Unique (tenant_id, app, workspace). */
export async function findInstallationOf(sql: TenantSql, app: string, workspace: string): Promise<InstallationRow | undefined> {
  const rows = await sql.query<InstallationRow>(
    `select ${installation} from channel_installation where tenant_id = $1 and app = $2 and workspace = $3 and state <> 'gone'`,
    [app, workspace],
  );
  return rows[0];
}

export async function findInstallation(sql: TenantSql, id: string): Promise<InstallationRow | undefined> {
  const rows = await sql.query<InstallationRow>(`select ${installation} from channel_installation where tenant_id = $1 and id = $2`, [id]);
  return rows[0];
}

/** An app's that were not disconnected: a tenant's own app has few. Index: channel_app_id, then channel_installation's unique (tenant_id, app, workspace). */
export async function listInstallationsOf(sql: Sql, channel: string, app: string): Promise<InstallationRow[]> {
  return await sql.query<InstallationRow>(
    `select ${installation} from channel_installation
      where channel = $2 and state <> 'gone' and (tenant_id, app) = (select tenant_id, id from channel_app where id = $1)`,
    [app, channel],
  );
}

/** Those that were not disconnected, the oldest first. */
export async function listInstallations(sql: TenantSql): Promise<InstallationRow[]> {
  return await sql.query<InstallationRow>(
    `select ${installation} from channel_installation where tenant_id = $1 and state <> 'gone' order by created_at, id`,
  );
}

export type NewInstallation = Pick<InstallationRow, "id" | "app" | "channel" | "workspace" | "name" | "token" | "botUser" | "inbox">;

/** Connects a workspace, or connects it again; answers the id that it has. */
export async function saveInstallation(sql: Sql, one: NewInstallation): Promise<string> {
  const rows = await sql.query<{ id: string }>(
    `insert into channel_installation (tenant_id, id, app, channel, workspace, name, token, bot_user, inbox_id)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     on conflict (tenant_id, app, workspace) do update
       set name = excluded.name, token = excluded.token, bot_user = excluded.bot_user, state = 'live', problem = null, held_until = null
     returning id`,
    [one.id, one.app, one.channel, one.workspace, one.name, one.token, one.botUser, one.inbox],
  );
  return rows[0]?.id ?? one.id;
}

/** Answers whether it was another state before. */
export async function saveState(sql: TenantSql, id: string, state: InstallationState, problem: string | null): Promise<boolean> {
  const rows = await sql.query(
    `update channel_installation set state = $3, problem = $4
      where tenant_id = $1 and id = $2 and (state, problem) is distinct from ($3, $4) and state <> 'gone' returning id`,
    [id, state, problem],
  );
  return rows.length > 0;
}

export async function saveHeld(sql: TenantSql, id: string, until: Date): Promise<void> {
  await sql.query("update channel_installation set held_until = greatest(held_until, $3) where tenant_id = $1 and id = $2", [id, until]);
}

export async function saveSent(sql: TenantSql, id: string): Promise<void> {
  await sql.query(
    "update channel_installation set sent_at = now() where tenant_id = $1 and id = $2 and (sent_at is null or sent_at < now() - interval '10 seconds')",
    [id],
  );
}

export async function saveHeard(sql: TenantSql, id: string): Promise<void> {
  await sql.query(
    "update channel_installation set heard_at = now() where tenant_id = $1 and id = $2 and (heard_at is null or heard_at < now() - interval '10 seconds')",
    [id],
  );
}

/** The oldest active inbox, for a workspace of which nobody said where its conversations go. */
export async function firstInbox(sql: TenantSql): Promise<string | undefined> {
  const rows = await sql.query<{ id: string }>("select id from inbox where tenant_id = $1 and active order by created_at, id limit 1");
  return rows[0]?.id;
}

export async function saveInbox(sql: TenantSql, id: string, inbox: string): Promise<void> {
  await sql.query("update channel_installation set inbox_id = $3 where tenant_id = $1 and id = $2", [id, inbox]);
}

/** The active inbox that is called so: by key, id or name. */
export async function findInboxNamed(sql: TenantSql, wanted: string): Promise<{ id: string; name: string } | undefined> {
  const rows = await sql.query<{ id: string; name: string }>(
    "select id, name from inbox where tenant_id = $1 and active and (public_key = $2 or id::text = $2 or lower(name) = lower($2)) order by created_at limit 1",
    [wanted],
  );
  return rows[0];
}
