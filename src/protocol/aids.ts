/** What helps agents, as the topic `aids` tells it: each account hears of what is everyone's, of teams', and of its own. */
export type AidItem = CannedItem | MacroItem | ViewItem | TagItem | FieldItem;

/** `everyone`, `team:<key>` or `person:<account>`. */
export type Owner = "everyone" | `team:${string}` | `person:${string}`;

interface Owned {
  id: string;
  owner: Owner;
  name: string;
  /** Of this thing, for concurrency: a change takes the version it was made from. */
  version: number;
}

export interface CannedItem extends Owned {
  kind: "canned";
  /** By language tag; slots stand in double braces. */
  texts: Record<string, string>;
}

export interface MacroItem extends Owned {
  kind: "macro";
  actions: MacroAction[];
}

export interface ViewItem extends Owned {
  kind: "view";
  filter: ViewFilter;
}

export interface TagItem {
  kind: "tag";
  id: string;
  name: string;
}

export type FieldSubject = "contact" | "conversation";
export type FieldType = "text" | "number" | "date" | "choice" | "boolean";
export type FieldValue = string | number | boolean;
export type FieldValues = Record<string, FieldValue>;

/** A field of the tenant's own. */
export interface FieldItem {
  kind: "field";
  /** The subject, a dot, and the key. */
  id: string;
  subject: FieldSubject;
  key: string;
  name: string;
  type: FieldType;
  /** Only of a choice. */
  choices: string[];
}

/** One step of a macro; `value` says what, where the step needs it. */
export interface MacroAction {
  do: MacroStep;
  value?: string;
}

export type MacroStep = "answer" | "note" | "tag" | "untag" | "priority" | "transfer" | "snooze" | "hand-back" | "close";

/** Which command a step runs, and the argument that its value fills. */
export const macroSteps: Readonly<Record<MacroStep, { command: string; argument: string | null; label: string }>> = {
  answer: { command: "canned.send", argument: "canned", label: "Send a canned answer" },
  note: { command: "conversation.note", argument: "text", label: "Add a note" },
  tag: { command: "conversation.tag", argument: "tag", label: "Add a tag" },
  untag: { command: "conversation.untag", argument: "tag", label: "Remove a tag" },
  priority: { command: "conversation.priority", argument: "priority", label: "Set the priority" },
  transfer: { command: "conversation.transfer", argument: "to", label: "Transfer to" },
  snooze: { command: "conversation.snooze", argument: "until", label: "Snooze until" },
  "hand-back": { command: "conversation.hand-back", argument: null, label: "Hand back to the assistant" },
  close: { command: "conversation.close", argument: null, label: "Close" },
};

/** What a saved view shows: each field that stands here must fit; of several values of one field any. */
export interface ViewFilter {
  team?: string[];
  /** Ids of tags. */
  tag?: string[];
  /** Ids of accounts; `me` is whoever looks, `none` is nobody. */
  agent?: string[];
  controller?: ("bot" | "queue" | "agent")[];
  /** 1 urgent to 4 low. */
  priority?: number[];
  /** Language tags; `pt` fits `pt-BR`. */
  language?: string[];
  /** Seconds for which somebody has waited for a person. */
  waitingLongerThan?: number;
  /** Words that all stand in the name or in what was said last. */
  text?: string;
}
