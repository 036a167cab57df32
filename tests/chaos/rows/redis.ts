import { startChat } from "../chat.ts";
import { query } from "../processes/postgres.ts";
import { hasRedis, type Redis, startRedis } from "../processes/redis.ts";
import { pause, soon, until } from "../processes/until.ts";
import { type Findings, type Row, require } from "../row.ts";
import type { World } from "../world.ts";

/**
 * Row 34: everything in Redis is gone. Nothing of the product is there yet: timers, leases and retries are rows, which the row shows by the
 * end of a snooze and by a session that goes on. It stands here for whoever puts something there.
 */
export const redis: Row[] = [
  {
    number: 34,
    fault: "Redis flushed, and then gone",
    shape: "one",
    missing: () => (hasRedis() ? undefined : "redis-server is not in the PATH"),
    environment: async (folder) => {
      const server = await startRedis();
      servers.set(folder, server);
      return { REDIS_URL: `redis://127.0.0.1:${server.port}` };
    },
    inject: flush,
  },
];

const rebuiltWithinMs = 30_000;
const snoozeMs = 6000;
/** By the product's folder: it is there before the product. */
const servers = new Map<string, Redis>();

async function flush(world: World): Promise<Findings> {
  const server = servers.get(world.dataDir);
  if (server === undefined) throw new Error("there is no Redis");
  world.afterwards(() => server.end());
  const chat = await startChat(world, { visitors: 12, tabs: 4, held: 6, perSecond: 20 });
  const [agent] = chat.agents;
  if (agent === undefined) throw new Error("nobody is there");
  // Somebody who writes nothing: a message would end the snooze.
  const silent = world.visitor(world.doors(0), { name: "silent" });
  await until("the silent visitor is welcomed", 5000, () => silent.open);
  await agent.take(silent.conversation);
  const snoozed = await agent.run("conversation.snooze", { conversation: silent.conversation, until: `in ${snoozeMs / 1000} seconds` });
  const [wokenMs, keys] = await world.fault("flush", async () => {
    const at = performance.now();
    const had = await server.ask("DBSIZE");
    await server.ask("FLUSHALL");
    await pause(1000);
    await server.end();
    await soon(rebuiltWithinMs, async () => !(await isSnoozed(world, silent.conversation)), 100);
    return [performance.now() - at, Number(had.replace(/\D/g, ""))] as const;
  });
  const session = await agent.get("/api/v1/commands");
  await pause(1000);
  chat.stop();
  return {
    injected: `FLUSHALL of a Redis with ${keys} keys of the product, then its end`,
    figures: { keys, wokenMs },
    violations: [
      ...require(snoozed.state === "succeeded", `nothing was snoozed: ${snoozed.error?.message ?? snoozed.state}`),
      ...require(wokenMs >= snoozeMs - 2000 &&
        wokenMs <= rebuiltWithinMs, `a snooze of ${snoozeMs / 1000} s ended after ${Math.round(wokenMs)} ms`),
      ...require(session === 200, `a session was answered with ${session}`),
    ],
  };
}

async function isSnoozed(world: World, conversation: string): Promise<boolean> {
  const [row] = await query(world.databaseUrl, "select snoozed_until is not null as snoozed from conversation where id = $1", [
    conversation,
  ]);
  return row?.["snoozed"] === true;
}
