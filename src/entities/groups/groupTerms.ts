import type { SqlField, SqlList } from "../../platform/lists/listSql.ts";
import type { Field } from "../../protocol/blueprints.ts";
import { type AggregateFunction, aggregateFunctions, type GroupUnit, groupUnits } from "../../protocol/entityGroups.ts";
import { fieldOf } from "../../protocol/lists/listFields.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { shownShort } from "../../protocol/sentence.ts";
import { fieldKinds } from "../fields/fieldKinds.ts";
import { type Rule, told } from "../sentences/sentences.ts";

/** By what entities are gathered: a field, and of times in which unit of the calendar. */
export interface GroupTerm {
  key: string;
  field: SqlField;
  unit: GroupUnit | undefined;
  /** The field of the blueprint whose values name a person or another entity. */
  names: Field | undefined;
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
export function groupTermsIn({ fields }: SqlList, own: readonly Field[], text: string): GroupTerm[] {
  const terms = wordsIn(text).map((word): GroupTerm => {
    const [key = "", unit] = word.split(":", 2);
    const field = fieldOf(fields, key, "by");
    const names = own.find((one) => one.key === key && namesOne(one));
    if (names === undefined && field.type === "id") throw wrong("by", (say) => say.noGroupsOfIds(key));
    if (names === undefined && field.type === "reference") throw wrong("by", (say) => say.noGroupsOfOthers(key));
    const isTime = field.type === "date" || field.type === "instant";
    if (unit !== undefined && !isTime) throw wrong("by", (say) => say.noTime(key, shownShort(unit)));
    const known = groupUnits.find((one) => one === unit);
    if (unit !== undefined && known === undefined)
      throw wrong("by", (say) => say.noPartOfCalendar(shownShort(unit), groupUnits.join(", ")));
    return { key, field, unit: isTime ? (known ?? "day") : undefined, names };
  });
  if (terms.length > mostGroupTerms) throw wrong("by", (say) => say.groupsUpTo(terms.length, mostGroupTerms));
  const twice = terms.find(({ key }, index) => terms.findIndex((term) => term.key === key) !== index);
  if (twice !== undefined) throw wrong("by", (say) => say.groupedTwice(twice.key));
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
    if (of === undefined) throw wrong("aggregate", (say) => say.noAggregate(shownShort(word), aggregateFunctions.join(", ")));
    const field = fieldOf(fields, key, "aggregate");
    if (!fitting[of].includes(field.type)) throw wrong("aggregate", (say) => say.noAggregateOf(key, field.type, of));
    return { name: `${of}:${key}`, of, field };
  });
  if (terms.length > mostAggregates) throw wrong("aggregate", (say) => say.aggregatesUpTo(terms.length, mostAggregates));
  return [...new Map(terms.map((term) => [term.name, term])).values()];
}

/** Of several an entity would stand in several groups. */
function namesOne({ type, many }: Field): boolean {
  const { names } = fieldKinds[type];
  return names === "account" || (names === "entity" && many !== true);
}

function wordsIn(text: string): string[] {
  return text
    .split(",")
    .map((word) => word.trim())
    .filter((word) => word !== "");
}

function wrong(path: string, say: Rule): Refusal {
  return new Refusal("invalid_value", told(say), { path });
}
