import type { Sql, TransactionalSql } from "../platform/database/database.ts";
import type { NoticesOf } from "./noticeStore.ts";

const job = "notices";
/** A statement may commit its deadline after the time that it wrote. */
const overlapSeconds = 10;
/** A conversation that nobody answers for so long alerts its team. */
const patienceSeconds = 10;
/** A push waits so long for somebody who is looking at it already. */
const pushAfterSeconds = 3;

/**
 * Writes the notices of whatever happened since the last look of any process, each once by its key; answers whose they are. What they tell of is
 * committed already, so that nothing is told that didn't happen, and the kept position sees to it that nothing is left out.
 */
export async function writeNotices(sql: TransactionalSql): Promise<NoticesOf[]> {
  return await sql.transaction(async (tx) => {
    await tx.query(
      "insert into job_position (job, position) values ($1, extract(epoch from now())::int - 60) on conflict (job) do nothing",
      [job],
    );
    const [at] = await tx.query<{ position: number }>("select position from job_position where job = $1 for update skip locked", [job]);
    if (at === undefined) return [];
    const since = at.position - overlapSeconds;
    const written: NoticesOf[] = [];
    for (const cause of causes) written.push(...(await tx.query<NoticesOf & Record<string, unknown>>(insertOf(cause), [since])));
    await tx.query("update job_position set position = extract(epoch from now())::int where job = $1", [job]);
    return written;
  });
}

/** Each answers tenant_id, account_id, key, kind, conversation_id, team, who. $1 is the time from which on it looks. */
const causes = [
  // Index: assignment_lately.
  `select s.tenant_id, s.agent_id as account_id, 'offer:' || s.id as key, 'offer' as kind, s.conversation_id, c.team, k.name as who
     from assignment s ${withContact("s")} where s.at >= to_timestamp($1) and s.ended_at is null`,
  // Index: control_change_lately. What somebody took is no news to them.
  `select g.tenant_id, g.agent_id, 'assigned:' || g.conversation_id || ':' || g.generation, 'assigned', g.conversation_id, c.team, k.name
     from control_change g ${withContact("g")}
    where g.at >= to_timestamp($1) and g.to_controller = 'agent' and g.agent_id is not null and g.agent_id is distinct from g.by_id`,
  // Index: control_change_lately. One open notice for a team is enough, however many wait.
  `select distinct on (t.tenant_id, t.account_id, t.team)
       t.tenant_id, t.account_id, 'queue:' || g.conversation_id || ':' || g.generation, 'queue', g.conversation_id, coalesce(team.name, t.team), k.name
     from control_change g ${withContact("g")}
     join team_member t on t.tenant_id = c.tenant_id and t.team = c.team
     left join team on team.tenant_id = t.tenant_id and team.key = t.team
    where g.at >= to_timestamp($1 - ${patienceSeconds}) and g.at <= now() - interval '${patienceSeconds} seconds' and g.to_controller = 'queue'
      and c.controller = 'queue' and c.generation = g.generation and c.offered_to is null
      and not exists (
        select from notice n where n.tenant_id = t.tenant_id and n.account_id = t.account_id and n.kind = 'queue' and n.team = coalesce(team.name, t.team)
          and (n.read_at is null or n.read_at > g.at))
    order by t.tenant_id, t.account_id, t.team, g.at`,
  // Index: service_timer_warned.
  `select s.tenant_id, c.agent_id, 'service:' || s.conversation_id || ':' || s.kind || ':' || extract(epoch from s.begun_at), 'service', s.conversation_id, c.team, k.name
     from service_timer s ${withContact("s")} where s.warned_at >= to_timestamp($1) and s.ended_at is null and c.agent_id is not null`,
  // Index: mention_lately. Who looks at the conversation has read it by then.
  `select s.tenant_id, s.account_id, 'mention:' || s.note_id, 'mention', s.conversation_id, c.team, o.author_name
     from mention s ${withContact("s")}
     join note o on o.tenant_id = s.tenant_id and o.conversation_id = s.conversation_id and o.id = s.note_id
    where s.at >= to_timestamp($1) and s.read_at is null`,
];

function withContact(table: string): string {
  return `join conversation c on c.tenant_id = ${table}.tenant_id and c.id = ${table}.conversation_id
     join contact k on k.tenant_id = c.tenant_id and k.id = c.contact_id`;
}

function insertOf(cause: string): string {
  return `insert into notice (tenant_id, account_id, id, key, kind, conversation_id, team, who, due_at)
    select found.tenant_id, found.account_id, gen_random_uuid(), found.key, found.kind, found.conversation_id, found.team, found.who,
      now() + interval '${pushAfterSeconds} seconds'
    from (${cause}) found (tenant_id, account_id, key, kind, conversation_id, team, who)
    join membership m on m.tenant_id = found.tenant_id and m.account_id = found.account_id and m.active
    on conflict (tenant_id, account_id, key) do nothing
    returning tenant_id as tenant, account_id as account`;
}

/** A mail of a conversation was given up: whoever answers it should know. Answers whom it tells, if anybody answers. */
export async function writeMailNotice(sql: Sql, conversation: string, mail: string, to: string): Promise<string | undefined> {
  const rows = await sql.query<{ account: string }>(
    `insert into notice (tenant_id, account_id, id, key, kind, conversation_id, team, who)
     select c.tenant_id, c.agent_id, gen_random_uuid(), 'mail:' || $3, 'mail', c.id, c.team, $4 from conversation c
      where c.tenant_id = $1 and c.id = $2 and c.agent_id is not null
     on conflict (tenant_id, account_id, key) do update set read_at = null, at = now()
     returning account_id as account`,
    [conversation, mail, to],
  );
  return rows[0]?.account;
}
