import { mkdir, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { refuseFolder } from "./refuseFolder.ts";

/** DATA_DIR with all folders above it. Refusal `unavailable`, one sentence, where it can't be made. */
export async function makeFolder(path: string): Promise<void> {
  const folder = resolve(path);
  await make(folder).catch(refuseFolder(folder));
}

/** Not Node's own recursive mkdir: where no folder can be made in one that is there, as in /proc, that tries for ever. */
async function make(folder: string): Promise<void> {
  if (await isFolder(folder)) return;
  if (folder !== dirname(folder)) await make(dirname(folder));
  try {
    await mkdir(folder);
  } catch (error) {
    // Another process that starts now may have made it.
    if (!(await isFolder(folder))) throw error;
  }
}

async function isFolder(path: string): Promise<boolean> {
  return await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
