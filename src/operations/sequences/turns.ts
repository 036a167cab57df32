import type { Commands } from "../../commands/registry.ts";
import type { Database } from "../../platform/database/database.ts";
import type { ArgSchema, ArgsSchema } from "../../protocol/commands.ts";
import { Refusal } from "../../protocol/refusal.ts";
import type { OperationCall } from "../operationKind.ts";
import { fill } from "../slots.ts";
import { holds } from "./compare.ts";
import type { Step } from "./sequence.ts";

/** A loop goes over no more rows than a query answers. */
const mostRows = 1000;

/** What sequences need from outside. */
export interface SequenceOutside {
  database: Pick<Database, "forTenant">;
  /** Fresh, with those of the tenant. */
  commands: (tenant: string) => Promise<Commands>;
}

export type Values = Readonly<Record<string, unknown>>;

/** What the slots of the first step find. */
export function firstValues({ principal, values }: Pick<OperationCall, "principal" | "values">): Record<string, unknown> {
  if (principal.kind === "visitor") return { ...values, me: { kind: "visitor" } };
  const { account, name, email } = principal;
  return { ...values, me: { id: account, name, email } };
}

/** What the step's slots find in each of its turns: one, or one for each row. Refusal `invalid_value` (`each`). */
export function turnsOf({ each }: Pick<Step, "each">, values: Values): Values[] {
  if (each === undefined) return [values];
  const list = fill(each, values);
  if (!Array.isArray(list)) throw new Refusal("invalid_value", "What the loop goes over is no list.", { path: "each" });
  if (list.length > mostRows)
    throw new Refusal("invalid_value", `A loop goes over ${mostRows} rows at most; there are ${list.length}.`, { path: "each" });
  return list.map((row) => ({ ...values, row }));
}

export function isMeant({ when = [] }: Pick<Step, "when">, values: Values): boolean {
  return when.every(({ left, is, right, as }) => holds(fill(left, values), is, fill(right, values), as));
}

/** What the command is run with. A number for a text is written, and a text that is a number becomes one: a column's type is the database's to choose. */
export function argsOf({ args }: Pick<Step, "args">, values: Values, { properties }: ArgsSchema): Record<string, unknown> {
  const filled = fill(args, values);
  if (typeof filled !== "object" || filled === null) return {};
  return Object.fromEntries(Object.entries(filled).map(([name, value]) => [name, asTyped(value, properties[name])]));
}

function asTyped(value: unknown, { type = "string", format }: ArgSchema = {}): unknown {
  // A file is handed on to the next step by its id.
  if (format === "file" && typeof value === "object" && value !== null && "id" in value) return value.id;
  if (type === "string" && (typeof value === "number" || typeof value === "boolean")) return String(value);
  const isNumber = type === "integer" || type === "number";
  return isNumber && typeof value === "string" && /^-?\d{1,15}(\.\d{1,15})?$/.test(value) ? Number(value) : value;
}

/** As people read it: `2, row 17`. */
export function placeOf({ each }: Pick<Step, "each">, index: number, turn: number): string {
  return each === undefined ? `${index + 1}` : `${index + 1}, row ${turn + 1}`;
}
