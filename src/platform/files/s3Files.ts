import { Readable } from "node:stream";
import { S3mini } from "s3mini";
import { Refusal } from "../../protocol/refusal.ts";
import { checkKey, type Files } from "./files.ts";

/** How long the answer may let us wait; a put of 20 MB takes 2 s at 80 Mbit/s. What is read of it then takes as long as its reader. */
const answerMs = 20_000;

/**
 * Files in a bucket of S3 or its likes. `url`: `https://ACCESS_KEY:SECRET_KEY@host/bucket?region=eu-central-1`, both keys percent-encoded;
 * the region is `auto` where it isn't said.
 */
export function openS3Files(url: string): Files {
  const place = new URL(url);
  const s3 = new S3mini({
    accessKeyId: decodeURIComponent(place.username),
    secretAccessKey: decodeURIComponent(place.password),
    endpoint: `${place.protocol}//${place.host}${place.pathname.replace(/\/$/, "")}`,
    region: place.searchParams.get("region") ?? "auto",
    fetch: answeredInTime,
  });
  return {
    put: async (key, content) => {
      await s3.putObject(checkKey(key), content).catch(refuse);
    },
    get: async (key, range) => {
      checkKey(key);
      const asked =
        range === undefined ? s3.getObjectResponse(key) : s3.getObjectRaw(key, false, range.start, range.end + 1).catch(nullWhereMissing);
      const response = await asked.catch(refuse);
      if (response === null || response.body === null) return undefined;
      return Readable.from(chunks(response.body));
    },
    delete: async (key) => {
      await s3.deleteObject(checkKey(key)).catch(refuse);
    },
    exists: async (key) => (await s3.objectExists(checkKey(key)).catch(refuse)) === true,
  };
}

const answeredInTime: typeof fetch = async (address, request) => {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), answerMs);
  try {
    return await fetch(address, { ...request, signal: late.signal });
  } finally {
    clearTimeout(timer);
  }
};

async function* chunks(body: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    refuse(error);
  }
}

function nullWhereMissing(error: unknown): null {
  if (error instanceof Error && "status" in error && error.status === 404) return null;
  throw error;
}

function refuse(error: unknown): never {
  throw new Refusal("unavailable", "The place where files are kept can't be reached at the moment; please try again.", {
    cause: error,
    retryAfterMs: 5000,
  });
}
