import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, open, rm } from "node:fs/promises";
import { join } from "node:path";
import { atExit } from "./atExit.ts";
import { type Postgres, startPostgres } from "./postgres.ts";

export interface DiskSettings {
  /** What of the database is on it: its write-ahead log, or all but that. */
  holds: "log" | "data";
}

/** A disk in memory. */
export interface SmallDisk {
  /** Writes until nothing more fits. */
  fill(): Promise<void>;
  /** Takes away what `fill` wrote. */
  empty(): Promise<void>;
}

/** A fresh PostgreSQL takes 120 MB with its log, and each database 8 MB. */
const megabytes = 400;
const blocks = [1024 * 1024, 64 * 1024, 4096];

/** Why no disk can be made here, or undefined. */
export function noDiskHere(): string | undefined {
  return process.getuid?.() === 0 && process.platform === "linux" ? undefined : "only root may mount a small disk";
}

/** A PostgreSQL with its files on a small disk; `end` stops it and takes the disk away. */
export async function openSmallDisk(
  folder: string,
  { holds }: DiskSettings,
): Promise<{ postgres: Postgres; disk: SmallDisk; end(): Promise<void> }> {
  const place = await mkdtemp(join(folder, "disk-"));
  const { status } = spawnSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m`, "tmpfs", place]);
  if (status !== 0) throw new Error("the small disk could not be mounted");
  const unmount = () => spawnSync("umount", ["--lazy", place]);
  const forget = atExit(unmount);
  const elsewhere = `${place}-elsewhere`;
  await mkdir(elsewhere);
  const postgres = await (holds === "log" ? startPostgres(elsewhere, place) : startPostgres(place, elsewhere));
  return {
    postgres,
    disk: { fill: () => fill(join(place, "ballast")), empty: () => rm(join(place, "ballast"), { force: true }) },
    end: async () => {
      await postgres.end();
      unmount();
      forget();
      for (const left of [place, elsewhere]) await rm(left, { recursive: true, force: true });
    },
  };
}

async function fill(path: string): Promise<void> {
  const file = await open(path, "a");
  try {
    for (const size of blocks) while (await fits(file.write(Buffer.alloc(size))));
  } finally {
    await file.close();
  }
}

async function fits(writing: Promise<{ bytesWritten: number }>): Promise<boolean> {
  try {
    return (await writing).bytesWritten > 0;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOSPC") return false;
    throw error;
  }
}
