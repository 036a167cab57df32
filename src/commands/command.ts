import type { Permission } from "../access/permissions.ts";
import type { AccountPrincipal, Principal } from "../access/principal.ts";
import type { Json } from "../platform/bus/bus.ts";
import type { Sql } from "../platform/database/database.ts";
import type {
  ApprovalRule,
  ArgsSchema,
  CommandMessage,
  CommandSource,
  Fact,
  OfferedChoices,
  PlannedChange,
  Risk,
  RunProgress,
} from "../protocol/commands.ts";
import type { FileKind, WholeTable } from "./exports/table.ts";

export type ArgValue = string | number | boolean | Readonly<Record<string, unknown>> | readonly unknown[];
export type Args = Readonly<Record<string, ArgValue>>;

/** What a command answers: what a person reads, and the same as data. */
export interface CommandResult {
  messages: CommandMessage[];
  data?: Json;
  /** A secret that is answered with the data and never again: it is not written down with the run. */
  once?: Readonly<Record<string, string>>;
  /** What taking it back needs, of a command that declares `undo`; without it this run can't be. It is kept with the run: never a secret. */
  undo?: object;
  /** Whether it stopped before its end, since somebody cancelled it: the run ends so, with what was done until then. */
  stopped?: boolean;
}

/** A step outside: its name within the run, and where a person looks whether it happened when nobody knows. */
export interface OutsideStep {
  step: string;
  check: string;
}

/** A step of a run with which another process goes on where this one dies. */
export interface KeptStep extends OutsideStep {
  /** Whether it only reads: nothing is uncertain about it. */
  reads: boolean;
  /** Whether it may be begun again though nobody knows how it ended: doing it twice is the same as once, or its own steps are kept too. */
  repeatable: boolean;
}

/** What a command works with while it runs. */
export interface Work {
  /** Aborted when somebody cancels the run, on whatever process it runs. */
  signal: AbortSignal;
  /**
   * Does something outside, once: that it began is written before, and how it ended after. `key` is the same for the same step of the same run.
   * Refusals: `conflict` where this run began the step before, and those of `act`.
   */
  effect<Result extends Json>(step: OutsideStep, act: (key: string) => Promise<Result>): Promise<Result>;
  /**
   * Of a run that declares `resumable`: what was done before is not done again, its result is kept until the run ends. Refusals: `unavailable`
   * where it was begun before and nobody knows how it ended, `conflict` where another process goes on with the run, and those of `act`.
   */
  step<Result extends Json>(step: KeptStep, act: () => Promise<Result>): Promise<Result>;
  /** Something is done with what is answered: what was kept of an earlier answer doesn't count. */
  fresh?: true;
  /** Tells how far it is: who follows the run sees it within a second or two. */
  progress(now: RunProgress): void;
}

export interface CommandCall<Caller extends Principal = Principal> {
  /** The run's id: the idempotency key of whatever the command does outside. */
  run: string;
  principal: Caller;
  args: Args;
  work: Work;
  /** Where it was asked, if in a conversation. */
  conversation?: string;
  /** With which words a person gave that conversation back to the assistant, if they left any. */
  handedBack?: HandedBack;
}

export interface HandedBack {
  by: string;
  summary: string;
  /** ISO 8601, UTC. */
  at: string;
}

/** Who chooses a value for an argument, what the others are so far, and what was typed of it. */
export interface ChoosingCall {
  principal: Principal;
  argument: string;
  args: Readonly<Record<string, unknown>>;
  query: string;
}

interface CommandBase {
  /** kebab-case words, grouped by dots: `conversation.hand-back`. */
  name: string;
  /** One word by which it is found too, where it is the only one that has it and nothing is called so: `deliver`. */
  short?: string;
  /** One sentence for help. */
  summary: string;
  risk: Risk;
  /** Its properties stand in the order in which arguments are written. */
  args: ArgsSchema;
  source: CommandSource;
  /**
   * What may be chosen for an argument that says `choicesFrom`, by whoever asks. Refusals: `not_found` for another argument, `invalid_value` where
   * one that it depends on is missing, and those of where they are found.
   */
  choices?(call: ChoosingCall): Promise<OfferedChoices>;
  /** Whether another process goes on with a run of it where its own dies: each thing that it does is a `step` of its work. */
  resumable?: true;
  /** Of an operation: the roles whose people may run it, `everyone` for every member. Those who make operations may in any case. */
  sharedWith?: readonly string[];
  /**
   * All rows of its answer, of a command that answers a table: for a file, which is not cut. Refusal `stale` where `version` is another than the one
   * that would run.
   */
  rows?(call: CommandCall, version: number | undefined): Promise<WholeTable>;
  /** Set while it runs for a file, which the audit tells. */
  exports?: FileKind;
}

/** For whoever chats: an inbox must publish it, or be open to all visitors' commands. */
export interface VisitorCommand extends CommandBase {
  audience: "visitor";
  /** What only a visitor's own conversation can do; staff neither see nor run it. */
  visitorsOnly?: true;
  run(call: CommandCall): Promise<CommandResult>;
}

/** What a command's plan answers; facts are what it saw of the world. */
export interface CommandPlan {
  changes: PlannedChange[];
  facts?: Record<string, Fact>;
}

/** Whoever takes a run back, and what the run kept for it. */
export interface UndoCall {
  principal: AccountPrincipal;
  /** The arguments of the run that is taken back. */
  args: Args;
  kept: unknown;
}

/** How a command takes back what it did. */
export interface Undo {
  /** For how long it can be. */
  hours: number;
  /** The command that does the same as taking it back, where there is one: its permission and its approvals count too. */
  as?: string;
  /** What taking it back would change. Refusal `stale` where something newer stands on it, telling what. */
  plan(call: UndoCall): Promise<CommandPlan>;
  /**
   * Of what is taken back in one transaction: it begins with `claim`, so that the right to take it back is gone if all of it is, and stays where its
   * process dies. Others have claimed it before.
   */
  inOne?: true;
  run(call: UndoCall & { claim: Claim }): Promise<CommandResult>;
}

/** Takes the right to take a run back, which is there once. Refusal `stale` where another has it. */
export type Claim = (sql: Pick<Sql, "query">) => Promise<void>;

/** For people with an account. There is no handler without a declared permission. */
export interface StaffCommand extends CommandBase {
  audience: "staff";
  permission: Permission;
  /** Of a blueprint's: its key, for a role may hold the permission over some blueprints only. */
  blueprint?: string;
  /** The same with the arguments that are this person's; nothing where none of it is. */
  for?(principal: AccountPrincipal): StaffCommand | undefined;
  /**
   * Whatever changes something has an entry in the audit for each run. `always`: also though it only reads. `itself`: its action writes a better
   * one, in its own transaction. `never`: a message, which the conversation keeps.
   */
  audited?: "always" | "itself" | "never";
  /** Whether a session that was left open is not enough: whoever runs it has said again who they are (`access/factors/stepUp.ts`). */
  stepUp?: boolean | ((call: PlanCall) => Promise<boolean>);
  /** Of a destructive one: the arguments with which it only looks, so that nobody has to confirm it. */
  harmless?(args: Readonly<Record<string, unknown>>): boolean;
  /** What a run would change, in sentences with numbers; it changes nothing. */
  plan?(call: PlanCall): Promise<CommandPlan>;
  /** Who must agree before it runs; a tenant may ask for more (`approval.require`). */
  approval?: ApprovalRule | ((call: PlanCall) => Promise<readonly ApprovalRule[]>);
  undo?: Undo;
  /**
   * Whether running it twice does no more than once: then a step of a sequence whose process fell silent in it is begun again, and a lost run has
   * failed, to be run again without a look.
   */
  idempotent?: true;
  run(call: CommandCall<AccountPrincipal>): Promise<CommandResult>;
}

export type PlanCall = Omit<CommandCall<AccountPrincipal>, "run" | "work">;

export type Command = VisitorCommand | StaffCommand;

/** Declares a command; the type says what each audience needs. */
export function defineCommand<Kind extends Command>(command: Kind): Kind {
  return command;
}

export type { CommandMessage };
