import type { AccountPrincipal } from "../../access/principal.ts";
import { Refusal } from "../../protocol/refusal.ts";
import type { AgentRef, Control, ConversationRef } from "../conversation.ts";
import { findControl } from "../conversationStore.ts";
import { publishConversationEvent } from "../events.ts";
import { addSystemNote } from "../notes/notes.ts";
import { addParticipant, mostParticipants, removeParticipant } from "./asideStore.ts";
import type { Controlling } from "./changeControl.ts";

/**
 * Lets a colleague take part: they may answer too, while whoever answers it keeps it. Asked by those who answer or take part.
 * Refusals: `not_found`, `conflict` where they take part already, nobody answers it or too many do, `not_your_conversation`.
 */
export async function invite(
  deps: Controlling,
  agent: AccountPrincipal,
  conversation: ConversationRef,
  colleague: AgentRef,
  run: string,
): Promise<void> {
  const sql = deps.database.forTenant(conversation.tenant);
  if (!(await addParticipant(sql, conversation.id, agent.account, colleague)))
    throw cantInvite(await findControl(sql, conversation.id), agent, colleague);
  publishConversationEvent(deps, conversation.tenant, { kind: "setAside", conversation: conversation.id });
  await addSystemNote(deps, conversation, `r:${run}`, `${agent.name} invited ${colleague.name} to take part.`);
}

function cantInvite(control: Control | undefined, agent: AccountPrincipal, colleague: AgentRef): Refusal {
  if (control === undefined) return new Refusal("not_found", "There is no such conversation.");
  if (control.agent === null || !control.open)
    return new Refusal("conflict", "Nobody answers this conversation; take it first, then invite a colleague.");
  if (control.agent.id === colleague.id) return new Refusal("conflict", `${colleague.name} answers this conversation already.`);
  if (control.agent.id === agent.account)
    return new Refusal("conflict", `${colleague.name} takes part already, or there are ${mostParticipants} who do, the limit.`);
  return new Refusal("not_your_conversation", `${control.agent.name} answers this conversation, and you take no part in it; ask them.`);
}

/** Ends one's own part. Refusals: `not_found`, `conflict` where one takes no part. */
export async function stepOut(deps: Controlling, agent: AccountPrincipal, conversation: ConversationRef, run: string): Promise<void> {
  const sql = deps.database.forTenant(conversation.tenant);
  if (!(await removeParticipant(sql, conversation.id, agent.account))) {
    if ((await findControl(sql, conversation.id)) === undefined) throw new Refusal("not_found", "There is no such conversation.");
    throw new Refusal("conflict", "You take no part in this conversation by invitation.");
  }
  publishConversationEvent(deps, conversation.tenant, { kind: "setAside", conversation: conversation.id });
  await addSystemNote(deps, conversation, `r:${run}`, `${agent.name} takes no part any more.`);
}
