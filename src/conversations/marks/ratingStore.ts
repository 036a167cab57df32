import type { TenantSql } from "../../platform/database/database.ts";
import type { Rating } from "../../protocol/rating.ts";

/** Minutes for which a rating may be changed by whoever gave it. */
export const changeableMinutes = 10;

/**
 * Keeps the rating of a closed conversation's last end, or changes it while it may be; undefined where neither was possible.
 * Index: the primary keys; the agent is the newest who held it, by the primary key of `control_change` read backwards.
 */
export async function saveRating(sql: TenantSql, conversation: string, score: number, comment: string): Promise<Rating | undefined> {
  const rows = await sql.query<RatingRow>(
    `insert into rating (tenant_id, conversation_id, generation, score, comment, agent_id)
     select tenant_id, id, generation, $3, $4,
       (select agent_id from control_change h
        where h.tenant_id = c.tenant_id and h.conversation_id = c.id and h.agent_id is not null order by h.generation desc limit 1)
     from conversation c where tenant_id = $1 and id = $2 and not open
     on conflict (tenant_id, conversation_id, generation) do update set score = excluded.score, comment = excluded.comment, changed_at = now()
       where rating.at > now() - interval '${changeableMinutes} minutes'
     returning score, comment, at`,
    [conversation, score, comment],
    "saveRating",
  );
  return rows[0] && toRating(rows[0]);
}

/** What the visitor said of this end of the conversation; undefined where they didn't. Index: the primary key. */
export async function findRating(sql: TenantSql, conversation: string, generation: number): Promise<Rating | undefined> {
  const rows = await sql.query<RatingRow>(
    "select score, comment, at from rating where tenant_id = $1 and conversation_id = $2 and generation = $3",
    [conversation, generation],
    "findRating",
  );
  return rows[0] && toRating(rows[0]);
}

/** Every rating of a conversation, the newest first; undefined where there is no such conversation. Index: the primary keys. */
export async function listRatings(sql: TenantSql, conversation: string): Promise<Rating[] | undefined> {
  const rows = await sql.query<{ score: number | null; comment: string; at: Date }>(
    `select r.score, r.comment, r.at from conversation c
     left join rating r on r.tenant_id = c.tenant_id and r.conversation_id = c.id
     where c.tenant_id = $1 and c.id = $2 order by r.generation desc`,
    [conversation],
    "listRatings",
  );
  if (rows.length === 0) return undefined;
  return rows.flatMap(({ score, ...row }) => (score === null ? [] : [toRating({ score, ...row })]));
}

interface RatingRow {
  score: number;
  comment: string;
  at: Date;
}

function toRating({ score, comment, at }: RatingRow): Rating {
  return { score, comment, at: at.toISOString() };
}
