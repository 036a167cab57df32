import type { Sql, TenantSql } from "../../platform/database/database.ts";
import type { ChatPlace } from "../chatEvent.ts";

/** What a card is about, and what it must know to go on. Never a secret. */
export type CardData =
  /** A command whose arguments are asked for. */
  | { kind: "form"; command: string; args: Readonly<Record<string, unknown>> }
  /** What a run would do; `planHash` is of this plan. */
  | { kind: "plan"; command: string; args: Readonly<Record<string, unknown>>; planHash: string; steppedUp?: true }
  /** A run that somebody asked for here. */
  | { kind: "run" }
  /** A run that waits for somebody. */
  | { kind: "approval" }
  /** An account says that it is this person. */
  | { kind: "link"; account: string }
  /** A conversation that agents follow. */
  | { kind: "talk"; conversation: string }
  /** What the assistant offered there, by a message of the conversation. */
  | { kind: "offer"; conversation: string; seq: number }
  /** How it was, of a conversation that ended. */
  | { kind: "rating"; conversation: string }
  /** Nothing can be done with it any more. */
  | { kind: "closed" }
  /** Commands to choose from. */
  | { kind: "commands" };

export interface CardRow {
  id: string;
  installation: string;
  /** Whom it is for; none where everybody in its place may press. */
  person: string | null;
  data: CardData;
  run: string | null;
  place: ChatPlace | null;
  only: string | null;
  drawn: string | null;
}

const card = `id, installation_id as installation, person_id as person, data, run_id as run, place, only_user as only, drawn`;

/** Made with what caused it: the same id once more is the same card. */
export async function insertCard(sql: Sql, { id, installation, person, data, run, place, only, drawn }: CardRow): Promise<void> {
  await sql.query(
    `insert into channel_card (tenant_id, id, installation_id, person_id, kind, data, run_id, place, only_user, drawn)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (tenant_id, id) do nothing`,
    [id, installation, person, data.kind, JSON.stringify(data), run, place === null ? null : JSON.stringify(place), only, drawn],
  );
}

export async function findCard(sql: Sql, id: string): Promise<CardRow | undefined> {
  const rows = await sql.query<CardRow & Record<string, unknown>>(`select ${card} from channel_card where tenant_id = $1 and id = $2`, [
    id,
  ]);
  return rows[0];
}

/** All that are about a run. Index: channel_card_run. */
export async function listCardsOf(sql: TenantSql, run: string): Promise<CardRow[]> {
  return await sql.query<CardRow & Record<string, unknown>>(`select ${card} from channel_card where tenant_id = $1 and run_id = $2`, [run]);
}

/** Gives it something else to be about, drawn as `drawn`. */
export async function changeCard(sql: Sql, id: string, { data, run, drawn }: Pick<CardRow, "data" | "run" | "drawn">): Promise<void> {
  await sql.query("update channel_card set kind = $3, data = $4, run_id = $5, drawn = $6 where tenant_id = $1 and id = $2", [
    id,
    data.kind,
    JSON.stringify(data),
    run,
    drawn,
  ]);
}

/** Says that it is drawn so from now on; false where it is already, or somebody else was faster. */
export async function saveDrawn(sql: Sql, id: string, before: string | null, drawn: string): Promise<boolean> {
  const rows = await sql.query(
    "update channel_card set drawn = $4 where tenant_id = $1 and id = $2 and drawn is not distinct from $3 and drawn is distinct from $4 returning id",
    [id, before, drawn],
  );
  return rows.length > 0;
}

export interface OpenCard {
  tenant: string;
  run: string;
}

/** Runs that ended, or were decided, after their cards were drawn: what the bus lost is found by it. Index: channel_card_open. */
export async function listBehind(sql: Sql, limit: number): Promise<OpenCard[]> {
  return await sql.query<OpenCard & Record<string, unknown>>(
    `select c.tenant_id as tenant, c.run_id as run from channel_card c join run r on r.tenant_id = c.tenant_id and r.id = c.run_id
       join channel_installation i on i.tenant_id = c.tenant_id and i.id = c.installation_id and i.state <> 'gone'
      where c.created_at > now() - interval '8 days' and c.run_id is not null and c.kind in ('run', 'approval')
        and split_part(c.drawn, ' ', 1) in ('running', 'waiting')
        and split_part(c.drawn, ' ', 1) <> r.state
      group by 1, 2 order by max(c.created_at) desc limit $1`,
    [limit],
  );
}
