import type { IncomingMessage } from "node:http";
import { pipeline } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";

/** What is asked for; `deflate` is read where it comes nevertheless. */
export const acceptedCodings = "gzip, br";

const bytesAtMost = 1024 * 1024;

/** Why an answer that began wasn't read to its end; a sentence. */
export class UnreadableAnswer extends Error {}

/**
 * The body of an answer, unpacked, 1 MB at most both packed and unpacked: counted while it comes, so that neither a bomb nor an announced gigabyte
 * is ever held. More than one coding is refused: each multiplies what the one before makes.
 */
export async function readAnswer(incoming: IncomingMessage): Promise<Buffer> {
  if (Number(incoming.headers["content-length"] ?? 0) > bytesAtMost) throw tooLarge();
  const unpack = unpackerOf(incoming.headers["content-encoding"]);
  const parts: Buffer[] = [];
  // Errors of either end reach the loop, which destroys the other.
  const source =
    unpack === undefined
      ? incoming
      : pipeline(
          () => atMost(incoming),
          unpack,
          () => {},
        );
  try {
    for await (const part of atMost(source)) parts.push(part);
  } catch (error) {
    if (
      error instanceof Error &&
      "code" in error &&
      typeof error.code === "string" &&
      /^(?:Z_|ERR__?ERROR|ERR_BROTLI|ERR_PADDING)/.test(error.code)
    )
      throw new UnreadableAnswer("The answer is packed wrongly, so it can't be read.", { cause: error });
    throw error;
  }
  return Buffer.concat(parts);
}

async function* atMost(stream: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const part of stream) {
    bytes += part.length;
    if (bytes > bytesAtMost) throw tooLarge();
    yield part;
  }
}

function unpackerOf(coding: string | undefined) {
  switch ((coding ?? "identity").trim().toLowerCase()) {
    case "identity":
    case "":
      return undefined;
    case "gzip":
    case "x-gzip":
      return createGunzip();
    case "br":
      return createBrotliDecompress();
    case "deflate":
      return createInflate();
    default:
      throw new UnreadableAnswer("The answer is packed in a way that wasn't asked for, so it can't be read.");
  }
}

function tooLarge(): UnreadableAnswer {
  return new UnreadableAnswer("The answer is larger than 1 MB, so the rest wasn't read.");
}
