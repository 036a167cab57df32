import type { Block } from "../protocol/blocks.ts";
import type { OfferedChoice } from "../protocol/commands.ts";

/**
 * What is shown in a chat service, the same for all of them: each folder of `bots/` has one pure function that makes of it what its service takes,
 * within the limits that the service documents.
 */
export interface Drawing {
  /** Complete by itself: what a notification and a screen reader say. Plain text; nothing in it is markup. */
  text: string;
  blocks?: readonly Block[];
  /** Of its charts, by their place among `blocks`: pictures, which are shown in their stead. */
  pictures?: Readonly<Record<number, Picture>>;
  /** What can be done with it. */
  card?: Card;
  /** Who says it, where that isn't Switchboard: an agent, or the contact. */
  author?: { name: string };
  /** Where all of it is, for what the service can't show: a page of the desk. */
  more?: { label: string; url: string };
}

/** PNG, 1024 pixels wide, on its own light ground. */
export interface Picture {
  /** Complete, by https: whoever has it may fetch the picture. */
  url: string;
  /** What is in it, with its numbers. At most 2,000 characters. */
  alt: string;
}

/** Something that can be pressed, and is drawn anew when what it is about has changed. */
export interface Card {
  id: string;
  /** None where nothing can be done with it any more. */
  buttons: readonly CardButton[];
}

export interface CardButton {
  /** Comes back as `pressed`. One word of letters. */
  verb: string;
  label: string;
  style?: "primary" | "danger";
  /** Which of several, where there are: comes back as well, and proves nothing. At most 200 characters. */
  value?: string;
  /** Pressing it opens a form. */
  opens?: true;
}

/** What is asked for at once: a modal in Slack, a dialog in Teams. */
export interface Form {
  /** Which form of which card, in letters, digits, `_` and `-`: it comes back as `filled`, and is no secret. At most 400 characters. */
  card: string;
  title: string;
  text?: string;
  inputs: readonly FormInput[];
  /** The label of its button. */
  submit: string;
}

export interface FormInput {
  name: string;
  label: string;
  hint?: string;
  required: boolean;
  type: "text" | "longText" | "secret" | "integer" | "number" | "boolean" | "date" | "instant" | "choice" | "person";
  /** Of a choice: all of them, where they are known. */
  choices?: readonly OfferedChoice[];
  /** Of a choice: they are asked for while somebody types (`ChatHouse.choices`). */
  searched?: true;
  value?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  /** Why what was given doesn't fit. */
  error?: string;
}

/** What a person finds where they look first: what they may run, and what waits for them. */
export interface Home {
  greeting: string;
  /** Where they are not linked yet, or were: what to do. */
  link?: Card;
  waiting: readonly Drawing[];
  commands: readonly { name: string; summary: string }[];
  /** The buttons of the commands open their form, each with the command's name as its value. */
  card?: Card;
}
