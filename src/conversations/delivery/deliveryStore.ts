import type { Sql, TransactionalSql } from "../../platform/database/database.ts";

const job = "deliveries";
/** Tens of seconds: a statement may commit its deadline after the time that it wrote. */
const overlap = 1;
/** What is read at once after a long pause, ten minutes' worth. */
const step = 60;

/**
 * Notes for every conversation in which an agent was the last to speak, to somebody who has not read it and left an address, or writes by a
 * channel, that it is to be looked at. It goes on where the last look of any process ended; answers whether it is up to date. Index: conversation_touched.
 */
export async function noteAnswered(sql: TransactionalSql): Promise<boolean> {
  return await sql.transaction(async (tx) => {
    await tx.query(
      "insert into job_position (job, position) values ($1, extract(epoch from now())::int / 10 - $2) on conflict (job) do nothing",
      [job, step],
    );
    const [at] = await tx.query<{ position: number; now: number }>(
      "select position, extract(epoch from now())::int / 10 as now from job_position where job = $1 for update skip locked",
      [job],
    );
    if (at === undefined) return true;
    const upTo = Math.min(at.now, at.position + step);
    await tx.query(
      `insert into delivery (tenant_id, conversation_id, due_at)
       select c.tenant_id, c.id, now() from conversation c join contact k on k.tenant_id = c.tenant_id and k.id = c.contact_id
        where c.touched between $1 and $2 and c.last_author = 'agent' and c.last_seq > c.visitor_read_seq
          and (k.email is not null or c.channel <> 'website')
       on conflict (tenant_id, conversation_id) do update set due_at = excluded.due_at where delivery.due_at is null`,
      [at.position - overlap, upTo],
    );
    await tx.query("update job_position set position = $2 where job = $1", [job, upTo]);
    return upTo === at.now;
  });
}

export interface DueDelivery {
  tenant: string;
  conversation: string;
  deliveredSeq: number;
  awaySeconds: number | undefined;
  /** Since it was due. */
  lateSeconds: number;
}

/** Takes what is to be looked at, for a minute. Index: delivery_due. */
export async function takeDueDeliveries(sql: Sql, limit: number): Promise<DueDelivery[]> {
  const rows = await sql.query<{ tenant: string; conversation: string; delivered: number; away: number | null; late: number }>(
    `with due as (select tenant_id, conversation_id, extract(epoch from now() - due_at)::float8 as late from delivery where due_at <= now() order by due_at limit $1 for update skip locked)
     update delivery d set due_at = now() + interval '1 minute' from due
      where d.tenant_id = due.tenant_id and d.conversation_id = due.conversation_id
     returning d.tenant_id as tenant, d.conversation_id as conversation, d.delivered_seq as delivered,
       extract(epoch from now() - d.away_since)::float8 as away, due.late`,
    [limit],
    "takeDueDeliveries",
  );
  return rows.map(({ tenant, conversation, delivered, away, late }) => ({
    tenant,
    conversation,
    deliveredSeq: delivered,
    awaySeconds: away ?? undefined,
    lateSeconds: late,
  }));
}

export interface Undelivered {
  readSeq: number;
  /** By which the conversation began: `website`, or a channel's name. */
  channel: string;
  contact: { name: string; email: string | null; locale: string | null; page: string | null };
  inbox: { name: string; origins: string[]; afterSeconds: number };
}

/** Index: the primary keys. */
export async function findUndelivered(sql: Sql, conversation: string): Promise<Undelivered | undefined> {
  const rows = await sql.query<{
    read: number;
    channel: string;
    name: string;
    email: string | null;
    locale: string | null;
    page: string | null;
    inbox: string;
    origins: string[];
    after: number;
  }>(
    `select c.visitor_read_seq as read, c.channel, k.name, k.email, k.locale, k.page, i.name as inbox, i.origins, i.mail_after_seconds as after
       from conversation c
       join contact k on k.tenant_id = c.tenant_id and k.id = c.contact_id
       join inbox i on i.tenant_id = c.tenant_id and i.id = c.inbox_id
      where c.tenant_id = $1 and c.id = $2`,
    [conversation],
    "findUndelivered",
  );
  return rows.map(({ read, channel, name, email, locale, page, inbox, origins, after }) => ({
    readSeq: read,
    channel,
    contact: { name, email, locale, page },
    inbox: { name: inbox, origins, afterSeconds: after },
  }))[0];
}

/** Says when it is looked at again, null for not before an agent speaks again, and since when nobody is there. */
export async function scheduleDelivery(
  sql: Sql,
  conversation: string,
  { inSeconds, away }: { inSeconds: number | null; away: "since" | "asBefore" | "no" },
): Promise<void> {
  await sql.query(
    `update delivery set due_at = now() + make_interval(secs => $3),
       away_since = case $4 when 'since' then now() when 'asBefore' then away_since end
      where tenant_id = $1 and conversation_id = $2`,
    [conversation, inSeconds, away],
  );
}

/** Marks all up to `seq` as delivered; false where somebody else did meanwhile. */
export async function markDelivered(sql: Sql, conversation: string, before: number, seq: number): Promise<boolean> {
  const rows = await sql.query(
    `update delivery set delivered_seq = $4, due_at = null, away_since = null
      where tenant_id = $1 and conversation_id = $2 and delivered_seq = $3 returning conversation_id`,
    [conversation, before, seq],
  );
  return rows.length > 0;
}
