import type { SqlField, SqlList } from "../../platform/lists/listSql.ts";
import { type AggregateFunction, aggregateFunctions, type GroupUnit, groupUnits } from "../../protocol/entityGroups.ts";
import { fieldOf } from "../../protocol/lists/listFields.ts";
import { Refusal } from "../../protocol/refusal.ts";

/** By what entities are gathered: a field, and of times in which unit of the calendar. */
export interface GroupTerm {
  key: string;
  field: SqlField;
  unit: GroupUnit | undefined;
}

/** What is asked of the entities of a group: `sum:qty`. */
export interface AggregateTerm {
  name: string;
  of: AggregateFunction;
  field: SqlField;
}

const mostGroupTerms = 3;
const mostAggregates = 10;

/** Reads `status,created_at:month`; a time without a unit goes by its day. Refusal `invalid_value` with the path `by`. */
export function groupTermsIn({ fields }: SqlList, text: string): GroupTerm[] {
  const terms = wordsIn(text).map((word): GroupTerm => {
    const [key = "", unit] = word.split(":", 2);
    const field = fieldOf(fields, key, "by");
    if (field.type === "id") throw wrong("by", `"${key}" is another in each, so it makes no groups.`);
    if (field.type === "reference") throw wrong("by", `"${key}" names others, and makes no groups.`);
    const isTime = field.type === "date" || field.type === "instant";
    if (unit !== undefined && !isTime) throw wrong("by", `"${key}" is no time, so it goes by no ${unit.slice(0, 20)}.`);
    const known = groupUnits.find((one) => one === unit);
    if (unit !== undefined && known === undefined)
      throw wrong("by", `"${unit.slice(0, 20)}" is no part of the calendar; there are ${groupUnits.join(", ")}.`);
    return { key, field, unit: isTime ? (known ?? "day") : undefined };
  });
  if (terms.length > mostGroupTerms) throw wrong("by", `"by" has ${terms.length} fields; ${mostGroupTerms} is the limit.`);
  const twice = terms.find(({ key }, index) => terms.findIndex((term) => term.key === key) !== index);
  if (twice !== undefined) throw wrong("by", `"by" names "${twice.key}" twice.`);
  return terms;
}

const fitting: Readonly<Record<AggregateFunction, readonly SqlField["type"][]>> = {
  count: ["text", "choice", "integer", "decimal", "boolean", "date", "instant"],
  sum: ["integer", "decimal"],
  avg: ["integer", "decimal"],
  min: ["integer", "decimal", "date", "instant"],
  max: ["integer", "decimal", "date", "instant"],
};

/** Reads `sum:qty,avg:price`. Refusal `invalid_value` with the path `aggregate`. */
export function aggregateTermsIn({ fields }: SqlList, text: string): AggregateTerm[] {
  const terms = wordsIn(text).map((word): AggregateTerm => {
    const [name = "", key = ""] = word.split(":", 2);
    const of = aggregateFunctions.find((one) => one === name);
    if (of === undefined)
      throw wrong("aggregate", `"${word.slice(0, 60)}" is none; write ${aggregateFunctions.join(", ")} and a field: sum:qty.`);
    const field = fieldOf(fields, key, "aggregate");
    if (!fitting[of].includes(field.type)) throw wrong("aggregate", `"${key}" is a ${field.type}, of which there is no ${of}.`);
    return { name: `${of}:${key}`, of, field };
  });
  if (terms.length > mostAggregates) throw wrong("aggregate", `"aggregate" has ${terms.length}; ${mostAggregates} is the limit.`);
  return [...new Map(terms.map((term) => [term.name, term])).values()];
}

function wordsIn(text: string): string[] {
  return text
    .split(",")
    .map((word) => word.trim())
    .filter((word) => word !== "");
}

function wrong(path: string, message: string): Refusal {
  return new Refusal("invalid_value", message, { path });
}
