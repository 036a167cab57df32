import type { Field } from "../protocol/blueprints.ts";
import type { ArgSchema } from "../protocol/commands.ts";
import { Refusal } from "../protocol/refusal.ts";
import { shownShort } from "../protocol/sentence.ts";
import { told } from "./sentences/sentences.ts";

/** Which entities a command is about, as people write it. */
export const whereArgument: ArgSchema = {
  type: "string",
  description: "Which, with commas: status=PENDING, qty>=5, cargo~glass, note= for nothing; or all.",
  maxLength: 2000,
};
/** The same as HTTP has it. */
export const filterArgument: ArgSchema = { type: "object", description: 'Which, as a filter: {"qty": {"gte": 5}}.' };

const operators: Readonly<Record<string, string>> = {
  "=": "eq",
  "!=": "ne",
  "<>": "ne",
  ">": "gt",
  ">=": "gte",
  "<": "lt",
  "<=": "lte",
  "~": "contains",
};
const condition = /^\s*([a-z]\w*)\s*(!=|<>|>=|<=|=|>|<|~)\s*(.*?)\s*$/isu;

/** What `where` and `filterBy` say together; undefined where neither says anything. Refusal `invalid_value` with the path `where`, or as the argument is called. */
export function filterIn(fields: readonly Field[], args: Readonly<Record<string, unknown>>, path = "where"): string | undefined {
  const conditions = [
    ...conditionsIn(fields, typeof args["where"] === "string" ? args["where"] : "", path),
    ...(args["filterBy"] === undefined ? [] : [args["filterBy"]]),
  ];
  const [only] = conditions;
  if (only === undefined) return undefined;
  return JSON.stringify(conditions.length === 1 ? only : { and: conditions });
}

/** `status=PENDING, qty>=5`: all of them; a comma within a value stands in quotes. */
function conditionsIn(fields: readonly Field[], text: string, path: string): object[] {
  if (/^\s*all\s*$/i.test(text)) return [{}];
  return [...text.matchAll(/(?:"[^"]*"|[^,])+/gu)].flatMap(([part]) => {
    if (part.trim() === "") return [];
    const [, name = "", sign = "", said = ""] = condition.exec(part) ?? [];
    const operator = operators[sign];
    if (operator === undefined)
      throw new Refusal(
        "invalid_value",
        told((say) => say.whereLike(shownShort(part.trim()))),
        { path },
      );
    const value = said.replace(/^"(.*)"$/su, "$1");
    if (value === "" && (operator === "eq" || operator === "ne")) return [{ [name]: { empty: operator === "eq" } }];
    return [
      {
        [name]: {
          [operator]: typedAs(
            fields.find(({ key }) => key === name),
            name,
            value,
          ),
        },
      },
    ];
  });
}

/** A line says everything in letters. */
function typedAs(field: Field | undefined, name: string, said: string): string | number | boolean {
  const isWhole = field?.type === "integer" || name === "entityVersion";
  if (isWhole && /^-?\d{1,15}$/.test(said)) return Number(said);
  if (field?.type === "boolean" && /^(yes|no|true|false)$/i.test(said)) return /^(yes|true)$/i.test(said);
  return said;
}
