import type { Audience, Risk } from "./commands.ts";

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
  /** Nobody is asked for it: its value is always the default. */
  fixed?: boolean;
  /** As the value is written. */
  default?: string | number | boolean;
  /** Of a choice: what may be chosen. */
  choices?: string[];
  /** Of a choice, instead: where what may be chosen is found, for whoever asks. */
  choicesFrom?: ChoicesFrom;
  /** Of an entity: the key of its blueprint. */
  blueprint?: string;
}

/** The rows of a published operation as choices: it is run, to read only, by whoever chooses. */
export interface ChoicesFrom {
  operation: string;
  /** The columns with the value that is taken, and with what people read; the value itself where there is none. */
  value: string;
  label?: string;
  /** Which of its parameters get the value of which earlier parameter. */
  args?: Record<string, string>;
  /** Its parameter that takes what was typed so far, where it has more rows than are offered. */
  search?: string;
}

/** One checked value: a decimal, a date (`2026-11-21`), an instant (ISO 8601, UTC), a choice and an id, an entity's too, are texts. */
export type ParameterValue = string | number | boolean;

/** What of a file is handed on: whoever has its `url` may fetch it, for half a day at least. */
export const filePlaces = ["url", "name", "type", "size", "id"] as const;
export type GivenFile = Readonly<Record<Exclude<(typeof filePlaces)[number], "size">, string>> & { readonly size: number };

/** The checked values by the names of their parameters; what was left out is not there. */
export type ParameterValues = Readonly<Record<string, ParameterValue | readonly ParameterValue[] | GivenFile>>;

export const operationKinds = ["query", "request", "message", "sequence"] as const;
export type OperationKind = (typeof operationKinds)[number];

/** One version of an operation, as it was saved: no version is ever changed. What its kind does stands under the kind's name. */
export interface OperationDefinition extends Partial<Record<OperationKind, unknown>> {
  summary: string;
  audience: Audience;
  /** Said by its kind, from what it does. */
  risk: Risk;
  parameters: Parameter[];
}

/** An operation as HTTP and commands answer it. */
export interface OperationView extends OperationDefinition {
  name: string;
  kind: OperationKind;
  /** The number of the version that is shown. */
  version: number;
  latest: number;
  /** Which version runs; none before it is published. */
  published: number | null;
  /** Roles whose people may run it, besides those who make operations; `everyone` is every member. */
  sharedWith: string[];
  /** Of an API call that proves who asks: where the secret goes and nowhere else, as `https://api.example.com`, and whether it is kept. */
  secret?: { origins: string[]; given: boolean };
  changedBy: string;
  /** ISO 8601, UTC. */
  changedAt: string;
}
