import type { Parameter, ParameterType, ParameterValue } from "../../src/protocol/operations.ts";
import { ownValue } from "../../src/protocol/ownValue.ts";

export const typeWords: Record<ParameterType, string> = {
  text: "Text",
  integer: "Whole number",
  decimal: "Number",
  boolean: "Yes or no",
  date: "Date",
  instant: "Date and time",
  choice: "Choice",
  entity: "Entity",
  account: "Colleague",
  file: "File",
};

const numbers = /^(n|days?|weeks?|months?|hours?|count|limit|top|year|min|max|least|most|quantity|qty|age)$|_(days?|count|limit|id)$/;
const dates = /^(date|day|since|from|until|to|before|after|on|start|end)$|_(on|date|day|since|until)$/;

/** A parameter as its name suggests it; whoever adds it sees and changes it. */
export function parameterFor(name: string): Parameter {
  const type = numbers.test(name.toLowerCase()) ? "integer" : dates.test(name.toLowerCase()) ? "date" : "text";
  return { name, type, required: true };
}

/** A value that was written, as its type takes it; what doesn't fit stays text, and the server says what is wrong with it. */
export function typedValue({ type, list }: Pick<Parameter, "type" | "list">, written: string): ParameterValue | ParameterValue[] {
  if (list !== true) return typed(type, written);
  return written.split(/[\n,;]/).flatMap((each) => (each.trim() === "" ? [] : [typed(type, each)]));
}

export function typed(type: ParameterType, written: string): ParameterValue {
  const text = written.trim();
  if (type === "integer" && /^-?\d{1,15}$/.test(text)) return Number(text);
  if (type === "boolean" && (text === "true" || text === "false")) return text === "true";
  if (type === "decimal") return text.replace(",", ".");
  if (type === "instant" && /^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(text)) return new Date(text).toISOString();
  return type === "text" ? written : text;
}

/** What a text may name of it: a file by what there is of it. */
export function slotsFor({ name, type }: Pick<Parameter, "name" | "type">): string[] {
  return type === "file" ? [`${name}.name`, `${name}.url`] : [name];
}

/** The line that runs it: `/late-orders region:north days:3`. */
export function lineOf(name: string, parameters: readonly Parameter[], values: Readonly<Record<string, string>>): string {
  const written = parameters.flatMap((parameter) => {
    if (parameter.fixed === true) return [];
    // A file is chosen in the form.
    const given = parameter.type === "file" ? "" : (ownValue(values, parameter.name) ?? "");
    const value = given === "" ? String(parameter.default ?? "") : given;
    if (value === "") return parameter.required ? [`${parameter.name}:…`] : [];
    return [`${parameter.name}:${/\s/.test(value) ? `"${value}"` : value}`];
  });
  return [`/${name}`, ...written].join(" ");
}
