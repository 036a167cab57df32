import type { Platform } from "../platform/platform.ts";
import { type Head, lockMembers, lockTeam, type Member, queueHeads, saveOffers, teamMembers } from "./assignStore.ts";
import { drawOffers, hasRoom, openOf } from "./chooseAgent.ts";

/** Heads that are looked at together: enough for everybody's room, and never a whole long queue for one free place. */
const fewestHeads = 20;
const mostHeads = 500;

export interface Assigning extends Pick<Platform, "database"> {
  /** Tells whoever looks at these conversations that they were offered, or are no more. */
  routed: (tenant: string, conversations: readonly string[]) => void;
}

/**
 * Offers who waits for a team to those who are free, in the queue's order, as one decision under the team's lock: any number of processes
 * may do it at once. Answers how many were offered.
 */
export async function assignWaiting({ database, routed }: Assigning, tenant: string, team: string): Promise<number> {
  const offered = await database.forTenant(tenant).transaction(async (tx) => {
    const locked = await lockTeam(tx, team);
    if (locked === undefined) return [];
    await lockMembers(tx, team);
    let members = await teamMembers(tx, team);
    const saved: string[] = [];
    const read: Head[] = [];
    for (let room = roomOf(members); room > 0; room = roomOf(members)) {
      const limit = Math.min(mostHeads, Math.max(fewestHeads, room));
      const heads = await queueHeads(tx, team, read, limit);
      const drawn = drawOffers(heads, members);
      members = drawn.team;
      if (drawn.offers.length > 0) saved.push(...(await saveOffers(tx, team, locked.offerSeconds, drawn.offers)));
      read.push(...heads);
      if (heads.length < limit) break;
    }
    return saved;
  });
  if (offered.length > 0) routed(tenant, offered);
  return offered.length;
}

/** How many more they may be offered in all. */
function roomOf(members: readonly Member[]): number {
  return members.filter(hasRoom).reduce((sum, member) => sum + member.capacity - openOf(member), 0);
}
