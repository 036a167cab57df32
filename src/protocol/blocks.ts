import type { FormField, FormValues } from "./forms.ts";

/** What may stand beside a message's text. The text is complete without it; a reader passes over a block it doesn't know. */
export type Block =
  | ButtonsBlock
  | TableBlock
  | FieldsBlock
  | FormBlock
  | CardBlock
  | ChartBlock
  | PlanBlock
  | FileBlock
  | ActionBlock
  | HappeningBlock
  | OfferBlock
  | ChangeBlock
  | SummaryBlock;

export interface Button {
  action: string;
  label: string;
  value?: string;
  style?: "primary" | "plain" | "danger";
}

export interface ButtonsBlock {
  type: "buttons";
  buttons: Button[];
}

export interface TableBlock {
  type: "table";
  columns: { name: string; type: string }[];
  rows: string[][];
  truncated: boolean;
}

export interface FieldsBlock {
  type: "fields";
  fields: { label: string; value: string }[];
}

/** Something attached. Where it has a preview it is a picture that can be looked at; anything else is only downloaded or played. */
export interface FileBlock {
  type: "file";
  id: string;
  name: string;
  /** As the content says. */
  mediaType: string;
  /** In bytes. */
  size: number;
  /** In the ledger a path; whoever is shown the message gets it complete, signed, for some hours. */
  url: string;
  previewUrl?: string;
  /** In pixels. */
  width?: number;
  height?: number;
}

/** What is asked for at once. It is answered by an `action` whose `value` is the values as JSON, once. */
export interface FormBlock {
  type: "form";
  title?: string;
  /** The command that takes the values as its arguments. */
  action: string;
  fields: FormField[];
  /** The label of its button. */
  submit?: string;
}

export interface CardBlock {
  type: "card";
  title: string;
  text?: string;
  /** By https. */
  image?: { url: string; alt: string };
  /** By http or https. */
  link?: string;
  buttons?: Button[];
}

/** Each series has a value for each label: bars, or lines where a face draws them. */
export interface ChartBlock {
  type: "chart";
  look?: "bars" | "lines";
  title?: string;
  labels: string[];
  series: { name: string; values: number[] }[];
}

/** What would change, before it does. */
export interface PlanBlock {
  type: "plan";
  summary: string;
  changes: { what: string; before?: string; after?: string }[];
  /** How many more changes there are than are shown. */
  more?: number;
  buttons?: Button[];
}

/** On a visitor's message: the button that was pressed or the form that was filled in, and the `seq` of the message that offered it. */
export interface ActionBlock {
  type: "action";
  action: string;
  value?: string;
  values?: FormValues;
  of?: number;
}

/** On a line of the system: which sentence of the product it is, and the names in it. Only the server reads it. */
export interface HappeningBlock {
  type: "happening";
  what: string;
  values: string[];
}

/** On a note of Switchboard's: what the colleague who offers the conversation leaves for whom they offer it to. */
export interface OfferBlock {
  type: "offer";
  /** Whom it is offered, and until when. */
  to: string;
  until: string;
  by: string;
  text: string;
}

/** On a note of Switchboard's: what was found out, from whoever handed the conversation back. */
export interface SummaryBlock {
  type: "summary";
  by: string;
  text: string;
}

/**
 * On a line of the system: what became of the message `of` of the same conversation. Whoever shows it does so there and not as a line of its own;
 * the text of the line says it for whoever doesn't know this block. Only the newest change of a message still has its `text`.
 */
export interface ChangeBlock {
  type: "change";
  of: number;
  change: "edited" | "deleted" | "reacted" | "unreacted";
  /** The name of whoever did it. */
  by: string;
  /** What the message says now, with the lines of its files. Of `edited`. */
  text?: string;
  /** Of `reacted` and `unreacted`: which, and all that the message has now. */
  emoji?: string;
  reactions?: Reaction[];
}

/** Who reacted to a message so, by name. */
export interface Reaction {
  emoji: string;
  names: string[];
}

/** What agents react with at the desk. What people react with elsewhere may be another, also a name between colons. */
export const reactionEmoji = ["👍", "❤️", "😄", "🎉", "😮", "😢"] as const;
