import { hasRedis, type Redis, startRedis } from "../processes/redis.ts";
import type { World } from "../world.ts";

/** By the product's folder: it is there before the product. */
const servers = new Map<string, Redis>();

/** A Redis for the product, where there is one on this machine. */
export async function redisFor(folder: string): Promise<Record<string, string>> {
  if (!hasRedis()) return {};
  const server = await startRedis();
  servers.set(folder, server);
  return { REDIS_URL: `redis://127.0.0.1:${server.port}` };
}

/** That one. */
export function redisOf(world: World): Redis | undefined {
  return servers.get(world.dataDir);
}
