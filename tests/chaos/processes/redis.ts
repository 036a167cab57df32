import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { atExit } from "./atExit.ts";
import { freePort } from "./freePort.ts";
import { until } from "./until.ts";

/** A Redis of this run's own, which keeps nothing on disk. */
export interface Redis {
  readonly port: number;
  /** One command without spaces in its arguments; the answer as the protocol writes it. */
  ask(command: string): Promise<string>;
  end(): Promise<void>;
}

export function hasRedis(): boolean {
  return spawnSync("redis-server", ["--version"], { stdio: "ignore" }).status === 0;
}

export async function startRedis(): Promise<Redis> {
  const port = await freePort();
  const child = spawn("redis-server", ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"], {
    stdio: "ignore",
  });
  child.once(
    "exit",
    atExit(() => child.kill("SIGKILL")),
  );
  await until("Redis takes commands", 10_000, async () => (await ask(port, "PING")).includes("PONG"));
  return {
    port,
    ask: (command) => ask(port, command),
    end: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGKILL");
      await once(child, "exit");
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
