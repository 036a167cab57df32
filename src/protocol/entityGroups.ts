export const groupUnits = ["day", "week", "month", "quarter", "year"] as const;
export type GroupUnit = (typeof groupUnits)[number];
export const aggregateFunctions = ["count", "sum", "avg", "min", "max"] as const;
export type AggregateFunction = (typeof aggregateFunctions)[number];

/** Entities that have the same values, or whose times are in the same part of the calendar. */
export interface EntityGroup {
  /** By the keys of fields, as values are written; of times the first day of the unit, where the tenant is. Null: they have nothing there. */
  by: Readonly<Record<string, string | number | boolean | null>>;
  count: number;
  /** By what was asked (`sum:qty`); null where none has a value. A sum and a mean are texts, exact; of the mean ten digits behind the point. */
  aggregates: Readonly<Record<string, string | number | null>>;
  /** What lists just these. */
  filter: Readonly<Record<string, unknown>>;
}

/** How many there are: to a limit exactly, beyond it by a look at some of them. */
export interface EntityCount {
  count: number;
  exact: boolean;
}
