import type { Platform } from "../platform/platform.ts";
import { type Member, teamMembers } from "./assignStore.ts";
import { type Considered, chooseAgent, type Exclusion } from "./chooseAgent.ts";
import { findWaiting, type KeptOffer, keptOffers, namesOf, type WaitingNow } from "./explainStore.ts";
import { priorityNames } from "./serviceLevels.ts";

/** Who was considered, by name. */
interface Explained {
  because: string;
  eligible: { name: string; open: number }[];
  excluded: { rule: Exclusion; says: string; agents: string[] }[];
}

export interface ExplainedOffer extends Explained, Pick<KeptOffer, "at" | "team" | "kind" | "agent" | "until" | "endedAt" | "outcome"> {
  /** Who transferred it, by name. */
  sender: string | null;
}

/** Why a conversation went to whom it went, and why it waits. */
export interface Explanation {
  assignments: ExplainedOffer[];
  /** Only while it is in a queue: what the rule says at this moment; `raisedTo`: the priority that its age makes of its own. */
  waiting: (Explained & { team: string; position: number; raisedTo: string | null; offeredTo: string | null }) | null;
  /** The same as sentences. */
  lines: string[];
}

const rules: Record<Exclusion, string> = {
  offline: "offline",
  away: "away",
  disconnected: "not connected",
  channel: "does not take this channel",
  skill: "lacks a skill that is needed",
  language: "does not speak the language",
  passed: "passed it within the last minute",
  full: "has as many as they take",
};

const reasons: Record<string, string> = {
  "last agent": "answered it before",
  "only one": "the only one who could",
  "fewest open": "had the fewest open",
  "waited longest": "had waited longest for the next",
  transfer: "was chosen by the sender",
};

export async function explainRouting({ database }: Pick<Platform, "database">, tenant: string, conversation: string): Promise<Explanation> {
  const sql = database.forTenant(tenant);
  const [offers, waiting] = await Promise.all([keptOffers(sql, conversation), findWaiting(sql, conversation)]);
  const members = waiting === undefined ? [] : await teamMembers(sql, waiting.team);
  const names = await namesOf(sql, [...new Set([...offers.flatMap(mentioned), ...members.map(({ id }) => id)])]);
  const assignments = offers.map((offer) => explainOffer(offer, names));
  const now = waiting === undefined ? null : explainWaiting(waiting, members, names);
  return { assignments, waiting: now, lines: [...assignments.map(offerLine), ...(now === null ? [] : [waitingLine(now)])] };
}

function mentioned({ considered, sender }: KeptOffer): string[] {
  return [
    ...Object.values(considered.excluded).flat(),
    ...considered.eligible.map(({ agent }) => agent),
    ...(sender === null ? [] : [sender]),
  ];
}

function explainOffer({ considered, sender, ...offer }: KeptOffer, names: ReadonlyMap<string, string>): ExplainedOffer {
  return { ...offer, sender: sender === null ? null : nameIn(names, sender), ...explain(considered, names) };
}

function explainWaiting(waiting: WaitingNow, members: readonly Member[], names: ReadonlyMap<string, string>) {
  const { considered } = chooseAgent(waiting, members);
  const { team, level, before, offeredTo, place } = waiting;
  const raisedTo = level < place[0] ? (priorityNames[level] ?? null) : null;
  return { team, position: before + 1, raisedTo, offeredTo, ...explain(considered, names) };
}

function explain(
  { excluded, eligible, because }: Pick<Considered, "excluded" | "eligible"> & { because: string },
  names: ReadonlyMap<string, string>,
): Explained {
  return {
    because: reasons[because] ?? because,
    eligible: eligible.map(({ agent, open }) => ({ name: nameIn(names, agent), open })),
    excluded: Object.entries(rules).flatMap(([rule, says]) => {
      const agents = isExclusion(rule) ? excluded[rule] : undefined;
      return agents === undefined || !isExclusion(rule) ? [] : [{ rule, says, agents: agents.map((agent) => nameIn(names, agent)) }];
    }),
  };
}

function isExclusion(rule: string): rule is Exclusion {
  return rule in rules;
}

function nameIn(names: ReadonlyMap<string, string>, account: string): string {
  return names.get(account) ?? "somebody who left";
}

function offerLine(offer: ExplainedOffer): string {
  const who =
    offer.kind === "transfer" ? `offered to ${offer.agent} by ${offer.sender}` : `offered to ${offer.agent}, who ${offer.because}`;
  return `${offer.at} ${who}: ${offer.outcome ?? "waits for an answer"}${others(offer)}`;
}

function waitingLine(now: NonNullable<Explanation["waiting"]>): string {
  const raised = now.raisedTo === null ? "" : `, counted as ${now.raisedTo} since it waits so long`;
  const place = `Waits for ${now.team} at position ${now.position}${raised}`;
  if (now.offeredTo !== null) return `${place}; offered to ${now.offeredTo} now.`;
  if (now.eligible.length > 0) return `${place}; ${now.eligible.map(({ name }) => name).join(", ")} could take it, and will be asked.`;
  return now.excluded.length === 0 ? `${place}; the team has no members.` : `${place}${others(now)}.`;
}

function others({ excluded }: Explained): string {
  return excluded.length === 0 ? "" : `; not ${excluded.map(({ agents, says }) => `${agents.join(", ")} (${says})`).join(", nor ")}`;
}
