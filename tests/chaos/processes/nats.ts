import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { atExit } from "./atExit.ts";
import { freePort } from "./freePort.ts";
import { until } from "./until.ts";

/** A NATS server of this run's own. */
export interface Nats {
  readonly port: number;
  start(): Promise<void>;
  kill(): Promise<void>;
  /** Deletes what it may have on disk; only while it doesn't run. */
  deleteData(): Promise<void>;
  freeze(): void;
  thaw(): void;
  /** Connections that it ended because they didn't read. */
  slowConsumers(): Promise<number>;
  end(): Promise<void>;
}

export function hasNats(): boolean {
  return spawnSync("nats-server", ["--version"], { stdio: "ignore" }).status === 0;
}

/** The `nats-server` of the PATH, with files in `folder`. A client that lets 1 MiB pile up is sent away. */
export async function startNats(folder: string): Promise<Nats> {
  await mkdir(folder, { recursive: true });
  const store = join(folder, "jetstream");
  const [port, monitorPort] = [await freePort(), await freePort()];
  const configPath = join(folder, "nats.conf");
  await writeFile(
    configPath,
    `host: 127.0.0.1\nport: ${port}\nhttp: "127.0.0.1:${monitorPort}"\nmax_pending: 1MB\nwrite_deadline: "2s"\njetstream { store_dir: "${store}" }\nlog_file: "${join(folder, "nats.log")}"\n`,
  );
  let child: ChildProcess | undefined;
  const start = async () => {
    const started = spawn("nats-server", ["--config", configPath], { stdio: "ignore" });
    started.once(
      "exit",
      atExit(() => started.kill("SIGKILL")),
    );
    child = started;
    await until("NATS takes connections", 10_000, () => answers(port));
  };
  const kill = async () => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGKILL");
    await once(child, "exit");
  };
  await start();
  return {
    port,
    start,
    kill,
    deleteData: () => rm(store, { recursive: true, force: true }),
    freeze: () => child?.kill("SIGSTOP"),
    thaw: () => child?.kill("SIGCONT"),
    slowConsumers: async () => {
      const state: unknown = await (await fetch(`http://127.0.0.1:${monitorPort}/varz`)).json();
      return typeof state === "object" && state !== null && "slow_consumers" in state ? Number(state.slow_consumers) : 0;
    },
    end: kill,
  };
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect", { signal: AbortSignal.timeout(500) });
    return true;
  } finally {
    socket.destroy();
  }
}
