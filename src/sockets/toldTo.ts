import { changeOf, tellChange } from "../conversations/changes/change.ts";
import type { StoredMessage } from "../conversations/events.ts";
import { happeningOf, tell, tellColleague } from "../conversations/sentences/happening.ts";
import { sentencesIn } from "../conversations/sentences/sentences.ts";
import type { Message } from "../protocol/conversation.ts";

/** A message as a visitor reads it: the lines of the system in the language that they read now, which need not be the one of then. */
export function toldToVisitor(message: StoredMessage, locale: string | undefined): Pick<Message, "text"> & { blocks: Message["blocks"] } {
  const change = changeOf(message);
  if (change !== undefined) return { text: tellChange(change, sentencesIn(locale)), blocks: message.blocks };
  if (message.deleted !== undefined) return { text: sentencesIn(locale).wasDeleted, blocks: undefined };
  const happening = happeningOf(message);
  if (happening === undefined) return { text: message.text, blocks: message.blocks };
  return { text: (locale === undefined ? undefined : tell(happening, sentencesIn(locale))) ?? message.text, blocks: undefined };
}

/** The same for an agent, and beside it what the visitor read. */
export function toldToColleague(message: StoredMessage): StoredMessage & { visitorReads?: string } {
  const happening = happeningOf(message);
  if (happening === undefined) return message;
  const { blocks: _, ...rest } = message;
  const text = tellColleague(happening);
  return { ...rest, text, ...(text === message.text ? {} : { visitorReads: message.text }) };
}
