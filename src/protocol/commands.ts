import type { Block } from "./blocks.ts";
import type { ErrorBody } from "./errors.ts";

export type Risk = "read" | "write" | "destructive";
export type Audience = "visitor" | "staff";
export const commandSources = ["built-in", "automation", "operation"] as const;
export type CommandSource = (typeof commandSources)[number];

/** A command as `GET /api/v1/commands` lists it; `args` is a JSON Schema whose properties stand in the order in which they are written. */
export interface CommandListing {
  name: string;
  summary: string;
  risk: Risk;
  args: ArgsSchema;
  source: CommandSource;
  audience: Audience;
  /** What somebody with an account must hold to run it: the scope that an API key needs. */
  permission: string;
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
  format?: string;
  /** Given empty it clears what stands there; without this an empty value counts as not given. */
  clearable?: boolean;
}

export const runStates = ["running", "waiting", "succeeded", "failed", "refused", "cancelled", "uncertain"] as const;
export type RunState = (typeof runStates)[number];

export interface CommandMessage {
  text: string;
  blocks?: Block[];
}

/** What a run would do. */
export interface PlanAnswer {
  /** For the run's `planHash`. */
  hash: string;
  summary: string;
  changes: { text: string }[];
  approval: "none";
  /** Until when the hash counts, once: of what can't be taken back, and is refused without one. ISO 8601, UTC. */
  expiresAt: string | null;
}

/** A run as HTTP answers it. */
export interface RunAnswer {
  id: string;
  command: string;
  state: RunState;
  messages: CommandMessage[];
  data: unknown;
  error: ErrorBody | null;
  undoableUntil: string | null;
  /** ISO 8601, UTC. */
  createdAt: string;
}
