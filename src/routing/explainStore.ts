import type { TenantSql } from "../platform/database/database.ts";
import { type Head, toHead, waitingColumns } from "./assignStore.ts";
import type { Considered } from "./chooseAgent.ts";
import { queueLevel, queueOrder, waitsNow } from "./queueStore.ts";

/** An offer as it was kept. */
export interface KeptOffer {
  at: string;
  team: string;
  kind: "assignment" | "transfer";
  agent: string;
  sender: string | null;
  considered: Considered | { excluded: Considered["excluded"]; eligible: Considered["eligible"]; because: "transfer" };
  until: string;
  endedAt: string | null;
  outcome: string | null;
}

/** Every offer of a conversation, oldest first. Index: the primary key of assignment, whose ids grow with time. */
export async function keptOffers(sql: TenantSql, conversation: string): Promise<KeptOffer[]> {
  const rows = await sql.query<OfferRow>(
    `select at, team, kind, agent_name, sender_id, considered, until, ended_at, outcome
     from assignment where tenant_id = $1 and conversation_id = $2 order by id`,
    [conversation],
    "keptOffers",
  );
  return rows.map((row) => ({
    at: row.at.toISOString(),
    team: row.team,
    kind: row.kind,
    agent: row.agent_name,
    sender: row.sender_id,
    considered: row.considered,
    until: row.until.toISOString(),
    endedAt: row.ended_at?.toISOString() ?? null,
    outcome: row.outcome,
  }));
}

export interface WaitingNow extends Head {
  team: string;
  offeredTo: string | null;
  /** At which it stands: its priority, or a higher one by its age. */
  level: number;
  /** Those in front of it. */
  before: number;
}

/** A conversation that waits, and where it stands; undefined for any other. Index: the primary key, conversation_queue. */
export async function findWaiting(sql: TenantSql, conversation: string): Promise<WaitingNow | undefined> {
  const rows = await sql.query<Parameters<typeof toHead>[0] & { team: string; offered_name: string | null; level: number; before: number }>(
    `select ${waitingColumns}, h.team, h.offered_name,
       ${queueLevel("h")} as level,
       (select count(*)::int from conversation c where c.tenant_id = $1 and c.team = h.team and c.controller = 'queue' and ${waitsNow("c")}
         and (${queueOrder("c")}) < (${queueOrder("h")})) as before
     from conversation h where h.tenant_id = $1 and h.id = $2 and h.controller = 'queue'`,
    [conversation],
    "findWaiting",
  );
  const row = rows[0];
  return row && { ...toHead(row), team: row.team, offeredTo: row.offered_name, level: row.level, before: row.before };
}

/** The names of these accounts, where they are or were members. */
export async function namesOf(sql: TenantSql, accounts: readonly string[]): Promise<Map<string, string>> {
  const rows = await sql.query<{ id: string; name: string }>(
    "select a.id, a.name from membership m join account a on a.id = m.account_id where m.tenant_id = $1 and m.account_id = any($2::uuid[])",
    [accounts],
    "namesOf",
  );
  return new Map(rows.map(({ id, name }) => [id, name]));
}

interface OfferRow {
  at: Date;
  team: string;
  kind: "assignment" | "transfer";
  agent_name: string;
  sender_id: string | null;
  considered: KeptOffer["considered"];
  until: Date;
  ended_at: Date | null;
  outcome: string | null;
}
