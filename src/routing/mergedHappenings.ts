import type { Sql } from "../platform/database/database.ts";
import type { Happening } from "./serviceStory.ts";

/** Whether something was said in what was merged into a conversation that its service levels don't know of. Index: conversation_merge_target. */
export function saidInMerged(conversation: string): string {
  return `exists (select from conversation_merge m join conversation s on s.tenant_id = m.tenant_id and s.id = m.conversation_id
    where m.tenant_id = ${conversation}.tenant_id and m.target_id = ${conversation}.id and m.ended_at is null and s.last_seq > m.followed_seq)`;
}

/**
 * What people said in what was merged into a conversation since the last look, which this becomes: its promises are to all of them.
 * Indexes: conversation_merge_target, the primary key of `message`.
 */
export async function saidMeanwhile(tx: Sql, conversation: string): Promise<Happening[]> {
  const rows = await tx.query<{ at: Date; what: "visitor" | "agent" }>(
    `with behind as (
       select m.id, m.conversation_id, m.followed_seq, s.last_seq
       from conversation_merge m join conversation s on s.tenant_id = m.tenant_id and s.id = m.conversation_id
       where m.tenant_id = $1 and m.target_id = $2 and m.ended_at is null and s.last_seq > m.followed_seq
     ), followed as (
       update conversation_merge m set followed_seq = b.last_seq from behind b where m.tenant_id = $1 and m.id = b.id
     )
     select said.at, said.author_kind as what from behind b join message said on said.tenant_id = $1 and said.conversation_id = b.conversation_id
     where said.seq > b.followed_seq and said.seq <= b.last_seq and said.author_kind in ('visitor', 'agent') order by said.at`,
    [conversation],
  );
  return rows.map(({ at, what }) => ({ at: at.getTime(), what }));
}
