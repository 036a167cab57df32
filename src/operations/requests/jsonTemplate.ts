import type { Parameter, ParameterValue } from "../../protocol/operations.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { secretIn } from "../../protocol/secretShapes.ts";
import { deepestJson, isDeeper, wrongJsonAt } from "./json.ts";
import { type Declared, fillParts, type Part, readSlots, refusedAt, slotsOf, textOf } from "./slots.ts";

/** JSON with slots: `literal` is JSON already. */
export type JsonTemplate =
  | { kind: "literal"; json: string }
  | { kind: "slot"; name: string }
  | { kind: "text"; parts: Part[] }
  | { kind: "list"; items: JsonTemplate[] }
  | { kind: "object"; members: [name: string, JsonTemplate][] };

/** A private character in place of a bare slot's inner braces: as long as they are, so that places in the text stay the same. */
const mark = "\uE000";

/** As `readJsonTemplate`, of a text in which a slot may stand without quotation marks too. */
export function readJsonText(text: string, path: string, declared: Declared): JsonTemplate {
  const quoted = text.replace(/"(?:[^"\\]|\\.)*"|\{\{(\s*[A-Za-z_]\w*(?:\.[a-z]+)?\s*)\}\}/gs, (token, name: string | undefined) =>
    name === undefined ? token : `"${mark}${name.replace(/\s/g, " ")}${mark}"`,
  );
  try {
    return readJsonTemplate(JSON.parse(quoted), path, declared);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw refusedAt(path, wrongJsonAt(quoted), "this isn't JSON");
  }
}

/**
 * JSON whose texts may have slots in them. A text that is one slot becomes the value by its type, a number or a list too; among other words it is
 * part of the text. Names of members stand fast.
 */
export function readJsonTemplate(json: unknown, path: string, declared: Declared): JsonTemplate {
  if (isDeeper(json, deepestJson)) throw new Refusal("invalid_value", `The body is nested deeper than ${deepestJson} levels.`, { path });
  return templateOf(json, path, declared);
}

function templateOf(json: unknown, path: string, declared: Declared): JsonTemplate {
  if (typeof json === "string") return textTemplate(json, path, declared);
  if (Array.isArray(json)) return { kind: "list", items: json.map((item, index) => templateOf(item, `${path}.${index}`, declared)) };
  if (typeof json === "object" && json !== null) {
    const members = Object.entries(json).map(([name, value]): [string, JsonTemplate] => {
      const at = `${path}.${name}`;
      if (name.includes("{{") || name.includes(mark))
        throw new Refusal("invalid_value", "A slot stands for a value, not for the name of one.", { path: at });
      return [name, templateOf(value, at, declared)];
    });
    return { kind: "object", members };
  }
  const literal: string | undefined = JSON.stringify(json);
  if (literal === undefined) throw new Refusal("invalid_value", "This is no JSON.", { path });
  return { kind: "literal", json: literal };
}

function textTemplate(text: string, path: string, declared: Declared): JsonTemplate {
  const bare = text.startsWith(mark) && text.endsWith(mark) && text.length > 1 ? `{{${text.slice(1, -1)}}}` : text;
  const parts = readSlots(bare, path, declared);
  const [first] = parts;
  if (parts.length === 1 && typeof first === "object") return { kind: "slot", name: first.slot };
  if (slotsOf(parts).length === 0) {
    const found = secretIn(text);
    if (found !== undefined)
      throw new Refusal("invalid_value", `This seems to have ${found} in it; make it the credential, which is kept sealed.`, { path });
    return { kind: "literal", json: JSON.stringify(text) };
  }
  const several = slotsOf(parts).find((slot) => declared.parameters.get(slot)?.list === true);
  if (several !== undefined) throw new Refusal("invalid_value", `{{${several}}} has several values, and a text takes one.`, { path });
  return { kind: "text", parts };
}

type Value = (name: string) => ParameterValue | readonly ParameterValue[] | undefined;

/** The JSON with its values, written by their types, so that no value becomes anything else; undefined where it falls away. */
export function fillJson(template: JsonTemplate, value: Value, parameters: ReadonlyMap<string, Parameter>): string | undefined {
  switch (template.kind) {
    case "literal":
      return template.json;
    case "slot": {
      const known = value(template.name);
      if (known === undefined) return undefined;
      if (!Array.isArray(known)) return writeValue(template.name, known, parameters);
      return `[${known.map((one: ParameterValue) => writeValue(template.name, one, parameters)).join(",")}]`;
    }
    case "text": {
      const filled = fillParts(template.parts, value, (text) => text);
      return filled === undefined ? undefined : JSON.stringify(filled);
    }
    case "list":
      return `[${template.items.flatMap((item) => fillJson(item, value, parameters) ?? []).join(",")}]`;
    case "object": {
      const members = template.members.flatMap(([name, member]) => {
        const filled = fillJson(member, value, parameters);
        return filled === undefined ? [] : [`${JSON.stringify(name)}:${filled}`];
      });
      return `{${members.join(",")}}`;
    }
  }
}

/** A decimal as a number with the digits that it has: `12.50` stays that, which a JavaScript number wouldn't. */
function writeValue(name: string, value: ParameterValue | readonly ParameterValue[], parameters: ReadonlyMap<string, Parameter>): string {
  const type = parameters.get(name)?.type;
  if (type === "decimal" || type === "integer") {
    const digits = String(value).replace(/^(-?)0+(?=\d)/, "$1");
    if (!/^-?(?:0|[1-9]\d*)(?:\.\d+)?$/.test(digits))
      throw new Refusal("invalid_value", `\`${name}\` is no number that JSON has.`, { path: `args.${name}` });
    return digits;
  }
  return typeof value === "boolean" ? String(value) : JSON.stringify(textOf(value));
}
