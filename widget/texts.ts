import type { ConversationState } from "../src/protocol/conversation.ts";
import { maxTextLength } from "../src/protocol/visitor.ts";

/** Everything that a visitor reads, but for what the server says. One object per language; English so far. */

export const launcherTexts = {
  open: "Open chat",
  close: "Close chat",
  openUnread: (count: number) => `Open chat, ${count} unread`,
  notLoaded: "The chat could not be loaded. Try again.",
};

export const texts = {
  chat: "Chat",
  messages: "Messages",
  close: "Close",
  you: "You",

  assistant: "Assistant",
  assistantAnswers: "Answers at once",
  waitingForPerson: "Waiting for a person",
  meanwhile: "The assistant still takes commands",
  table: (columns: string[]) => `Table: ${columns.join(", ")}`,
  personAnswers: "A person answers",
  closed: "This conversation is closed. Write, and it opens again.",
  askForPerson: "Ask for a person",
  whatCanIAsk: "What can I ask?",
  leaveQueue: "Leave",
  /** The command that the server knows; its label is the same word. */
  leaveCommand: "leave",

  place: (position: number | undefined) => (position === undefined ? "In line" : `${ordinal(position)} in line`),
  wait: waitText,

  connecting: "Connecting…",
  stillConnecting: "Connecting takes longer than usual. You can write already; it is kept and sent.",
  noConnection: "No connection. What you write is kept, and sent when it is back.",
  tryNow: "Try now",

  compose: "Write a message",
  send: "Send",
  nothingToSend: "Nothing to send yet: write something first.",
  tooLong: (length: number) => `${number(maxTextLength)} is the limit, yours has ${number(length)}.`,
  left: (count: number) => (count < 0 ? `${number(-count)} too many` : `${number(count)} left`),

  sending: "sending",
  sent: "sent",
  read: "read",
  waiting: "waiting for the network, will be sent",
  unconfirmed: "waiting for the confirmation",
  goesByItself: "It will be sent by itself.",
  notSent: "Not sent.",
  tryAgain: "Try again",
  edit: "Edit",
  remove: "Remove",

  typing: (name: string) => `${name} is typing`,
  fresh: (count: number) => `${number(count)} new`,
  toNewest: "To the newest message",
  earlier: "Earlier messages",
  truncated: "Not all rows are shown.",
  opensElsewhere: "opens in a new tab",
};

function waitText({ waitSeconds }: Pick<ConversationState, "waitSeconds">): string {
  if (waitSeconds === undefined) return "Your place is kept.";
  return `${waitSeconds < 60 ? "less than a minute" : `about ${number(Math.ceil(waitSeconds / 60))} min`}, as of now`;
}

function ordinal(position: number): string {
  const endings: Partial<Record<Intl.LDMLPluralRule, string>> = { one: "st", two: "nd", few: "rd" };
  return `${number(position)}${endings[new Intl.PluralRules("en", { type: "ordinal" }).select(position)] ?? "th"}`;
}

function number(value: number): string {
  return value.toLocaleString("en");
}
