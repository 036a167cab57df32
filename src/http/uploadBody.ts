import type { Readable } from "node:stream";
import busboy from "busboy";
import type { Request } from "express";
import { z } from "zod";
import { tooLarge } from "../files/uploadFile.ts";
import { maxFileBytes } from "../protocol/files.ts";
import { Refusal } from "../protocol/refusal.ts";
import type { BodyReader } from "./operation.ts";

const binary = { type: "string", format: "binary" } as const;

/** A file: the one part of a multipart form, or the body itself. Only its Content-Type says which; nothing in it names a file of ours. */
export const uploadReader: BodyReader = {
  read: readUpload,
  content: {
    "multipart/form-data": { schema: { type: "object", properties: { file: binary }, required: ["file"] } },
    "application/octet-stream": { schema: binary },
  },
};

export const uploadBody = z.custom<{ name: string | undefined; bytes: Uint8Array }>();

/** What uploads under way may hold in memory together, in bytes: a dozen of the largest. */
const mostHeld = 256 * 1024 * 1024;
let held = 0;

async function readUpload(request: Request): Promise<{ name: string | undefined; bytes: Uint8Array }> {
  if (request.get("content-encoding") !== undefined)
    throw new Refusal("unsupported_media_type", "The file must come as it is, without Content-Encoding.");
  if (Number(request.get("content-length") ?? 0) > maxFileBytes + formBytes) throw tooLarge();
  if (request.is("multipart/*") === false) return { name: undefined, bytes: await readBytes(request) };
  return await readForm(request);
}

/** What a form has around its file. */
const formBytes = 16 * 1024;

function readForm(request: Request): Promise<{ name: string | undefined; bytes: Uint8Array }> {
  return new Promise((resolve, reject) => {
    let form: busboy.Busboy;
    try {
      form = busboy({
        headers: request.headers,
        defParamCharset: "utf8",
        limits: { files: 1, fields: 20, parts: 21, fieldSize: 4096, fieldNameSize: 200, headerPairs: 20, fileSize: maxFileBytes + 1 },
      });
    } catch {
      reject(broken());
      return;
    }
    let file: Promise<{ name: string; bytes: Uint8Array }> | undefined;
    const fail = (error: Refusal) => {
      request.unpipe(form);
      request.resume();
      reject(error);
    };
    form.on("file", (_field, content, { filename }) => {
      file = readBytes(content).then((bytes) => ({ name: filename ?? "", bytes }));
      file.catch(fail);
    });
    form.on("filesLimit", () =>
      fail(new Refusal("invalid_value", "One file at a time; send each in a request of its own.", { path: "file" })),
    );
    form.on("error", () => fail(broken()));
    form.on("close", () => {
      if (file === undefined) fail(new Refusal("invalid_value", 'The form has no file; send one as its part "file".', { path: "file" }));
      else file.then(resolve, fail);
    });
    // Whoever goes away in the middle leaves the form without its end.
    request.once("aborted", () => fail(broken()));
    request.pipe(form);
  });
}

function broken(): Refusal {
  return new Refusal("invalid_value", "The form can't be read to its end; send it again as multipart/form-data.", { path: "file" });
}

/** All of a stream, in memory: at most one file's size. */
async function readBytes(stream: Readable): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of stream) {
      if (!Buffer.isBuffer(chunk)) continue;
      size += chunk.length;
      held += chunk.length;
      if (size > maxFileBytes) throw tooLarge();
      if (held > mostHeld)
        throw new Refusal("unavailable", "Too many files arrive at once; please try again.", { path: "file", retryAfterMs: 3000 });
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw broken();
  } finally {
    held -= size;
  }
}
