import type { Controller } from "../../protocol/conversation.ts";
import { Refusal } from "../../protocol/refusal.ts";
import type { AgentRef, Muted } from "../conversation.ts";

/** One side of a merge, as it stands now. */
export interface Mergeable {
  contact: string;
  open: boolean;
  muted: Muted | null;
  lastSeq: number;
  controller: Controller;
  generation: number;
  agent: AgentRef | null;
  mergedInto: string | null;
  /** How many were merged into it. */
  holds: number;
}

/** As many as a timeline can show well. */
export const mostMerged = 20;

/**
 * Whether one may be merged into the other by this agent: what a colleague answers is theirs to merge, into whichever conversation.
 * Of two people's it must be said that both are meant. Refusals: `not_found`, `conflict`, `not_your_conversation`, with the argument meant.
 */
export function mayMerge(
  agent: string,
  source: { id: string; found: Mergeable | undefined },
  into: { id: string; found: Mergeable | undefined },
  otherContact: boolean,
): { source: Mergeable; target: Mergeable } {
  const from = { path: "args.conversation" };
  const to = { path: "args.into" };
  if (source.found === undefined) throw new Refusal("not_found", "There is no such conversation.", from);
  if (source.id === into.id) throw new Refusal("conflict", "A conversation can't be merged into itself; choose another one.", to);
  if (into.found === undefined) throw new Refusal("not_found", "There is no such conversation to merge into.", to);
  refuseState(source.found, "This conversation", from);
  refuseState(into.found, "The conversation to merge into", to);
  if (source.found.holds > 0)
    throw new Refusal("conflict", "Others were merged into this conversation; merge the other one into it, or unmerge them first.", from);
  if (into.found.holds >= mostMerged)
    throw new Refusal("conflict", `${mostMerged} conversations were merged into that one already, the limit.`, to);
  if (source.found.agent !== null && source.found.agent.id !== agent)
    throw new Refusal("not_your_conversation", `${source.found.agent.name} answers this conversation; ask them to merge it.`, from);
  if (source.found.contact !== into.found.contact && !otherContact)
    throw new Refusal("conflict", "These are two customers' conversations; give otherContact:true to merge them all the same.", {
      path: "args.otherContact",
    });
  return { source: source.found, target: into.found };
}

function refuseState({ mergedInto, muted, open, lastSeq }: Mergeable, which: string, path: { path: string }): void {
  if (mergedInto !== null) throw new Refusal("conflict", `${which} is merged into another one already; unmerge it first.`, path);
  if (muted !== null) throw new Refusal("conflict", `${which} is ${muted === "spam" ? "marked as spam" : "of a blocked contact"}.`, path);
  if (!open) throw new Refusal("conflict", `${which} is closed; reopen it first.`, path);
  if (lastSeq === 0) throw new Refusal("conflict", `${which} is empty; there is nothing to merge.`, path);
}
