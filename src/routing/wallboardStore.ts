import type { TenantSql } from "../platform/database/database.ts";
import type { TeamItem } from "../protocol/desk.ts";
import { connectedNow } from "./presenceStore.ts";
import { waitsNow } from "./queueStore.ts";

type Today = Pick<TeamItem, "assignedToday" | "abandonedToday" | "meanWaitSeconds">;
type Levels = Required<Pick<TeamItem, "dueSoon" | "breached">>;

/** Who waits and who is there, per active team. Indexes: conversation_queue, conversation_agent, the primary keys. */
export async function teamsNow(sql: TenantSql): Promise<Omit<TeamItem, keyof Today | keyof Levels>[]> {
  const rows = await sql.query<NowRow>(
    `with people as (
       select t.team, case when not ${connectedNow("t.tenant_id", "t.account_id")} then 'offline' else coalesce(p.declared, 'offline') end as presence,
         f.capacity, (select count(*) from conversation c where c.tenant_id = t.tenant_id and c.controller = 'agent' and c.agent_id = t.account_id) as holding
       from team_member t
       join agent_profile f on f.tenant_id = t.tenant_id and f.account_id = t.account_id
       join membership m on m.tenant_id = t.tenant_id and m.account_id = t.account_id and m.active
       left join agent_presence p on p.tenant_id = t.tenant_id and p.account_id = t.account_id
       where t.tenant_id = $1
     )
     select t.key, t.name, q.waiting, q.offered, q.since, q.urgent,
       count(*) filter (where p.presence = 'online')::int as online,
       count(*) filter (where p.presence = 'online' and p.holding >= p.capacity)::int as busy,
       count(*) filter (where p.presence = 'away')::int as away,
       count(*) filter (where p.presence = 'offline')::int as offline,
       coalesce(sum(p.holding) filter (where p.presence = 'online'), 0)::int as holding,
       coalesce(sum(p.capacity) filter (where p.presence = 'online'), 0)::int as capacity
     from team t
     cross join lateral (
       select count(*)::int as waiting, count(c.offered_to)::int as offered, min(c.queued_at) as since, count(*) filter (where c.priority = 1)::int as urgent
       from conversation c where c.tenant_id = t.tenant_id and c.team = t.key and c.controller = 'queue' and ${waitsNow("c")}
     ) q
     left join people p on p.team = t.key
     where t.tenant_id = $1 and t.active
     group by t.key, t.name, q.waiting, q.offered, q.since, q.urgent order by t.name, t.key`,
    [],
    "teamsNow",
  );
  return rows.map(({ key, since, online, busy, away, offline, ...row }) => ({
    kind: "team",
    id: key,
    ...row,
    waitingSince: since?.toISOString() ?? null,
    agents: { online, busy, away, offline },
  }));
}

/** Conversations whose service levels are warned of or breached, each once, as the worst that is told of it. Index: service_timer_told. */
export async function levelsNow(sql: TenantSql): Promise<Map<string, Levels>> {
  const rows = await sql.query<Levels & { team: string }>(
    `select c.team, count(*) filter (where not s.breached)::int as "dueSoon", count(*) filter (where s.breached)::int as breached
     from (
       select conversation_id, bool_or(breached_at is not null) as breached from service_timer
       where tenant_id = $1 and ended_at is null and (breached_at is not null or (warned_at is not null and due_at is not null))
       group by conversation_id
     ) s
     join conversation c on c.tenant_id = $1 and c.id = s.conversation_id
     group by c.team`,
    [],
    "levelsNow",
  );
  return new Map(rows.map(({ team, ...levels }) => [team, levels]));
}

/** Since the tenant's midnight, by the conversation's team. Index: control_change_at. */
export async function teamsToday(sql: TenantSql): Promise<Map<string, Today>> {
  const rows = await sql.query<{ team: string; assigned: number; abandoned: number; wait: number | null }>(
    `select c.team, count(*) filter (where g.to_controller = 'agent')::int as assigned,
       count(*) filter (where g.to_controller = 'bot' and g.by_kind = 'visitor')::int as abandoned,
       avg(extract(epoch from g.at - e.at)) filter (where g.to_controller = 'agent')::float8 as wait
     from control_change g
     join conversation c on c.tenant_id = g.tenant_id and c.id = g.conversation_id
     join control_change e on e.tenant_id = g.tenant_id and e.conversation_id = g.conversation_id and e.generation = g.generation - 1
     where g.tenant_id = $1 and g.from_controller = 'queue'
       and g.at >= (select date_trunc('day', now() at time zone t.time_zone) at time zone t.time_zone from tenant t where t.id = $1)
     group by c.team`,
    [],
    "teamsToday",
  );
  return new Map(
    rows.map(({ team, assigned, abandoned, wait }) => [
      team,
      { assignedToday: assigned, abandonedToday: abandoned, meanWaitSeconds: wait === null ? null : Math.round(wait) },
    ]),
  );
}

interface NowRow {
  key: string;
  name: string;
  waiting: number;
  offered: number;
  since: Date | null;
  urgent: number;
  online: number;
  busy: number;
  away: number;
  offline: number;
  holding: number;
  capacity: number;
}
