import type { TenantSql } from "../platform/database/database.ts";
import type { Priority } from "../protocol/desk.ts";
import { minutesOfLevel, mostLevels } from "../protocol/queueOrder.ts";
import { type Departure, departuresWithinHours, endingsCounted, type Leaving } from "./waitEstimate.ts";

/** The order of a queue at this moment, as `inQueueOrder` has it: the same wherever one is read. */
export function queueOrder(conversation: string): string {
  const c = conversation;
  return `${queueLevel(c)}, case when ${raised(c)} > 0 then 0 else ${c}.queue_rank end, ${c}.queued_at, ${c}.id`;
}

/** The priority, and one higher for each 15 minutes of waiting. */
export function queueLevel(conversation: string): string {
  return `greatest(1, ${conversation}.priority - ${raised(conversation)})`;
}

function raised(conversation: string): string {
  const moments = Array.from({ length: mostLevels }, (_, index) => `interval '${(index + 1) * minutesOfLevel} minutes'`);
  return `(${moments.map((ago) => `(${conversation}.queued_at <= now() - ${ago})::int`).join(" + ")})`;
}

/** Whether a conversation of a queue waits now: what is snoozed or muted is nobody's turn. */
export function waitsNow(conversation: string): string {
  return `${conversation}.muted is null and ${awake(conversation)}`;
}

/** Whether what an agent holds is their turn now: what is snoozed comes back at its time, and takes nobody's room until then. */
export function awake(conversation: string): string {
  return `(${conversation}.snoozed_until is null or ${conversation}.snoozed_until <= now())`;
}

/** Who waits for a team; instants in milliseconds since 1970, by the database's clock. */
export interface Waiting {
  /** In the order in which they are taken; those that are offered keep their place. */
  conversations: string[];
  /** Since when there has been somebody who waits now. */
  waitingSince: number;
  /** How long all who wait have waited, together. */
  waitingSeconds: number;
  readAt: number;
}

/** Index: conversation_queue. */
export async function queuedConversations(sql: TenantSql, team: string): Promise<Waiting> {
  const rows = await sql.query<{ id: string; waiting_since: number; waiting: number; read_at: number }>(
    `select id, extract(epoch from min(greatest(queued_at, snoozed_until)) over ())::float8 * 1000 as waiting_since,
       sum(extract(epoch from now() - greatest(queued_at, snoozed_until))) over ()::float8 as waiting,
       extract(epoch from now())::float8 * 1000 as read_at
     from conversation c where tenant_id = $1 and team = $2 and controller = 'queue' and ${waitsNow("c")} order by ${queueOrder("c")} limit 10000`,
    [team],
    "queuedConversations",
  );
  const [first] = rows;
  return {
    conversations: rows.map((row) => row.id),
    waitingSince: first?.waiting_since ?? 0,
    waitingSeconds: first?.waiting ?? 0,
    readAt: first?.read_at ?? 0,
  };
}

/** The last who were taken from the queue, and those who left it by themselves among them, the newest first. Index: control_change_at. */
export async function recentEndings(sql: TenantSql, team: string): Promise<{ departures: Departure[]; leavings: Leaving[] }> {
  const rows = await sql.query<{ entered_at: Date; ended_at: Date; taken: boolean }>(
    `select entered.at as entered_at, ended.at as ended_at, ended.to_controller = 'agent' as taken
     from control_change ended
     join control_change entered on entered.tenant_id = ended.tenant_id and entered.conversation_id = ended.conversation_id and entered.generation = ended.generation - 1
     join conversation c on c.tenant_id = ended.tenant_id and c.id = ended.conversation_id
     where ended.tenant_id = $1 and ended.at > now() - interval '${departuresWithinHours} hour'
       and ended.from_controller = 'queue' and (ended.to_controller = 'agent' or ended.to_controller = 'bot' and ended.by_kind = 'visitor') and c.team = $2
     order by ended.at desc limit ${endingsCounted}`,
    [team],
    "recentEndings",
  );
  const endings = rows.map((row) => ({ taken: row.taken, enteredAt: row.entered_at.getTime(), endedAt: row.ended_at.getTime() }));
  return {
    departures: endings.flatMap(({ taken, enteredAt, endedAt }) => (taken ? [{ enteredAt, takenAt: endedAt }] : [])),
    leavings: endings.flatMap(({ taken, enteredAt, endedAt }) => (taken ? [] : [{ enteredAt, leftAt: endedAt }])),
  };
}

export interface WaitingEntry {
  conversation: string;
  contact: string;
  priority: Priority;
  queuedAt: string;
  offeredTo: string | null;
}

/** The first who wait for a team, with their names. Index: conversation_queue. */
export async function listWaiting(sql: TenantSql, team: string, limit: number): Promise<WaitingEntry[]> {
  const rows = await sql.query<{ id: string; name: string; priority: Priority; queued_at: Date; offered_name: string | null }>(
    `select c.id, k.name, c.priority, c.queued_at, c.offered_name
     from conversation c join contact k on k.tenant_id = c.tenant_id and k.id = c.contact_id
     where c.tenant_id = $1 and c.team = $2 and c.controller = 'queue' and ${waitsNow("c")} order by ${queueOrder("c")} limit $3`,
    [team, limit],
    "listWaiting",
  );
  return rows.map((row) => ({
    conversation: row.id,
    contact: row.name,
    priority: row.priority,
    queuedAt: row.queued_at.toISOString(),
    offeredTo: row.offered_name,
  }));
}

/** False where there is no such conversation. */
export async function savePriority(sql: TenantSql, conversation: string, priority: Priority): Promise<boolean> {
  const rows = await sql.query(`update conversation set priority = $3, ${changedNow} where tenant_id = $1 and id = $2 returning id`, [
    conversation,
    priority,
  ]);
  return rows.length > 0;
}

/** What an agent must have; what isn't given stays. `language: null` is any. */
export interface Needs {
  language?: string | null;
  skills?: string[];
}

/** False where there is no such conversation. */
export async function saveNeeds(sql: TenantSql, conversation: string, { language, skills }: Needs): Promise<boolean> {
  const rows = await sql.query(
    `update conversation set language = case when $3 then $4 else language end, skills = coalesce($5, skills), ${changedNow}
     where tenant_id = $1 and id = $2 returning id`,
    [conversation, language !== undefined, language ?? null, skills ?? null],
  );
  return rows.length > 0;
}

/** So that a process that heard nothing of it finds it. */
const changedNow = "updated_at = now(), touched = extract(epoch from now())::int / 10";
