/** What an operation may ask for, in the words of the contract. */
export const parameterTypes = ["text", "integer", "decimal", "boolean", "date", "instant", "choice", "entity", "account", "file"] as const;
export type ParameterType = (typeof parameterTypes)[number];

export interface Parameter {
  /** How the operation's text names it: letters, digits and underscores. */
  name: string;
  /** What a form asks; the name where there is none. */
  label?: string;
  type: ParameterType;
  required: boolean;
  /** Several values of its type, which a query takes in `in (:name)`. */
  list?: boolean;
  /** As the value is written. */
  default?: string | number | boolean;
  /** Of a choice: what may be chosen. */
  choices?: string[];
}

/** One checked value: a decimal, a date (`2026-11-21`), an instant (ISO 8601, UTC), a choice and an id are texts. */
export type ParameterValue = string | number | boolean;

/** The checked values by the names of their parameters; what was left out is not there. */
export type ParameterValues = Readonly<Record<string, ParameterValue | readonly ParameterValue[]>>;
