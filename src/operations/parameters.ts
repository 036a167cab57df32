import { Temporal } from "temporal-polyfill";
import type { Args } from "../commands/command.ts";
import type { ArgSchema, ArgsSchema } from "../protocol/commands.ts";
import type { ChoicesFrom, Parameter, ParameterValue, ParameterValues } from "../protocol/operations.ts";
import { ownValue } from "../protocol/ownValue.ts";
import { Refusal } from "../protocol/refusal.ts";

/** In the database, in a URL and in a form alike; what comes from the session keeps its names. */
const nameShape = /^[a-z][a-z0-9_]{0,39}$/i;
const reserved = new Set(["me", "team", "tenant"]);
const mostParameters = 30;
const mostChoices = 200;
const longestText = 4000;
const mostValues = 200;

/** The parameters as they may be stored. Refusals: `invalid_value` with the path of what doesn't fit. */
export function checkParameters(parameters: readonly Parameter[], path = "parameters"): Parameter[] {
  if (parameters.length > mostParameters) throw wrong(path, `${mostParameters} parameters are the most; there are ${parameters.length}.`);
  const names = new Set<string>();
  return parameters.map((parameter, index) => {
    const at = (field: string) => `${path}.${index}.${field}`;
    const { name } = parameter;
    if (!nameShape.test(name))
      throw wrong(at("name"), `"${name.slice(0, 60)}" is no name: a letter first, then letters, digits and _, 40 at most.`);
    const folded = name.toLowerCase();
    if (parameter.fixed === true && parameter.default === undefined)
      throw wrong(at("default"), `"${name}" is preset, so it needs the value that it always has.`);
    if (reserved.has(folded)) throw wrong(at("name"), `":${folded}" comes from whoever runs it; choose another name.`);
    if (names.has(folded)) throw wrong(at("name"), `There are two parameters called "${name}".`);
    names.add(folded);
    checkChoices(parameter, parameters.slice(0, index), at);
    checkThing(parameter, at);
    if (parameter.default !== undefined) typedValue(parameter, parameter.default, at("default"));
    return parameter;
  });
}

function checkChoices({ type, choices, choicesFrom, list }: Parameter, earlier: readonly Parameter[], at: (field: string) => string): void {
  const path = at("choices");
  if (type !== "choice") {
    if (choices !== undefined || choicesFrom !== undefined) throw wrong(path, `Only a choice has choices; this is ${article(type)}.`);
    return;
  }
  if (choicesFrom !== undefined) {
    if (choices !== undefined) throw wrong(path, "Choices are either listed here or taken from an operation, not both.");
    if (list === true) throw wrong(at("list"), "Of what an operation offers one is chosen, not several.");
    checkEarlier(choicesFrom, earlier, at("choicesFrom"));
    return;
  }
  if (choices === undefined || choices.length === 0) throw wrong(path, "A choice needs what may be chosen.");
  if (choices.length > mostChoices) throw wrong(path, `${mostChoices} choices are the most; there are ${choices.length}.`);
  if (new Set(choices).size < choices.length) throw wrong(path, "A choice stands there twice.");
  if (choices.some((choice) => choice.trim() === "")) throw wrong(path, "A choice is empty.");
}

/** Of an entity it must be said of which blueprint; a file is given each time by whoever runs it. */
function checkThing({ type, blueprint, list, default: usual }: Parameter, at: (field: string) => string): void {
  if (type === "entity" && (blueprint === undefined || blueprint.trim() === ""))
    throw wrong(at("blueprint"), "Choose the blueprint whose entities may be given.");
  if (type !== "entity" && blueprint !== undefined)
    throw wrong(at("blueprint"), `Only an entity has a blueprint; this is ${article(type)}.`);
  if (type !== "file") return;
  if (list === true) throw wrong(at("list"), "A file is one; for more of them, add more parameters.");
  if (usual !== undefined) throw wrong(at("default"), "A file has no default: whoever runs it chooses one.");
}

/** What a choice depends on is asked for before it. */
function checkEarlier({ args = {}, search }: ChoicesFrom, earlier: readonly Parameter[], path: string): void {
  for (const [name, from] of Object.entries(args)) {
    if (!earlier.some((parameter) => parameter.name === from && parameter.list !== true))
      throw wrong(`${path}.args.${name}`, `"${from.slice(0, 60)}" is no parameter before this one.`);
  }
  if (search !== undefined && Object.hasOwn(args, search))
    throw wrong(`${path}.search`, `"${search}" gets the value of a parameter, so it can't take what is typed.`);
}

/** What the command that the operation becomes takes, in the order of the parameters. */
export function argsOf(parameters: readonly Parameter[]): ArgsSchema {
  const asked = parameters.filter(({ fixed }) => fixed !== true);
  const required = asked.filter((parameter) => parameter.required && parameter.default === undefined).map(({ name }) => name);
  return {
    type: "object",
    properties: Object.fromEntries(asked.map((parameter) => [parameter.name, schemaOf(parameter)])),
    ...(required.length === 0 ? {} : { required }),
    additionalProperties: false,
  };
}

const formats: Partial<Record<Parameter["type"], string>> = {
  date: "date",
  instant: "date-time",
  decimal: "decimal",
  account: "account",
  entity: "entity",
  file: "file",
};

function schemaOf({ label, type, list, choices, choicesFrom, blueprint }: Parameter): ArgSchema {
  const description = label === undefined ? {} : { description: label };
  if (list === true) return { type: "array", ...description };
  // Which there are is asked as one types.
  if (type === "entity" && blueprint !== undefined)
    return { type: "string", ...description, format: "entity", blueprint, choicesFrom: { after: [] } };
  if (type === "integer" || type === "boolean") return { type, ...description };
  const format = formats[type];
  return {
    type: "string",
    ...description,
    ...(choices === undefined ? {} : { enum: choices }),
    ...(choicesFrom === undefined ? {} : { choicesFrom: { after: Object.values(choicesFrom.args ?? {}) } }),
    ...(format === undefined ? {} : { format }),
    ...(type === "text" ? { maxLength: longestText } : {}),
  };
}

/** The checked arguments of a run as values of the parameters' types, defaults put in. Refusals: `invalid_value` with `args.<name>`. */
export function valuesOf(parameters: readonly Parameter[], args: Args): ParameterValues {
  return Object.fromEntries(
    parameters.flatMap((parameter): [string, ParameterValue | ParameterValue[]][] => {
      const path = `args.${parameter.name}`;
      const given = parameter.fixed === true ? parameter.default : (ownValue(args, parameter.name) ?? parameter.default);
      if (given === undefined) {
        if (parameter.required) throw wrong(path, `"${parameter.name}" is missing.`);
        return [];
      }
      if (parameter.list !== true) return [[parameter.name, typedValue(parameter, given, path)]];
      const several = Array.isArray(given) ? given : [given];
      if (several.length > mostValues) throw wrong(path, `${mostValues} values are the most; there are ${several.length}.`);
      return [[parameter.name, several.map((value, index) => typedValue(parameter, value, `${path}.${index}`))]];
    }),
  );
}

/** One value of a parameter's type; whether an operation offers it is looked up elsewhere. Refusal `invalid_value` in words. */
function typedValue({ name, type, choices, choicesFrom }: Parameter, value: unknown, path: string): ParameterValue {
  const not = (what: string) => wrong(path, `"${name}" must be ${what}.`);
  if (type === "boolean") {
    if (typeof value !== "boolean") throw not("true or false");
    return value;
  }
  if (type === "integer") {
    if (typeof value !== "number" || !Number.isSafeInteger(value)) throw not("a whole number");
    return value;
  }
  const text = type === "decimal" && typeof value === "number" && Number.isFinite(value) ? String(value) : value;
  if (typeof text !== "string") throw not(article(type));
  if (text.length > longestText) throw not(`at most ${longestText} characters long; it has ${text.length}`);
  if (text.includes("\u0000") || !text.isWellFormed()) throw not("a text that a database can hold");
  if (type === "decimal") {
    if (!/^-?\d{1,30}(\.\d{1,30})?$/.test(text)) throw not("a number like 12.50");
    return text;
  }
  if (type === "date" || type === "instant") {
    const time = type === "date" ? plainDate(text) : instant(text);
    if (time === undefined) throw not(type === "date" ? "a date like 2026-11-21" : "a time like 2026-11-21T09:30:00Z");
    return time;
  }
  if (type === "choice" && choicesFrom === undefined && choices?.includes(text) !== true) throw not(`one of ${(choices ?? []).join(", ")}`);
  return text;
}

function plainDate(text: string): string | undefined {
  try {
    return /^\d{4}-\d\d-\d\d$/.test(text) ? Temporal.PlainDate.from(text, { overflow: "reject" }).toString() : undefined;
  } catch {
    return undefined;
  }
}

function instant(text: string): string | undefined {
  try {
    return Temporal.Instant.from(text).toString();
  } catch {
    return undefined;
  }
}

function article(type: Parameter["type"]): string {
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;
}

function wrong(path: string, message: string): Refusal {
  return new Refusal("invalid_value", message, { path });
}
