import type { AccountPrincipal, VisitorPrincipal } from "../../access/principal.ts";
import { attachFiles } from "../../files/attachFiles.ts";
import type { Platform } from "../../platform/platform.ts";
import type { Block } from "../../protocol/blocks.ts";
import { textWithFiles } from "../../protocol/files.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { maxTextLength } from "../../protocol/visitor.ts";
import { type ConversationRef, keys, type Outcome, type Write } from "../conversation.ts";
import { findAnswering } from "../merge/mergeStore.ts";
import type { Early, EarlyQuestion } from "../turns/askEarly.ts";
import { type Recording, record } from "./record.ts";

export interface Received {
  seq: number;
  at: string;
  /** The committed write's outcome; undefined where the same message was there before. */
  fresh: (Outcome & { kind: "committed" }) | undefined;
  /** As it is kept. */
  said: Said;
  /** What was asked before it was written, for its turn. */
  early?: Early | undefined;
}

export interface InboundMessage {
  clientId: string;
  text: string;
  blocks?: Block[];
  /** Ids of the author's uploads; with some, the text may be empty. */
  files?: readonly string[];
}

interface Said {
  text: string;
  blocks?: Block[];
}

/**
 * A visitor's message, from whichever door; `ask` may ask for its answer while it waits to be written, and where that is there by then, both
 * are. Resolves after the commit; the same `clientId` and text again finds the first. Refusals:
 * `nothing_to_send`, `text_too_long`, `invalid_value` for a file that can't be sent, `client_id_reused`, `not_found`.
 */
export async function receiveVisitorMessage(
  deps: Attaching,
  visitor: VisitorPrincipal,
  name: string,
  inbound: InboundMessage,
  ask?: (question: EarlyQuestion) => Early | undefined,
): Promise<Received> {
  const conversation = { tenant: visitor.tenant, id: visitor.conversation };
  const key = keys.visitor(inbound.clientId);
  const { said, settle } = await withFiles(deps, conversation, inbound, { by: visitor.contact, messageKey: key, internal: false });
  const early = ask?.({ clientId: inbound.clientId, ...said });
  const outcome = await record(deps, {
    conversation,
    messages: [{ key, author: { kind: "visitor", id: visitor.contact, name }, ...said }],
    turn: "wanted",
    answer: early?.answer,
  });
  await settle?.(stands(outcome, said));
  return received(outcome, said, early);
}

/**
 * An agent's message to the customer: only whoever holds the conversation. Refusals: those of a visitor's, and `not_your_conversation`.
 */
export async function receiveAgentMessage(
  deps: Attaching,
  agent: AccountPrincipal,
  conversation: string,
  inbound: InboundMessage,
): Promise<Received> {
  const ref = { tenant: agent.tenant, id: conversation };
  const key = keys.agent(agent.account, inbound.clientId);
  const { said, settle } = await withFiles(deps, ref, inbound, { by: agent.account, messageKey: key, internal: false });
  const write: Write = {
    conversation: ref,
    messages: [{ key, author: { kind: "agent", id: agent.account, name: agent.name }, ...said }],
    fence: { agent: agent.account },
  };
  const outcome = await record(deps, write);
  await settle?.(stands(outcome, said));
  if (outcome.kind !== "refused") return received(outcome, said);
  const control = await findAnswering(deps.database.forTenant(agent.tenant), conversation);
  if (control === undefined) throw new Refusal("not_found", "There is no such conversation.");
  const who =
    control.agent === null ? "Take the conversation first" : `${control.agent.name} answers this conversation; ask for a transfer`;
  throw new Refusal("not_your_conversation", `${who}, or write a note. Your text was not sent.`);
}

export type Attaching = Recording & Pick<Platform, "database">;

/**
 * What is said, with the files that it brings. `settle`, where there are some, is told whether the message stands; where that isn't known
 * they stay with it, for the same message again.
 */
export async function withFiles(
  deps: Pick<Platform, "database">,
  conversation: ConversationRef,
  { text, blocks, files }: InboundMessage,
  claim: { by: string; messageKey: string; internal: boolean },
): Promise<{ said: Said; settle?: (stands: boolean) => Promise<void> }> {
  if (files === undefined || files.length === 0) return { said: { text: cleanText(text), ...(blocks === undefined ? {} : { blocks }) } };
  const written = cleanText(text, { mayBeEmpty: true });
  const attached = await attachFiles(deps, conversation.tenant, files, { ...claim, conversation: conversation.id });
  return {
    said: { text: textWithFiles(written, attached.blocks), blocks: [...(blocks ?? []), ...attached.blocks] },
    settle: (stands) => (stands ? attached.sent() : attached.release()),
  };
}

function stands(outcome: Outcome, { text }: Said): boolean {
  return outcome.kind === "committed" || (outcome.kind === "known" && outcome.text === text);
}

/** What PostgreSQL and other readers can't hold (NUL, halves of surrogate pairs) becomes U+FFFD. Refusals: `nothing_to_send`, `text_too_long`. */
export function cleanText(text: string, { mayBeEmpty = false } = {}): string {
  const clean = text.toWellFormed().replaceAll("\u0000", "\uFFFD");
  if (!/[^\s\p{Default_Ignorable_Code_Point}]/u.test(clean)) {
    if (mayBeEmpty) return "";
    throw new Refusal("nothing_to_send", "Nothing to send: the message is empty.", { path: "text" });
  }
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

function received(outcome: Outcome, said: Said, early?: Early): Received {
  if (outcome.kind === "committed") return { seq: outcome.firstSeq, at: outcome.at, fresh: outcome, said, early };
  if (outcome.kind === "refused") throw new Refusal("not_found", "There is no such conversation.");
  if (outcome.text !== said.text)
    throw new Refusal("client_id_reused", "This clientId was used for another message, which stands.", { path: "clientId" });
  return { seq: outcome.seq, at: outcome.at, fresh: undefined, said };
}
