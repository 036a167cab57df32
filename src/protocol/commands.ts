import type { Block } from "./blocks.ts";
import type { ErrorBody } from "./errors.ts";

export type Risk = "read" | "write" | "destructive";
export type Audience = "visitor" | "staff";
export const commandSources = ["built-in", "automation", "operation", "blueprint"] as const;
export type CommandSource = (typeof commandSources)[number];

/** A command as `GET /api/v1/commands` lists it; `args` is a JSON Schema whose properties stand in the order in which they are written. */
export interface CommandListing {
  name: string;
  /** One word by which it is found too: `deliver`. */
  short?: string;
  summary: string;
  risk: Risk;
  args: ArgsSchema;
  source: CommandSource;
  audience: Audience;
  /** What somebody with an account must hold to run it: the scope that an API key needs. */
  permission: string;
  /** Whether it may ask first that whoever runs it says again who they are. */
  stepUp?: true;
}

export interface ArgsSchema {
  type: "object";
  properties: Record<string, ArgSchema>;
  required?: string[];
  additionalProperties?: boolean;
}

export interface ArgSchema {
  /** `object` and `array` are JSON; in a line of text they are written as such. */
  type?: "string" | "integer" | "number" | "boolean" | "object" | "array";
  description?: string;
  enum?: (string | number)[];
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  /** Besides those of JSON Schema: `entity` (of `blueprint`, by its number, another unique value or its id), `account`, `file` (the id of an upload). */
  format?: string;
  /** Of an entity: the key of its blueprint. */
  blueprint?: string;
  /** What may be chosen is asked for, as soon as the arguments named here are known: `GET …/choices/{argument}`. */
  choicesFrom?: { after: string[] };
  /** A filter over the other arguments: forms ask for it where that holds, those that aren't given counting as their `default`. */
  shownWhen?: Readonly<Record<string, unknown>>;
  /** What it is where nothing is said. */
  default?: string | number | boolean;
  /** Given empty it clears what stands there; without this an empty value counts as not given. */
  clearable?: boolean;
}

/** A value that may be chosen for an argument. */
export interface OfferedChoice {
  value: string;
  label: string;
}

/** Those that fit what was typed, as they come; `truncated` where there are more. */
export interface OfferedChoices {
  items: OfferedChoice[];
  truncated: boolean;
}

export const runStates = ["running", "waiting", "succeeded", "failed", "refused", "cancelled", "uncertain"] as const;
export type RunState = (typeof runStates)[number];

export interface CommandMessage {
  text: string;
  blocks?: Block[];
}

/** One thing that a run would change: in words, and as values where there are some. */
export interface PlannedChange {
  text: string;
  kind?: "add" | "change" | "remove" | "send";
  /** How many things it is about. */
  count?: number;
  before?: Fact | null;
  after?: Fact | null;
}

export type Fact = string | number | boolean;

/** What a run would do. `facts` are what the plan saw of the world: where one of them is another when it runs, it is refused as `stale`. */
export interface Plan {
  changes: PlannedChange[];
  facts: Record<string, Fact>;
}

/** Who must agree, and how many of them: `role:admin` or `permission:people.manage`. */
export interface ApprovalRule {
  by: string;
  quorum: number;
}

export interface PlanAnswer extends Plan {
  /** For the run's `planHash`. */
  hash: string;
  summary: string;
  approval: "none" | "needed";
  /** Each of them must be fulfilled. */
  approvals: ApprovalRule[];
  /** Until when the hash counts, once: of what can't be taken back, and is refused without one. ISO 8601, UTC. */
  expiresAt: string | null;
}

/** How far a long run is. */
export interface RunProgress {
  text: string;
  done?: number;
  of?: number;
}

/** A run as HTTP answers it. */
export interface RunAnswer {
  id: string;
  command: string;
  state: RunState;
  messages: CommandMessage[];
  data: unknown;
  error: ErrorBody | null;
  /** Until when it can be taken back; null where it can't, or is. ISO 8601, UTC, as all instants here. */
  undoableUntil: string | null;
  createdAt: string;
  endedAt: string | null;
  /** Of a run that waits: until when it may be approved. */
  expiresAt: string | null;
  /** Who asked for it. */
  by: { id: string; name: string };
  /** Without what is secret. */
  args: Record<string, unknown>;
  /** What it waits, or waited, for. */
  approvals: ApprovalRule[];
  progress: RunProgress | null;
  /** Whether somebody asked it to stop, while it still runs. */
  stopping: boolean;
  /** The runs that it takes back, and that took it back. */
  undoes: string | null;
  undoneBy: string | null;
}

export const runVerbs = ["approve", "reject", "break-glass", "cancel", "undo", "settle", "repeat"] as const;
/** What the reader of a run may do with it: each is the command `run.<verb>`, but for `repeat`, which is its own command once more. */
export type RunVerb = (typeof runVerbs)[number];

export const decisions = ["approve", "reject", "break-glass"] as const;
export type Decision = (typeof decisions)[number];

export interface RunDecision {
  by: { id: string; name: string };
  decision: Decision;
  reason: string;
  at: string;
}

/** A step that a run did outside. */
export interface RunEffect {
  step: string;
  state: "started" | "done" | "failed" | "uncertain" | "settled";
  /** Where to look whether it happened. */
  check: string;
  startedAt: string;
  endedAt: string | null;
}

/** One run, with all that is known of it. */
export interface RunStory extends RunAnswer {
  plan: Plan | null;
  decisions: RunDecision[];
  effects: RunEffect[];
  may: RunVerb[];
}

/** An entry of the topic `runs`. */
export interface RunItem extends Omit<RunAnswer, "messages" | "data" | "args"> {
  kind: "run";
}
