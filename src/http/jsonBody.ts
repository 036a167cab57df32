import express, { type Request, type Response } from "express";
import rawBody from "raw-body";
import { Refusal } from "../protocol/refusal.ts";
import { bodyLimit, unsupported } from "./errors.ts";

/** The server lets a request arrive for as long as a large file takes; what is so small must not hold a connection for that long. */
const deadlineMs = 30_000;

const parse = express.json({ limit: bodyLimit, strict: false });

/**
 * Reads the body as JSON; `without` is the answer where there is none, if that may be. To be called only once the caller is known, so that
 * nobody else can make us read one.
 */
export async function readJsonBody(request: Request, response: Response, without?: unknown): Promise<unknown> {
  if (without !== undefined && !hasBody(request)) return without;
  if (request.is("json") === false || request.get("content-type") === undefined) throw new Refusal("unsupported_media_type", unsupported);
  const read = await inTime(isPlain(request) ? readPlain(request) : readAny(request, response));
  const body = read === undefined ? without : read;
  if (body === undefined) throw new Refusal("invalid_json", "The body is empty; it must be a JSON object.");
  refuseStrangeJson(body);
  return body;
}

async function inTime(read: Promise<unknown>): Promise<unknown> {
  let late: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_resolve, reject) => {
    late = setTimeout(() => reject(new Refusal("invalid_json", "The body took too long to arrive; send it again.")), deadlineMs);
  });
  return await Promise.race([read, tooLate]).finally(() => clearTimeout(late));
}

/** As nearly everybody sends it: neither compressed nor in another charset, and of a length that is told. */
function isPlain({ headers }: Request): boolean {
  const { "content-type": type = "", "content-length": length, "content-encoding": encoding } = headers;
  return encoding === undefined && Number(length) > 0 && /^application\/json(?:; ?charset=utf-8)?$/i.test(type);
}

const utf8 = new TextDecoder();

/** A third of what Express's parser costs, of which it uses the same part. */
async function readPlain(request: Request): Promise<unknown> {
  const bytes = await rawBody(request, { length: request.headers["content-length"] ?? null, limit: bodyLimit });
  try {
    return JSON.parse(utf8.decode(bytes));
  } catch (error) {
    throw new Refusal("invalid_json", "The body is not valid JSON.", { cause: error });
  }
}

function readAny(request: Request, response: Response): Promise<unknown> {
  return new Promise((resolve, reject) => {
    parse(request, response, (error?: unknown) => (error === undefined ? resolve(request.body) : reject(error)));
  });
}

/** RFC 9112, section 6: a body is announced by its length or by how it is transferred. `curl -d ""` announces a form of no length. */
function hasBody(request: Request): boolean {
  return request.get("transfer-encoding") !== undefined || Number(request.get("content-length") ?? 0) > 0;
}

const deepest = 32;

/**
 * Refuses what no schema sees and what the database can't hold: names that reach an object's prototype, texts with U+0000 or half of a
 * surrogate pair, and nesting that no request needs.
 */
function refuseStrangeJson(body: unknown): void {
  const open: { value: unknown; path: string; depth: number }[] = [{ value: body, path: "", depth: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, path, depth } = next;
    if (typeof value === "string") refuseUnstorable(value, path);
    if (typeof value !== "object" || value === null) continue;
    if (depth === deepest) throw new Refusal("invalid_value", `The body is nested more than ${deepest} levels deep.`);
    for (const [key, inner] of Object.entries(value)) {
      const innerPath = path === "" ? key.slice(0, 60) : `${path}.${key.slice(0, 60)}`;
      if (key === "__proto__" || key === "constructor" || key === "prototype") {
        throw new Refusal("invalid_value", `"${key}" can't be the name of a field.`, { path: innerPath });
      }
      refuseUnstorable(key, path);
      open.push({ value: inner, path: innerPath, depth: depth + 1 });
    }
  }
}

/** Refusal `invalid_value` for a text with U+0000 or half of a surrogate pair. */
export function refuseUnstorable(text: string, path: string): void {
  if (!text.includes("\0") && text.isWellFormed()) return;
  throw new Refusal("invalid_value", "A text has a character that can't be stored: U+0000, or half of a surrogate pair.", { path });
}
