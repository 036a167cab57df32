import type { Permission } from "../access/permissions.ts";
import type { AccountPrincipal, Principal } from "../access/principal.ts";
import type { Json } from "../platform/bus/bus.ts";
import type { ArgsSchema, CommandMessage, CommandSource, Risk } from "../protocol/commands.ts";

export type ArgValue = string | number | boolean | Readonly<Record<string, unknown>> | readonly unknown[];
export type Args = Readonly<Record<string, ArgValue>>;

/** What a command answers: what a person reads, and the same as data. */
export interface CommandResult {
  messages: CommandMessage[];
  data?: Json;
  /** A secret that is answered with the data and never again: it is not written down with the run. */
  once?: Readonly<Record<string, string>>;
}

export interface CommandCall<Caller extends Principal = Principal> {
  /** The run's id: the idempotency key of whatever the command does outside. */
  run: string;
  principal: Caller;
  args: Args;
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

interface CommandBase {
  /** kebab-case words, grouped by dots: `conversation.hand-back`. */
  name: string;
  /** One sentence for help. */
  summary: string;
  risk: Risk;
  /** Its properties stand in the order in which arguments are written. */
  args: ArgsSchema;
  source: CommandSource;
  /** Of an operation: the roles whose people may run it, `everyone` for every member. Those who make operations may in any case. */
  sharedWith?: readonly string[];
}

/** For whoever chats: an inbox must publish it, or be open to all visitors' commands. */
export interface VisitorCommand extends CommandBase {
  audience: "visitor";
  /** What only a visitor's own conversation can do; staff neither see nor run it. */
  visitorsOnly?: true;
  run(call: CommandCall): Promise<CommandResult>;
}

/** For people with an account. There is no handler without a declared permission. */
export interface StaffCommand extends CommandBase {
  audience: "staff";
  permission: Permission;
  /**
   * Whatever changes something has an entry in the audit for each run. `always`: also though it only reads. `itself`: its action writes a better
   * one, in its own transaction. `never`: a message, which the conversation keeps.
   */
  audited?: "always" | "itself" | "never";
  /** Whether a session that was left open is not enough: whoever runs it has said again who they are (`access/factors/stepUp.ts`). */
  stepUp?: boolean;
  /** Of a destructive one: the arguments with which it only looks, so that nobody has to confirm it. */
  harmless?(args: Readonly<Record<string, unknown>>): boolean;
  /** What a run would change, in a sentence with numbers; it changes nothing. */
  plan?(call: Omit<CommandCall<AccountPrincipal>, "run">): Promise<string>;
  run(call: CommandCall<AccountPrincipal>): Promise<CommandResult>;
}

export type Command = VisitorCommand | StaffCommand;

/** Declares a command; the type says what each audience needs. */
export function defineCommand<Kind extends Command>(command: Kind): Kind {
  return command;
}

export type { CommandMessage };
