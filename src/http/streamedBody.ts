import { PassThrough, type Readable } from "node:stream";
import busboy from "busboy";
import type { Request, Response } from "express";
import { z } from "zod";
import { tooLarge } from "../files/parts.ts";
import { maxImportBytes } from "../protocol/imports.ts";
import { Refusal } from "../protocol/refusal.ts";
import type { BodyReader } from "./operation.ts";

const binary = { type: "string", format: "binary" } as const;

/** A large file, as it comes: the one part of a multipart form, or the body itself. */
export const streamedReader: BodyReader = {
  read: readStreamed,
  content: {
    "multipart/form-data": { schema: { type: "object", properties: { file: binary }, required: ["file"] } },
    "application/octet-stream": { schema: binary },
  },
};

export const streamedBody = z.custom<{ name: string | undefined; content: Readable }>();

/** What a form has around its file. */
const formBytes = 16 * 1024;

async function readStreamed(request: Request, response: Response): Promise<{ name: string | undefined; content: Readable }> {
  // Whoever is refused in the middle needn't send the rest to learn it.
  response.set("Connection", "close");
  if (request.get("content-encoding") !== undefined)
    throw new Refusal("unsupported_media_type", "The file must come as it is, without Content-Encoding.");
  if (Number(request.get("content-length") ?? 0) > maxImportBytes + formBytes) throw tooLarge(maxImportBytes);
  if (request.is("multipart/*") !== false) return await readForm(request);
  const content = new PassThrough();
  request.pipe(content);
  request.once("aborted", () => content.destroy(broken()));
  return { name: undefined, content };
}

function readForm(request: Request): Promise<{ name: string | undefined; content: Readable }> {
  return new Promise((resolve, reject) => {
    let form: busboy.Busboy;
    try {
      form = busboy({ headers: request.headers, defParamCharset: "utf8", limits: { files: 1, fields: 0, fileSize: maxImportBytes + 1 } });
    } catch {
      reject(broken());
      return;
    }
    const content = new PassThrough();
    const fail = () => {
      request.unpipe(form);
      request.resume();
      content.destroy(broken());
      reject(broken());
    };
    form.on("file", (_field, file, { filename }) => {
      file.pipe(content);
      resolve({ name: filename ?? "", content });
    });
    form.on("error", fail);
    form.on("close", () => reject(new Refusal("invalid_value", 'The form has no file; send one as its part "file".', { path: "file" })));
    request.once("aborted", fail);
    request.pipe(form);
  });
}

function broken(): Refusal {
  return new Refusal("invalid_value", "The file didn't come to its end; send it again.", { path: "file" });
}
