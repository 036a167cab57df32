import type { Sql } from "../../platform/database/database.ts";
import { type ControlRow, toControl } from "../control/controlRow.ts";
import type { NewMessage, Outcome, Write } from "../conversation.ts";

/** Seconds for which a turn belongs to the process that took it; it renews the lease while it works. */
export const leaseSeconds = 5;

/**
 * Commits many writes, of different conversations, in one statement; the answer has their order.
 * `holder` takes the turns that begin; null leaves them to whoever comes first.
 * Each conversation may stand in `writes` once: `seq` is counted from its row, which the update locks.
 */
export async function commitWrites(sql: Sql, writes: readonly Write[], holder: string | null): Promise<Outcome[]> {
  const rows = await sql.query<CommittedRow>(commitStatement, [JSON.stringify(writes.flatMap(toRows)), holder], "commitWrites");
  const outcomes: Outcome[] = writes.map(() => ({ kind: "refused" }));
  for (const row of rows) outcomes[row.write] = toOutcome(row);
  return outcomes;
}

/** Of the updated row: nobody took over since the command was asked, and nobody shut the conversation. */
const answersEarly = "w.answer_generation = c.generation and c.muted is null";

// One of `rows` is one message; the first of a write (`i` = 1) brings what the write says besides, and is there without a message too.
// Rows of one batch are joined with each other only where a write has a second message: nested loops are all that is allowed here, and those
// of 500 writes with their 500 messages took more than half of the statement.
// What a visitor writes to a muted conversation is kept, and nothing follows from it here.
// Into a merged one writes who answers its target: looked at only where the row's own agent didn't do, which costs other messages nothing.
// Whom an agent gives up by hand doesn't come back to that agent: `last_agent_id` is forgotten then.
// All look-ups go by primary key or by the unique (tenant_id, conversation_id, key).
// `known` and the check of the turn's holder read the statement's snapshot: a rival that commits in between
// violates the unique key, and the ledger runs the batch again.
// An early answer has the key that the turn's answer would have: it needs no look-up, since no message had this seq before.
const commitStatement = `
with rows as materialized (
  select * from json_to_recordset($1::json) as rows (
    write int, i int, tenant_id uuid, conversation_id uuid, n int, need_generation int, need_agent uuid, need_offer uuid,
    turn_wanted boolean, turn_ends bigint, turn_holder uuid,
    to_controller text, to_agent uuid, to_agent_name text, to_open boolean, to_team text, to_front boolean, by_kind text, by_id uuid, reason text,
    last_text text, last_author text, from_visitor int,
    key text, author_kind text, author_id uuid, author_name text, text text, blocks jsonb, command text,
    answer_generation int, answer_preview text, answer_name text, answer_text text, answer_blocks jsonb, answer_command text)
), more as materialized (
  select * from rows where i > 1
), known as materialized (
  select rows.write, message.seq, message.at, message.text
  from rows join message using (tenant_id, conversation_id, key)
  where rows.i = 1
), bumped as (
  update conversation c set
    last_seq = c.last_seq + w.n + case when ${answersEarly} then 1 else 0 end,
    last_text = coalesce(case when ${answersEarly} then w.answer_preview else w.last_text end, c.last_text),
    last_author = coalesce(case when ${answersEarly} then 'bot' else w.last_author end, c.last_author),
    last_at = case when w.n > 0 then now() else c.last_at end,
    unread = case when w.last_author = 'agent' then 0 when c.muted is null then c.unread + w.from_visitor else c.unread end,
    controller = coalesce(w.to_controller, c.controller),
    generation = c.generation + case when w.to_controller is null then 0 else 1 end,
    agent_id = case when w.to_controller is null then c.agent_id else w.to_agent end,
    agent_name = case when w.to_controller is null then c.agent_name else w.to_agent_name end,
    queued_at = case when w.to_controller is null then c.queued_at when w.to_controller = 'queue' then coalesce(c.queued_at, now()) end,
    team = coalesce(w.to_team, c.team),
    queue_rank = case w.to_controller when 'queue'
      then case when w.to_front then 0 when c.controller = 'queue' then c.queue_rank when c.last_agent_id is null then 1 else 0 end
      else c.queue_rank end,
    last_agent_id = case when w.to_controller = 'queue' and w.by_kind = 'account' then null else coalesce(w.to_agent, c.last_agent_id) end,
    offered_to = case when w.to_controller is null then c.offered_to end,
    offered_name = case when w.to_controller is null then c.offered_name end,
    offered_until = case when w.to_controller is null then c.offered_until end,
    offer_kind = case when w.to_controller is null then c.offer_kind end,
    open = coalesce(w.to_open, c.open or (w.from_visitor > 0 and c.muted is null)),
    closed_at = case
      when coalesce(w.to_open, c.open or (w.from_visitor > 0 and c.muted is null)) then null
      else coalesce(c.closed_at, now()) end,
    snoozed_until = case when w.from_visitor > 0 and c.snoozed_until > now() then now() else c.snoozed_until end,
    updated_at = now(),
    touched = extract(epoch from now())::int / 10
  from rows w
  where w.i = 1 and c.tenant_id = w.tenant_id and c.id = w.conversation_id
    and w.write not in (select write from known)
    and (w.need_generation is null or c.generation = w.need_generation)
    and (w.need_agent is null or c.agent_id = w.need_agent or (c.controller = 'agent' and c.participants ? w.need_agent::text)
      or (c.muted = 'merged' and exists (
        select from conversation_merge m join conversation t on t.tenant_id = m.tenant_id and t.id = m.target_id
        where m.tenant_id = c.tenant_id and m.conversation_id = c.id and m.ended_at is null
          and (t.agent_id = w.need_agent or (t.controller = 'agent' and t.participants ? w.need_agent::text)))))
    and (w.need_offer is null or c.offered_to = w.need_offer)
    and (w.turn_ends is null or exists (
      select from turn t
      where t.tenant_id = w.tenant_id and t.conversation_id = w.conversation_id and t.seq = w.turn_ends and t.holder = w.turn_holder))
  returning w.*, c.last_seq, c.controller, c.generation, c.agent_id, c.agent_name, c.queued_at, c.open, c.unread, c.team,
    w.turn_wanted and c.controller <> 'agent' and c.muted is null and (${answersEarly}) is not true as turn_due,
    case when ${answersEarly} then 1 else 0 end as answers
), written as (
  insert into message (tenant_id, conversation_id, seq, key, author_kind, author_id, author_name, text, blocks, command)
  select tenant_id, conversation_id, last_seq - answers - n + 1, key, author_kind, author_id, author_name, text, blocks, command
  from bumped where n > 0
  union all
  select tenant_id, conversation_id, last_seq, 't:' || (last_seq - 1) || ':0', 'bot', null, answer_name, answer_text, answer_blocks, answer_command
  from bumped where answers > 0
  union all
  select m.tenant_id, m.conversation_id, b.last_seq - b.n + m.i, m.key, m.author_kind, m.author_id, m.author_name, m.text, m.blocks, m.command
  from more m join bumped b on b.write = m.write
), begun as (
  insert into turn (tenant_id, conversation_id, seq, holder, lease_until)
  select tenant_id, conversation_id, last_seq, $2::uuid, now() + case when $2::uuid is null then interval '0' else interval '${leaseSeconds} seconds' end
  from bumped where turn_due
), ended as (
  delete from turn t using bumped b
  where b.turn_ends is not null and t.tenant_id = b.tenant_id and t.conversation_id = b.conversation_id and t.seq = b.turn_ends
), changed as (
  insert into control_change (tenant_id, conversation_id, generation, from_controller, to_controller, agent_id, by_kind, by_id, reason)
  select b.tenant_id, b.conversation_id, b.generation, old.controller, b.controller, b.agent_id, b.by_kind, b.by_id, b.reason
  from bumped b join conversation old on old.tenant_id = b.tenant_id and old.id = b.conversation_id
  where b.to_controller is not null
), offers_ended as (
  update assignment a set
    ended_at = now(),
    outcome = case when b.to_controller = 'agent' and a.agent_id = b.to_agent then 'accepted' else 'withdrawn' end
  from bumped b
  where b.to_controller is not null and a.tenant_id = b.tenant_id and a.conversation_id = b.conversation_id and a.ended_at is null
)
select write, last_seq - answers - n + 1 as first_seq, now() as at, controller, generation, agent_id, agent_name, queued_at, open, team, unread,
  turn_due, answers > 0 as answered, false as known, null as text
from bumped
union all
select write, seq, at, null, null, null, null, null, null, null, null, null, null, true, text from known`;

interface CommittedRow extends ControlRow {
  write: number;
  first_seq: number;
  at: Date;
  unread: number;
  turn_due: boolean | null;
  answered: boolean | null;
  known: boolean;
  text: string | null;
}

/** A row for each message, and one for a write without any. */
function toRows(write: Write, index: number) {
  return write.messages.length === 0
    ? [toRow(write, index, 1, undefined)]
    : write.messages.map((message, i) => toRow(write, index, i + 1, message));
}

/** Every row has every field, in one order: spread together of parts they took three times as long. JSON leaves out what is undefined. */
function toRow(write: Write, index: number, i: number, message: NewMessage | undefined) {
  const { conversation, messages, fence, turn, control } = write;
  const answer = write.answer?.message;
  const ends = typeof turn === "object" ? turn : undefined;
  // What the system tells of the control, a list shows otherwise: here it would hide what the visitor asked.
  const last = messages.findLast(({ author }) => author.kind !== "system");
  return {
    write: index,
    i,
    tenant_id: conversation.tenant,
    conversation_id: conversation.id,
    n: messages.length,
    need_generation: fence?.generation,
    need_agent: fence?.agent,
    need_offer: fence?.offeredTo,
    turn_wanted: turn === "wanted" ? true : undefined,
    turn_ends: ends?.ends,
    turn_holder: ends?.holder,
    to_controller: control?.to,
    to_agent: control?.agent?.id,
    to_agent_name: control?.agent?.name,
    to_open: control?.open,
    to_team: control?.team,
    to_front: control?.toFront,
    by_kind: control?.by.kind,
    by_id: control?.by.id,
    reason: control?.reason,
    last_text: last && preview(last.text),
    last_author: last?.author.kind,
    from_visitor: messages.filter(({ author }) => author.kind === "visitor").length,
    key: message?.key,
    author_kind: message?.author.kind,
    author_id: message?.author.id,
    author_name: message?.author.name,
    text: message?.text,
    blocks: message?.blocks,
    command: message?.command,
    answer_generation: answer && write.answer?.generation,
    answer_preview: answer && preview(answer.text),
    answer_name: answer?.author.name,
    answer_text: answer?.text,
    answer_blocks: answer?.blocks,
    answer_command: answer?.command,
  };
}

/** The beginning of a text, for lists; cut between whole characters. */
export function preview(text: string): string {
  return text.length <= 120
    ? text
    : `${text
        .slice(0, 119)
        .toWellFormed()
        .replace(/\uFFFD$/u, "")}…`;
}

function toOutcome(row: CommittedRow): Outcome {
  const at = row.at.toISOString();
  if (row.known) return { kind: "known", seq: row.first_seq, at, text: row.text ?? "" };
  return {
    kind: "committed",
    firstSeq: row.first_seq,
    at,
    control: toControl(row),
    unread: row.unread,
    turnDue: row.turn_due === true,
    answered: row.answered === true,
  };
}
