import { randomUUID } from "node:crypto";
import { mkdir, open, rename, rm, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { Refusal } from "../../protocol/refusal.ts";
import { checkKey, type Files } from "./files.ts";

/** Files in a folder of this machine, which the processes share that see the same files. */
export function openFolderFiles(folder: string): Files {
  const root = resolve(folder);
  const pathOf = (key: string) => join(root, checkKey(key));
  return {
    put: async (key, content) => {
      const path = pathOf(key);
      await putWhole(path, content).catch(refuse);
    },
    get: async (key, range) => {
      const path = pathOf(key);
      try {
        const file = await open(path, "r");
        return file.createReadStream(range === undefined ? {} : range);
      } catch (error) {
        if (isMissing(error)) return undefined;
        return refuse(error);
      }
    },
    delete: async (key) => {
      await rm(pathOf(key), { force: true }).catch(refuse);
    },
    exists: async (key) => {
      const path = pathOf(key);
      try {
        return (await stat(path)).isFile();
      } catch (error) {
        return isMissing(error) ? false : refuse(error);
      }
    },
  };
}

/** Written beside its place and moved there once it is on the disk: whoever reads sees all of it, and a crash leaves no half of it there. */
async function putWhole(path: string, content: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.${randomUUID()}`;
  try {
    const file = await open(draft, "wx", 0o600);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => {});
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
}

function refuse(error: unknown): never {
  const full = error instanceof Error && "code" in error && (error.code === "ENOSPC" || error.code === "EDQUOT");
  throw new Refusal("unavailable", full ? "There is no room for files at the moment; an administrator has to make some." : unreachable, {
    cause: error,
    retryAfterMs: full ? 60_000 : 5000,
  });
}

const unreachable = "Files can't be kept or read at the moment; please try again.";
