import type { Json } from "../bus/bus.ts";
import type { Sql } from "../database/database.ts";

/** As people see it: `later` and `ready` in the table both wait. */
export type JobState = "waiting" | "running" | "done" | "dead" | "cancelled";

const shownState = "case when state in ('later', 'ready') then 'waiting' else state end";

export interface NewJobRow {
  id: string;
  kind: string;
  key: string | null;
  data: Json;
  at: Date | null;
}

/** The id under this key: of the new row, or of the one that is there already. */
export async function insertJob(sql: Sql, { id, kind, key, data, at }: NewJobRow): Promise<string> {
  const rows = await sql.query<{ id: string }>(
    `insert into job (tenant_id, id, kind, key, data, state, due_at)
     values ($1, $2, $3, $4, $5, case when $6::timestamptz > now() then 'later' else 'ready' end, coalesce($6::timestamptz, now()))
     on conflict (tenant_id, kind, key) do update set key = excluded.key returning id`,
    [id, kind, key, JSON.stringify(data), at],
    "insertJob",
  );
  return rows[0]?.id ?? id;
}

export interface NewDueJob extends Pick<NewJobRow, "id" | "data"> {
  tenant: string;
  key: string;
}

/** Many of one kind, of any tenants, due at once, in their order; what is there under a key stays as it is. */
export async function insertDueJobs(sql: Sql, kind: string, jobs: readonly NewDueJob[]): Promise<void> {
  await sql.query(
    `insert into job (tenant_id, id, kind, key, data, state, due_at)
     select tenant, id, $1, key, data, 'ready', now() from json_to_recordset($2::json) as jobs (tenant uuid, id uuid, key text, data jsonb)
     on conflict (tenant_id, kind, key) do nothing`,
    [kind, JSON.stringify(jobs)],
    "insertDueJobs",
  );
}

/** The same of many in a statement of others, which are ready at once: where their columns come from, and the rows. What is there under a key stays. */
export function insertJobsSql(kind: string, { id, key, data }: Record<"id" | "key" | "data", string>, rows: string): string {
  return `insert into job (tenant_id, id, kind, key, data, state, due_at)
    select $1, ${id}, '${kind}', ${key}, ${data}, 'ready', now() from ${rows} on conflict (tenant_id, kind, key) do nothing`;
}

export interface JobListing {
  id: string;
  kind: string;
  key: string | null;
  state: JobState;
  attempts: number;
  /** What its worker said last. */
  progress: unknown;
  /** Why the last try failed, in words for people. */
  lastError: string | null;
  createdAt: Date;
  dueAt: Date;
  endedAt: Date | null;
  /** Whether it was told to stop and hasn't yet. */
  stopping: boolean;
}

const listed = `select id, kind, key, ${shownState} as state, attempts, progress, last_error as "lastError", created_at as "createdAt", due_at as "dueAt",
  ended_at as "endedAt", stop_asked and state = 'running' as stopping from job`;

export async function findJob(sql: Sql, id: string): Promise<JobListing | undefined> {
  const [job] = await sql.query<JobListing>(`${listed} where tenant_id = $1 and id = $2`, [id]);
  return job;
}

/** Those of a kind under these keys. Unique (tenant_id, kind, key). */
export async function listJobsByKeys(sql: Pick<Sql, "query">, kind: string, keys: readonly string[]): Promise<JobListing[]> {
  return await sql.query<JobListing>(`${listed} where tenant_id = $1 and kind = $2 and key = any($3)`, [kind, keys]);
}

/** The newest. Index: job_created. */
export async function listJobs(sql: Sql, { kind, state }: { kind?: string; state?: JobState }, limit: number): Promise<JobListing[]> {
  return await sql.query<JobListing>(
    `${listed} where tenant_id = $1 and ($2::text is null or kind = $2) and ($3::text is null or ${shownState} = $3)
      order by created_at desc, id desc limit $4`,
    [kind ?? null, state ?? null, limit],
  );
}

/**
 * One that waits is cancelled at once; one that runs is told to stop, and is cancelled when it did, unless it is done by then. Answers its state
 * before, or nothing where there is none.
 */
export async function cancelJob(sql: Sql, id: string): Promise<JobState | undefined> {
  const [job] = await sql.query<{ state: JobState }>(
    `with before as (select id, state from job where tenant_id = $1 and id = $2 for update),
       waiting as (
         update job j set state = 'cancelled', ended_at = now(), data = '{}', handed_at = null from before
          where j.tenant_id = $1 and j.id = before.id and before.state in ('later', 'ready')
       ), running as (
         update job j set stop_asked = true from before where j.tenant_id = $1 and j.id = before.id and before.state = 'running'
       )
     select ${shownState} as state from before`,
    [id],
  );
  return job?.state;
}

/** Has one that waits done at another time; false where none waits. */
export async function moveJob(sql: Sql, id: string, at: Date): Promise<boolean> {
  const moved = await sql.query(
    `update job set due_at = $3, handed_at = null, state = case when $3::timestamptz > now() then 'later' else 'ready' end
      where tenant_id = $1 and id = $2 and state in ('later', 'ready') returning 1`,
    [id, at],
  );
  return moved.length > 0;
}

/** Has one that is dead tried again now, with all its tries; false where none is. */
export async function retryJob(sql: Sql, id: string): Promise<boolean> {
  const revived = await sql.query(
    `update job set state = 'ready', due_at = now(), attempts = 0, ended_at = null, stop_asked = false
      where tenant_id = $1 and id = $2 and state = 'dead' returning 1`,
    [id],
  );
  return revived.length > 0;
}

/** Forgets what ended so long ago, some thousands; answers how many went. Index: job_ended. */
export async function deleteEndedJobs(sql: Sql, { doneDays, deadDays }: { doneDays: number; deadDays: number }): Promise<number> {
  const gone = await sql.query(
    `delete from job where ctid = any(array(
       select ctid from job where ended_at < now() - make_interval(days => case state when 'dead' then $2::int else $1::int end) and ended_at is not null limit 5000))
     returning 1`,
    [doneDays, deadDays],
  );
  return gone.length;
}
