import type { AccountPrincipal } from "../../access/principal.ts";
import { Refusal } from "../../protocol/refusal.ts";
import type { ConversationRef } from "../conversation.ts";
import { findControl } from "../conversationStore.ts";
import { publishConversationEvent } from "../events.ts";
import { addSystemNote } from "../notes/notes.ts";
import { saveBlock, saveSpam } from "./asideStore.ts";
import { type Controlling, type ControlRule, changeControl, refuseMerged } from "./changeControl.ts";

/**
 * Closes a conversation as spam. What its visitor writes from then on is acknowledged and kept, and calls nobody; they aren't told.
 * Refusals: `not_found`, `not_your_conversation` where a colleague answers it.
 */
export async function markSpam(deps: Controlling, agent: AccountPrincipal, conversation: ConversationRef, run: string): Promise<void> {
  const sql = deps.database.forTenant(conversation.tenant);
  const control = await findControl(sql, conversation.id);
  if (control === undefined) throw new Refusal("not_found", "There is no such conversation.");
  if (control.agent !== null && control.agent.id !== agent.account)
    throw new Refusal("not_your_conversation", `${control.agent.name} answers this conversation; ask them.`);
  refuseMerged(control);
  const isNew = await saveSpam(sql, conversation.id, true);
  await changeControl(deps, conversation, closeSilently(agent, "marked as spam"));
  publishConversationEvent(deps, conversation.tenant, { kind: "setAside", conversation: conversation.id });
  if (isNew) await addSystemNote(deps, conversation, `r:${run}`, `${agent.name} marked it as spam.`);
}

/** Ends that. It stays closed until its visitor writes or an agent reopens it. Refusals: `not_found`, `conflict` where it is no spam. */
export async function unmarkSpam(deps: Controlling, agent: AccountPrincipal, conversation: ConversationRef, run: string): Promise<void> {
  const sql = deps.database.forTenant(conversation.tenant);
  if (!(await saveSpam(sql, conversation.id, false))) {
    if ((await findControl(sql, conversation.id)) === undefined) throw new Refusal("not_found", "There is no such conversation.");
    throw new Refusal("conflict", "This conversation is not marked as spam.");
  }
  publishConversationEvent(deps, conversation.tenant, { kind: "setAside", conversation: conversation.id });
  await addSystemNote(deps, conversation, `r:${run}`, `${agent.name} took the mark as spam away.`);
}

/**
 * Closes and mutes all conversations of a contact, or ends that (they stay closed until somebody writes). The visitor isn't told.
 * Answers how many conversations that changed. Refusal `not_found`.
 */
export async function blockContact(
  deps: Controlling,
  agent: AccountPrincipal,
  contact: string,
  isBlocked: boolean,
  run: string,
): Promise<number> {
  const ids = await saveBlock(deps.database.forTenant(agent.tenant), contact, isBlocked);
  if (ids === undefined) throw new Refusal("not_found", "There is no such contact.");
  for (const id of ids) {
    const conversation = { tenant: agent.tenant, id };
    if (isBlocked) await changeControl(deps, conversation, closeSilently(agent, "contact blocked"));
    publishConversationEvent(deps, agent.tenant, { kind: "setAside", conversation: id });
    await addSystemNote(deps, conversation, `r:${run}`, `${agent.name} ${isBlocked ? "blocked" : "unblocked"} this contact.`);
  }
  return ids.length;
}

function closeSilently(agent: AccountPrincipal, reason: string): ControlRule {
  return (current) =>
    current.open ? { change: { to: "bot", open: false, by: { kind: "account", id: agent.account }, reason } } : "unchanged";
}
