import type { Sql } from "../../platform/database/database.ts";

export interface Consumed {
  key: Buffer;
  points: number;
  endsAt: Date;
}

/** One try of each, counted from the first until `endsAt`. In the order of the keys, so that two who count the same don't wait for each other. */
export async function consumePoints(sql: Sql, tries: readonly { key: Buffer; endsAt: Date }[], now: Date): Promise<Consumed[]> {
  return await sql.query<Consumed>(
    `insert into throttle as t (key, points, ends_at)
       select key, 1, ends_at from unnest($1::bytea[], $2::timestamptz[]) as u (key, ends_at) order by key
     on conflict (key) do update set points = case when t.ends_at <= $3 then 1 else t.points + 1 end,
       ends_at = case when t.ends_at <= $3 then excluded.ends_at else t.ends_at end
     returning key, points, ends_at as "endsAt"`,
    [tries.map(({ key }) => key), tries.map(({ endsAt }) => endsAt), now],
  );
}

export async function rewardPoints(sql: Sql, keys: readonly Buffer[]): Promise<void> {
  await sql.query(
    `update throttle set points = points - 1
      where key in (select key from throttle where key = any($1::bytea[]) and points > 0 order by key for update)`,
    [keys],
  );
}

export async function endOfPoints(sql: Sql, key: Buffer): Promise<Date | undefined> {
  const [row] = await sql.query<{ until: Date }>("select ends_at as until from throttle where key = $1", [key]);
  return row?.until;
}

export interface Failing {
  /** Wrong tries in a row, this one counted; none where it must wait. */
  tries: number | undefined;
  waitUntil: Date | undefined;
}

/**
 * Counts a try that is taken for wrong until it was right. The pause after it begins in the same statement: of many that come at once, those get
 * in that are still free, then one after each pause.
 */
export async function beginTry(
  sql: Sql,
  key: Buffer,
  { freeTries, pausesS, keptMs }: { freeTries: number; pausesS: readonly number[]; keptMs: number },
  now: Date,
): Promise<Failing> {
  const endsAt = new Date(now.getTime() + keptMs);
  const [begun] = await sql.query<{ tries: number }>(
    `insert into sign_in_failure as f (key, tries, paused_until, ends_at) values ($1, 1, null, $3)
     on conflict (key) do update set
       tries = case when f.ends_at <= $2 then 1 else f.tries + 1 end,
       paused_until = case when f.ends_at > $2 and f.tries + 1 >= $4
         then $2 + make_interval(secs => ($5::int[])[least(f.tries + 2 - $4, cardinality($5::int[]))]) end,
       ends_at = $3
     where f.paused_until is null or f.paused_until <= $2
     returning tries`,
    [key, now, endsAt, freeTries, pausesS],
  );
  if (begun !== undefined) return { tries: begun.tries, waitUntil: undefined };
  const [paused] = await sql.query<{ until: Date | null }>("select paused_until as until from sign_in_failure where key = $1", [key]);
  return { tries: undefined, waitUntil: paused?.until ?? now };
}

export async function forgetTries(sql: Sql, keys: readonly Buffer[]): Promise<void> {
  await sql.query("delete from sign_in_failure where key = any($1::bytea[])", [keys]);
}
