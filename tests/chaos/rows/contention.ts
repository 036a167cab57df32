import pg from "pg";
import { startChat } from "../chat.ts";
import { ackDelays } from "../history/delays.ts";
import { quantile } from "../history/prompt.ts";
import { query } from "../processes/postgres.ts";
import { pause, soon } from "../processes/until.ts";
import { type Findings, type Row, require, type Scale } from "../row.ts";
import type { World } from "../world.ts";

/** Rows 24 and 25: others who use the database get in the way. */
export const contention: Row[] = [
  { number: 24, fault: "slow lists take every connection of their pool", shape: "one", inject: slowLists },
  { number: 25, fault: "deadlocks with another writer", shape: "one", inject: deadlocks },
];

const listsAtOnce = 60;

async function slowLists(world: World, { seconds }: Scale): Promise<Findings> {
  const chat = await startChat(world, { visitors: 20, tabs: 0, held: 4, perSecond: 30 });
  const agent = chat.agents[0];
  const calmFrom = performance.now();
  await pause(3000);
  const begunAt = performance.now();
  const locker = new pg.Client(world.databaseUrl);
  locker.on("error", () => {});
  await locker.connect();
  const answers = await world.fault("slow lists", async () => {
    // A list that waits for its table is as slow as one can be: until the statement's deadline.
    await locker.query("begin");
    await locker.query("lock table run in access exclusive mode");
    const until = performance.now() + seconds * 1000;
    const ask = async (): Promise<number[]> => {
      const statuses: number[] = [];
      while (performance.now() < until) statuses.push((await agent?.get("/api/v1/runs")) ?? 0);
      return statuses;
    };
    const asked = await Promise.all(Array.from({ length: listsAtOnce }, ask));
    await locker.query("rollback");
    return asked.flat();
  });
  const endedAt = performance.now();
  await locker.end();
  await pause(1000);
  chat.stop();
  const calmP99Ms = quantile(ackDelays(world.history.events, calmFrom, begunAt), 0.99);
  const p99Ms = quantile(ackDelays(world.history.events, begunAt, endedAt), 0.99);
  const refused = answers.filter((status) => status === 503).length;
  return {
    injected: `${listsAtOnce} lists at once that wait for their table, ${answers.length} in all`,
    figures: { calmP99Ms, p99Ms, refused },
    violations: [
      ...require(refused === answers.length &&
        refused > 0, `${answers.length - refused} of ${answers.length} lists were not refused with 503`),
      ...require(p99Ms <=
        Math.max(200, 5 * calmP99Ms), `acks took ${Math.round(p99Ms)} ms (p99) meanwhile, ${Math.round(calmP99Ms)} before`),
    ],
  };
}

async function deadlocks(world: World, { seconds }: Scale): Promise<Findings> {
  const chat = await startChat(world, { visitors: 8, tabs: 2, held: 0, perSecond: 120 });
  await query(world.databaseUrl, "alter system set deadlock_timeout = '100ms'");
  await query(world.databaseUrl, "select pg_reload_conf()");
  const before = await deadlocksSoFar(world);
  const conversations = chat.visitors.map(({ conversation }) => conversation);
  const begunAt = performance.now();
  const ownLosses = await world.fault("rival", async () => {
    const rivals = await Promise.all(Array.from({ length: 4 }, () => disturb(world, conversations, begunAt + seconds * 1000)));
    return rivals.reduce((sum, losses) => sum + losses, 0);
  });
  await pause(1000);
  chat.stop();
  await soon(10_000, () => world.visitors.every(({ waiting }) => waiting === 0));
  const found = (await deadlocksSoFar(world)) - before;
  const refusals = world.visitors.reduce((sum, visitor) => sum + visitor.refusals.length, 0);
  await query(world.databaseUrl, "alter system reset deadlock_timeout");
  await query(world.databaseUrl, "select pg_reload_conf()");
  return {
    injected: `${found} deadlocks, of which the rival lost ${ownLosses}`,
    figures: { deadlocks: found, lostByProduct: found - ownLosses, refusals },
    violations: require(found - ownLosses > 0, "the product never lost a deadlock"),
  };
}

/** Changes rows of two conversations in one transaction, in any order; the answer is how often it was the one to give up. */
export async function disturb(world: World, conversations: readonly string[], until: number): Promise<number> {
  const client = new pg.Client(world.databaseUrl);
  await client.connect();
  let losses = 0;
  const any = () => conversations[Math.floor(world.random() * conversations.length)];
  while (performance.now() < until) {
    try {
      await client.query("begin");
      for (let n = 0; n < 3; n++) {
        await client.query("update conversation set created_at = created_at where id = $1", [any()]);
        await pause(3);
      }
      await client.query("commit");
    } catch {
      losses++;
      await client.query("rollback");
    }
    await pause(5);
  }
  await client.end();
  return losses;
}

async function deadlocksSoFar(world: World): Promise<number> {
  const [row] = await query(world.databaseUrl, "select deadlocks::int from pg_stat_database where datname = current_database()");
  return Number(row?.["deadlocks"]);
}
