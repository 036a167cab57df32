import type { AccountPrincipal, VisitorPrincipal } from "../access/principal.ts";
import type { Platform } from "../platform/platform.ts";
import type { Block } from "../protocol/blocks.ts";
import { Refusal } from "../protocol/refusal.ts";
import { maxTextLength } from "../protocol/visitor.ts";
import { keys, type Outcome, type Write } from "./conversation.ts";
import { findControl, findMessage } from "./conversationStore.ts";
import { type Recording, record } from "./record.ts";
import { type Say, sentencesIn } from "./sentences/sentences.ts";

export interface Received {
  seq: number;
  at: string;
  /** The committed write's outcome; undefined where the same message was there before. */
  fresh: (Outcome & { kind: "committed" }) | undefined;
}

export interface InboundMessage {
  clientId: string;
  text: string;
  blocks?: Block[];
}

/** A visitor's message, from whichever door. Resolves after the commit; the same `clientId` and text again finds the first. */
export async function receiveVisitorMessage(
  deps: Recording,
  visitor: VisitorPrincipal,
  name: string,
  inbound: InboundMessage,
): Promise<Received> {
  const text = cleanText(inbound.text);
  const outcome = await record(deps, {
    conversation: { tenant: visitor.tenant, id: visitor.conversation },
    messages: [
      {
        key: keys.visitor(inbound.clientId),
        author: { kind: "visitor", id: visitor.contact, name },
        text,
        ...(inbound.blocks === undefined ? {} : { blocks: inbound.blocks }),
      },
    ],
    turn: "wanted",
  });
  return received(outcome, text);
}

/** An agent's message to the customer: only whoever holds the conversation. Refusals: `not_found`, `not_your_conversation`, `client_id_reused`. */
export async function receiveAgentMessage(
  deps: Recording & Pick<Platform, "database">,
  agent: AccountPrincipal,
  conversation: string,
  inbound: InboundMessage,
): Promise<Received> {
  const text = cleanText(inbound.text);
  const write: Write = {
    conversation: { tenant: agent.tenant, id: conversation },
    messages: [{ key: keys.agent(agent.account, inbound.clientId), author: { kind: "agent", id: agent.account, name: agent.name }, text }],
    fence: { agent: agent.account },
  };
  const outcome = await record(deps, write);
  if (outcome.kind !== "refused") return received(outcome, text);
  const control = await findControl(deps.database.forTenant(agent.tenant), conversation);
  if (control === undefined) throw new Refusal("not_found", "There is no such conversation.");
  const who =
    control.agent === null ? "Take the conversation first" : `${control.agent.name} answers this conversation; ask for a transfer`;
  throw new Refusal("not_your_conversation", `${who}, or write a note. Your text was not sent.`);
}

/** What is offered everywhere, and what the visitor then says. */
const always: Partial<Record<string, Say>> = { person: (say) => say.askForPerson, leave: (say) => say.leave };

/** The button of a message that was really offered; `person` and `leave` always are. Refusal `invalid_value`. */
export async function offeredAction(
  { database }: Pick<Platform, "database">,
  visitor: VisitorPrincipal,
  pressed: { seq: number; action: string; value?: string | undefined },
): Promise<{ text: string; blocks: Block[] }> {
  const message = await findMessage(database.forTenant(visitor.tenant), visitor.conversation, pressed.seq);
  const offered = (message?.blocks ?? [])
    .flatMap((block) => (block.type === "buttons" ? block.buttons : []))
    .find((button) => button.action === pressed.action && (Object.hasOwn(always, pressed.action) || button.value === pressed.value));
  if (offered === undefined && !Object.hasOwn(always, pressed.action)) {
    throw new Refusal("invalid_value", "This choice is not offered by that message.", { path: "action" });
  }
  const value = offered?.value ?? (Object.hasOwn(always, pressed.action) ? undefined : pressed.value);
  return {
    text:
      offered?.label ??
      (Object.hasOwn(always, pressed.action) ? always[pressed.action] : undefined)?.(sentencesIn(visitor.locale)) ??
      pressed.action,
    blocks: [{ type: "action", action: pressed.action, ...(value === undefined ? {} : { value }) }],
  };
}

/** There is no upload yet, so no id can be one of a file: said, not silently left out. */
export function refuseFiles(files: readonly string[] | undefined): void {
  if (files !== undefined && files.length > 0)
    throw new Refusal("invalid_value", "There is no such file; send the message without it.", { path: "files" });
}

/** What PostgreSQL and other readers can't hold (NUL, halves of surrogate pairs) becomes U+FFFD. Refusals: `nothing_to_send`, `text_too_long`. */
export function cleanText(text: string): string {
  const clean = text.toWellFormed().replaceAll("\u0000", "\uFFFD");
  if (!/[^\s\p{Default_Ignorable_Code_Point}]/u.test(clean))
    throw new Refusal("nothing_to_send", "Nothing to send: the message is empty.", { path: "text" });
  if (clean.length > maxTextLength) {
    const length = [...clean].length;
    if (length > maxTextLength) {
      throw new Refusal(
        "text_too_long",
        `${maxTextLength.toLocaleString("en")} characters is the limit, yours has ${length.toLocaleString("en")}.`,
        { path: "text" },
      );
    }
  }
  return clean;
}

function received(outcome: Outcome, text: string): Received {
  if (outcome.kind === "committed") return { seq: outcome.firstSeq, at: outcome.at, fresh: outcome };
  if (outcome.kind === "refused") throw new Refusal("not_found", "There is no such conversation.");
  if (outcome.text !== text)
    throw new Refusal("client_id_reused", "This clientId was used for another message, which stands.", { path: "clientId" });
  return { seq: outcome.seq, at: outcome.at, fresh: undefined };
}
