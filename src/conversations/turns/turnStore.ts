import type { Sql } from "../../platform/database/database.ts";
import type { Block } from "../../protocol/blocks.ts";
import { type ControlRow, toControl } from "../control/controlRow.ts";
import type { Control, ConversationRef } from "../conversation.ts";
import { leaseSeconds } from "../ledger/ledgerStore.ts";

/** One message on its way to an answer, with what is needed to answer it. */
export interface Turn {
  conversation: ConversationRef;
  seq: number;
  text: string;
  blocks: Block[] | undefined;
  inbox: string;
  contact: string;
  /** The language that the visitor reads. */
  locale: string | null;
  /** How the conversation was controlled when the turn was taken. */
  control: Control;
  /** How often it failed, or was taken from a process that had fallen silent. */
  attempts: number;
}

/**
 * Takes turns whose lease has ended, oldest first. Seen by one process only: `skip locked`. Taken from another process, which may have died of
 * it, a turn has one attempt more; from oneself none, since one lives.
 */
export async function takeDueTurns(sql: Sql, holder: string, limit: number): Promise<Turn[]> {
  const rows = await sql.query<TurnRow>(
    // `turn` holds only what isn't answered yet and stays small: it is read whole.
    `with due as (
       select tenant_id, conversation_id, seq from turn
       where lease_until < now() and dead_reason is null
       order by lease_until limit $2 for update skip locked
     ), taken as (
       update turn t set
         holder = $1, lease_until = now() + interval '${leaseSeconds} seconds',
         attempts = t.attempts + case when t.holder <> $1 then 1 else 0 end
       from due where t.tenant_id = due.tenant_id and t.conversation_id = due.conversation_id and t.seq = due.seq
       returning t.tenant_id, t.conversation_id, t.seq, t.attempts
     )
     select taken.*, m.text, m.blocks, c.inbox_id, c.contact_id, k.locale,
       c.controller, c.generation, c.agent_id, c.agent_name, c.queued_at, c.open, c.team
     from taken
     join message m on m.tenant_id = taken.tenant_id and m.conversation_id = taken.conversation_id and m.seq = taken.seq
     join conversation c on c.tenant_id = taken.tenant_id and c.id = taken.conversation_id
     join contact k on k.tenant_id = c.tenant_id and k.id = c.contact_id
     order by taken.conversation_id, taken.seq`,
    [holder, limit],
    "takeDueTurns",
  );
  return rows.map(toTurn);
}

interface TurnKey {
  conversation: ConversationRef;
  seq: number;
}

/** Keeps turns that are still worked on; the answer names those that this process still has. */
export async function renewTurns(sql: Sql, holder: string, turns: readonly TurnKey[]): Promise<Set<string>> {
  const rows = await sql.query<{ conversation_id: string; seq: number }>(
    `update turn t set lease_until = now() + interval '${leaseSeconds} seconds'
     from json_to_recordset($2::json) as mine (tenant_id uuid, conversation_id uuid, seq bigint)
     where t.tenant_id = mine.tenant_id and t.conversation_id = mine.conversation_id and t.seq = mine.seq and t.holder = $1
     returning t.conversation_id, t.seq`,
    [
      holder,
      JSON.stringify(turns.map(({ conversation, seq }) => ({ tenant_id: conversation.tenant, conversation_id: conversation.id, seq }))),
    ],
    "renewTurns",
  );
  return new Set(rows.map((row) => `${row.conversation_id}.${row.seq}`));
}

/** Counts an attempt that failed by itself, and leaves the turn to whoever comes first after a pause. */
export async function failTurn(sql: Sql, holder: string, turn: TurnKey): Promise<void> {
  await sql.query(
    `update turn set attempts = attempts + 1, holder = null, lease_until = now() + interval '${leaseSeconds} seconds'
     where tenant_id = $1 and conversation_id = $2 and seq = $3 and holder = $4`,
    [turn.conversation.tenant, turn.conversation.id, turn.seq, holder],
    "failTurn",
  );
}

/** Takes back the attempt that was counted when another process took the turn from this one, which lives. */
export async function acquitTurn(sql: Sql, holder: string, turn: TurnKey): Promise<void> {
  await sql.query(
    `update turn set attempts = attempts - 1
     where tenant_id = $1 and conversation_id = $2 and seq = $3 and holder is distinct from $4 and attempts > 0 and dead_reason is null`,
    [turn.conversation.tenant, turn.conversation.id, turn.seq, holder],
    "acquitTurn",
  );
}

/** Puts a turn aside that failed too often, with the reason. */
export async function buryTurn(sql: Sql, holder: string, turn: TurnKey, reason: string): Promise<void> {
  await sql.query(
    "update turn set dead_reason = $5, holder = null where tenant_id = $1 and conversation_id = $2 and seq = $3 and holder = $4",
    [turn.conversation.tenant, turn.conversation.id, turn.seq, holder, reason.slice(0, 500)],
    "buryTurn",
  );
}

interface TurnRow extends ControlRow {
  tenant_id: string;
  conversation_id: string;
  seq: number;
  attempts: number;
  text: string;
  blocks: Block[] | null;
  inbox_id: string;
  contact_id: string;
  locale: string | null;
}

function toTurn(row: TurnRow): Turn {
  return {
    conversation: { tenant: row.tenant_id, id: row.conversation_id },
    seq: row.seq,
    text: row.text,
    blocks: row.blocks ?? undefined,
    inbox: row.inbox_id,
    contact: row.contact_id,
    locale: row.locale,
    control: toControl(row),
    attempts: row.attempts,
  };
}
