import type { ParameterValue } from "../../protocol/operations.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { fillJson, type JsonTemplate, readJsonTemplate, readJsonText } from "./jsonTemplate.ts";
import { type Declared, fillParts, type Part, readSlots, refusedAt, slotsOf } from "./slots.ts";

export type BodyTemplate =
  | { kind: "json"; template: JsonTemplate; contentType: string }
  | { kind: "form"; fields: { name: string; parts: Part[] }[]; contentType: string }
  | { kind: "text"; parts: Part[]; contentType: string };

const path = "request.body";
const longest = 256 * 1024;
const filledLongest = 1024 * 1024;
const form = "application/x-www-form-urlencoded";

/**
 * A body by its content type, or by what it is where none is said: an object or a list is JSON, a text is JSON if it reads as such. Undefined for
 * none. Refusal `invalid_value` at the member, with the character.
 */
export function readBody(written: unknown, contentType: string | undefined, declared: Declared): BodyTemplate | undefined {
  if (written === undefined || written === "" || written === null) return undefined;
  if (JSON.stringify(written).length > longest) throw new Refusal("invalid_value", "The body is larger than 256 KB.", { path });
  const type = contentType?.split(";")[0]?.trim().toLowerCase();
  const isJson = type === undefined ? undefined : /^application\/(?:[\w.+-]+\+)?json$|^text\/json$/.test(type);
  if (typeof written !== "string") {
    if (type === form) return formOf(written, contentType ?? form, declared);
    if (isJson === false) throw new Refusal("invalid_value", `The body is JSON, and the content type says ${type}.`, { path });
    return { kind: "json", template: readJsonTemplate(written, path, declared), contentType: contentType ?? "application/json" };
  }
  if (type === form) return { kind: "form", fields: readForm(written, declared), contentType: contentType ?? form };
  const looksSo = /^\s*[[{](?!\{)/.test(written);
  if (isJson === true || (isJson === undefined && looksSo))
    return { kind: "json", template: readJsonText(written, path, declared), contentType: contentType ?? "application/json" };
  if (type?.startsWith("multipart/") === true)
    throw new Refusal("invalid_value", "Parts (multipart) can't be sent; JSON, forms and texts can.", { path });
  const parts = readSlots(written, path, declared);
  refuseLists(parts, path, declared);
  return { kind: "text", parts, contentType: contentType ?? "text/plain; charset=utf-8" };
}

function formOf(written: unknown, contentType: string, declared: Declared): BodyTemplate {
  if (typeof written !== "object" || written === null || Array.isArray(written))
    throw new Refusal("invalid_value", "A form has fields: write an object, or name=value&….", { path });
  const fields = Object.entries(written).map(([name, value]) => {
    const at = `${path}.${name}`;
    if (name.includes("{{")) throw new Refusal("invalid_value", "A slot stands for a value, not for the name of one.", { path: at });
    if (typeof value === "object" && value !== null) throw new Refusal("invalid_value", "A field of a form is a text.", { path: at });
    return { name, parts: oneOrList(readSlots(String(value ?? ""), at, declared), at, declared) };
  });
  return { kind: "form", fields, contentType };
}

function readForm(text: string, declared: Declared) {
  let from = 0;
  return text.split("&").map((pair) => {
    const at = from;
    from += pair.length + 1;
    const equals = pair.indexOf("=");
    const name = equals === -1 ? pair : pair.slice(0, equals);
    if (name.includes("{{")) throw refusedAt(path, at, "a slot stands for a value, not for the name of one");
    if (/%(?![0-9A-Fa-f]{2})/.test(pair)) throw refusedAt(path, at, "behind a % stand two digits, like %20");
    const parts = readSlots(equals === -1 ? "" : pair.slice(equals + 1), path, declared);
    const read = parts.map((part) => (typeof part === "string" ? unescaped(part, at) : part));
    return { name: unescaped(name, at), parts: oneOrList(read, path, declared) };
  });
}

function unescaped(text: string, index: number): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    throw refusedAt(path, index, "this isn't UTF-8 written with %");
  }
}

function oneOrList(parts: Part[], at: string, declared: Declared): Part[] {
  if (parts.length > 1) refuseLists(parts, at, declared);
  return parts;
}

function refuseLists(parts: readonly Part[], at: string, { parameters }: Declared): void {
  const several = slotsOf(parts).find((slot) => parameters.get(slot)?.list === true);
  if (several !== undefined) throw new Refusal("invalid_value", `{{${several}}} has several values, and a text takes one.`, { path: at });
}

/** The body as it is sent. Refusal `invalid_value`. */
export function fillBody(
  template: BodyTemplate,
  value: (name: string) => ParameterValue | readonly ParameterValue[] | undefined,
  declared: Pick<Declared, "parameters">,
): string {
  const filled = filledBody(template, value, declared);
  if (Buffer.byteLength(filled) > filledLongest)
    throw new Refusal("invalid_value", "With these values the body is larger than 1 MB.", { path });
  return filled;
}

function filledBody(
  template: BodyTemplate,
  value: (name: string) => ParameterValue | readonly ParameterValue[] | undefined,
  declared: Pick<Declared, "parameters">,
): string {
  switch (template.kind) {
    case "json":
      return fillJson(template.template, value, declared.parameters) ?? "null";
    case "text":
      // In a text nothing falls away but the value itself.
      return (
        fillParts(
          template.parts,
          (name) => value(name) ?? "",
          (text) => text,
        ) ?? ""
      );
    case "form": {
      const pairs = new URLSearchParams();
      for (const { name, parts } of template.fields) {
        const only = parts.length === 1 && typeof parts[0] === "object" ? value(parts[0].slot) : undefined;
        if (Array.isArray(only)) for (const one of only) pairs.append(name, String(one).toWellFormed());
        else {
          const filled = fillParts(parts, value, (text) => text);
          if (filled !== undefined) pairs.append(name, filled);
        }
      }
      return pairs.toString();
    }
  }
}
