import { validate as isId, v7 as newId } from "uuid";
import type { AccountPrincipal } from "../../access/principal.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { agentRef, type Controlling } from "../control/changeControl.ts";
import type { ConversationRef } from "../conversation.ts";
import { findControl } from "../conversationStore.ts";
import { publishConversationEvent } from "../events.ts";
import { queueSubject } from "../ledger/record.ts";
import { addSystemNote } from "../notes/notes.ts";
import { carryMerge } from "./carryMerged.ts";
import { mayMerge } from "./mergeRules.ts";
import { endMerge, findMergeable, lockMerging, type Merge, mergesOf, refreshEntry, saveMerge } from "./mergeStore.ts";

/**
 * Merges a conversation into another: agents see both in the other's timeline and answer there. No message moves: each keeps its own order,
 * and each visitor reads their own conversation alone. Refusals: those of `mayMerge`.
 */
export async function merge(
  deps: Controlling,
  agent: AccountPrincipal,
  conversation: ConversationRef,
  { into, otherContact }: { into: string; otherContact: boolean },
): Promise<void> {
  if (!isId(into)) throw new Refusal("not_found", "There is no such conversation to merge into.", { path: "args.into" });
  const id = newId();
  for (let tries = 0; !(await mergeAsSeen(deps, agent, conversation, { id, into, otherContact })); tries++)
    if (tries === 8) throw new Refusal("conflict", "Others changed this conversation at the same moment. Please look again.");
  await tellControl(deps, conversation);
  // Where this process ends here, the sweep does the rest.
  await carryMerge(deps, conversation.tenant, id);
}

/** False where somebody changed it between the look and the write. */
async function mergeAsSeen(
  { database }: Controlling,
  agent: AccountPrincipal,
  { tenant, id: conversation }: ConversationRef,
  { id, into, otherContact }: { id: string; into: string; otherContact: boolean },
): Promise<boolean> {
  return await database.forTenant(tenant).transaction(async (tx) => {
    await lockMerging(tx);
    const found = await findMergeable(tx, [conversation, into]);
    const sides = [conversation, into].map((each) => ({ id: each, found: found.get(each) })) satisfies unknown[];
    const [source, target] = sides;
    if (source === undefined || target === undefined) return false;
    const { generation } = mayMerge(agent.account, source, target, otherContact).source;
    return await saveMerge(tx, { id, conversation, generation, target: into, by: agentRef(agent) });
  });
}

/**
 * Ends a merge: the conversation stands by itself again with whoever answered it before, and what was said meanwhile is where it was said.
 * `conversation` is either side; where it holds several, `merged` says which. Answers which stands by itself. Refusals: `not_found`, `conflict`.
 */
export async function unmerge(
  deps: Controlling,
  agent: AccountPrincipal,
  conversation: ConversationRef,
  merged: string | undefined,
  run: string,
): Promise<string> {
  const sql = deps.database.forTenant(conversation.tenant);
  if ((await findControl(sql, conversation.id)) === undefined) throw new Refusal("not_found", "There is no such conversation.");
  const ended = await sql.transaction(async (tx) => {
    await lockMerging(tx);
    const chosen = chooseMerge(await mergesOf(tx, conversation.id), conversation.id, merged);
    await endMerge(tx, chosen.id, agentRef(agent));
    await refreshEntry(tx, chosen.conversation);
    await refreshEntry(tx, chosen.target);
    return chosen;
  });
  const source = { tenant: conversation.tenant, id: ended.conversation };
  await tellControl(deps, source);
  const target = { tenant: conversation.tenant, id: ended.target };
  publishConversationEvent(deps, target.tenant, { kind: "setAside", conversation: target.id });
  await addSystemNote(deps, target, `r:${run}`, `${agent.name} unmerged a conversation that was merged into this one.`);
  await addSystemNote(deps, source, `r:${run}`, `${agent.name} unmerged this conversation from the one that it was merged into.`);
  return ended.conversation;
}

function chooseMerge(merges: readonly Merge[], conversation: string, merged: string | undefined): Merge {
  const path = { path: "args.merged" };
  const own = merges.find((each) => each.conversation === conversation);
  const held = merges.filter((each) => each.target === conversation);
  const chosen =
    merged === undefined ? (own ?? (held.length === 1 ? held[0] : undefined)) : merges.find((each) => each.conversation === merged);
  if (chosen !== undefined) return chosen;
  if (merged !== undefined) throw new Refusal("not_found", "No such conversation is merged into this one.", path);
  if (held.length === 0) throw new Refusal("conflict", "This conversation is not merged with another one.", { path: "args.conversation" });
  throw new Refusal("invalid_value", `${held.length} conversations are merged into this one; say in "merged" which to unmerge.`, path);
}

/** Its control changed by no write of the ledger: whoever looks at it, lists it or waits in line is told all the same. */
async function tellControl(deps: Controlling, { tenant, id: conversation }: ConversationRef): Promise<void> {
  const control = await findControl(deps.database.forTenant(tenant), conversation);
  if (control === undefined) return;
  const at = new Date().toISOString();
  publishConversationEvent(deps, tenant, { kind: "committed", conversation, messages: [], control, unread: 0, at });
  publishConversationEvent(deps, tenant, { kind: "setAside", conversation });
  deps.bus.publish(queueSubject(tenant), {});
}
