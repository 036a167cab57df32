import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { atExit } from "./atExit.ts";
import { freePort } from "./freePort.ts";
import { until } from "./until.ts";

/** A Redis of this run's own. */
export interface Redis {
  readonly port: number;
  /** One command without spaces in its arguments; the answer as the protocol writes it. */
  ask(command: string): Promise<string>;
  /** On the same port, empty. */
  start(): Promise<void>;
  kill(): Promise<void>;
  /** It stands still, and connections with it. */
  freeze(): void;
  thaw(): void;
  /** It can't save any more, so it refuses every write (`MISCONF`). */
  loseDisk(): Promise<void>;
  end(): Promise<void>;
}

export function hasRedis(): boolean {
  return spawnSync("redis-server", ["--version"], { stdio: "ignore" }).status === 0;
}

export async function startRedis(): Promise<Redis> {
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), "switchboard-redis-"));
  let child: ChildProcess | undefined;
  const start = async () => {
    // It tries to save every second in which something changed; what it saved is not read again.
    const place = ["--dir", folder, "--save", "1 1", "--dbfilename", `${performance.now()}.rdb`];
    const started = spawn("redis-server", ["--port", String(port), "--bind", "127.0.0.1", "--appendonly", "no", ...place], {
      stdio: "ignore",
    });
    started.once(
      "exit",
      atExit(() => started.kill("SIGKILL")),
    );
    child = started;
    await until("Redis takes commands", 10_000, async () => (await ask(port, "PING")).includes("PONG"));
  };
  const kill = async () => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGKILL");
    await once(child, "exit");
  };
  await start();
  return {
    port,
    ask: (command) => ask(port, command),
    start,
    kill,
    freeze: () => child?.kill("SIGSTOP"),
    thaw: () => child?.kill("SIGCONT"),
    loseDisk: async () => {
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
      await until("Redis refuses writes", 20_000, async () => (await ask(port, "SET changed 1")).startsWith("-MISCONF"));
    },
    end: async () => {
      await kill();
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function ask(port: number, command: string): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect", { signal: AbortSignal.timeout(500) });
    socket.write(`${command}\r\n`);
    const [answer] = await once(socket, "data", { signal: AbortSignal.timeout(2000) });
    return String(answer);
  } finally {
    socket.destroy();
  }
}
