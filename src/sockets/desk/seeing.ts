import { type Reach, reaches, reachesTeam } from "../../access/policy.ts";
import type { ConversationItem, TopicItem } from "../../protocol/desk.ts";

type Standing = Pick<ConversationItem, "inbox" | "team" | "agent" | "offer" | "participants">;

/** Whether an entry of a list, or a conversation's head, is within reach. */
export function sees(reach: Reach, { inbox, team, agent, offer, participants = [] }: Standing): boolean {
  if (reach === "all") return true;
  const people = [...(agent === null ? [] : [agent.id]), ...(offer === null ? [] : [offer.to.id]), ...participants.map(({ id }) => id)];
  return reaches(reach, { inbox: inbox.id, team, people });
}

/** A colleague, and how much they hold as far as that may be told: as a team's numbers, to whoever sees all of their teams; to themselves. */
export function withLoad(reach: Reach, account: string, item: TopicItem): TopicItem {
  if (item.kind !== "agent" || reach === "all" || item.id === account) return item;
  const told = item.teams.length > 0 && item.teams.every((team) => reachesTeam(reach, team));
  return told ? item : { ...item, holding: null, offered: null };
}
