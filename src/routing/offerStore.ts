import { v7 as newId } from "uuid";
import type { Sql, TenantSql } from "../platform/database/database.ts";
import { connectedNow } from "./presenceStore.ts";
import { awake } from "./queueStore.ts";

/** An offer that ended without being taken. */
export interface EndedOffer {
  assignment: string;
  tenant: string;
  conversation: string;
  team: string;
  kind: "assignment" | "transfer";
  agent: { id: string; name: string };
  /** Who transferred it. */
  sender: string | null;
  outcome: "declined" | "expired" | "dropped";
}

/** `left`: whose agent isn't there any more, which whoever just stood still can't tell. */
export type LapsedOffers = "late" | "late or left";

/**
 * Ends the offers whose time is over, and those whose agent isn't there any more, in all tenants. What another process has just in hand is
 * passed over. Index: conversation_offered.
 */
export async function endLapsedOffers(sql: Sql, which: LapsedOffers): Promise<EndedOffer[]> {
  return await endOffers(
    sql,
    `select c.tenant_id, c.id, case when c.offered_until < now() then 'expired' else 'dropped' end as outcome
     from conversation c
     where c.offered_to is not null and (
       c.offered_until < now()
       or $1::boolean and not ${connectedNow("c.tenant_id", "c.offered_to")}
       or not exists (select from agent_presence p where p.tenant_id = c.tenant_id and p.account_id = c.offered_to and p.declared = 'online'))
     for update of c skip locked`,
    [which === "late or left"],
  );
}

/** Ends the offer of this conversation to this agent; undefined where there is none. */
export async function declineOffer(sql: TenantSql, conversation: string, agent: string): Promise<EndedOffer | undefined> {
  const ended = await endOffers(
    sql,
    `select c.tenant_id, c.id, 'declined' as outcome from conversation c where c.tenant_id = $1 and c.id = $2 and c.offered_to = $3 for update`,
    [conversation, agent],
  );
  return ended[0];
}

async function endOffers(sql: Sql, due: string, values: readonly unknown[]): Promise<EndedOffer[]> {
  const rows = await sql.query<EndedRow>(
    `with due as (${due}), cleared as (
       update conversation c set
         offered_to = null, offered_name = null, offered_until = null, offer_kind = null,
         updated_at = now(), touched = extract(epoch from now())::int / 10
       from due where c.tenant_id = due.tenant_id and c.id = due.id
     )
     update assignment a set ended_at = now(), outcome = due.outcome
     from due where a.tenant_id = due.tenant_id and a.conversation_id = due.id and a.ended_at is null
     returning a.id, a.tenant_id, a.conversation_id, a.team, a.kind, a.agent_id, a.agent_name, a.sender_id, a.outcome`,
    values,
  );
  return rows.map((row) => ({
    assignment: row.id,
    tenant: row.tenant_id,
    conversation: row.conversation_id,
    team: row.team,
    kind: row.kind,
    agent: { id: row.agent_id, name: row.agent_name },
    sender: row.sender_id,
    outcome: row.outcome,
  }));
}

interface EndedRow {
  id: string;
  tenant_id: string;
  conversation_id: string;
  team: string;
  kind: "assignment" | "transfer";
  agent_id: string;
  agent_name: string;
  sender_id: string | null;
  outcome: EndedOffer["outcome"];
}

export interface Transfer {
  conversation: string;
  /** What the sender saw. */
  generation: number;
  sender: string;
  to: { id: string; name: string };
}

/**
 * Offers a conversation that the sender answers, or that nobody answers yet, to one person; an offer to somebody else ends.
 * Answers until when; undefined where it is no longer as the sender saw it.
 */
export async function saveTransfer(sql: TenantSql, { conversation, generation, sender, to }: Transfer): Promise<string | undefined> {
  const considered = { excluded: {}, eligible: [], because: "transfer" };
  return await sql.transaction(async (tx) => {
    const [offered] = await tx.query<{ until: Date }>(
      `update conversation c set
         offered_to = $4, offered_name = $5,
         offered_until = now() + make_interval(secs => coalesce((select t.offer_seconds from team t where t.tenant_id = $1 and t.key = c.team), 30)),
         offer_kind = case c.controller when 'agent' then 'transfer' else 'assignment' end,
         updated_at = now(), touched = extract(epoch from now())::int / 10
       where c.tenant_id = $1 and c.id = $2 and c.generation = $3
         and ((c.controller = 'agent' and c.agent_id = $6) or c.controller = 'queue')
       returning c.offered_until as until`,
      [conversation, generation, to.id, to.name, sender],
      "offerTransfer",
    );
    if (offered === undefined) return undefined;
    await tx.query(
      "update assignment set ended_at = now(), outcome = 'withdrawn' where tenant_id = $1 and conversation_id = $2 and ended_at is null",
      [conversation],
      "withdrawOffers",
    );
    await tx.query(
      `insert into assignment (tenant_id, conversation_id, id, team, kind, agent_id, agent_name, sender_id, considered, until)
       select $1, id, $3, team, offer_kind, offered_to, offered_name, $4, $5, offered_until from conversation where tenant_id = $1 and id = $2`,
      [conversation, newId(), sender, JSON.stringify(considered)],
      "keepTransfer",
    );
    return offered.until.toISOString();
  });
}

/** Who holds conversations and is gone: not heard of for this long, or not allowed to work here any more. */
export interface GoneAgent {
  tenant: string;
  account: string;
  /** Seconds since the last word of a connection; undefined for somebody who may not work here any more. */
  silentSeconds: number | undefined;
}

/**
 * Agents who hold something and haven't been heard of for `seconds`. Somebody who never had a connection with a gateway works otherwise
 * and isn't gone. Index: conversation_agent.
 */
export async function silentAgents(sql: Sql, seconds: number): Promise<GoneAgent[]> {
  const rows = await sql.query<{ tenant_id: string; agent_id: string; allowed: boolean; silent: number | null }>(
    `select h.tenant_id, h.agent_id, coalesce(m.active and a.active, false) as allowed, extract(epoch from now() - n.heard_at)::float8 as silent
     from (select distinct tenant_id, agent_id from conversation c where controller = 'agent' and ${awake("c")}) h
     left join membership m on m.tenant_id = h.tenant_id and m.account_id = h.agent_id
     left join account a on a.id = h.agent_id
     left join lateral (
       select max(coalesce(n.left_at, n.seen_at)) as heard_at from agent_connection n where n.tenant_id = h.tenant_id and n.account_id = h.agent_id
     ) n on true
     where not coalesce(m.active and a.active, false) or n.heard_at < now() - make_interval(secs => $1)`,
    [seconds],
    "silentAgents",
  );
  return rows.map((row) => ({
    tenant: row.tenant_id,
    account: row.agent_id,
    silentSeconds: row.allowed ? (row.silent ?? undefined) : undefined,
  }));
}

/** Whether any gateway had a word on the agent within `seconds`. Index: the primary key of agent_connection. */
export async function heardLately(sql: TenantSql, agent: string, seconds: number): Promise<boolean> {
  const rows = await sql.query(
    `select from agent_connection where tenant_id = $1 and account_id = $2 and coalesce(left_at, seen_at) >= now() - make_interval(secs => $3) limit 1`,
    [agent, seconds],
  );
  return rows.length > 0;
}

/** What an agent holds. Index: conversation_agent. */
export async function heldBy(sql: TenantSql, agent: string): Promise<string[]> {
  const rows = await sql.query<{ id: string }>(
    `select id from conversation c where tenant_id = $1 and controller = 'agent' and agent_id = $2 and ${awake("c")} order by created_at, id`,
    [agent],
    "heldBy",
  );
  return rows.map(({ id }) => id);
}

/** Whether somebody is there to be asked. */
export async function findAvailability(
  sql: TenantSql,
  account: string,
): Promise<{ declared: "online" | "away" | "offline"; connected: boolean }> {
  const rows = await sql.query<{ declared: "online" | "away" | "offline" | null; connected: boolean }>(
    `select (select declared from agent_presence where tenant_id = $1 and account_id = $2) as declared, ${connectedNow("$1", "$2")} as connected`,
    [account],
    "findAvailability",
  );
  return { declared: rows[0]?.declared ?? "offline", connected: rows[0]?.connected ?? false };
}
