import { v7 as newId } from "uuid";
import type { Sql } from "../platform/database/database.ts";
import type { Presence } from "../protocol/desk.ts";
import type { Candidate, Drawn, Waiting } from "./chooseAgent.ts";
import { connectedNow } from "./presenceStore.ts";
import { awake, queueOrder, waitsNow } from "./queueStore.ts";

/** A conversation that waits and is offered to nobody. */
export interface Head extends Waiting {
  id: string;
  generation: number;
  /** Where it stands, for reading on from there. */
  place: readonly [priority: number, rank: number, queuedAt: string, id: string];
}

export interface Member extends Candidate {
  name: string;
}

/** Whoever passed a conversation isn't asked again for so long. */
export const passedForSeconds = 60;

/** Until the transaction ends nobody else decides for this team; undefined where it isn't active. `sql` is a tenant's. */
export async function lockTeam(tx: Sql, team: string): Promise<{ offerSeconds: number } | undefined> {
  const rows = await tx.query<{ offer_seconds: number }>(
    "select offer_seconds from team where tenant_id = $1 and key = $2 and active for no key update",
    [team],
    "lockTeam",
  );
  const row = rows[0];
  return row && { offerSeconds: row.offer_seconds };
}

/** The profiles of all members, in order of their ids: teams that share agents wait for each other here, and never deadlock. */
export async function lockMembers(tx: Sql, team: string): Promise<void> {
  await tx.query(
    `select 1 from agent_profile p
     where p.tenant_id = $1 and p.account_id in (select account_id from team_member where tenant_id = $1 and team = $2)
     order by p.account_id for no key update`,
    [team],
    "lockMembers",
  );
}

/** The members as they are now. Indexes: the primary keys, `conversation_agent`, `conversation_offered`. */
export async function teamMembers(sql: Sql, team: string): Promise<Member[]> {
  const rows = await sql.query<MemberRow>(
    `select a.id, a.name, coalesce(d.declared, 'offline') as declared, ${connectedNow("p.tenant_id", "p.account_id")} as connected,
       p.capacity, p.channel_capacity, p.languages, p.skills, extract(epoch from p.offered_at)::float8 as offered, h.holding
     from team_member t
     join agent_profile p on p.tenant_id = t.tenant_id and p.account_id = t.account_id
     join membership m on m.tenant_id = t.tenant_id and m.account_id = t.account_id and m.active
     join account a on a.id = t.account_id and a.active
     left join agent_presence d on d.tenant_id = t.tenant_id and d.account_id = t.account_id
     cross join lateral (
       select coalesce(jsonb_object_agg(channel, n), '{}') as holding from (
         select channel, count(*) as n from (
           select channel from conversation c where c.tenant_id = t.tenant_id and c.controller = 'agent' and c.agent_id = t.account_id and ${awake("c")}
           union all
           select channel from conversation c where c.tenant_id = t.tenant_id and c.offered_to = t.account_id
         ) mine group by channel
       ) per_channel
     ) h
     where t.tenant_id = $1 and t.team = $2 order by a.id`,
    [team],
    "teamMembers",
  );
  return rows.map(toMember);
}

/**
 * The next who wait, in the queue's order, after those that were read before. Age makes no difference among those of one priority and rank:
 * the index has each of these eight in the queue's order, and only their first are sorted. Index: conversation_queue; who passed by the
 * primary keys.
 */
export async function queueHeads(sql: Sql, team: string, read: readonly Head[], limit: number): Promise<Head[]> {
  const after = new Map(read.map(({ place }) => [`${place[0]} ${place[1]}`, place]));
  const lines = [1, 2, 3, 4].flatMap((priority) =>
    [0, 1].map(
      (rank) => after.get(`${priority} ${rank}`) ?? ([priority, rank, "-infinity", "00000000-0000-0000-0000-000000000000"] as const),
    ),
  );
  const rows = await sql.query<HeadRow>(
    `select ${waitingColumns}
     from unnest($3::int[], $4::int[], $5::timestamptz[], $6::uuid[]) as line (priority, rank, since, id)
     cross join lateral (
       select c.tenant_id, c.id, c.generation, c.language, c.skills, c.channel, c.last_agent_id, c.priority, c.queue_rank, c.queued_at
       from conversation c
       where c.tenant_id = $1 and c.team = $2 and c.controller = 'queue' and c.offered_to is null and ${waitsNow("c")}
         and c.priority = line.priority and c.queue_rank = line.rank and (c.queued_at, c.id) > (line.since, line.id)
       order by c.queued_at, c.id limit $7
     ) h
     order by ${queueOrder("h")} limit $7`,
    [team, ...[0, 1, 2, 3].map((part) => lines.map((line) => line[part])), limit],
    "queueHeads",
  );
  return rows.map(toHead);
}

/** Keeps the offers, fenced by what was seen of each conversation; answers those that stand. */
export async function saveOffers(tx: Sql, team: string, offerSeconds: number, offers: readonly Drawn<Head, Member>[]): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `with chosen as (
       select * from json_to_recordset($2::json) as chosen (assignment uuid, id uuid, generation int, agent uuid, name text, considered jsonb, number int)
     ), offered as (
       update conversation c set
         offered_to = chosen.agent, offered_name = chosen.name, offered_until = now() + make_interval(secs => $4), offer_kind = 'assignment',
         updated_at = now(), touched = extract(epoch from now())::int / 10
       from chosen
       where c.tenant_id = $1 and c.id = chosen.id and c.controller = 'queue' and c.generation = chosen.generation and c.offered_to is null
       returning c.offered_until, chosen.*
     ), kept as (
       insert into assignment (tenant_id, conversation_id, id, team, kind, agent_id, agent_name, considered, until)
       select $1, id, assignment, $3, 'assignment', agent, name, considered, offered_until from offered
     ), counted as (
       update agent_profile p set offered_at = now() + last.number * interval '1 microsecond'
       from (select agent, max(number) as number from offered group by agent) last
       where p.tenant_id = $1 and p.account_id = last.agent
     )
     select id from offered`,
    [JSON.stringify(offers.map(toRow)), team, offerSeconds],
    "saveOffers",
  );
  return rows.map(({ id }) => id);
}

/** What is asked of a conversation `h` that waits. */
export const waitingColumns = `h.id, h.generation, h.language, h.skills, h.channel, h.last_agent_id, h.priority, h.queue_rank, h.queued_at::text as queued_text,
  array(
    select a.agent_id from assignment a
    where a.tenant_id = h.tenant_id and a.conversation_id = h.id and a.outcome in ('declined', 'expired', 'dropped')
      and a.ended_at > now() - interval '${passedForSeconds} seconds'
    union all
    select g.by_id from control_change g
    where g.tenant_id = h.tenant_id and g.conversation_id = h.id and g.generation = h.generation and g.by_kind = 'account'
      and g.at > now() - interval '${passedForSeconds} seconds'
  ) as passed_by`;

/** Teams in whose queues somebody waits and who have somebody there, of one tenant or of all. Index: conversation_queue. */
export async function teamsToDraw(sql: Sql, tenant: string | null): Promise<{ tenant: string; team: string }[]> {
  const rows = await sql.query<{ tenant_id: string; key: string }>(
    `select t.tenant_id, t.key from team t
     where t.active and ($1::uuid is null or t.tenant_id = $1)
       and exists (select from conversation c where c.tenant_id = t.tenant_id and c.team = t.key and c.controller = 'queue' and c.offered_to is null
         and ${waitsNow("c")})
       and exists (
         select from team_member m join agent_presence p on p.tenant_id = m.tenant_id and p.account_id = m.account_id and p.declared = 'online'
         where m.tenant_id = t.tenant_id and m.team = t.key and ${connectedNow("m.tenant_id", "m.account_id")})`,
    [tenant],
    "teamsToDraw",
  );
  return rows.map((row) => ({ tenant: row.tenant_id, team: row.key }));
}

interface MemberRow {
  id: string;
  name: string;
  declared: Presence;
  connected: boolean;
  capacity: number;
  channel_capacity: Record<string, number>;
  languages: string[];
  skills: string[];
  offered: number | null;
  holding: Record<string, number>;
}

function toMember({ channel_capacity, offered, ...row }: MemberRow): Member {
  return { ...row, channelCapacity: channel_capacity, lastOffer: offered ?? 0 };
}

interface HeadRow {
  id: string;
  generation: number;
  language: string | null;
  skills: string[];
  channel: string;
  last_agent_id: string | null;
  priority: number;
  queue_rank: number;
  queued_text: string;
  passed_by: string[];
}

export function toHead(row: HeadRow): Head {
  return {
    id: row.id,
    generation: row.generation,
    language: row.language,
    skills: row.skills,
    channel: row.channel,
    lastAgent: row.last_agent_id,
    passedBy: new Set(row.passed_by),
    place: [row.priority, row.queue_rank, row.queued_text, row.id],
  };
}

function toRow({ head, agent, considered, number }: Drawn<Head, Member>) {
  return { assignment: newId(), id: head.id, generation: head.generation, agent: agent.id, name: agent.name, considered, number };
}
