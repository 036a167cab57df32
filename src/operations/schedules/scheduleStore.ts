import type { Sql } from "../../platform/database/database.ts";
import type { ScheduleAnswer, TimeState } from "../../protocol/schedules.ts";

export interface StoredSchedule {
  id: string;
  name: string;
  operation: string;
  args: Record<string, unknown>;
  spoken: string;
  pattern: string;
  timeZone: string;
  answer: ScheduleAnswer;
  onlyRows: boolean;
  account: string;
  key: string | null;
  state: "active" | "paused";
  reason: string | null;
  version: number;
}

export interface StoredTime {
  dueAt: Date;
  /** As which version of the schedule it was begun. */
  version: number;
  begunAt: Date;
  endedAt: Date | null;
  state: TimeState;
  run: string | null;
  outcome: string | null;
}

export interface ListedSchedule extends StoredSchedule {
  owner: string;
  changedBy: string;
  changedAt: Date;
  last: StoredTime | null;
}

type Row<Type> = Type & Record<string, unknown>;

const columns = `s.id, s.name, s.operation, s.args, s.spoken, s.pattern, s.time_zone as "timeZone", s.answer, s.only_rows as "onlyRows",
  s.account_id as account, s.key_id as key, s.state, s.reason, s.version`;
const timeColumns = `t.due_at as "dueAt", t.version, t.begun_at as "begunAt", t.ended_at as "endedAt", t.state, t.run_id as run, t.outcome`;

/** Throws 23505 where there is one of this name; false where there are too many. */
export async function insertSchedule(
  tx: Sql,
  schedule: Omit<StoredSchedule, "state" | "reason" | "version">,
  { nextAt, by, at, most }: { nextAt: Date; by: string; at: Date; most: number },
): Promise<boolean> {
  const { id, name, operation, args, spoken, pattern, timeZone, answer, onlyRows, account, key } = schedule;
  const rows = await tx.query(
    `insert into schedule (tenant_id, id, name, operation, args, spoken, pattern, time_zone, answer, only_rows, account_id, key_id, state, next_at, changed_by, changed_at)
     select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'active', $13, $14, $15
      where (select count(*) from schedule where tenant_id = $1) < $16 returning id`,
    [
      id,
      name,
      operation,
      JSON.stringify(args),
      spoken,
      pattern,
      timeZone,
      JSON.stringify(answer),
      onlyRows,
      account,
      key,
      nextAt,
      by,
      at,
      most,
    ],
  );
  return rows.length > 0;
}

/** A change makes a version; what waits of the one before does nothing any more. Throws 23505 where there is one of this name. */
export async function saveSchedule(
  tx: Sql,
  schedule: StoredSchedule,
  { nextAt, by, at }: { nextAt: Date | null; by: string; at: Date },
): Promise<void> {
  const { id, name, operation, args, spoken, pattern, timeZone, answer, onlyRows, account, key, state, reason } = schedule;
  await tx.query(
    `update schedule set name = $3, operation = $4, args = $5, spoken = $6, pattern = $7, time_zone = $8, answer = $9, only_rows = $10,
       account_id = $11, key_id = $12, state = $13, reason = $14, next_at = $15, changed_by = $16, changed_at = $17, version = version + 1
      where tenant_id = $1 and id = $2`,
    [
      id,
      name,
      operation,
      JSON.stringify(args),
      spoken,
      pattern,
      timeZone,
      JSON.stringify(answer),
      onlyRows,
      account,
      key,
      state,
      reason,
      nextAt,
      by,
      at,
    ],
  );
}

export async function deleteSchedule(tx: Sql, id: string): Promise<void> {
  await tx.query("delete from schedule where tenant_id = $1 and id = $2", [id]);
}

/** Locked until the end of the transaction. Primary key. */
export async function lockSchedule(tx: Sql, id: string): Promise<StoredSchedule | undefined> {
  const [found] = await tx.query<Row<StoredSchedule>>(`select ${columns} from schedule s where s.tenant_id = $1 and s.id = $2 for update`, [
    id,
  ]);
  return found;
}

export async function saveNext(tx: Sql, id: string, nextAt: Date | null): Promise<void> {
  await tx.query("update schedule set next_at = $3 where tenant_id = $1 and id = $2", [id, nextAt]);
}

/** It stops until somebody resumes it. */
export async function pauseSchedule(tx: Sql, id: string, reason: string): Promise<void> {
  await tx.query("update schedule set state = 'paused', reason = $3, next_at = null where tenant_id = $1 and id = $2", [id, reason]);
}

/** Those of one account, or of all, by name; `id` for one. */
export async function listSchedules(sql: Sql, { account, id }: { account: string | null; id: string | null }): Promise<ListedSchedule[]> {
  const rows = await sql.query<Row<StoredSchedule & { owner: string; changedBy: string; changedAt: Date }>>(
    `select ${columns}, coalesce(a.name, 'somebody who left') as owner, s.changed_by as "changedBy", s.changed_at as "changedAt"
       from schedule s left join account a on a.id = s.account_id
      where s.tenant_id = $1 and ($2::uuid is null or s.account_id = $2) and ($3::uuid is null or s.id = $3) order by lower(s.name), s.id`,
    [account, id],
  );
  const lasts = await sql.query<Row<StoredTime & { schedule: string }>>(
    `select s.schedule_id as schedule, t.* from unnest($2::uuid[]) as s(schedule_id)
       cross join lateral (select ${timeColumns} from schedule_time t where t.tenant_id = $1 and t.schedule_id = s.schedule_id order by t.due_at desc limit 1) t`,
    [rows.map((row) => row.id)],
  );
  return rows.map((row) => ({ ...row, last: lasts.find(({ schedule }) => schedule === row.id) ?? null }));
}

/** The newest times of one. Primary key. */
export async function listTimes(sql: Sql, schedule: string, limit: number): Promise<StoredTime[]> {
  return await sql.query<Row<StoredTime>>(
    `select ${timeColumns} from schedule_time t where t.tenant_id = $1 and t.schedule_id = $2 order by t.due_at desc limit $3`,
    [schedule, limit],
  );
}

/** False where this time was begun before: by another worker, or by one that died of it. */
export async function insertTime(
  tx: Sql,
  schedule: string,
  { dueAt, version, now }: { dueAt: Date; version: number; now: Date },
): Promise<boolean> {
  const rows = await tx.query(
    `insert into schedule_time (tenant_id, schedule_id, due_at, version, begun_at, state) values ($1, $2, $3, $4, $5, 'running')
     on conflict do nothing returning 1`,
    [schedule, dueAt, version, now],
  );
  return rows.length > 0;
}

export async function findTime(tx: Sql, schedule: string, dueAt: Date): Promise<StoredTime | undefined> {
  const [found] = await tx.query<Row<StoredTime>>(
    `select ${timeColumns} from schedule_time t where t.tenant_id = $1 and t.schedule_id = $2 and t.due_at = $3`,
    [schedule, dueAt],
  );
  return found;
}

export async function endTime(
  tx: Sql,
  schedule: string,
  dueAt: Date,
  { state, run, outcome, at }: { state: TimeState; run: string | null; outcome: string; at: Date },
): Promise<void> {
  await tx.query(
    `update schedule_time set state = $4, run_id = $5, outcome = $6, ended_at = $7 where tenant_id = $1 and schedule_id = $2 and due_at = $3`,
    [schedule, dueAt, state, run, outcome.slice(0, 1000), at],
  );
}

/** Retention. Index: schedule_time_ended. */
export async function deleteOldTimes(sql: Sql, days: number): Promise<void> {
  await sql.query("delete from schedule_time where ended_at < now() - make_interval(days => $1)", [days]);
}
