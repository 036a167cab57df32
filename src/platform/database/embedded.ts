import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { type FileHandle, open, readFile, stat } from "node:fs/promises";
import { totalmem } from "node:os";
import { join, resolve } from "node:path";
import { Refusal } from "../../protocol/refusal.ts";
import { makeFolder } from "../dataDir/makeFolder.ts";
import { refuseFolder } from "../dataDir/refuseFolder.ts";
import type { Log } from "../log/log.ts";
import { type Binaries, findBinaries } from "./embedded/binaries.ts";
import {
  type Connection,
  currentConnection,
  databaseUser,
  ensureCluster,
  hasCluster,
  plainEnvironment,
  savedConnection,
} from "./embedded/cluster.ts";
import { readPostmasterFile, stopLeftover, stopPostmaster } from "./embedded/leftover.ts";
import { chooseRunAs, type RunAs } from "./embedded/runAs.ts";

export interface EmbeddedDatabase {
  url: string;
  /** Ends the server after what is committed is safe; resolves when it is gone. */
  stop(): Promise<void>;
}

const largestLog = 5_000_000;
const restartDelayMs = 200;

/**
 * Starts a real PostgreSQL, its files in `dataDir`/postgresql, reachable on loopback with a password only. The caller holds the lock of
 * `dataDir`. Refusal `unavailable`, one sentence, where it can't. A server that dies is started again on the same port.
 */
export async function startEmbedded({ dataDir, log }: { dataDir: string; log: Log }): Promise<EmbeddedDatabase> {
  const folder = resolve(dataDir);
  const dataFolder = join(folder, "postgresql");
  const binaries = findBinaries();
  await makeFolder(folder);
  const runAs = await chooseRunAs({ binary: binaries.postgres, dataFolder });
  await stopLeftover({ log }, dataFolder);
  await ensureCluster(binaries, runAs, dataFolder).catch(refuseFolder(folder));
  const connection = await currentConnection(dataFolder).catch(refuseFolder(folder));
  const server = await supervise({ log }, { binaries, runAs, dataFolder, connection, logPath: join(folder, "postgresql.log") });
  return {
    url: urlOf(connection),
    stop: server.stop,
  };
}

/** The embedded PostgreSQL of a product that runs on `dataDir` now. Refusal `unavailable` where its file can't be read. */
export async function runningEmbeddedUrl(dataDir: string): Promise<string> {
  return urlOf(await savedConnection(join(resolve(dataDir), "postgresql")));
}

/** Whether an embedded PostgreSQL was ever started on `dataDir`. */
export async function hasEmbedded(dataDir: string): Promise<boolean> {
  return await hasCluster(join(resolve(dataDir), "postgresql"));
}

function urlOf({ password, port }: Connection): string {
  return `postgresql://${databaseUser}:${password}@127.0.0.1:${port}/postgres`;
}

interface Server {
  binaries: Binaries;
  runAs: RunAs;
  dataFolder: string;
  connection: Connection;
  logPath: string;
}

async function supervise({ log }: { log: Log }, server: Server): Promise<{ stop(): Promise<void> }> {
  let stopping = false;
  let child = await launch(server);
  // If the product ends without its `stop`, at least ask; after kill -9 the next start does it.
  const ask = () => child.kill("SIGINT");
  process.once("exit", ask);
  const keepRunning = async () => {
    for (;;) {
      const [code, signal] = await ended(child);
      if (stopping) return;
      log.error({ code, signal }, "the embedded PostgreSQL ended by itself; starting it again");
      while (!stopping && hasEnded(child)) {
        await new Promise((resolve) => setTimeout(resolve, restartDelayMs));
        try {
          await stopLeftover({ log }, server.dataFolder);
          if (!stopping) child = await launch(server);
        } catch (error) {
          log.error({ reason: String(error) }, "the embedded PostgreSQL doesn't start");
        }
      }
    }
  };
  const kept = keepRunning();
  return {
    stop: async () => {
      stopping = true;
      process.off("exit", ask);
      if (!hasEnded(child) && child.pid !== undefined) await stopPostmaster(child.pid);
      await kept;
    },
  };
}

/** Resolves when it takes connections, which after a crash is when it has recovered. */
async function launch(server: Server): Promise<ChildProcess> {
  const { command, args, ...user } = server.runAs.wrap(server.binaries.postgres, postgresArguments(server));
  const output = await openLog(server.logPath);
  try {
    const from = (await output.stat()).size;
    // A process group of its own: Ctrl-C in the terminal reaches the product, which still needs its database to end well.
    const child = spawn(command, args, { ...user, detached: true, stdio: ["ignore", output.fd, output.fd], env: plainEnvironment() });
    await once(child, "spawn");
    child.unref();
    await untilReady(child, server, from);
    return child;
  } finally {
    await output.close();
  }
}

function postgresArguments({ dataFolder, connection }: Server): string[] {
  const settings = {
    listen_addresses: "127.0.0.1",
    port: connection.port,
    unix_socket_directories: "",
    max_connections: 100,
    shared_buffers: `${buffersMb()}MB`,
    max_wal_size: "2GB",
    random_page_cost: 1.1,
    jit: "off",
    io_method: "sync",
    timezone: "UTC",
    log_timezone: "UTC",
    log_checkpoints: "off",
  };
  return ["-D", dataFolder, ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`])];
}

/** An eighth of the memory, from 128 MB to 1 GB: PostgreSQL's manual takes a quarter where nothing else runs. It is taken as it is used. */
function buffersMb(): number {
  return Math.min(1024, Math.max(128, Math.floor(totalmem() / 8 / 2 ** 20)));
}

async function openLog(path: string): Promise<FileHandle> {
  const { size } = await stat(path).catch(() => ({ size: 0 }));
  return open(path, size > largestLog ? "w" : "a", 0o600);
}

async function untilReady(child: ChildProcess, { dataFolder, logPath }: Server, logFrom: number): Promise<void> {
  while (!hasEnded(child)) {
    const file = await readPostmasterFile(dataFolder);
    if (file !== undefined && file.pid === child.pid && file.ready) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const written = (await readFile(logPath)).subarray(logFrom).toString();
  if (/No space left/.test(written)) throw new Refusal("unavailable", "The disk of DATA_DIR is full; make room and start again.");
  const reason = /(?:FATAL|PANIC): +(.*)/.exec(written)?.[1] ?? "it ended at once";
  throw new Refusal("unavailable", `The embedded PostgreSQL doesn't start (${reason}); see ${logPath}.`);
}

function ended(child: ChildProcess): Promise<unknown[]> {
  return hasEnded(child) ? Promise.resolve([child.exitCode, child.signalCode]) : once(child, "exit");
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}
