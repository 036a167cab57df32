import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { endChild } from "./child.ts";

export interface NatsServer {
  url: string;
  stop(): Promise<void>;
}

/** A NATS server on a port of its own, or none where the binary is not in PATH. */
export async function startNatsServer(): Promise<NatsServer | undefined> {
  const child = spawn("nats-server", ["--addr", "127.0.0.1", "--port", "-1"], { stdio: ["ignore", "ignore", "pipe"] });
  const missing = new Promise<undefined>((resolve) => child.once("error", () => resolve(undefined)));
  const port = await Promise.race([missing, portOf(child.stderr)]);
  if (port === undefined) return undefined;
  child.stderr.resume();
  return { url: `nats://127.0.0.1:${port}`, stop: () => endChild(child) };
}

async function portOf(log: NodeJS.ReadableStream): Promise<string | undefined> {
  for await (const line of createInterface({ input: log })) {
    const port = /Listening for client connections on 127\.0\.0\.1:(\d+)/.exec(line)?.[1];
    if (port !== undefined) return port;
  }
  return undefined;
}
