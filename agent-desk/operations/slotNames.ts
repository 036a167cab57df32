import { referenceParts, referenceShape } from "../../src/protocol/reference.ts";

/** The names that a query's text asks for as `:name`, in their order: not in strings, quoted names, comments and casts, as the server reads it. */
export function namesInSql(text: string): string[] {
  const pieces =
    /--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|'(?:[^']|'')*(?:'|$)|"(?:[^"]|"")*(?:"|$)|`[^`]*(?:`|$)|\$(\w*)\$[\s\S]*?(?:\$\1\$|$)|::|:([A-Za-z_]\w*)/g;
  return unique(
    [...text.matchAll(pieces)].flatMap(([, , name]) => (name === undefined || ofSession.has(name.toLowerCase()) ? [] : [name])),
  );
}

/** The roots of the slots `{{name.field}}` in all texts of a value, in their order. */
export function namesInSlots(value: unknown): string[] {
  if (typeof value === "string")
    return unique([...value.matchAll(new RegExp(referenceShape, "gu"))].flatMap(([, written = ""]) => referenceParts(written).slice(0, 1)));
  if (typeof value !== "object" || value === null) return [];
  return unique(Object.values(value).flatMap(namesInSlots));
}

const ofSession = new Set(["me", "team", "tenant"]);

function unique(names: readonly string[]): string[] {
  return [...new Set(names)];
}
