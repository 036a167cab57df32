import { randomUUID } from "node:crypto";
import { type Chat, startChat } from "../chat.ts";
import { ackDelays } from "../history/delays.ts";
import { quantile } from "../history/prompt.ts";
import { query } from "../processes/postgres.ts";
import { hasRedis, type Redis } from "../processes/redis.ts";
import { pause, soon, until } from "../processes/until.ts";
import { type Findings, type Row, require, type Scale } from "../row.ts";
import type { World } from "../world.ts";
import { redisFor, redisOf } from "./ownRedis.ts";

/**
 * Rows 34 to 38: Redis brings jobs to their workers, and the database has them. Whatever becomes of Redis, or of a worker, each is done within
 * 30 s, and the chat notices nothing. The jobs are tenants that are to be deleted.
 */
export const redis: Row[] = [
  { number: 34, fault: "Redis flushed, and then gone", inject: flush },
  { number: 35, fault: "Redis can't save, so it refuses writes", inject: noDisk },
  { number: 36, fault: "Redis stands still", inject: frozen },
  { number: 38, fault: "a worker of jobs killed", inject: workerKilled },
].map((row) => ({
  ...row,
  shape: "one" as const,
  missing: () => (hasRedis() ? undefined : "redis-server is not in the PATH"),
  environment: redisFor,
}));

const rebuiltWithinMs = 30_000;
const manyJobs = 60;

function itsRedis(world: World): Redis {
  const server = redisOf(world);
  if (server === undefined) throw new Error("there is no Redis");
  world.afterwards(() => server.end());
  return server;
}

interface Jobs {
  /** How many have begun or are over. */
  begun(): Promise<number>;
  /** Resolves with the milliseconds from now until none is left, or with more than 30 s. */
  done(): Promise<number>;
  /** What is wrong with them at the end. */
  check(): Promise<string[]>;
}

/** Tenants that are to be deleted, as `eraseTenant` writes it down. */
async function addJobs({ databaseUrl }: World): Promise<Jobs> {
  const tenants = Array.from({ length: manyJobs }, () => randomUUID());
  await query(
    databaseUrl,
    `with tenants as (insert into tenant (id, slug, name, active) select id, 'gone-' || left(id::text, 13), 'Gone', false from unnest($1::uuid[]) as id returning id)
     insert into job (tenant_id, id, kind, key, data, state, due_at)
     select '00000000-0000-0000-0000-000000000000', gen_random_uuid(), 'tenant.erase', id::text, jsonb_build_object('tenant', id), 'ready', now() from tenants`,
    [tenants],
  );
  const count = async (where: string) =>
    Number((await query(databaseUrl, `select count(*)::int as n from job where ${where}`, []))[0]?.["n"]);
  return {
    begun: () => count("fence > 0"),
    done: async () => {
      const at = performance.now();
      await soon(rebuiltWithinMs, async () => (await count("ended_at is null")) === 0, 100);
      return performance.now() - at;
    },
    check: async () => {
      const [left, notDone] = [
        await query(databaseUrl, "select 1 from tenant where id = any($1)", [tenants]),
        await count("state <> 'done'"),
      ];
      return [
        ...(left.length > 0 ? [`${left.length} tenants are still there`] : []),
        ...(notDone > 0 ? [`${notDone} jobs did not end well`] : []),
      ];
    },
  };
}

/** A fault while jobs are under way and people talk. */
async function disturbed(
  world: World,
  what: string,
  { begin, end }: { begin: () => Promise<void>; end: () => Promise<void> },
  chat?: Chat,
): Promise<Findings> {
  const people = chat ?? (await startChat(world, { visitors: 12, tabs: 4, held: 6, perSecond: 20 }));
  const jobs = await addJobs(world);
  await until("some jobs are under way", 10_000, async () => (await jobs.begun()) > 4);
  const [jobsMs, begunAt, endedAt] = await world.fault(what, async () => {
    const at = performance.now();
    await begin();
    const took = await jobs.done();
    const until = performance.now();
    await end();
    return [took, at, until] as const;
  });
  await pause(1000);
  people.stop();
  const acks = ackDelays(world.history.events, begunAt, endedAt);
  const ackP99Ms = quantile(acks, 0.99);
  return {
    injected: `${what}, while ${manyJobs} jobs were under way`,
    figures: { jobsMs, ackP99Ms },
    violations: [
      ...(await jobs.check()).flatMap((wrong) => require(false, wrong)),
      ...require(jobsMs <= rebuiltWithinMs, `jobs were done after ${Math.round(jobsMs)} ms`),
      ...require(acks.length > 10, `only ${acks.length} messages were acked meanwhile`),
    ],
  };
}

/** The chat notices nothing of Redis. */
function calmChat({ figures = {}, ...findings }: Findings): Findings {
  const { ackP99Ms = 0 } = figures;
  return {
    ...findings,
    figures,
    violations: [...(findings.violations ?? []), ...require(ackP99Ms <= 1000, `acks took ${Math.round(ackP99Ms)} ms (p99) meanwhile`)],
  };
}

async function noDisk(world: World): Promise<Findings> {
  const server = itsRedis(world);
  return calmChat(await disturbed(world, "Redis lost its disk", { begin: () => server.loseDisk(), end: async () => {} }));
}

async function frozen(world: World, { seconds }: Scale): Promise<Findings> {
  const server = itsRedis(world);
  const begin = async () => server.freeze();
  const end = async () => {
    await pause(seconds * 1000);
    server.thaw();
  };
  return calmChat(await disturbed(world, "SIGSTOP of Redis", { begin, end }));
}

async function workerKilled(world: World): Promise<Findings> {
  itsRedis(world);
  const product = world.product("a");
  const begin = async () => {
    await product.kill();
    await product.start();
  };
  return await disturbed(world, "kill -9 of the process that does jobs", { begin, end: async () => {} });
}

const snoozeMs = 6000;

/** Everything is gone, then the server: timers, leases and sessions, which are rows, go on as well. */
async function flush(world: World): Promise<Findings> {
  const server = itsRedis(world);
  const chat = await startChat(world, { visitors: 12, tabs: 4, held: 6, perSecond: 20 });
  const [agent] = chat.agents;
  if (agent === undefined) throw new Error("nobody is there");
  // Somebody who writes nothing: a message would end the snooze.
  const silent = world.visitor(world.doors(0), { name: "silent" });
  await until("the silent visitor is welcomed", 5000, () => silent.open);
  await agent.take(silent.conversation);
  const snoozed = await agent.run("conversation.snooze", { conversation: silent.conversation, until: `in ${snoozeMs / 1000} seconds` });
  const at = performance.now();
  let keys = 0;
  const begin = async () => {
    keys = Number((await server.ask("DBSIZE")).replace(/\D/g, ""));
    await server.ask("FLUSHALL");
    await pause(1000);
    await server.kill();
  };
  const findings = await disturbed(world, "FLUSHALL and the end of Redis", { begin, end: async () => {} }, chat);
  await soon(rebuiltWithinMs, async () => !(await isSnoozed(world, silent.conversation)), 100);
  const wokenMs = performance.now() - at;
  const session = await agent.get("/api/v1/commands");
  return calmChat({
    ...findings,
    figures: { ...findings.figures, keys, wokenMs },
    violations: [
      ...(findings.violations ?? []),
      ...require(keys > 0, "Redis held nothing"),
      ...require(snoozed.state === "succeeded", `nothing was snoozed: ${snoozed.error?.message ?? snoozed.state}`),
      ...require(wokenMs >= snoozeMs - 2000, `a snooze of ${snoozeMs / 1000} s ended after ${Math.round(wokenMs)} ms`),
      ...require(wokenMs <= rebuiltWithinMs + snoozeMs, `a snooze of ${snoozeMs / 1000} s had not ended after ${Math.round(wokenMs)} ms`),
      ...require(session === 200, `a session was answered with ${session}`),
    ],
  });
}

async function isSnoozed(world: World, conversation: string): Promise<boolean> {
  const [row] = await query(world.databaseUrl, "select snoozed_until is not null as snoozed from conversation where id = $1", [
    conversation,
  ]);
  return row?.["snoozed"] === true;
}
