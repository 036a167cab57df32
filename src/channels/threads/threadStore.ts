import type { Sql, TenantSql } from "../../platform/database/database.ts";
import type { ChatPlace } from "../chatEvent.ts";

/** `visitor`: its contact is there. `team`: agents are. */
export type Side = "visitor" | "team";

export interface ThreadRow {
  id: string;
  installation: string;
  conversation: string;
  side: Side;
  place: ChatPlace;
  card: string | null;
  toldSeq: number;
}

const thread = `t.id, t.installation_id as installation, t.conversation_id as conversation, t.side, t.place, t.card_id as card, t.told_seq::int as "toldSeq"`;

/** The newest that hangs there. Index: channel_thread_place. */
export async function findThread(
  sql: Sql,
  installation: string,
  { room, thread: on }: ChatPlace,
): Promise<(ThreadRow & { open: boolean }) | undefined> {
  const rows = await sql.query<ThreadRow & { open: boolean } & Record<string, unknown>>(
    `select ${thread}, c.open from channel_thread t join conversation c on c.tenant_id = t.tenant_id and c.id = t.conversation_id
      where t.tenant_id = $1 and t.installation_id = $2 and t.room = $3 and t.thread = $4 order by t.created_at desc, t.id desc limit 1`,
    [installation, room, on ?? ""],
  );
  return rows[0];
}

export interface NewThread {
  id: string;
  installation: string;
  conversation: string;
  side: Side;
  place: ChatPlace;
  /** A thread that hangs on a message which isn't written yet, of the card that is. */
  card?: string;
  toldSeq: number;
}

/** Whether any conversation is followed in a room. Index: channel_thread_place. */
export async function isFollowed(sql: Sql, installation: string, room: string): Promise<boolean> {
  return (
    (
      await sql.query("select from channel_thread where tenant_id = $1 and installation_id = $2 and room = $3 limit 1", [
        installation,
        room,
      ])
    ).length > 0
  );
}

/** The same id once more is the same thread. */
export async function insertThread(sql: Sql, { id, installation, conversation, side, place, card, toldSeq }: NewThread): Promise<boolean> {
  const rows = await sql.query(
    `insert into channel_thread (tenant_id, id, installation_id, conversation_id, side, room, thread, place, card_id, told_seq)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (tenant_id, id) do nothing returning id`,
    [id, installation, conversation, side, place.room, place.thread ?? "", JSON.stringify(place), card ?? null, toldSeq],
  );
  return rows.length > 0;
}

/** A team's thread hangs on the message of its card, which is written now. Of threads there are few without one. */
export async function hangThread(sql: Sql, card: string, message: string): Promise<void> {
  await sql.query(
    `update channel_thread set thread = $3, place = place || jsonb_build_object('thread', $3::text)
      where tenant_id = $1 and card_id = $2 and thread = '' and side = 'team'
        and created_at > now() - interval '30 days'`,
    [card, message],
  );
}

/** What its service needs to write in this room is another now: for all that hangs there, and a team's room. Index: channel_thread_place. */
export async function moveRoom(sql: Sql, installation: string, { room, service = {} }: ChatPlace): Promise<void> {
  await sql.query(
    `with team as (
       update channel_team_room set place = place || jsonb_build_object('service', $4::jsonb)
        where tenant_id = $1 and installation_id = $2 and place->>'room' = $3)
     update channel_thread set place = place || jsonb_build_object('service', $4::jsonb)
      where tenant_id = $1 and installation_id = $2 and room = $3`,
    [installation, room, JSON.stringify(service)],
  );
}

/** Where a conversation is followed. Index: channel_thread_conversation. */
export async function listThreads(sql: TenantSql, conversation: string): Promise<ThreadRow[]> {
  return await sql.query<ThreadRow & Record<string, unknown>>(
    `select ${thread} from channel_thread t where t.tenant_id = $1 and t.conversation_id = $2 order by t.created_at, t.id`,
    [conversation],
  );
}

/** Says that all up to `seq` was told; false where another process was faster. */
export async function markTold(sql: Sql, id: string, before: number, seq: number): Promise<boolean> {
  const rows = await sql.query("update channel_thread set told_seq = $4 where tenant_id = $1 and id = $2 and told_seq = $3 returning id", [
    id,
    before,
    seq,
  ]);
  return rows.length > 0;
}

export interface Behind {
  tenant: string;
  conversation: string;
}

/** Conversations that were written in within these seconds, and followed no further than before. Index: conversation_touched. */
export async function listBehind(sql: Sql, seconds: number): Promise<Behind[]> {
  return await sql.query<Behind & Record<string, unknown>>(
    `select distinct c.tenant_id as tenant, c.id as conversation from conversation c
       join channel_thread t on t.tenant_id = c.tenant_id and t.conversation_id = c.id
      where c.touched >= (extract(epoch from now())::int - $1) / 10 and c.last_seq > t.told_seq limit 500`,
    [seconds],
  );
}

/** Conversations that wait for a team whose room doesn't know of them yet. Index: conversation_touched. */
export async function listUntoldWaiting(sql: Sql, seconds: number): Promise<(Behind & { installation: string; place: ChatPlace })[]> {
  return await sql.query<Behind & { installation: string; place: ChatPlace } & Record<string, unknown>>(
    `select c.tenant_id as tenant, c.id as conversation, r.installation_id as installation, r.place from conversation c
       join channel_team_room r on r.tenant_id = c.tenant_id and r.team = c.team
       join channel_installation i on i.tenant_id = r.tenant_id and i.id = r.installation_id and i.state = 'live'
      where c.touched >= (extract(epoch from now())::int - $1) / 10 and c.controller = 'queue' and c.open and c.muted is null
        and not exists (select from channel_thread t where t.tenant_id = c.tenant_id and t.conversation_id = c.id and t.side = 'team'
          and t.installation_id = r.installation_id) limit 100`,
    [seconds],
  );
}

export interface Talk {
  contact: string;
  contactId: string;
  inbox: string;
  locale: string | null;
  open: boolean;
  controller: string;
  agent: string | null;
  generation: number;
  lastSeq: number;
  team: string;
  rated: boolean;
}

/** A conversation as its cards show it. Index: the primary keys. */
export async function findTalk(sql: TenantSql, conversation: string): Promise<Talk | undefined> {
  const rows = await sql.query<Talk & Record<string, unknown>>(
    `select k.name as contact, k.id as "contactId", c.inbox_id as inbox, k.locale, c.open, c.controller, c.agent_name as agent, c.generation, c.last_seq::int as "lastSeq", c.team,
       exists (select from rating r where r.tenant_id = c.tenant_id and r.conversation_id = c.id and r.generation = c.generation) as rated
       from conversation c join contact k on k.tenant_id = c.tenant_id and k.id = c.contact_id where c.tenant_id = $1 and c.id = $2`,
    [conversation],
  );
  return rows[0];
}

/** The tenants that have somewhere to follow what is said. */
export async function listFollowing(sql: Sql): Promise<string[]> {
  const rows = await sql.query<{ tenant: string }>("select distinct tenant_id as tenant from channel_installation where state = 'live'");
  return rows.map(({ tenant }) => tenant);
}

export interface TeamRoom {
  installation: string;
  team: string;
  place: ChatPlace;
  /** As the room is called, or its id. */
  name: string;
}

export async function listTeamRooms(sql: TenantSql): Promise<TeamRoom[]> {
  return await sql.query<TeamRoom & Record<string, unknown>>(
    `select t.installation_id as installation, t.team, t.place, coalesce(nullif(r.name, ''), t.place->>'room') as name from channel_team_room t
       left join channel_room r on r.tenant_id = t.tenant_id and r.installation_id = t.installation_id and r.room = t.place->>'room'
      where t.tenant_id = $1 order by t.team`,
  );
}

export async function saveTeamRoom(sql: Sql, installation: string, team: string, place: ChatPlace | null): Promise<boolean> {
  if (place === null) {
    await sql.query("delete from channel_team_room where tenant_id = $1 and installation_id = $2 and team = $3", [installation, team]);
    return true;
  }
  const rows = await sql.query(
    `insert into channel_team_room (tenant_id, installation_id, team, place)
     select $1, $2, key, $4 from team where tenant_id = $1 and key = $3 and active
     on conflict (tenant_id, installation_id, team) do update set place = excluded.place returning team`,
    [installation, team, JSON.stringify(place)],
  );
  return rows.length > 0;
}

/** Until the end of the transaction nobody else begins something there: two messages at once make one conversation. */
export async function lockPlace(tx: Sql, installation: string, { room, thread }: ChatPlace): Promise<void> {
  await tx.query("select pg_advisory_xact_lock(hashtextextended($1::text || ' ' || $2 || ' ' || $3 || ' ' || $4, 0))", [
    installation,
    room,
    thread ?? "",
  ]);
}

/** A contact of somebody who was met there, and a conversation with them, once for its id. */
export async function beginTalk(
  sql: Sql,
  {
    conversation,
    contact,
    inbox,
    team,
    channel,
  }: { conversation: string; contact: { id: string; name: string; isNew: boolean }; inbox: string; team: string; channel: string },
): Promise<void> {
  if (contact.isNew)
    await sql.query("insert into contact (tenant_id, id, name) values ($1, $2, $3) on conflict (tenant_id, id) do nothing", [
      contact.id,
      contact.name,
    ]);
  await sql.query(
    `insert into conversation (tenant_id, id, inbox_id, contact_id, team, channel, touched, muted)
       values ($1, $2, $3, $4, $5, $6, extract(epoch from now())::int / 10,
         (select 'blocked' from contact where tenant_id = $1 and id = $4 and blocked_at is not null))
     on conflict (tenant_id, id) do nothing`,
    [conversation, inbox, contact.id, team, channel],
  );
}
