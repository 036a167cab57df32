import { Redis, type RedisOptions } from "ioredis";
import { Refusal } from "../../protocol/refusal.ts";
import type { Log } from "../log/log.ts";

const connectDeadlineMs = 3000;
/** A server that stands still is given up after it: by default a command waits for ever (faults.md, row 36). */
const commandDeadlineMs = 2000;
/** What waits for the next job asks anew every 5 s; a connection that is silent for longer is a dead one. */
const silenceMs = 12_000;
const oldestServer = [6, 2] as const;

/** Asks and gives up soon. */
const asking = {
  connectTimeout: connectDeadlineMs,
  commandTimeout: commandDeadlineMs,
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  retryStrategy: (times: number) => Math.min(times * 200, 2000),
  connectionName: "switchboard",
} satisfies RedisOptions;

/** Waits for what comes, as BullMQ wants it of its workers. */
const waiting = {
  connectTimeout: connectDeadlineMs,
  maxRetriesPerRequest: null,
  socketTimeout: silenceMs,
  retryStrategy: asking.retryStrategy,
  connectionName: "switchboard",
} satisfies RedisOptions;

export interface RedisConnections {
  asking: Redis;
  waiting: Redis;
  close(): void;
}

/** Connects, now or not at all; from then on for as long as it takes. Refusal `unavailable`, one sentence for the operator. */
export async function connectRedis({ url, log }: { url: string; log: Log }): Promise<RedisConnections> {
  const connections = [new Redis(url, { ...asking, lazyConnect: true }), new Redis(url, { ...waiting, lazyConnect: true })] as const;
  let [begun, gone, reason] = [false, false, ""];
  for (const connection of connections) {
    // Without a listener it would be printed.
    connection.on("error", (error: Error) => {
      reason = reasonOf(error);
    });
    connection.on("close", () => {
      if (begun && !gone) log.warn({ reason }, "Redis is gone; jobs go on without it, and it is tried again");
      gone = true;
    });
    connection.on("ready", () => {
      if (begun && gone) log.info({}, "Redis is back");
      gone = false;
    });
  }
  const close = () => {
    begun = false;
    for (const connection of connections) connection.disconnect();
  };
  try {
    await Promise.all(connections.map((connection) => connection.connect()));
    await checkServer(connections[0], log);
  } catch (error) {
    close();
    throw error instanceof Refusal ? error : new Refusal("unavailable", startSentence(url, reason === "" ? reasonOf(error) : reason));
  }
  begun = true;
  return { asking: connections[0], waiting: connections[1], close };
}

async function checkServer(redis: Redis, log: Log): Promise<void> {
  const info = await redis.info();
  const [, version = ""] = /^redis_version:(\S+)/m.exec(info) ?? [];
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major < oldestServer[0] || (major === oldestServer[0] && minor < oldestServer[1]))
    throw new Refusal("unavailable", `REDIS_URL is Redis ${version}; use version ${oldestServer.join(".")} or newer.`);
  const [, policy = "noeviction"] = /^maxmemory_policy:(\S+)/m.exec(info) ?? [];
  if (policy !== "noeviction")
    log.warn({ policy }, "Redis may throw jobs away when its memory is full; set maxmemory-policy to noeviction");
}

function startSentence(url: string, reason: string): string {
  const { host } = new URL(url);
  if (/WRONGPASS|NOAUTH|NOPERM|invalid password/i.test(reason)) return `Redis at ${host} refuses the user or password; correct REDIS_URL.`;
  return `Redis can't be reached at ${host} (${reason}); start it there, or correct REDIS_URL.`;
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Several addresses of one name were tried.
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  return "code" in error && typeof error.code === "string" ? error.code : error.message;
}
