import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdir, open, readFile, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { findBinaries } from "../../../src/platform/database/embedded/binaries.ts";
import { currentConnection, databaseUser, ensureCluster, plainEnvironment } from "../../../src/platform/database/embedded/cluster.ts";
import { stopPostmaster } from "../../../src/platform/database/embedded/leftover.ts";
import { chooseRunAs } from "../../../src/platform/database/embedded/runAs.ts";
import { atExit } from "./atExit.ts";
import { childrenOf } from "./children.ts";
import { until } from "./until.ts";

/** A PostgreSQL of this run's own, that may be treated badly. */
export interface Postgres {
  readonly port: number;
  /** The address of a database, directly or through a proxy's port. */
  url(database: string, port?: number): string;
  createDatabase(name: string): Promise<void>;
  dropDatabase(name: string): Promise<void>;
  /** Ends one of its connections' processes the hard way; the server then restarts them all. */
  killBackend(application: string): Promise<boolean>;
  /** The immediate stop: as after a power cut, it recovers from its log when it starts again. */
  stopImmediately(): Promise<void>;
  start(): Promise<void>;
  /** Ends what may be left of it, and starts it. */
  restart(): Promise<void>;
  answers(): Promise<boolean>;
  /** SIGSTOP to all of its processes: connections stay open and nothing answers. */
  freeze(): Promise<void>;
  thaw(): void;
  /** All that it logged so far. */
  logged(): Promise<string>;
  /** Keeps a copy of all its files as they are in one moment, as a snapshot of the disk does. */
  backUp(): Promise<void>;
  /** Ends it and starts it with the files of the copy. */
  restore(): Promise<void>;
  end(): Promise<void>;
}

/** The binaries that the product embeds, with files in `folder`; its write-ahead log in `logFolder`, where that is to be on another disk. */
export async function startPostgres(folder: string, logFolder?: string): Promise<Postgres> {
  await mkdir(folder, { recursive: true });
  const dataFolder = join(folder, "postgresql");
  const binaries = findBinaries();
  const runAs = await chooseRunAs({ binary: binaries.postgres, dataFolder });
  await ensureCluster(binaries, runAs, dataFolder);
  if (logFolder !== undefined) await moveLog(dataFolder, logFolder);
  const { port, password } = await currentConnection(dataFolder);
  const url = (database: string, through = port) => `postgresql://${databaseUser}:${password}@127.0.0.1:${through}/${database}`;
  let child: ChildProcess | undefined;
  let frozen: number[] = [];

  const start = async () => {
    const settings = { port, listen_addresses: "127.0.0.1", unix_socket_directories: "", max_connections: 200, io_method: "sync" };
    const { command, args, ...user } = runAs.wrap(binaries.postgres, [
      "-D",
      dataFolder,
      ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
    ]);
    const output = await open(join(folder, "postgresql.log"), "a");
    const started = spawn(command, args, { ...user, stdio: ["ignore", output.fd, output.fd], env: plainEnvironment() });
    // Its other processes end when they see that the first is gone.
    started.once(
      "exit",
      atExit(() => started.kill("SIGKILL")),
    );
    child = started;
    await output.close();
    await until("PostgreSQL takes connections", 20_000, () => query(url("postgres"), "select 1").then(() => true));
  };

  const thaw = () => {
    for (const pid of frozen.splice(0).reverse()) process.kill(pid, "SIGCONT");
  };

  const stop = async (signal: NodeJS.Signals) => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, "exit");
  };

  const freeze = async () => {
    if (child?.pid === undefined) return;
    // The parent first: it would start anew what seems to have died.
    process.kill(child.pid, "SIGSTOP");
    frozen = [child.pid, ...(await childrenOf(child.pid))];
    for (const pid of frozen) process.kill(pid, "SIGSTOP");
  };
  const backup = join(folder, "backup");

  await start();
  atExit(thaw);
  return {
    port,
    url,
    createDatabase: async (name) => {
      await query(url("postgres"), `create database ${name}`);
    },
    dropDatabase: async (name) => {
      await query(url("postgres"), `drop database if exists ${name} with (force)`);
    },
    killBackend: async (application) => {
      const rows = await query(
        url("postgres"),
        "select pid from pg_stat_activity where application_name = $1 order by (state = 'active') desc, random() limit 1",
        [application],
      );
      const pid = Number(rows[0]?.["pid"]);
      if (!Number.isInteger(pid) || pid <= 1) return false;
      process.kill(pid, "SIGKILL");
      return true;
    },
    stopImmediately: () => stop("SIGQUIT"),
    start,
    restart: async () => {
      await stop("SIGQUIT");
      await start();
    },
    answers: () =>
      query(url("postgres"), "select 1").then(
        () => true,
        () => false,
      ),
    freeze,
    thaw,
    logged: () => readFile(join(folder, "postgresql.log"), "utf8"),
    backUp: async () => {
      await freeze();
      try {
        copyFiles(dataFolder, backup);
      } finally {
        thaw();
      }
    },
    restore: async () => {
      await stop("SIGQUIT");
      await rm(dataFolder, { recursive: true });
      copyFiles(backup, dataFolder);
      await rm(join(dataFolder, "postmaster.pid"), { force: true });
      await start();
    },
    end: async () => {
      // Asked in the middle of a recovery, it may never end by itself.
      if (child?.pid !== undefined) await stopPostmaster(child.pid);
    },
  };
}

/** The files stay whose they are: the server may run as another user. */
function copyFiles(from: string, to: string): void {
  if (spawnSync("cp", ["-a", "-T", from, to]).status !== 0) throw new Error("the database's files could not be copied");
}

async function moveLog(dataFolder: string, logFolder: string): Promise<void> {
  const log = join(dataFolder, "pg_wal");
  const { status } = spawnSync("cp", ["-a", log, logFolder]);
  if (status !== 0) throw new Error("the write-ahead log could not be moved");
  await rm(log, { recursive: true });
  await symlink(join(logFolder, "pg_wal"), log);
}

/** One statement on a connection of its own. */
export async function query(url: string, text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000, query_timeout: 10_000 });
  client.on("error", () => {});
  try {
    await client.connect();
    return (await client.query<Record<string, unknown>>(text, values)).rows;
  } finally {
    await client.end().catch(() => {});
  }
}
