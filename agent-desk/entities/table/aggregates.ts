import type { Field } from "../../../src/protocol/blueprints.ts";
import type { AggregateFunction, GroupUnit } from "../../../src/protocol/entityGroups.ts";
import { aggregateFunctions, groupUnits } from "../../../src/protocol/entityGroups.ts";
import { ofEach } from "../fields/ofEach.ts";
import { valueWords } from "../fields/valueWords.ts";
import type { Column } from "./columns.ts";
import type { TableLook } from "./tableLook.ts";

export const aggregateNames: Readonly<Record<AggregateFunction, string>> = {
  sum: "Sum",
  avg: "Mean",
  min: "Least",
  max: "Most",
  count: "Filled",
};

/** What may be asked of a column at its foot. */
export function aggregatesOf({ type }: Pick<Field, "type">): readonly AggregateFunction[] {
  if (type === "integer" || type === "decimal" || type === "money") return ["sum", "avg", "min", "max", "count"];
  if (type === "date" || type === "instant") return ["min", "max", "count"];
  return [];
}

/** What is asked of a column: as this person chose, else the sum of what may be summed. */
export function aggregateOf(field: Field, { aggregates = {} }: Pick<TableLook, "aggregates">): AggregateFunction | null {
  const offered = aggregatesOf(field);
  const chosen = aggregates[field.key];
  if (chosen === "none" || offered.length === 0) return null;
  return aggregateFunctions.find((one) => one === chosen && offered.includes(one)) ?? (offered.includes("sum") ? "sum" : null);
}

/** What the columns ask, as HTTP calls it: `sum:qty`. */
export function aggregatesIn(columns: readonly Column[], look: TableLook): string[] {
  return columns
    .filter(({ field }) => !ofEach.includes(field))
    .flatMap(({ field }) => {
      const of = aggregateOf(field, look);
      return of === null ? [] : [`${of}:${field.key}`];
    })
    .slice(0, 10);
}

/** An aggregate in words; a mean has a place more than its field. */
export function aggregateWords(field: Field, of: AggregateFunction, value: string | number | null | undefined): string {
  if (value === null || value === undefined) return "–";
  if (of === "count") return Number(value).toLocaleString();
  if (of !== "avg") return valueWords(field, value);
  return valueWords(
    { ...field, type: field.type === "money" ? "money" : "decimal", places: (field.places ?? (field.type === "integer" ? 0 : 2)) + 1 },
    value,
  );
}

export interface GroupChoice {
  term: string;
  label: string;
}

const grouped: ReadonlySet<Field["type"]> = new Set([
  "text",
  "choice",
  "boolean",
  "integer",
  "date",
  "instant",
  "email",
  "phone",
  "account",
  "relation",
]);

/** By what a table may be gathered: `status`, `due:month`. */
export function groupChoices(fields: readonly Field[]): GroupChoice[] {
  return [...fields, ...ofEach]
    .filter(({ type, many }) => grouped.has(type) && many !== true)
    .flatMap(({ key, name, type }) =>
      type === "date" || type === "instant"
        ? groupUnits.map((unit) => ({ term: `${key}:${unit}`, label: `${name}, by the ${unit}` }))
        : [{ term: key, label: name }],
    );
}

/** What a group has, in words. */
export function groupWords(field: Field | undefined, unit: GroupUnit | undefined, value: string | number | boolean | null): string {
  if (value === null || field === undefined) return "Nothing";
  if (unit === undefined) return valueWords(field, value);
  const day = String(value);
  const at = new Date(`${day}T00:00:00Z`);
  const written = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(undefined, { ...options, timeZone: "UTC" }).format(at);
  if (unit === "year") return written({ year: "numeric" });
  if (unit === "quarter") return `Q${Math.floor(at.getUTCMonth() / 3) + 1} ${written({ year: "numeric" })}`;
  if (unit === "month") return written({ month: "long", year: "numeric" });
  return unit === "week" ? `Week of ${written({ dateStyle: "medium" })}` : written({ dateStyle: "medium" });
}
