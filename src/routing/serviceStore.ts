import type { Sql, TenantSql } from "../platform/database/database.ts";
import { saidInMerged, saidMeanwhile } from "./mergedHappenings.ts";
import { type EndedClock, type Happening, noStory, type ServiceKind, type ServiceStory } from "./serviceStory.ts";

/** What a tenant promises to conversations of one priority. Minutes; null: nothing. */
export interface ServiceLevel {
  /** 1 urgent, 2 high, 3 normal, 4 low. */
  priority: number;
  calendar: string;
  firstMinutes: number | null;
  nextMinutes: number | null;
  resolutionMinutes: number | null;
  /** After so much of the time it is warned. */
  warnPercent: number;
  /** After a breach: the priority that it gets, and the team whose queue it goes to. */
  raiseTo: number | null;
  moveTo: string | null;
}

const levelColumns = `priority, calendar, first_answer_minutes as "firstMinutes", next_answer_minutes as "nextMinutes",
  resolution_minutes as "resolutionMinutes", warn_percent as "warnPercent", raise_to as "raiseTo", move_to as "moveTo"`;

/** Index: the primary key. */
export async function listServiceLevels(sql: TenantSql): Promise<ServiceLevel[]> {
  return await sql.query<ServiceLevel>(
    `select ${levelColumns} from service_level where tenant_id = $1 order by priority`,
    [],
    "listServiceLevels",
  );
}

/** The tenants that promise anything: a small table, read whole. */
export async function tenantsWithServiceLevels(sql: Sql): Promise<string[]> {
  return (await sql.query<{ tenant_id: string }>("select distinct tenant_id from service_level")).map((row) => row.tenant_id);
}

/** A calendar that isn't there violates a foreign key (23503). */
export async function saveServiceLevel(sql: TenantSql, level: ServiceLevel): Promise<void> {
  await sql.query(
    `insert into service_level (tenant_id, priority, calendar, first_answer_minutes, next_answer_minutes, resolution_minutes, warn_percent, raise_to, move_to)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     on conflict (tenant_id, priority) do update set calendar = excluded.calendar, first_answer_minutes = excluded.first_answer_minutes,
       next_answer_minutes = excluded.next_answer_minutes, resolution_minutes = excluded.resolution_minutes, warn_percent = excluded.warn_percent,
       raise_to = excluded.raise_to, move_to = excluded.move_to`,
    [
      level.priority,
      level.calendar,
      level.firstMinutes,
      level.nextMinutes,
      level.resolutionMinutes,
      level.warnPercent,
      level.raiseTo,
      level.moveTo,
    ],
  );
}

/** False where nothing is promised for this priority. */
export async function deleteServiceLevel(sql: TenantSql, priority: number): Promise<boolean> {
  return (await sql.query("delete from service_level where tenant_id = $1 and priority = $2 returning priority", [priority])).length > 0;
}

/** Everything that is tracked is looked at again soon: what is promised, or the hours, are others now. */
export async function lookAtAllAgain(sql: TenantSql): Promise<void> {
  await sql.query("update service_track set next_at = now() where tenant_id = $1 and story ->> 'turn' is not null");
}

/**
 * Conversations of these tenants that changed since `touched` (tens of seconds since 1970) and whose history was not followed so far.
 * Those that only ever had the assistant are passed over. Index: conversation_touched.
 */
export async function unfollowed(
  sql: Sql,
  tenants: readonly string[],
  touched: number,
  limit: number,
): Promise<{ tenant: string; conversation: string }[]> {
  return await sql.query(
    `select c.tenant_id as tenant, c.id as conversation
     from conversation c left join service_track t on t.tenant_id = c.tenant_id and t.conversation_id = c.id
     where c.touched >= $2 and c.generation > 1 and c.tenant_id = any($1::uuid[])
       and (t.conversation_id is null or t.last_seq < c.last_seq or t.last_generation < c.generation
         or (t.story ->> 'turn' is not null and ((t.story ->> 'priority')::int <> c.priority
           or (t.story ->> 'snoozed')::boolean <> ${snoozedColumn}
           or ${saidInMerged("c")})))
     order by c.touched limit $3`,
    [tenants, touched, limit],
    "unfollowed",
  );
}

/** Conversations with a promise that must be looked at now. Index: service_track_next. */
export async function dueTracks(sql: Sql, limit: number): Promise<{ tenant: string; conversation: string }[]> {
  return await sql.query(
    `select tenant_id as tenant, conversation_id as conversation from service_track where next_at <= now() order by next_at limit $1`,
    [limit],
    "dueTracks",
  );
}

// What another column says of a conversation that is put aside, whether that column is there or not.
const snoozedColumn = `coalesce((to_jsonb(c) ->> 'snoozed_until')::timestamptz > now(), false)`;

export interface Track {
  story: ServiceStory;
  /** What the desk shows so far. */
  shown: { kind: ServiceKind | null; dueAt: number | null };
  lastSeq: number;
  lastGeneration: number;
  conversation: { lastSeq: number; generation: number; priority: number; team: string; snoozed: boolean };
}

/** The track of a conversation, which nobody else follows until the transaction ends; undefined where there is no such conversation. */
export async function lockTrack(tx: Sql, conversation: string): Promise<Track | undefined> {
  await tx.query(
    `insert into service_track (tenant_id, conversation_id, last_seq, last_generation, story)
     select tenant_id, id, 0, 0, $3 from conversation where tenant_id = $1 and id = $2 on conflict do nothing`,
    [conversation, JSON.stringify(noStory)],
  );
  const rows = await tx.query<TrackRow>(
    `select t.story, t.kind, t.due_at, t.last_seq, t.last_generation, c.last_seq as now_seq, c.generation, c.team, c.priority, ${snoozedColumn} as snoozed
     from service_track t join conversation c on c.tenant_id = t.tenant_id and c.id = t.conversation_id
     where t.tenant_id = $1 and t.conversation_id = $2 for update of t`,
    [conversation],
  );
  const [row] = rows;
  if (row === undefined) return undefined;
  const { now_seq: lastSeq, generation, priority, team, snoozed } = row;
  return {
    story: { turn: row.story.turn, snoozed: row.story.snoozed, clocks: row.story.clocks },
    shown: { kind: row.kind, dueAt: row.due_at?.getTime() ?? null },
    lastSeq: row.last_seq,
    lastGeneration: row.last_generation,
    conversation: { lastSeq, generation, priority, team, snoozed },
  };
}

interface TrackRow {
  story: ServiceStory;
  kind: ServiceKind | null;
  due_at: Date | null;
  last_seq: number;
  last_generation: number;
  now_seq: number;
  generation: number;
  priority: number;
  team: string;
  snoozed: boolean;
}

/** What people said and who controlled it, up to where the conversation stood, in order. Index: the primary keys. */
export async function happeningsSince(
  tx: Sql,
  conversation: string,
  { lastSeq, lastGeneration, conversation: now }: Track,
): Promise<Happening[]> {
  const rows = await tx.query<{ at: Date; what: "visitor" | "agent" | "control"; to_controller: "bot" | "queue" | "agent" | null }>(
    `select at, author_kind as what, null as to_controller, 1 as place, seq as number from message
     where tenant_id = $1 and conversation_id = $2 and seq > $3 and seq <= $4 and author_kind in ('visitor', 'agent')
     union all
     select at, 'control', to_controller, 0, generation from control_change
     where tenant_id = $1 and conversation_id = $2 and generation > $5 and generation <= $6
     order by 1, 4, 5`,
    [conversation, lastSeq, now.lastSeq, lastGeneration, now.generation],
  );
  const own: Happening[] = rows.map(({ at, what, to_controller: to }) =>
    what === "control" ? { at: at.getTime(), what, to: to ?? "bot" } : { at: at.getTime(), what },
  );
  const merged = await saidMeanwhile(tx, conversation);
  return merged.length === 0 ? own : [...own, ...merged].sort((a, b) => a.at - b.at);
}

/** A promise that runs, as it stands now. */
export interface RunningTimer {
  kind: ServiceKind;
  begunAt: number;
  /** Null while it stands still. */
  dueAt: number | null;
  warnAt: number | null;
}

/** Keeps where a conversation stands: the promise that is due next is what the desk shows. */
export async function saveTrack(
  tx: Sql,
  conversation: string,
  { conversation: now }: Track,
  story: ServiceStory,
  next: RunningTimer | undefined,
  nextAt: number | null,
): Promise<void> {
  await tx.query(
    `update service_track set last_seq = $3, last_generation = $4, story = $5, kind = $6, begun_at = $7, due_at = $8, warn_at = $9, next_at = $10
     where tenant_id = $1 and conversation_id = $2`,
    [
      conversation,
      now.lastSeq,
      now.generation,
      JSON.stringify({ ...story, priority: now.priority }),
      next?.kind ?? null,
      instant(next?.begunAt),
      instant(next?.dueAt),
      instant(next?.warnAt),
      instant(nextAt),
    ],
  );
}

export interface StoredTimer {
  kind: ServiceKind;
  begunAt: Date;
  warnedAt: Date | null;
  breachedAt: Date | null;
}

/** Keeps the running promises and how the others ended; answers the running ones with what was told of them before. */
export async function saveTimers(
  tx: Sql,
  conversation: string,
  running: readonly RunningTimer[],
  ended: readonly EndedClock[],
): Promise<StoredTimer[]> {
  for (const { kind, begunAt, endedAt, tookMs } of ended) {
    await tx.query(
      `insert into service_timer (tenant_id, conversation_id, kind, begun_at, ended_at, took_ms) values ($1, $2, $3, $4, $5, $6)
       on conflict (tenant_id, conversation_id, kind, begun_at) do update set ended_at = excluded.ended_at, took_ms = excluded.took_ms`,
      [conversation, kind, instant(begunAt), instant(endedAt), tookMs],
    );
  }
  const timers: StoredTimer[] = [];
  for (const { kind, begunAt, dueAt } of running) {
    const rows = await tx.query<StoredTimer>(
      `insert into service_timer (tenant_id, conversation_id, kind, begun_at, due_at) values ($1, $2, $3, $4, $5)
       on conflict (tenant_id, conversation_id, kind, begun_at) do update set due_at = excluded.due_at
       returning kind, begun_at as "begunAt", warned_at as "warnedAt", breached_at as "breachedAt"`,
      [conversation, kind, instant(begunAt), instant(dueAt)],
    );
    timers.push(...rows);
  }
  return timers;
}

/** That it was warned of, or escalated. Once: the first word stands. */
export async function markTold(
  sql: TenantSql,
  conversation: string,
  { kind, begunAt }: Pick<RunningTimer, "kind" | "begunAt">,
  what: "warned" | "breached",
): Promise<void> {
  const column = what === "warned" ? "warned_at" : "breached_at";
  await sql.query(
    `update service_timer set ${column} = coalesce(${column}, now())
     where tenant_id = $1 and conversation_id = $2 and kind = $3 and begun_at = $4`,
    [conversation, kind, instant(begunAt)],
  );
}

/** More urgent, never less. False where it was as urgent. */
export async function raisePriority(sql: TenantSql, conversation: string, priority: number): Promise<boolean> {
  const rows = await sql.query(
    `update conversation set priority = $3, updated_at = now(), touched = extract(epoch from now())::int / 10
     where tenant_id = $1 and id = $2 and priority > $3 returning id`,
    [conversation, priority],
  );
  return rows.length > 0;
}

/** Into another team's queue, with its place; one that somebody answers stays with them. */
export async function moveToTeam(sql: TenantSql, conversation: string, team: string): Promise<boolean> {
  const rows = await sql.query(
    `update conversation set team = $3, updated_at = now(), touched = extract(epoch from now())::int / 10
     where tenant_id = $1 and id = $2 and controller = 'queue' and team <> $3 returning id`,
    [conversation, team],
  );
  return rows.length > 0;
}

/** All promises of a conversation, oldest first. Index: the primary key. */
export async function listTimers(
  sql: TenantSql,
  conversation: string,
): Promise<
  { kind: ServiceKind; begunAt: Date; dueAt: Date | null; breachedAt: Date | null; endedAt: Date | null; tookMs: number | null }[]
> {
  return await sql.query(
    `select kind, begun_at as "begunAt", due_at as "dueAt", breached_at as "breachedAt", ended_at as "endedAt", took_ms as "tookMs"
     from service_timer where tenant_id = $1 and conversation_id = $2 order by begun_at, kind`,
    [conversation],
  );
}

function instant(ms: number | null | undefined): string | null {
  return ms === null || ms === undefined ? null : new Date(ms).toISOString();
}
