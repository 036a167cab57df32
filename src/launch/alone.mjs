import { mkdirSync, rmSync, statSync, utimesSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { Problem } from "./say.mjs";

const beatMs = 1000;
const deadAfterMs = 10_000;

/** Runs `work` while no other process runs it. The folder `path` is the lock; one that nobody touches any more was left by a killed process. */
export async function alone(path, work) {
  while (!take(path)) {
    const touched = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - touched > deadAfterMs) rmSync(path, { recursive: true, force: true });
    else await sleep(100);
  }
  const release = () => rmSync(path, { recursive: true, force: true });
  const beat = setInterval(() => utimesSync(path, new Date(), new Date()), beatMs);
  process.once("exit", release);
  try {
    return await work();
  } finally {
    clearInterval(beat);
    process.off("exit", release);
    release();
  }
}

function take(path) {
  try {
    mkdirSync(path);
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw new Problem(`The folder ${path} can't be made (${error.code}); start as the owner of this folder, with room on the disk.`);
  }
}
