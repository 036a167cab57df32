/** Who waits, as far as the choice of an agent needs it. */
export interface Waiting {
  /** In which it should be answered; null: any. */
  language: string | null;
  /** All of them are needed. */
  skills: readonly string[];
  channel: string;
  /** Who answered it before. */
  lastAgent: string | null;
  /** Who was offered it a moment ago and didn't take it, or gave it up. */
  passedBy: ReadonlySet<string>;
}

/** A member of the team, as they are now. */
export interface Candidate {
  id: string;
  declared: "online" | "away" | "offline";
  connected: boolean;
  /** Conversations that they hold or are offered, at most, in all channels. */
  capacity: number;
  /** The same for single channels; one that isn't named may use all of the capacity. */
  channelCapacity: Readonly<Record<string, number>>;
  /** Empty: any. */
  languages: readonly string[];
  skills: readonly string[];
  /** What they hold or are offered, per channel. */
  holding: Readonly<Record<string, number>>;
  /** The order of their last offer: the smaller, the longer ago. */
  lastOffer: number;
}

/** Why somebody doesn't get it: the first that applies, in this order. */
export type Exclusion = "offline" | "away" | "disconnected" | "channel" | "skill" | "language" | "passed" | "full";

/** Who was considered, and why not: kept with every offer. */
export interface Considered {
  excluded: Partial<Record<Exclusion, string[]>>;
  /** Those who could have had it, with how many they had. */
  eligible: { agent: string; open: number }[];
  because: "last agent" | "only one" | "fewest open" | "waited longest" | "nobody";
}

export interface Choice<Member extends Candidate> {
  agent: Member | undefined;
  considered: Considered;
}

/**
 * Who of a team is offered a conversation: whoever answered it before, if free; else who has the fewest open, and of several
 * who was not offered anything for the longest. Pure: the same values have the same answer.
 */
export function chooseAgent<Member extends Candidate>(waiting: Waiting, team: readonly Member[]): Choice<Member> {
  const needed = neededLanguage(waiting, team);
  const excluded: Considered["excluded"] = {};
  const eligible: Member[] = [];
  for (const member of team) {
    const reason = exclusionOf(waiting, member, needed);
    if (reason === undefined) eligible.push(member);
    else excluded[reason] = [...(excluded[reason] ?? []), member.id];
  }
  const [agent, because] = best(waiting, eligible);
  return { agent, considered: { excluded, eligible: eligible.map((member) => ({ agent: member.id, open: openOf(member) })), because } };
}

/** A language that nobody in the team speaks can't be asked for: the conversation would wait for ever. */
function neededLanguage({ language }: Waiting, team: readonly Candidate[]): string | null {
  return language !== null && team.some(({ languages }) => languages.includes(language)) ? language : null;
}

function exclusionOf(waiting: Waiting, member: Candidate, language: string | null): Exclusion | undefined {
  if (member.declared !== "online") return member.declared;
  if (!member.connected) return "disconnected";
  const ofChannel = member.channelCapacity[waiting.channel];
  if (ofChannel === 0) return "channel";
  if (waiting.skills.some((skill) => !member.skills.includes(skill))) return "skill";
  if (language !== null && member.languages.length > 0 && !member.languages.includes(language)) return "language";
  if (waiting.passedBy.has(member.id)) return "passed";
  const full = openOf(member) >= member.capacity || (ofChannel !== undefined && (member.holding[waiting.channel] ?? 0) >= ofChannel);
  return full ? "full" : undefined;
}

function best<Member extends Candidate>(waiting: Waiting, eligible: readonly Member[]): [Member | undefined, Considered["because"]] {
  const last = eligible.find(({ id }) => id === waiting.lastAgent);
  if (last !== undefined) return [last, "last agent"];
  const [first, second] = [...eligible].sort((a, b) => openOf(a) - openOf(b) || a.lastOffer - b.lastOffer || (a.id < b.id ? -1 : 1));
  if (first === undefined) return [undefined, "nobody"];
  if (second === undefined) return [first, "only one"];
  return [first, openOf(first) < openOf(second) ? "fewest open" : "waited longest"];
}

/** What they hold or are offered in all channels. */
export function openOf({ holding }: Candidate): number {
  return Object.values(holding).reduce((sum, count) => sum + count, 0);
}

/** Whether anything at all may be offered to them. */
export function hasRoom(member: Candidate): boolean {
  return member.declared === "online" && member.connected && openOf(member) < member.capacity;
}

export interface Drawn<Head, Member extends Candidate> {
  head: Head;
  agent: Member;
  considered: Considered;
  /** 1 for the first of this draw. */
  number: number;
}

/**
 * Goes through the heads of a queue in its order and offers each to the agent that the rule names, counting what was offered already.
 * Whoever can't be served is passed over, so that a conversation that needs what nobody has holds up no other.
 */
export function drawOffers<Head extends Waiting, Member extends Candidate>(
  heads: readonly Head[],
  team: readonly Member[],
): { offers: Drawn<Head, Member>[]; team: Member[] } {
  const now = new Map(team.map((member) => [member.id, member]));
  const newest = Math.max(0, ...team.map(({ lastOffer }) => lastOffer));
  const offers: Drawn<Head, Member>[] = [];
  for (const head of heads) {
    const members = [...now.values()];
    if (!members.some(hasRoom)) break;
    const { agent, considered } = chooseAgent(head, members);
    if (agent === undefined) continue;
    const number = offers.length + 1;
    offers.push({ head, agent, considered, number });
    now.set(agent.id, {
      ...agent,
      holding: { ...agent.holding, [head.channel]: (agent.holding[head.channel] ?? 0) + 1 },
      lastOffer: newest + number,
    });
  }
  return { offers, team: [...now.values()] };
}
