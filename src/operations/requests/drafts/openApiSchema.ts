import type { Parameter, ParameterType } from "../../../protocol/operations.ts";
import type { Json } from "../json.ts";
import { isSecretName } from "../secretNames.ts";
import type { Suggestions } from "./draft.ts";
import { asList, asPart, asText, type Document, type Part } from "./openApiDocument.ts";

const deepest = 6;

/** A parameter by its schema: of OpenAPI 3 within it, of Swagger 2 beside its name. */
export function parameterOf(document: Document, described: Part, name: string, { required }: { required: boolean }): Parameter {
  const schema = schemaOf(document, described["schema"] ?? described);
  const type = kindOf(schema);
  const one = type === "array" ? schemaOf(document, schema["items"]) : schema;
  const typed = typeOf(one);
  const label = asText(described["description"]) ?? asText(schema["title"]) ?? asText(schema["description"]);
  const known = type === "array" ? undefined : defaultOf(typed.type, schema["default"], typed.choices);
  return {
    name,
    ...(label === undefined ? {} : { label: (label.split("\n")[0] ?? label).slice(0, 100) }),
    ...typed,
    required,
    ...(type === "array" ? { list: true } : {}),
    ...(known === undefined ? {} : { default: known }),
  };
}

function typeOf(schema: Part): { type: ParameterType; choices?: string[] } {
  const choices = asList(schema["enum"]).filter((each) => typeof each === "string" && each.trim() !== "");
  if (choices.length > 0 && choices.length <= 200) return { type: "choice", choices: [...new Set(choices.map(String))] };
  switch (kindOf(schema)) {
    case "integer":
      return { type: "integer" };
    case "number":
      return { type: "decimal" };
    case "boolean":
      return { type: "boolean" };
    default:
      return { type: schema["format"] === "date" ? "date" : schema["format"] === "date-time" ? "instant" : "text" };
  }
}

/** OpenAPI 3.1 has several types, one of them null. */
function kindOf(schema: Part): string | undefined {
  const type = Array.isArray(schema["type"]) ? schema["type"].find((each) => each !== "null") : schema["type"];
  return asText(type) ?? (schema["properties"] === undefined ? undefined : "object");
}

function defaultOf(type: ParameterType, written: unknown, choices: readonly string[] | undefined): string | number | boolean | undefined {
  if (type === "integer") return typeof written === "number" && Number.isSafeInteger(written) ? written : undefined;
  if (type === "decimal") return typeof written === "number" && /^-?\d+(\.\d+)?$/.test(String(written)) ? String(written) : undefined;
  if (type === "boolean") return typeof written === "boolean" ? written : undefined;
  if (type === "choice") return typeof written === "string" && choices?.includes(written) === true ? written : undefined;
  return type === "text" && typeof written === "string" && written !== "" ? written : undefined;
}

/** A schema with what it is made of: of `allOf` everything, of `oneOf` and `anyOf` the first. */
function schemaOf(document: Document, written: unknown, depth = 0): Part {
  const schema = document.follow(written);
  if (depth > deepest) return schema;
  const parts = [...asList(schema["allOf"]), ...asList(schema["oneOf"]).slice(0, 1), ...asList(schema["anyOf"]).slice(0, 1)];
  if (parts.length === 0) return schema;
  const read = [schema, ...parts.map((part) => schemaOf(document, part, depth + 1))];
  return {
    ...Object.assign({}, ...read.toReversed()),
    properties: Object.assign({}, ...read.map((each) => asPart(each["properties"]))),
    required: read.flatMap((each) => asList(each["required"])),
  };
}

/** JSON of this form with a slot for each value, what is required first; undefined where there is no room, or nothing to say. */
export function templateOf(
  document: Document,
  written: unknown,
  name: string,
  required: boolean,
  suggestions: Suggestions,
  notes: Set<string>,
  around: readonly Part[] = [],
): Json | undefined {
  const schema = schemaOf(document, written);
  const here = document.follow(written);
  if (schema["readOnly"] === true) return undefined;
  if (around.length > deepest || around.includes(here)) {
    notes.add(`"${name}" was left out: it is nested too deep, or in itself.`);
    return undefined;
  }
  const kind = kindOf(schema);
  if (kind === "object") {
    const needed = new Set(asList(schema["required"]));
    const members = Object.entries(asPart(schema["properties"])).sort(([a], [b]) => Number(needed.has(b)) - Number(needed.has(a)));
    const filled = members.flatMap(([member, part]): [string, Json][] => {
      const template = templateOf(document, part, member, required && needed.has(member), suggestions, notes, [...around, here]);
      return template === undefined ? [] : [[member, template]];
    });
    if (filled.length === 0 && !required) return undefined;
    return Object.fromEntries(filled);
  }
  if (kind === "array" && kindOf(schemaOf(document, schema["items"])) === "object") {
    const item = templateOf(document, schema["items"], name, required, suggestions, notes, [...around, here]);
    if (item !== undefined) notes.add(`"${name}" is a list of which one item is asked for; copy it in the body for more.`);
    return item === undefined ? undefined : [item];
  }
  if (isSecretName(name)) notes.add(`"${name}" sounds like a secret, and what is typed into a parameter is kept with the run.`);
  const slot = suggestions.declare(parameterOf(document, { schema, description: schema["description"] }, name, { required }));
  if (slot === undefined) notes.add(`"${name}" was left out: an operation has 30 parameters at most.`);
  return slot;
}
