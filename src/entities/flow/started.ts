import { type Field, type FieldType, fieldWords, type Named, type Transition } from "../../protocol/blueprints.ts";
import type { ArgSchema } from "../../protocol/commands.ts";
import { ownValue } from "../../protocol/ownValue.ts";
import { fieldOfArgument } from "../../protocol/startedArguments.ts";
import type { StoredValues } from "../values.ts";

/** A command with what it is given: what was said, or what stands in a field of this type. */
export interface Start {
  command: string;
  args: Readonly<Record<string, GivenArgument>>;
}

export interface GivenArgument {
  value: unknown;
  type?: FieldType;
}

/** What a step starts of an entity with these values after it; a field that is empty gives nothing. Pure. */
export function startsOf({ start = [] }: Transition, fields: readonly Field[], id: string, content: StoredValues): Start[] {
  return start.map(({ command, args }) => ({
    command,
    args: Object.fromEntries(
      Object.entries(args).flatMap(([name, said]): [string, GivenArgument][] => {
        const key = fieldOfArgument(said);
        if (key === undefined) return [[name, { value: said }]];
        if (key === "entityId") return [[name, { value: id }]];
        const field = fields.find((one) => one.key === key);
        const value = field === undefined ? undefined : ownValue(content, field.id);
        return field === undefined || value === undefined ? [] : [[name, { value, type: field.type }]];
      }),
    ),
  }));
}

/** As people read it, ids as what they stand for: `notify to:ana@example.com`. */
export function startWords({ command, args }: Start, named: Named = {}): string {
  return [command, ...Object.entries(args).map(([name, { value }]) => `${name}:${wordsOf(value, named)}`)].join(" ");
}

function wordsOf(value: unknown, named: Named): string {
  const isWord = (one: unknown): one is string => typeof one === "string";
  const words = isWord(value) || (Array.isArray(value) && value.every(isWord)) ? (fieldWords(value, named) ?? "") : undefined;
  const text = words ?? (typeof value === "object" ? JSON.stringify(value) : String(value));
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}

/** As the command takes it: a number for a text is written, several things are named with commas, and one that stands in a field is a list of one. */
export function asArgument({ type = "string" }: ArgSchema, { value, type: field }: { value: unknown; type?: string | undefined }): unknown {
  if (type === "array" && field !== undefined && !Array.isArray(value)) return [value];
  if (type !== "string") return value;
  if (Array.isArray(value)) return value.join(",");
  return typeof value === "number" || typeof value === "boolean" ? String(value) : value;
}

/** Whether a field's values can be what an argument takes. */
export function givesArgument(field: FieldType, { type = "string" }: ArgSchema): boolean {
  if (type === "string") return true;
  if (type === "boolean") return field === "boolean";
  if (type === "array") return true;
  if (type === "object") return false;
  return field === "integer" || (type === "number" && (field === "decimal" || field === "money"));
}
