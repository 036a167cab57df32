import { type Reach, reaches } from "../../access/policy.ts";
import type { ConversationItem } from "../../protocol/desk.ts";

type Standing = Pick<ConversationItem, "inbox" | "team" | "agent" | "offer" | "participants">;

/** Whether an entry of a list, or a conversation's head, is within reach. */
export function sees(reach: Reach, { inbox, team, agent, offer, participants = [] }: Standing): boolean {
  if (reach === "all") return true;
  const people = [...(agent === null ? [] : [agent.id]), ...(offer === null ? [] : [offer.to.id]), ...participants.map(({ id }) => id)];
  return reaches(reach, { inbox: inbox.id, team, people });
}
