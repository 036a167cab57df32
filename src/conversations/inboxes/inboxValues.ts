import { type PrechatType, prechatTypes } from "../../protocol/inbox.ts";
import { Refusal } from "../../protocol/refusal.ts";
import type { PrechatSettings } from "./inboxes.ts";
import { ownWords } from "./inboxWords.ts";

/** A BCP 47 tag in its own spelling: `pt-br` is `pt-BR`. Refusal `invalid_value`. */
export function readLanguage(text: string, path: string): string {
  try {
    const [tag] = Intl.getCanonicalLocales(text.trim());
    if (tag !== undefined && tag.length <= 35 && new Intl.DisplayNames("en", { type: "language", fallback: "none" }).of(tag) !== undefined)
      return tag;
  } catch {
    // Said below.
  }
  throw new Refusal("invalid_value", `"${text.slice(0, 40)}" is no language; write one like en, pt-BR or de.`, { path });
}

/** The key of a text: one of the fixed ones, of a field of the form, or of a proactive message. Refusal `invalid_value`. */
export function readTextKey(text: string, path: string): string {
  const key = text.trim();
  if (Object.hasOwn(ownWords, key) || /^(prechat|proactive)\.[a-z0-9][a-z0-9-]{0,59}$/.test(key)) return key;
  const keys = [...Object.keys(ownWords), "prechat.{field}", "proactive.{key}"];
  throw new Refusal("invalid_value", `There is no text "${key.slice(0, 60)}"; texts are ${keys.join(", ")}.`, { path });
}

/** Origins as browsers say them, with commas or spaces between. Refusal `invalid_value`, whose path has the number of the wrong one. */
export function readOrigins(text: string, path: string): string[] {
  const origins = text.split(/[\s,]+/).filter((part) => part !== "");
  if (origins.length > 50) throw new Refusal("invalid_value", "50 origins are the limit.", { path });
  return origins.map((origin, index) => {
    const url = URL.canParse(origin) ? new URL(origin) : undefined;
    if (url !== undefined && /^https?:$/.test(url.protocol) && (url.origin === origin || `${url.origin}/` === origin)) return url.origin;
    throw new Refusal("invalid_value", `"${origin.slice(0, 100)}" is no origin; write it like https://shop.example.com, without a path.`, {
      path: `${path}.${index}`,
    });
  });
}

/** `#rrggbb` in lower case. Refusal `invalid_value`. */
export function readColour(text: string, path: string): string {
  const colour = text.trim().toLowerCase();
  if (/^#[0-9a-f]{6}$/.test(colour)) return colour;
  throw new Refusal("invalid_value", `"${text.slice(0, 20)}" is no colour; write it like #2d55dd.`, { path });
}

/** Fields as `name, email*, order:number*`: a star asks for an answer, and what is not said is text. Refusal `invalid_value`. */
export function readFields(text: string, path: string): PrechatSettings["fields"] {
  const written = text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
  if (written.length > 20) throw new Refusal("invalid_value", "20 fields are the limit.", { path });
  const fields = written.map((part, index) => readField(part, `${path}.${index}`));
  const again = fields.findIndex(({ name }, index) => fields.findIndex((other) => other.name === name) < index);
  if (again >= 0) throw new Refusal("invalid_value", `"${fields[again]?.name ?? ""}" is asked twice.`, { path: `${path}.${again}.name` });
  return fields;
}

function readField(text: string, path: string): PrechatSettings["fields"][number] {
  const required = text.endsWith("*");
  const [name = "", wanted, ...more] = text.replace(/\*$/, "").split(":");
  if (!/^[a-z][a-z0-9-]{0,39}$/.test(name) || more.length > 0)
    throw new Refusal("invalid_value", `"${text.slice(0, 60)}" is no field; write a name in small letters, like order or order:number*.`, {
      path: `${path}.name`,
    });
  const type = wanted ?? (name === "email" || name === "phone" ? name : "text");
  if (!isType(type))
    throw new Refusal("invalid_value", `"${type.slice(0, 20)}" is no type of field; types are ${prechatTypes.join(", ")}.`, {
      path: `${path}.type`,
    });
  return { name, type, required };
}

function isType(text: string): text is PrechatType {
  return prechatTypes.some((type) => type === text);
}

/** The path of a page with `*` for any characters. Refusal `invalid_value`. */
export function readPagePattern(text: string, path: string): string {
  const pattern = text.trim();
  if (/^[/*][^\s]{0,199}$/.test(pattern)) return pattern;
  throw new Refusal("invalid_value", `"${pattern.slice(0, 60)}" is no page; it begins with / or *, like /pricing*.`, { path });
}
