import { readJson } from "./json.ts";
import type { Redaction } from "./redact.ts";
import type { AnswerBody } from "./request.ts";

/** What a host answered, as text or JSON, with nothing secret in it. Whatever came is hostile until it was read here. */
export function readAnswerBody(bytes: Buffer, contentType: string | null, redaction: Redaction): AnswerBody {
  if (bytes.length === 0) return { kind: "none" };
  const type = contentType?.split(";")[0]?.trim().toLowerCase() ?? "";
  const isJson = /[/+]json$/.test(type);
  if (/^(?:image|audio|video|font)\/|^application\/(?:pdf|zip|gzip|x-7z-compressed)$/.test(type))
    return { kind: "unreadable", why: `The answer is a file (${type}), and no data.` };
  const text = decode(bytes, contentType);
  if (text === undefined) return { kind: "unreadable", why: "The answer isn't text: it has bytes in it that its encoding doesn't have." };
  if (/^\s*$/.test(text)) return { kind: "none" };
  if (type === "text/html" || /^\s*<(?:!doctype html|html)\b/i.test(text))
    return { kind: "unreadable", why: "The answer is a web page and no data; is this the address of the API?" };
  const json = isJson || /^\s*[[{]/.test(text) ? readJson(text) : undefined;
  if (json !== undefined) return { kind: "json", json: redaction.json(json) };
  if (isJson) return { kind: "unreadable", why: "The answer says that it is JSON, and isn't." };
  return { kind: "text", text: redaction.text(text) };
}

function decode(bytes: Buffer, contentType: string | null): string | undefined {
  const charset = /charset=["']?([\w-]+)/i.exec(contentType ?? "")?.[1] ?? "utf-8";
  try {
    return new TextDecoder(charset, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
