import type { ImportEncoding } from "../../../protocol/imports.ts";

/** So much of the beginning says whether it is a text at all, and whether every second byte is zero. */
const lookedAtBytes = 64 * 1024;

/** What the bytes of a file say of themselves, as they pass. */
export interface BytesSeen {
  /** The beginning, 64 KiB at most. */
  head: Buffer;
  encoding: ImportEncoding;
}

/** Looks at all bytes of a file: one wrong byte at its end is the difference between UTF-8 and Latin-1. */
export function watchBytes(): { look(bytes: Uint8Array): void; seen(): BytesSeen } {
  const strict = new TextDecoder("utf-8", { fatal: true });
  const head: Uint8Array[] = [];
  let headBytes = 0;
  let isUtf8 = true;
  const decode = (bytes: Uint8Array | undefined) => {
    if (!isUtf8) return;
    try {
      strict.decode(bytes, { stream: bytes !== undefined });
    } catch {
      isUtf8 = false;
    }
  };
  return {
    look: (bytes) => {
      if (headBytes < lookedAtBytes) {
        head.push(bytes.subarray(0, lookedAtBytes - headBytes));
        headBytes += bytes.byteLength;
      }
      decode(bytes);
    },
    seen: () => {
      decode(undefined);
      const beginning = Buffer.concat(head);
      return { head: beginning, encoding: utf16Of(beginning) ?? (isUtf8 ? "utf-8" : "windows-1252") };
    },
  };
}

/** By its byte order mark, or by the zeros of its letters. */
function utf16Of(head: Buffer): ImportEncoding | undefined {
  if (head[0] === 0xff && head[1] === 0xfe) return "utf-16le";
  if (head[0] === 0xfe && head[1] === 0xff) return "utf-16be";
  let [even, odd] = [0, 0];
  for (let at = 0; at < head.length; at++) if (head[at] === 0) at % 2 === 0 ? even++ : odd++;
  const third = head.length / 2 / 3;
  if (odd > third && even < third / 4) return "utf-16le";
  return even > third && odd < third / 4 ? "utf-16be" : undefined;
}

/** Whether bytes that are no UTF-16 are a text. A zero here and there is told with its row; a hundredth of such characters is another kind of file. */
export function isText(head: Buffer): boolean {
  let strange = 0;
  for (const byte of head) if (byte < 9 || (byte > 13 && byte < 32 && byte !== 27)) strange++;
  return strange * 100 <= Math.max(head.length, 1000);
}

/** The text of bytes, without its byte order mark. What is no character of the encoding becomes U+FFFD. */
export async function* decodeText(bytes: AsyncIterable<Uint8Array>, encoding: ImportEncoding): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding);
  for await (const piece of bytes) yield decoder.decode(piece, { stream: true });
  yield decoder.decode();
}
