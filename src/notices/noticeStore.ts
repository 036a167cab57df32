import { type Rights, reachOf } from "../access/policy.ts";
import { columnWithinReach, reachableAmong, rightsOfMember } from "../access/roles/reachStore.ts";
import type { RunNotice } from "../commands/runs/runOutside.ts";
import type { Sql, TenantSql } from "../platform/database/database.ts";
import type { NoticeEntry, NoticeKind, NoticeSettings } from "../protocol/notices.ts";
import { type ChangedKinds, type OpenNotice, settingsOf } from "./noticeRules.ts";

const shown = 50;

/** The newest notices of an account, of conversations that it may read by now. Index: notice_at. */
export async function listNotices(sql: TenantSql, person: Rights): Promise<NoticeEntry[]> {
  const { condition, values } = columnWithinReach(reachOf(person, "conversations.read"), "notice.conversation_id", 3);
  const rows = await sql.query<NoticeRow>(
    `select id, kind, conversation_id, run_id, team, who, at, read_at from notice
      where tenant_id = $1 and account_id = $2 and (conversation_id is null or ${condition}) order by at desc, id limit ${shown}`,
    [person.account, ...values],
  );
  return rows.map(toEntry);
}

/** A notice names a customer: whoever may not read the conversation is not told of it, however it came to be theirs. */
async function readable<Row extends { conversation_id: string | null }>(sql: Sql, person: Rights, rows: readonly Row[]): Promise<Row[]> {
  const reach = reachOf(person, "conversations.read");
  const named = rows.flatMap(({ conversation_id }) => conversation_id ?? []);
  const seen = reach === undefined ? new Set<string>() : await reachableAmong(sql, reach, named);
  return rows.filter(({ conversation_id }) => conversation_id === null || seen.has(conversation_id));
}

/** Marks one, or all, as read; answers how many were not. */
export async function markNoticesRead(sql: TenantSql, account: string, notice: string | null): Promise<number> {
  const rows = await sql.query(
    `update notice set read_at = now(), due_at = null
      where tenant_id = $1 and account_id = $2 and read_at is null and ($3::uuid is null or id = $3) returning id`,
    [account, notice],
  );
  return rows.length;
}

/** Whoever opens the conversation, or lets it go, has seen what was told of it. */
export async function hasNotice(sql: TenantSql, account: string, notice: string): Promise<boolean> {
  return (await sql.query("select 1 from notice where tenant_id = $1 and account_id = $2 and id = $3", [account, notice])).length > 0;
}

export async function findSettings(sql: Sql, account: string): Promise<NoticeSettings> {
  const rows = await sql.query<{ kinds: ChangedKinds; from: number | null; to: number | null; zone: string | null; preview: boolean }>(
    `select kinds, quiet_from as from, quiet_to as to, time_zone as zone, preview from notice_setting where tenant_id = $1 and account_id = $2`,
    [account],
  );
  const row = rows[0];
  if (row === undefined) return settingsOf({}, null, false);
  const { from, to, zone } = row;
  return settingsOf(row.kinds, from === null || to === null || zone === null ? null : { from, to, timeZone: zone }, row.preview);
}

export async function saveKind(sql: TenantSql, account: string, kind: NoticeKind, channel: string, on: boolean): Promise<void> {
  await sql.query(
    `insert into notice_setting (tenant_id, account_id, kinds) values ($1, $2, jsonb_build_object($3::text, jsonb_build_object($4::text, $5::boolean)))
     on conflict (tenant_id, account_id) do update set
       kinds = notice_setting.kinds || jsonb_build_object($3::text, coalesce(notice_setting.kinds->$3::text, '{}') || jsonb_build_object($4::text, $5::boolean))`,
    [account, kind, channel, on],
  );
}

export async function saveQuiet(sql: TenantSql, account: string, quiet: NoticeSettings["quiet"]): Promise<void> {
  await sql.query(
    `insert into notice_setting (tenant_id, account_id, quiet_from, quiet_to, time_zone) values ($1, $2, $3, $4, $5)
     on conflict (tenant_id, account_id) do update set quiet_from = excluded.quiet_from, quiet_to = excluded.quiet_to, time_zone = excluded.time_zone`,
    [account, quiet?.from ?? null, quiet?.to ?? null, quiet?.timeZone ?? null],
  );
}

export async function savePreview(sql: TenantSql, account: string, preview: boolean): Promise<void> {
  await sql.query(
    `insert into notice_setting (tenant_id, account_id, preview) values ($1, $2, $3)
     on conflict (tenant_id, account_id) do update set preview = excluded.preview`,
    [account, preview],
  );
}

export interface NoticesOf {
  tenant: string;
  account: string;
}

/** Accounts with notices that are to be looked at. Index: notice_due. */
export async function accountsWithDue(sql: Sql, limit: number): Promise<NoticesOf[]> {
  return await sql.query<NoticesOf & Record<string, unknown>>(
    "select distinct tenant_id as tenant, account_id as account from notice where due_at <= now() limit $1",
    [limit],
    "accountsWithDue",
  );
}

/** Writes what is told of a run; answers whom it is news to. */
export async function writeRunNotice(sql: TenantSql, { run, kind, accounts, what }: RunNotice): Promise<string[]> {
  const rows = await sql.query<{ account: string }>(
    `insert into notice (tenant_id, account_id, id, key, kind, run_id, team, who, due_at)
     select m.tenant_id, m.account_id, gen_random_uuid(), $4 || ':' || $3 || ':' || md5($5), $4, $3::uuid, '', $5, now() + interval '3 seconds'
       from membership m where m.tenant_id = $1 and m.account_id = any($2::uuid[]) and m.active
     on conflict (tenant_id, account_id, key) do nothing returning account_id as account`,
    [accounts, run, kind, what.slice(0, 300)],
  );
  return rows.map(({ account }) => account);
}

/** Writes what a colleague has them told. `sql` is the tenant's. */
export async function insertMessageNotices(
  sql: Sql,
  { key, about, accounts, text }: { key: string; about: string | null; accounts: readonly string[]; text: string },
): Promise<void> {
  await sql.query(
    `insert into notice (tenant_id, account_id, id, key, kind, run_id, team, who, due_at)
     select m.tenant_id, m.account_id, gen_random_uuid(), $3, 'message', $5::uuid, '', $4, now() + interval '3 seconds'
       from membership m where m.tenant_id = $1 and m.account_id = any($2::uuid[]) and m.active
     on conflict (tenant_id, account_id, key) do nothing`,
    [accounts, key, text.slice(0, 1000), about],
  );
}

export interface OpenRow extends OpenNotice, Pick<NoticeEntry, "conversation" | "run" | "team" | "who"> {
  lastText: string;
}

/** Until the transaction ends nobody else looks after this account; undefined where somebody does. */
export async function lockOpenNotices(tx: Sql, account: string): Promise<OpenRow[] | undefined> {
  const [lock] = await tx.query<{ free: boolean }>("select pg_try_advisory_xact_lock(hashtextextended($1 || $2, 8)) as free", [account]);
  if (lock?.free !== true) return undefined;
  const rows = await tx.query<NoticeRow & { pushed_at: Date | null; mailed_at: Date | null; last_text: string }>(
    `select n.id, n.kind, n.conversation_id, n.run_id, n.team, n.who, n.at, n.read_at, n.pushed_at, n.mailed_at,
       coalesce((select left(o.text, 300) from note o where o.tenant_id = n.tenant_id and o.conversation_id = n.conversation_id
         and n.kind = 'mention' and 'mention:' || o.id = n.key), c.last_text, '') as last_text
       from notice n left join conversation c on c.tenant_id = n.tenant_id and c.id = n.conversation_id
      where n.tenant_id = $1 and n.account_id = $2 and n.due_at is not null and n.read_at is null order by n.at limit 500`,
    [account],
  );
  const open = await readable(tx, await rightsOfMember(tx, account), rows);
  const hidden = rows.filter((row) => !open.includes(row)).map(({ id }) => id);
  // Looked at again and again they would keep others waiting. Whoever comes to see the conversation finds them at the bell.
  if (hidden.length > 0)
    await tx.query("update notice set due_at = null where tenant_id = $1 and account_id = $2 and id = any($3::uuid[])", [account, hidden]);
  return open.map((row) => ({
    id: row.id,
    what: row.kind,
    atMs: row.at.getTime(),
    pushed: row.pushed_at !== null,
    mailed: row.mailed_at !== null,
    conversation: row.conversation_id,
    run: row.run_id,
    team: row.team,
    who: row.who,
    lastText: row.last_text,
  }));
}

export async function markNotices(
  tx: Sql,
  account: string,
  { looked, pushed, mailed, againInMs }: { looked: string[]; pushed: string[]; mailed: string[]; againInMs: number | null },
): Promise<void> {
  await tx.query(
    `update notice set
       pushed_at = case when id = any($4::uuid[]) then now() else pushed_at end,
       mailed_at = case when id = any($5::uuid[]) then now() else mailed_at end,
       due_at = now() + make_interval(secs => $6::float8 / 1000)
      where tenant_id = $1 and account_id = $2 and id = any($3::uuid[])`,
    [account, looked, pushed, mailed, againInMs],
  );
}

/** Where an account is told: its address, its browsers, and whether it is at the desk; undefined where it may not work any more. */
export async function findAddressee(
  sql: Sql,
  account: string,
): Promise<{ email: string; name: string; atDesk: boolean; subscriptions: Subscription[] } | undefined> {
  const rows = await sql.query<{ email: string; name: string; atDesk: boolean; subscriptions: Subscription[] }>(
    `select a.email, a.name,
       exists (select from agent_connection n where n.tenant_id = m.tenant_id and n.account_id = m.account_id and n.left_at is null
         and n.seen_at > now() - interval '12 seconds') as "atDesk",
       coalesce((select jsonb_agg(jsonb_build_object('id', s.id, 'endpoint', s.endpoint, 'p256dh', s.p256dh, 'auth', s.auth))
         from push_subscription s where s.tenant_id = m.tenant_id and s.account_id = m.account_id), '[]') as subscriptions
     from membership m join account a on a.id = m.account_id
      where m.tenant_id = $1 and m.account_id = $2 and m.active and a.active`,
    [account],
  );
  return rows[0];
}

export interface Subscription {
  id: string;
  endpoint: string;
  p256dh: string;
  auth: string;
}

const subscriptionsPerAccount = 10;

/** Keeps a browser; beyond ten of an account the oldest go. */
export async function saveSubscription(sql: TenantSql, account: string, { id, endpoint, p256dh, auth }: Subscription): Promise<void> {
  await sql.query(
    `with kept as (
       insert into push_subscription (tenant_id, account_id, id, endpoint, p256dh, auth) values ($1, $2, $3, $4, $5, $6)
       on conflict (tenant_id, account_id, endpoint) do update set p256dh = excluded.p256dh, auth = excluded.auth)
     delete from push_subscription where tenant_id = $1 and account_id = $2 and id in (
       select id from push_subscription where tenant_id = $1 and account_id = $2 and endpoint <> $4 order by created_at desc, id offset ${subscriptionsPerAccount - 1})`,
    [account, id, endpoint, p256dh, auth],
  );
}

export async function deleteSubscription(sql: Sql, account: string, endpoint: string): Promise<void> {
  await sql.query("delete from push_subscription where tenant_id = $1 and account_id = $2 and endpoint = $3", [account, endpoint]);
}

interface NoticeRow {
  id: string;
  kind: NoticeKind;
  conversation_id: string | null;
  run_id: string | null;
  team: string;
  who: string;
  at: Date;
  read_at: Date | null;
}

function toEntry(row: NoticeRow): NoticeEntry {
  return {
    kind: "notice",
    id: row.id,
    what: row.kind,
    conversation: row.conversation_id,
    run: row.run_id,
    team: row.team,
    who: row.who,
    at: row.at.toISOString(),
    read: row.read_at !== null,
  };
}

/** Index: notice_at is of each account; old ones are few beside those of today. */
export async function deleteOldNotices(sql: Sql, days: number): Promise<void> {
  await sql.query("delete from notice where at < now() - make_interval(days => $1)", [days]);
}
