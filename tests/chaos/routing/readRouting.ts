import type pg from "pg";
import type { RoutingState } from "../history/routing.ts";

/** Longer than what an agent holds may stay with them when they are gone: 15 s without a word, seen for 6 s, looked at each second. */
const abandonedAfterSeconds = 25;

/** What routing did and how it left things; undefined where no trail was kept. */
export async function readRouting(client: pg.Client): Promise<RoutingState | undefined> {
  const [kept] = (
    await client.query("select to_regclass('chaos_trail') is not null as kept, extract(epoch from now())::float8 * 1000 as now")
  ).rows;
  if (kept?.kept !== true) return undefined;
  return {
    trail: await readTrail(client),
    agents: (
      await client.query<RoutingState["agents"][number]>(
        "select a.id, a.name, p.capacity from agent_profile p join account a on a.id = p.account_id",
      )
    ).rows,
    movedBy: new Map(
      (
        await client.query<{ key: string; by: string }>(
          "select conversation_id || ' ' || generation as key, by_id as by from control_change where by_kind = 'account'",
        )
      ).rows.map(({ key, by }) => [key, by]),
    ),
    starving: (await client.query<RoutingState["starving"][number]>(starving)).rows,
    abandoned: (await client.query<RoutingState["abandoned"][number]>(abandoned)).rows,
    readAt: Number(kept.now) - performance.timeOrigin,
  };
}

const starving = `
  select c.id as conversation, e.agents
  from conversation c
  cross join lateral (
    select array_agg(a.name) as agents
    from team t
    join team_member m on m.tenant_id = t.tenant_id and m.team = t.key
    join agent_profile p on p.tenant_id = m.tenant_id and p.account_id = m.account_id
    join agent_presence d on d.tenant_id = m.tenant_id and d.account_id = m.account_id and d.declared = 'online'
    join membership s on s.tenant_id = m.tenant_id and s.account_id = m.account_id and s.active
    join account a on a.id = m.account_id and a.active
    where t.tenant_id = c.tenant_id and t.key = c.team and t.active
      and exists (select from agent_connection n where n.tenant_id = m.tenant_id and n.account_id = a.id and n.left_at is null and n.seen_at > now() - interval '12 seconds')
      and (select count(*) from conversation h where h.tenant_id = c.tenant_id and ((h.controller = 'agent' and h.agent_id = a.id) or h.offered_to = a.id)) < p.capacity
      and not exists (
        select from assignment x where x.tenant_id = c.tenant_id and x.conversation_id = c.id and x.agent_id = a.id
          and x.outcome in ('declined', 'expired', 'dropped') and x.ended_at > now() - interval '60 seconds')
      and not exists (
        select from control_change x where x.tenant_id = c.tenant_id and x.conversation_id = c.id and x.generation = c.generation
          and x.by_id = a.id and x.at > now() - interval '60 seconds')
  ) e
  where c.controller = 'queue' and c.offered_to is null and c.muted is null and c.snoozed_until is null and e.agents is not null`;

const abandoned = `
  select c.id as conversation, c.agent_name as agent, extract(epoch from now() - n.heard_at)::float8 as seconds
  from conversation c
  cross join lateral (
    select max(coalesce(n.left_at, n.seen_at)) as heard_at from agent_connection n where n.tenant_id = c.tenant_id and n.account_id = c.agent_id
  ) n
  where c.controller = 'agent' and n.heard_at < now() - interval '${abandonedAfterSeconds} seconds'`;

/** Whether routing has nothing left to do at this moment: nobody could be asked, no offer is open, and nothing is held by who is gone. */
export const routingRests = `select not exists (${starving}) and not exists (${abandoned}) and not exists (select from conversation where offered_to is not null) as rests`;

async function readTrail(client: pg.Client): Promise<RoutingState["trail"]> {
  const { rows } = await client.query<TrailRow>(
    `select what, conversation, ${ms("at")} as at, ${ms("began")} as began, tx::text, generation, controller, agent, offered, team, priority, rank,
       (extract(epoch from queued_at) * 1000000)::float8 as "queuedAt", waits, offer, ${ms("until")} as until, outcome
     from chaos_trail order by n`,
  );
  return rows.map(({ at, began, until, ...row }) => {
    const when = { conversation: row.conversation, tx: row.tx, at: at - performance.timeOrigin, began: began - performance.timeOrigin };
    const { what, agent, offered, generation, controller, team, waits, offer, outcome } = row;
    if (what === "offered") return { what, ...when, offer, agent: agent ?? "", until: until - performance.timeOrigin };
    if (what === "ended") return { what, ...when, offer, agent: agent ?? "", outcome };
    const place = { priority: row.priority, rank: row.rank, queuedAt: row.queuedAt };
    return { what, ...when, generation, controller, agent, offered, team, place, waits };
  });
}

function ms(column: string): string {
  return `extract(epoch from ${column})::float8 * 1000`;
}

interface TrailRow {
  what: "stands" | "offered" | "ended";
  conversation: string;
  at: number;
  began: number;
  tx: string;
  generation: number;
  controller: string;
  agent: string | null;
  offered: string | null;
  team: string;
  priority: number;
  rank: number;
  queuedAt: number;
  waits: boolean;
  offer: string;
  until: number;
  outcome: string;
}
