import { link, mkdir, readFile, rename, rm, rmdir, stat, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { z } from "zod";
import { Refusal } from "../../protocol/refusal.ts";
import { processIdentity } from "../process/processIdentity.ts";
import { makeFolder } from "./makeFolder.ts";
import { refuseFolder } from "./refuseFolder.ts";

export interface DataDirLock {
  /** Writes where this process can be reached, for whoever tries to start a second one. */
  announce(address: string): Promise<void>;
  release(): Promise<void>;
}

const holderSchema = z.object({ pid: z.int(), identity: z.string(), address: z.string() });
type Holder = z.infer<typeof holderSchema>;

const takeoverLimitMs = 5000;

/**
 * Makes this process the only one on `dataDir`, until it releases it or ends in any way: the lock names the process with the time of its
 * start, so neither kill -9 nor another process with its number keeps it. Refusal `conflict` that names the address of the one that runs.
 */
export async function lockDataDir(dataDir: string): Promise<DataDirLock> {
  const folder = resolve(dataDir);
  const path = join(folder, "lock.json");
  const holder: Holder = { pid: process.pid, identity: processIdentity(process.pid) ?? "", address: "" };
  await makeFolder(folder);
  await acquire(path, holder).catch(refuseFolder(folder));
  return {
    announce: (address) => replace(path, { ...holder, address }),
    release: () => rm(path, { force: true }),
  };
}

async function acquire(path: string, holder: Holder): Promise<void> {
  for (;;) {
    if (await create(path, holder)) return;
    const present = await readHolder(path);
    if (present !== undefined && isRunning(present)) throw alreadyRunning(path, present);
    await takeOver(path);
  }
}

/** The file appears with its content or not at all, and only if there is none. */
async function create(path: string, holder: Holder): Promise<boolean> {
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, JSON.stringify(holder), { mode: 0o600 });
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

/** Removes a dead holder's lock. Two that find it dead at once would remove each other's new one: only one at a time may look and remove. */
async function takeOver(path: string): Promise<void> {
  const turn = `${path}.takeover`;
  try {
    await mkdir(turn);
  } catch {
    const begun = await stat(turn).catch(() => undefined);
    if (begun !== undefined && Date.now() - begun.mtimeMs > takeoverLimitMs) await rmdir(turn).catch(() => {});
    await new Promise((settled) => setTimeout(settled, 20));
    return;
  }
  try {
    const present = await readHolder(path);
    if (present === undefined || !isRunning(present)) await rm(path, { force: true });
  } finally {
    await rmdir(turn).catch(() => {});
  }
}

async function readHolder(path: string): Promise<Holder | undefined> {
  const text = await readFile(path, "utf8").catch(() => "");
  try {
    return holderSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function isRunning({ pid, identity }: Holder): boolean {
  return pid !== process.pid && processIdentity(pid) === identity;
}

function alreadyRunning(path: string, { pid, address }: Holder): Refusal {
  const where = address === "" ? "and is still starting" : `at ${address}`;
  return new Refusal(
    "conflict",
    `Switchboard already runs on ${join(path, "..")} (process ${pid}) ${where}; use that one, or set another DATA_DIR and PORT.`,
  );
}

async function replace(path: string, holder: Holder): Promise<void> {
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, JSON.stringify(holder), { mode: 0o600 });
  await rename(draft, path);
}
