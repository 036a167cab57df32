import type { Bus } from "../../platform/bus/bus.ts";
import { keys, type NewMessage, type Outcome, type Write } from "../conversation.ts";
import { publishConversationEvent, type StoredMessage } from "../events.ts";
import type { Ledger } from "./ledger.ts";

/** Somebody came into a queue of this tenant, or left it: whoever shows places reads them again. */
export function queueSubject(tenant: string): string {
  return `tenant.${tenant}.queue`;
}

/** What it takes to write into a conversation. */
export interface Recording {
  ledger: Ledger;
  bus: Bus;
}

/** Commits a write, then tells everyone who looks: in this order, since the bus only hurries. */
export async function record({ ledger, bus }: Recording, write: Write): Promise<Outcome> {
  const outcome = await ledger.commit(write);
  if (outcome.kind === "committed") {
    publishConversationEvent({ bus }, write.conversation.tenant, {
      kind: "committed",
      conversation: write.conversation.id,
      messages: committedMessages(writtenMessages(write, outcome), outcome),
      control: outcome.control,
      unread: outcome.unread,
      at: outcome.at,
    });
    if (write.control !== undefined) bus.publish(queueSubject(write.conversation.tenant), {});
  }
  return outcome;
}

function writtenMessages({ messages, answer }: Write, { firstSeq, answered }: { firstSeq: number; answered: boolean }): NewMessage[] {
  return answered && answer?.message !== undefined ? [...messages, { key: keys.answer(firstSeq, "0"), ...answer.message }] : messages;
}

/** The messages of a committed write as its readers see them; nothing is read back that is known already. */
function committedMessages(messages: readonly NewMessage[], { firstSeq, at }: { firstSeq: number; at: string }): StoredMessage[] {
  return messages.map((message, index) => {
    const { kind, name, id } = message.author;
    const stored: StoredMessage = { seq: firstSeq + index, author: { kind, name }, text: message.text, at };
    if (message.blocks !== undefined) stored.blocks = message.blocks;
    if (message.command !== undefined) stored.command = message.command;
    if (id !== undefined) stored.authorId = id;
    return Object.assign(stored, clientIdOf(message.key));
  });
}

/** The `clientId` in a message's key, where a person's page made one. */
export function clientIdOf(key: string): { clientId?: string } {
  if (key.startsWith("v:")) return { clientId: key.slice(2) };
  if (key.startsWith("a:")) return { clientId: key.slice(key.indexOf(":", 2) + 1) };
  return {};
}
