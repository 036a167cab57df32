import type { Post } from "../../src/client/outbox.ts";
import type { Message } from "../../src/protocol/conversation.ts";
import type { Saying } from "./talk.ts";

/** Messages of one author in one breath; they share a stamp. */
export interface Group {
  key: string;
  messages: [Message, ...Message[]];
}

const breathMs = 5 * 60_000;

export function groupMessages(messages: readonly Message[]): Group[] {
  const groups: Group[] = [];
  for (const message of messages) {
    const group = groups.at(-1);
    if (group !== undefined && belongs(group, message)) group.messages.push(message);
    else groups.push({ key: `m${message.seq}`, messages: [message] });
  }
  return groups;
}

function belongs({ messages }: Group, { author, at, command }: Message): boolean {
  const last = messages.at(-1) ?? messages[0];
  return (
    author.kind !== "system" &&
    last.author.kind === author.kind &&
    last.author.name === author.name &&
    last.command === command &&
    Date.parse(at) - Date.parse(last.at) < breathMs
  );
}

/** Suggestions are offered until the visitor says something: after that they would answer an old question. */
export function offersButtons(message: Message, messages: readonly Message[], pending: readonly Post<Saying>[]): boolean {
  return pending.length === 0 && !messages.some(({ seq, author }) => seq > message.seq && author.kind === "visitor");
}

/** A form is open until it was answered, whatever else was said meanwhile. */
export function offersForm({ seq }: Message, messages: readonly Message[], pending: readonly Post<Saying>[]): boolean {
  const answers = ({ blocks }: Message) => blocks?.some((block) => block.type === "action" && block.of === seq) === true;
  const sending = ({ frame: { frame }, state }: Post<Saying>) => frame.type === "action" && frame.seq === seq && state !== "failed";
  return !pending.some(sending) && !messages.some(answers);
}
