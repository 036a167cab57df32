import { randomBytes, randomUUID } from "node:crypto";
import { link, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeFolder } from "../../platform/dataDir/makeFolder.ts";
import { refuseFolder } from "../../platform/dataDir/refuseFolder.ts";
import { Refusal } from "../../protocol/refusal.ts";

/** The root key of a development installation, made on the first start into `DATA_DIR/secret.key` (mode 0600). */
export async function ensureRootKey(dataDir: string): Promise<string> {
  const path = join(dataDir, "secret.key");
  const present = await readKey(path);
  if (present !== undefined) return present;
  await makeFolder(dataDir);
  await writeOnce(path, randomBytes(32).toString("base64url")).catch(refuseFolder(dataDir));
  const written = await readKey(path);
  if (written === undefined) throw new Refusal("unavailable", `The key file ${path} can't be read; check its owner and mode.`);
  return written;
}

async function readKey(path: string): Promise<string | undefined> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw new Refusal("unavailable", `The key file ${path} can't be read (${error.code}); check its owner and mode.`, { cause: error });
  });
  if (text === undefined) return undefined;
  const key = text.trim();
  if (key.length < 32) {
    throw new Refusal(
      "invalid_value",
      `The key file ${path} holds fewer than 32 characters; remove it to have a new one made (all sign-ins end).`,
    );
  }
  return key;
}

/** A link fails where the name is taken: of two processes that start at once both go on with the key of the first, never with half of it. */
async function writeOnce(path: string, key: string): Promise<void> {
  const draft = `${path}.${randomUUID()}`;
  try {
    await writeFile(draft, `${key}\n`, { mode: 0o600, flag: "wx" });
    await link(draft, path);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return;
    throw new Refusal("unavailable", `The key file ${path} can't be written; check the owner, mode and free space of the folder.`, {
      cause: error,
    });
  } finally {
    await rm(draft, { force: true });
  }
}
