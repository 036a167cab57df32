import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, open, rm, writeFile } from "node:fs/promises";
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
const ballast = "ballast";
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
  const unmount = mountDisk(place, `size=${megabytes}m`);
  const elsewhere = `${place}-elsewhere`;
  await mkdir(elsewhere);
  const postgres = await (holds === "log" ? startPostgres(elsewhere, place) : startPostgres(place, elsewhere));
  return {
    postgres,
    disk: { fill: () => fillDisk(place), empty: () => emptyDisk(place) },
    end: async () => {
      await postgres.end();
      unmount();
      for (const left of [place, elsewhere]) await rm(left, { recursive: true, force: true });
    },
  };
}

/** A disk in memory at a folder; the answer takes it away. */
export function mountDisk(place: string, options: string): () => void {
  const { status } = spawnSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", place]);
  if (status !== 0) throw new Error("the small disk could not be mounted");
  const unmount = () => spawnSync("umount", ["--lazy", place]);
  const forget = atExit(unmount);
  return () => {
    unmount();
    forget();
  };
}

/** Writes until nothing more fits. */
export async function fillDisk(place: string): Promise<void> {
  await mkdir(join(place, ballast), { recursive: true });
  const file = await open(join(place, ballast, "bytes"), "a");
  try {
    for (const size of blocks) while (await fits(file.write(Buffer.alloc(size))));
  } finally {
    await file.close();
  }
}

/** Makes empty files until there is no room for one more name. */
export async function useUpNames(place: string): Promise<void> {
  await mkdir(join(place, ballast), { recursive: true });
  for (let n = 0; await fits(writeFile(join(place, ballast, String(n)), "")); n++);
}

/** Takes away what these two wrote. */
export function emptyDisk(place: string): Promise<void> {
  return rm(join(place, ballast), { recursive: true, force: true });
}

async function fits(writing: Promise<unknown>): Promise<boolean> {
  try {
    await writing;
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOSPC") return false;
    throw error;
  }
}
