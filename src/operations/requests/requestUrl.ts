import type { OutsideRules } from "../../platform/outside/outsideAddress.ts";
import { outsideAddress } from "../../platform/outside/outsideAddress.ts";
import type { ParameterValue } from "../../protocol/operations.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { secretIn } from "../../protocol/secretShapes.ts";
import { isSecretName } from "./secretNames.ts";
import { type Declared, fillParts, type Part, readSlots, refusedAt, slotsOf } from "./slots.ts";

export interface UrlTemplate {
  origin: string;
  segments: Part[][];
  query: { name: string; parts: Part[] }[];
}

const path = "request.url";
const longest = 8000;

/**
 * An address whose scheme, host and port stand fast, with slots in its path segments and query values only. What two programs could read in two
 * ways (a backslash, an `@`, a letter that only looks like another) is refused rather than guessed at. Refusal `invalid_value` with the character.
 */
export function readUrl(written: string, declared: Declared, rules: OutsideRules): UrlTemplate {
  if (written.length > longest) throw new Refusal("invalid_value", `The address is longer than ${longest} characters.`, { path });
  readSlots(written, path, { ...declared, used: new Set(), slots: 0 });
  const odd = /[^\x21-\x7e\u00a1-\u{10ffff}]|[\\#"<>^`|]/u.exec(written.replace(/\{\{\s*\w+\s*\}\}/g, (slot) => "x".repeat(slot.length)));
  if (odd !== null) throw refusedAt(path, odd.index, oddCharacter(odd[0]));
  const scheme = /^https?:\/\//i.exec(written)?.[0];
  if (scheme === undefined) throw refusedAt(path, 0, "an address begins with https://");
  const end = scheme.length + (/^[^/?]*/.exec(written.slice(scheme.length))?.[0].length ?? 0);
  checkAuthority(written, scheme.length, end);
  const origin = checkedOrigin(written.slice(0, end), rules);
  const [way = "", ...queries] = written.slice(end).split("?");
  return {
    origin,
    segments: readPath(way, end, declared),
    query: readQuery(queries.join("?"), end + way.length + 1, declared),
  };
}

function oddCharacter(character: string): string {
  if (character === "#") return "what stands behind a # is never sent";
  if (character === "\\") return "a backslash has no place in an address";
  return character < " " || character === "\u007f"
    ? "a tab, a line break or another control character has no place in an address"
    : `${character === " " ? "a space" : character} has no place in an address; write it as % and two digits`;
}

function checkAuthority(written: string, from: number, end: number): void {
  const authority = written.slice(from, end);
  const wrong = (index: number, why: string) => refusedAt(path, from + index, why);
  if (authority === "") throw wrong(0, "the name of a host is missing");
  const slot = authority.indexOf("{{");
  if (slot !== -1) throw wrong(slot, "no slot may stand in the host or the port: who runs this would choose who gets the secret");
  const at = authority.indexOf("@");
  if (at !== -1) throw wrong(at, "no name and no password may stand in an address; make them a credential");
  const percent = authority.indexOf("%");
  if (percent !== -1) throw wrong(percent, "a host is written without %");
  const foreign = /[^\x21-\x7e]/u.exec(authority);
  if (foreign !== null)
    throw wrong(foreign.index, "a host is written in the letters a to z (xn--… for others), since many letters look like another");
}

function checkedOrigin(written: string, rules: OutsideRules): string {
  try {
    return outsideAddress(written, rules).origin;
  } catch (error) {
    if (error instanceof Refusal) throw new Refusal("invalid_value", error.message, { path });
    throw error;
  }
}

function readPath(way: string, offset: number, declared: Declared): Part[][] {
  let from = offset + 1;
  return way
    .split("/")
    .slice(1)
    .map((segment) => {
      const at = from;
      from += segment.length + 1;
      checkPercents(segment, at);
      if (isDots(segment)) throw refusedAt(path, at, "a path is written without . and ..");
      const parts = readSlots(segment, path, declared);
      for (const slot of slotsOf(parts)) checkSlot(slot, at, declared, { everywhere: true });
      return parts.map((part) => (typeof part === "string" ? encoded(part) : part));
    });
}

function readQuery(text: string, offset: number, declared: Declared): UrlTemplate["query"] {
  if (text === "") return [];
  let from = offset;
  return text.split("&").map((pair) => {
    const at = from;
    from += pair.length + 1;
    checkPercents(pair, at);
    const equals = pair.indexOf("=");
    const name = equals === -1 ? pair : pair.slice(0, equals);
    if (name.includes("{{")) throw refusedAt(path, at, "a slot stands for a value, not for the name of one");
    const value = equals === -1 ? "" : pair.slice(equals + 1);
    const parts = readSlots(value, path, declared);
    for (const slot of slotsOf(parts)) checkSlot(slot, at, declared, { everywhere: false });
    if (value !== "" && slotsOf(parts).length === 0 && (isSecretName(decoded(name)) || secretIn(decoded(value)) !== undefined))
      throw refusedAt(path, at, `"${name}" seems to have a secret; make it the credential, which is kept sealed`);
    if (parts.length > 1 && slotsOf(parts).some((slot) => declared.parameters.get(slot)?.list === true))
      throw refusedAt(path, at, "several values can only be the whole value");
    return { name: encoded(name), parts: parts.map((part) => (typeof part === "string" ? encoded(part) : part)) };
  });
}

/** What stands in an address stands in logs on the way, and in the record of the run. */
function checkSlot(slot: string, index: number, { parameters }: Declared, { everywhere }: { everywhere: boolean }): void {
  const parameter = parameters.get(slot);
  if (isSecretName(slot))
    throw refusedAt(path, index, `{{${slot}}} is named like a secret, which has no place in an address; make it the credential`);
  if (!everywhere || parameter === undefined) return;
  if (parameter.list === true) throw refusedAt(path, index, `{{${slot}}} has several values, and a path takes one`);
  if (!parameter.required && parameter.default === undefined)
    throw refusedAt(path, index, `{{${slot}}} may be left out, and a path needs it; make it required, or give it a default`);
}

function checkPercents(text: string, offset: number): void {
  const wrong = /%(?![0-9A-Fa-f]{2})/.exec(text);
  if (wrong !== null) throw refusedAt(path, offset + wrong.index, "behind a % stand two digits, like %20");
}

function isDots(segment: string): boolean {
  return /^(?:\.|%2e){1,2}$/i.test(segment);
}

/** What isn't ASCII, by its UTF-8; braces, which are ASCII and no part of an address. */
function encoded(text: string): string {
  return text.replace(/[^\x21-\x7e]+|[{}]/gu, (odd) => encodeURIComponent(odd));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The address with its values, each encoded so that it stays where it stands. Refusal `invalid_value` at `args.<name>`. */
export function fillUrl(
  { origin, segments, query }: UrlTemplate,
  value: (name: string) => ParameterValue | readonly ParameterValue[] | undefined,
): string {
  const way = segments.map((parts) => `/${fillSegment(parts, value)}`).join("") || "/";
  const pairs = query.flatMap(({ name, parts }) => {
    const only = parts.length === 1 && typeof parts[0] === "object" ? value(parts[0].slot) : undefined;
    if (Array.isArray(only)) return only.map((one: ParameterValue) => `${name}=${encodeURIComponent(String(one).toWellFormed())}`);
    const filled = fillParts(parts, value, encodeURIComponent);
    return filled === undefined ? [] : [`${name}=${filled}`];
  });
  const url = `${origin}${way}${pairs.length === 0 ? "" : `?${pairs.join("&")}`}`;
  if (url.length > longest)
    throw new Refusal("invalid_value", `With these values the address is longer than ${longest} characters.`, { path });
  const read = new URL(url);
  // Whoever reads it next must see the same (ASVS 1.5.3).
  if (read.origin !== origin || read.pathname !== way)
    throw new Refusal("invalid_value", "These values would lead to another address.", { path });
  return url;
}

function fillSegment(parts: readonly Part[], value: (name: string) => ParameterValue | readonly ParameterValue[] | undefined): string {
  const filled = fillParts(parts, value, encodeURIComponent) ?? "";
  const [slot] = slotsOf(parts);
  if (slot === undefined) return filled;
  if (filled === "") throw new Refusal("invalid_value", `\`${slot}\` has no value, and the path needs it.`, { path: `args.${slot}` });
  // Encoded too they would lead upwards: `%2e%2e` is read as `..` (URL Standard, 4.4).
  if (isDots(filled))
    throw new Refusal("invalid_value", `\`${slot}\` can't be "${filled}": in a path that leads elsewhere.`, { path: `args.${slot}` });
  return filled;
}
