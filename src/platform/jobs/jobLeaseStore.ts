import type { Sql } from "../database/database.ts";

/** A job under a lease: the fence is the lease's own number, and whoever has an older one writes nothing. */
export interface TakenJob {
  tenant: string;
  id: string;
  kind: string;
  data: unknown;
  attempt: number;
  fence: number;
  dueAt: Date;
}

/** A lease without what it is about. */
export type Lease = Pick<TakenJob, "tenant" | "id" | "fence">;

const taken = 'j.tenant_id as tenant, j.id, j.kind, j.data, j.attempts as attempt, j.fence, j.due_at as "dueAt"';
const take = "state = 'running', handed_at = null, attempts = j.attempts + 1, fence = j.fence + 1, stop_asked = false";

/** So many become ready at once. Index: job_later. */
const readyAtOnce = 1000;

/** What was to be done later is ready when it is due; answers whether there may be more. */
export async function readyDue(sql: Sql): Promise<boolean> {
  const ready = await sql.query(
    `with due as (select tenant_id, id from job where state = 'later' and due_at <= now() order by due_at limit ${readyAtOnce} for update skip locked)
     update job j set state = 'ready' from due where j.tenant_id = due.tenant_id and j.id = due.id returning 1`,
    [],
    "readyDue",
  );
  return ready.length === readyAtOnce;
}

export interface Choosing {
  kind: string;
  limit: number;
  perTenant: number | undefined;
  /** Tenants behind this one, in the order of their ids; undefined begins with the first. */
  after: string | undefined;
}

/**
 * Of the tenants behind `after` that have something ready, as many as may be chosen, each with its share of the oldest: so one's ten thousand
 * don't keep another's waiting. Found by going from tenant to tenant in job_ready, never through all jobs of one. $1 kind, $2 after, $3 limit,
 * $4 perTenant, $5 how old a hand-over is over.
 */
function chosen(after: string | undefined, may: string): string {
  const ofKind = "from job where kind = $1 and state = 'ready'";
  return `with recursive busy as materialized (
      select tenant_id, count(*)::int as n from (
        select tenant_id from job where kind = $1 and state = 'running'
        union all select tenant_id ${ofKind} and handed_at > now() - make_interval(secs => $5)
      ) held group by tenant_id
    ), tenants(tenant_id, place) as (
      (select tenant_id, 1 ${ofKind} and tenant_id ${after === undefined ? ">=" : ">"} $2 order by tenant_id limit 1)
      union all
      select next.tenant_id, t.place + 1 from tenants t cross join lateral (
        select tenant_id ${ofKind} and tenant_id > t.tenant_id order by tenant_id limit 1) next
      where t.place < $3::int + (select count(*) from busy)
    ), chosen as materialized (
      select tenant_id, id from (
        select p.tenant_id, p.id, p.due_at, row_number() over (partition by p.tenant_id order by p.due_at, p.id) as place
          from tenants t cross join lateral (
            select tenant_id, id, due_at ${ofKind} and tenant_id = t.tenant_id and ${may} order by due_at, id
             limit greatest(0, least(ceil($3::float8 / (select count(*) from tenants))::int,
               coalesce($4::int, $3::int) - case when $4::int is null then 0 else coalesce((select n from busy where busy.tenant_id = t.tenant_id), 0) end))
             for update skip locked) p
      ) ranked order by place, due_at limit $3::int
    )`;
}

const firstTenant = "00000000-0000-0000-0000-000000000000";

/** Takes jobs that are ready, each tenant's oldest first. */
export async function takeReady(
  sql: Sql,
  { kind, limit, perTenant, after }: Choosing,
  holder: string,
  leaseSeconds: number,
): Promise<TakenJob[]> {
  return await sql.query<TakenJob>(
    `${chosen(after, "true")}
     update job j set ${take}, holder = $6, lease_until = now() + make_interval(secs => $7)
       from chosen where j.tenant_id = chosen.tenant_id and j.id = chosen.id returning ${taken}`,
    [kind, after ?? firstTenant, limit, perTenant ?? null, 0, holder, leaseSeconds],
    after === undefined ? "takeReady" : "takeReadyAfter",
  );
}

/** Marks jobs that are ready as handed on: not so again for `overSeconds`. */
export async function handReady(
  sql: Sql,
  { kind, limit, perTenant, after }: Choosing,
  overSeconds: number,
): Promise<(Lease & { dueAt: Date })[]> {
  return await sql.query<Lease & { dueAt: Date }>(
    `${chosen(after, "(handed_at is null or handed_at < now() - make_interval(secs => $5))")}
     update job j set handed_at = now() from chosen where j.tenant_id = chosen.tenant_id and j.id = chosen.id
     returning j.tenant_id as tenant, j.id, j.fence, j.due_at as "dueAt"`,
    [kind, after ?? firstTenant, limit, perTenant ?? null, overSeconds],
    after === undefined ? "handReady" : "handReadyAfter",
  );
}

/** How many of a kind are handed on and not taken yet. Index: job_handed. */
export async function countHanded(sql: Sql, kind: string, overSeconds: number): Promise<number> {
  const [row] = await sql.query<{ n: number }>(
    "select count(*)::int as n from job where kind = $1 and state = 'ready' and handed_at > now() - make_interval(secs => $2)",
    [kind, overSeconds],
    "countHanded",
  );
  return row?.n ?? 0;
}

/** Those that could not be handed on after all. */
export async function takeBackHanded(sql: Sql, handed: readonly Pick<Lease, "tenant" | "id">[]): Promise<void> {
  await sql.query(
    `update job j set handed_at = null from unnest($1::uuid[], $2::uuid[]) as r(tenant_id, id)
      where j.tenant_id = r.tenant_id and j.id = r.id and j.state = 'ready'`,
    [handed.map(({ tenant }) => tenant), handed.map(({ id }) => id)],
  );
}

/** Takes this one, where it is still ready. */
export async function takeOne(
  sql: Sql,
  { tenant, id }: Pick<Lease, "tenant" | "id">,
  holder: string,
  leaseSeconds: number,
): Promise<TakenJob | undefined> {
  const [job] = await sql.query<TakenJob>(
    `update job j set ${take}, holder = $3, lease_until = now() + make_interval(secs => $4)
      where tenant_id = $1 and id = $2 and state = 'ready' returning ${taken}`,
    [tenant, id, holder, leaseSeconds],
    "takeOne",
  );
  return job;
}

/** Takes those whose worker is gone, under a lease of a new number; the try that was lost stays counted. Index: job_lease. */
export async function takeLost(sql: Sql, kind: string, holder: string, leaseSeconds: number): Promise<TakenJob[]> {
  return await sql.query<TakenJob>(
    `with lost as (
       select tenant_id, id from job where kind = $1 and state = 'running' and lease_until < now() order by lease_until limit 50 for update skip locked
     )
     update job j set fence = j.fence + 1, holder = $2, lease_until = now() + make_interval(secs => $3)
       from lost where j.tenant_id = lost.tenant_id and j.id = lost.id returning ${taken}`,
    [kind, holder, leaseSeconds],
    "takeLost",
  );
}

export interface Renewed {
  tenant: string;
  id: string;
  /** Whether the lease is still this one. */
  held: boolean;
  stop: boolean;
}

/** Renews leases, and writes the progress that is new. Those that a worker's own transaction holds are left for the next time. */
export async function renewLeases(
  sql: Sql,
  leases: readonly (Lease & { progress: string | null })[],
  leaseSeconds: number,
): Promise<Renewed[]> {
  return await sql.query<Renewed>(
    `with mine as (
       select * from unnest($1::uuid[], $2::uuid[], $3::int[], $4::text[]) as r(tenant_id, id, fence, progress)
     ), free as materialized (
       select j.tenant_id, j.id, mine.progress from mine join job j on j.tenant_id = mine.tenant_id and j.id = mine.id and j.fence = mine.fence
        where j.state = 'running' for no key update of j skip locked
     ), renewed as (
       update job j set lease_until = now() + make_interval(secs => $5), progress = coalesce(free.progress::jsonb, j.progress)
         from free where j.tenant_id = free.tenant_id and j.id = free.id
     )
     select mine.tenant_id as tenant, mine.id, coalesce(j.fence = mine.fence and j.state = 'running', false) as held, coalesce(j.stop_asked, false) as stop
       from mine left join job j on j.tenant_id = mine.tenant_id and j.id = mine.id`,
    [
      leases.map(({ tenant }) => tenant),
      leases.map(({ id }) => id),
      leases.map(({ fence }) => fence),
      leases.map(({ progress }) => progress),
      leaseSeconds,
    ],
    "renewLeases",
  );
}

/** Whether the lease is this one, until the transaction ends: nobody takes the job, nor renews its lease, meanwhile. */
export async function holdLease(tx: Sql, { id, fence }: Pick<Lease, "id" | "fence">): Promise<boolean> {
  const held = await tx.query(
    "select 1 from job where tenant_id = $1 and id = $2 and fence = $3 and state = 'running' for no key update",
    [id, fence],
    "holdLease",
  );
  return held.length > 0;
}

/** How a lease ends. */
export type Ending =
  | { to: "done" }
  | { to: "again"; at: Date }
  | { to: "retry"; afterMs: number; reason: string }
  | { to: "givenBack" }
  | { to: "cancelled" }
  | { to: "dead"; reason: string };

const letGo = "holder = null, lease_until = null, progress = coalesce($4::jsonb, progress)";
const over = `${letGo}, ended_at = now()`;

/** What is done or cancelled leaves no data. $5 is the ending's own value. */
const endings = {
  done: `state = 'done', last_error = null, data = '{}', ${over}`,
  again: `state = case when $5::timestamptz > now() then 'later' else 'ready' end, due_at = $5::timestamptz, attempts = 0, last_error = null, ${letGo}`,
  retry: `state = 'later', due_at = now() + make_interval(secs => ($5::jsonb->>'afterMs')::float8 / 1000), last_error = $5::jsonb->>'reason', ${letGo}`,
  givenBack: `state = 'ready', attempts = attempts - 1, ${letGo}`,
  cancelled: `state = 'cancelled', data = '{}', ${over}`,
  dead: `state = 'dead', last_error = $5::text, ${over}`,
} as const satisfies Record<Ending["to"], string>;

/** Ends a lease; false where it is not this one any more, and nothing was written. `sql` is the tenant's. */
export async function endLease(
  sql: Sql,
  { id, fence }: Pick<Lease, "id" | "fence">,
  ending: Ending,
  progress: string | null,
): Promise<boolean> {
  const value = valueIn(ending);
  const ended = await sql.query(
    `update job set ${endings[ending.to]} where tenant_id = $1 and id = $2 and fence = $3 and state = 'running' returning 1`,
    [id, fence, progress, ...(value === undefined ? [] : [value])],
    `endLease ${ending.to}`,
  );
  return ended.length > 0;
}

function valueIn(ending: Ending): Date | string | undefined {
  if (ending.to === "again") return ending.at;
  if (ending.to === "dead") return ending.reason;
  if (ending.to === "retry") return JSON.stringify({ afterMs: ending.afterMs, reason: ending.reason });
  return undefined;
}
