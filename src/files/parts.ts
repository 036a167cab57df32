import { createHash } from "node:crypto";
import type { Platform } from "../platform/platform.ts";
import { Refusal } from "../protocol/refusal.ts";

/** A put holds its bytes in memory; whoever uploads 200 MB costs two of these. */
const partBytes = 4 * 1024 * 1024;

type Keeping = Pick<Platform, "files">;

/**
 * Keeps a file that is too large to be held in memory, as parts `key.0`, `key.1` and so on. What breaks off, or is larger than `mostBytes`, leaves
 * nothing. Refusals: `payload_too_large`, `unavailable`, and what `content` throws.
 */
export async function keepParts(
  { files }: Keeping,
  key: string,
  content: AsyncIterable<Uint8Array>,
  { mostBytes, look }: { mostBytes: number; look: (bytes: Uint8Array) => void },
): Promise<{ size: number; sha256: string }> {
  const hash = createHash("sha256");
  let [size, held, parts] = [0, 0, 0];
  let pieces: Uint8Array[] = [];
  const put = async () => {
    await files.put(partKey(key, parts++), Buffer.concat(pieces));
    [pieces, held] = [[], 0];
  };
  try {
    for await (const piece of content) {
      size += piece.byteLength;
      if (size > mostBytes) throw tooLarge(mostBytes);
      look(piece);
      hash.update(piece);
      for (let rest = piece; rest.byteLength > 0; ) {
        const some = rest.subarray(0, partBytes - held);
        rest = rest.subarray(some.byteLength);
        pieces.push(some);
        held += some.byteLength;
        if (held === partBytes) await put();
      }
    }
    if (held > 0) await put();
    return { size, sha256: hash.digest("base64url") };
  } catch (error) {
    // What can't be deleted now is found by its row, and forgotten later.
    await deleteParts({ files }, key).catch(() => {});
    throw error;
  }
}

/** The bytes from `start` to before `end`. Refusal `unavailable` where they aren't there any more. */
export async function* readParts({ files }: Keeping, key: string, start: number, end: number): AsyncGenerator<Uint8Array> {
  for (let at = start; at < end; ) {
    const part = Math.floor(at / partBytes);
    const from = at - part * partBytes;
    const until = Math.min(end - part * partBytes, partBytes);
    const content = await files.get(partKey(key, part), { start: from, end: until - 1 });
    if (content === undefined) throw new Refusal("unavailable", "The file isn't there any more; upload it again.");
    for await (const bytes of content) yield bytes;
    at = part * partBytes + until;
  }
}

/** Forgets it, whole or not. */
export async function deleteParts({ files }: Keeping, key: string): Promise<void> {
  let parts = 0;
  while (await files.exists(partKey(key, parts))) parts++;
  // The first goes last: as long as it is there, others may be.
  for (let part = parts - 1; part >= 0; part--) await files.delete(partKey(key, part));
}

export function tooLarge(mostBytes: number): Refusal {
  return new Refusal("payload_too_large", `The file is larger than ${mostBytes / 1024 / 1024} MB, the limit; split it.`, { path: "file" });
}

function partKey(key: string, part: number): string {
  return `${key}.${part}`;
}
