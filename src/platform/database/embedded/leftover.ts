import { execFile } from "node:child_process";
import { readFile, readlink, realpath, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { Refusal } from "../../../protocol/refusal.ts";
import type { Log } from "../../log/log.ts";
import { isAlive } from "../../process/processIdentity.ts";

const fastStopMs = 20_000;
const immediateStopMs = 5_000;

/**
 * Stops the PostgreSQL that a killed product left running on this folder, with the sessions and locks of the dead. Stopping and starting
 * again takes 0.1 s, and the new one is our child, so nothing else needs to know two kinds.
 */
export async function stopLeftover({ log }: { log: Log }, dataFolder: string): Promise<void> {
  const pid = await postmasterPid(dataFolder);
  if (pid === undefined) return;
  if (await serves(pid, dataFolder)) {
    log.warn({ pid }, "stopping the embedded PostgreSQL of an earlier run");
    await stopPostmaster(pid);
  }
  // PostgreSQL refuses to start while any process has the number in this file, though after a restart of the machine it is another's.
  await rm(join(dataFolder, "postmaster.pid"), { force: true });
}

/** Fast shutdown, and an immediate one if that takes too long; either way nothing that was committed is lost. */
export async function stopPostmaster(pid: number): Promise<void> {
  signal(pid, "SIGINT");
  if (await gone(pid, fastStopMs)) return;
  signal(pid, "SIGQUIT");
  if (await gone(pid, immediateStopMs)) return;
  throw new Refusal("unavailable", `The embedded PostgreSQL (process ${pid}) doesn't stop; end it, then start again.`);
}

/** The first line of postmaster.pid, and once it takes connections, the word on the eighth. */
export async function readPostmasterFile(dataFolder: string): Promise<{ pid: number; ready: boolean } | undefined> {
  const lines = (await readFile(join(dataFolder, "postmaster.pid"), "utf8").catch(() => "")).split("\n");
  const pid = Number(lines[0]);
  return Number.isInteger(pid) && pid > 0 ? { pid, ready: lines[7]?.trim() === "ready" } : undefined;
}

async function postmasterPid(dataFolder: string): Promise<number | undefined> {
  const file = await readPostmasterFile(dataFolder);
  return file !== undefined && isAlive(file.pid) ? file.pid : undefined;
}

/** PostgreSQL works in its data folder, and its first process names it on the command line. */
async function serves(pid: number, dataFolder: string): Promise<boolean> {
  if (process.platform === "linux") {
    const folder = await readlink(`/proc/${pid}/cwd`).catch(() => "");
    return folder === (await realpath(dataFolder));
  }
  if (process.platform === "win32") return true;
  const { stdout } = await promisify(execFile)("ps", ["-o", "args=", "-p", String(pid)]).catch(() => ({ stdout: "" }));
  return stdout.includes(dataFolder);
}

async function gone(pid: number, withinMs: number): Promise<boolean> {
  const until = performance.now() + withinMs;
  while (isAlive(pid)) {
    if (performance.now() > until) return false;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return true;
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // it is gone already
  }
}
