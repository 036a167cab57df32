import type { AccountPrincipal, Principal } from "../access/principal.ts";
import type { CommandPlan, CommandResult, Work } from "../commands/command.ts";
import type { TableRows } from "../commands/exports/table.ts";
import type { ApprovalRule, Risk } from "../protocol/commands.ts";
import type { OperationKind, Parameter, ParameterValues } from "../protocol/operations.ts";
import { Refusal } from "../protocol/refusal.ts";

/** What an operation's text may name: its parameters, and who saves it. */
export interface Saving {
  principal: AccountPrincipal;
  parameters: readonly Parameter[];
  /** The operation's own name. */
  name: string;
}

export interface OperationCall {
  /** The run's id: the idempotency key of whatever is done outside. */
  run: string;
  /** The operation's id; none of a definition that nobody saved. */
  operation?: string;
  /** With which it does things outside once, hears that it shall stop, and says how far it is. */
  work: Work;
  principal: Principal;
  /** What it may do, as it was checked when it was saved. */
  risk: Risk;
  parameters: readonly Parameter[];
  values: ParameterValues;
  /** The number of the version that runs. */
  version: number;
  /** Which version the data source has in this moment; where it is missing, that is asked. */
  source?: { id: string; version: number };
  conversation?: string;
}

/** How operations of one kind are checked and run. The executor has authorized the call and checked its values. */
export interface KindOfOperation {
  /** Whether another process goes on with a run of it where its own dies: each thing that it does is a `step` of its work. */
  resumable?: true;
  /**
   * The body as it is stored, and what it may do. Refusals: `invalid_value` with the path of what doesn't fit, from the body on
   * (`query.sql`).
   */
  check(body: unknown, saving: Saving): Promise<{ body: object; risk: Risk }>;
  /** What a run would do, in sentences with numbers; nothing happens. */
  plan?(body: unknown, call: Omit<OperationCall, "run" | "work">): Promise<CommandPlan>;
  /** Who must agree before each run. */
  approval?(body: unknown): readonly ApprovalRule[];
  run(body: unknown, call: OperationCall): Promise<CommandResult>;
  /** What a run would do part by part, where a plan or an answer doesn't tell; nothing is changed. Its data: `plan`, `answer` and what else it tells. */
  try?(body: unknown, call: OperationCall): Promise<CommandResult & { data: object }>;
  /** All rows of what answers a table, for a file. */
  rows?(body: unknown, call: OperationCall): Promise<TableRows>;
}

export type OperationKinds = Readonly<Partial<Record<OperationKind, KindOfOperation>>>;

/** Refusal `invalid_value` (`kind`) for one that this installation doesn't have. */
export function kindOf(kinds: OperationKinds, kind: OperationKind): KindOfOperation {
  const known = kinds[kind];
  if (known === undefined) throw new Refusal("invalid_value", `There are no operations of the kind "${kind}" here.`, { path: "kind" });
  return known;
}
