import type { ParameterValue } from "../../protocol/operations.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { secretIn } from "../../protocol/secretShapes.ts";
import { isSecretName } from "./secretNames.ts";
import { type Declared, fillParts, type Part, readSlots, refusedAt, slotsOf } from "./slots.ts";

export interface HeaderTemplate {
  name: string;
  parts: Part[];
}

const most = 50;
const longest = 4000;

/** What frames a message, or belongs to one hop of it (RFC 9110, 7.6.1): said by the door alone, or one request could be made to look like two. */
const ours = new Set([
  ...["host", "content-length", "transfer-encoding", "connection", "keep-alive", "te", "trailer", "upgrade", "expect", "http2-settings"],
  ...["proxy-authorization", "proxy-authenticate", "proxy-connection", "accept-encoding", "content-encoding", "via"],
]);

/** Headers with slots in their values. Refusals `invalid_value` at `request.headers.<name>`. */
export function readHeaders(written: Readonly<Record<string, string>>, declared: Declared): HeaderTemplate[] {
  const entries = Object.entries(written);
  if (entries.length > most) throw new Refusal("invalid_value", `There are more than ${most} headers.`, { path: "request.headers" });
  const seen = new Set<string>();
  return entries.map(([name, value]) => {
    const path = `request.headers.${name}`;
    const refused = (why: string) => new Refusal("invalid_value", why, { path });
    checkHeaderName(name, path);
    const lower = name.toLowerCase();
    if (seen.has(lower)) throw refused(`"${name}" stands here twice.`);
    seen.add(lower);
    checkPlain(value, path);
    const parts = readSlots(value, path, declared);
    if (lower === "authorization" || isSecretName(lower) || secretIn(value) !== undefined)
      throw refused(`What "${name}" proves is secret; make it the credential, which is kept sealed.`);
    if (lower === "content-type" && slotsOf(parts).length > 0) throw refused("A content type stands fast: no slot may stand in it.");
    return { name, parts };
  });
}

/** Whether this header may be set by a definition, as one of its own or as that of a key. Refusal `invalid_value`. */
export function checkHeaderName(name: string, path: string): void {
  const refused = (why: string) => new Refusal("invalid_value", why, { path });
  if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/.test(name))
    throw refused("The name of a header has letters, digits and - in it, 100 at most, and no slot.");
  const lower = name.toLowerCase();
  if (lower === "cookie" || lower === "cookie2" || lower === "set-cookie")
    throw refused("Cookies belong to browsers; an API call sends none.");
  if (ours.has(lower)) throw refused(`"${name}" is set by Switchboard itself.`);
}

/** RFC 9110, 5.5: a line break in a value would begin another header. */
function checkPlain(value: string, path: string): void {
  if (value.length > longest) throw new Refusal("invalid_value", `A header has ${longest} characters at most.`, { path });
  const odd = /[^\x20-\x7e\t]/u.exec(value);
  if (odd === null) return;
  throw refusedAt(
    path,
    odd.index,
    /[\0\r\n]/.test(odd[0]) ? "a header has no line break and no NUL in it" : "a header takes only the letters, digits and signs of ASCII",
  );
}

/** The headers with their values. Refusals `invalid_value` at `args.<name>`. */
export function fillHeaders(
  templates: readonly HeaderTemplate[],
  value: (name: string) => ParameterValue | readonly ParameterValue[] | undefined,
): Record<string, string> {
  return Object.fromEntries(
    templates.flatMap(({ name, parts }): [string, string][] => {
      const filled = fillParts(parts, value, (text, slot) => {
        checkPlain(text, `args.${slot}`);
        return text;
      });
      return filled === undefined ? [] : [[name, filled]];
    }),
  );
}
