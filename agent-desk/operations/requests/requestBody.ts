import { type Body, isRecord, textIn } from "../draft.ts";

export function rowsIn(value: unknown): { name: string; path: string }[] {
  return Array.isArray(value) ? value.filter(isRecord).map(({ name, path }) => ({ name: textIn(name), path: textIn(path) })) : [];
}

/** A body as it is written: what was read from elsewhere may be JSON by itself. */
export function writtenBody(body: unknown): string {
  if (body === undefined || body === null) return "";
  return typeof body === "string" ? body : JSON.stringify(body, null, 2);
}

/** With a field, or without it where it is empty. */
export function withField(body: Body, name: string, value: unknown): Body {
  const { [name]: _, ...rest } = body;
  return value === undefined || value === "" ? rest : { ...rest, [name]: value };
}

/** Scheme, host and port of an address whose slots stand behind the host; nothing while it isn't one. */
export function originOf(url: string): string | null {
  const host = /^https?:\/\/[^/?#]*/i.exec(url)?.[0] ?? "";
  return URL.canParse(host) ? new URL(host).origin : null;
}
