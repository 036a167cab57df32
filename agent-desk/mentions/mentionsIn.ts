import type { AgentItem, TeamItem } from "../../src/protocol/desk.ts";
import type { Mentioned } from "../../src/protocol/mentions.ts";
import { fold } from "../aids/fold.ts";

/** Somebody whom `@` offers, and what stands beside the name. */
export interface MentionOffer extends Mentioned {
  about: string;
}

const longestName = 40;

/** `@` and what was typed behind it, right before the cursor; at the beginning or after a sign that is no letter, so that an address stays one. */
export function atBefore(text: string, cursor: number): { from: number; word: string } | null {
  const from = text.lastIndexOf("@", cursor - 1);
  const word = text.slice(from + 1, cursor);
  if (from === -1 || word.length > longestName || /^\s|\n|\s$/u.test(word) || /[\p{L}\p{N}]$/u.test(text.slice(0, from))) return null;
  return { from, word };
}

/** Teams and colleagues one of whose names begins so, colleagues who are online first. At most `limit`. */
export function mentionOffers(
  word: string,
  { agents, teams, me }: { agents: readonly AgentItem[]; teams: readonly TeamItem[]; me: string },
  limit = 8,
): MentionOffer[] {
  const wanted = fold(word);
  const begins = (name: string) => fold(name).startsWith(wanted) || name.split(/\s+/u).some((part) => fold(part).startsWith(wanted));
  const people = agents
    .filter(({ id, name, email }) => id !== me && (begins(name) || fold(email).startsWith(wanted)))
    .sort((a, b) => Number(isThere(b)) - Number(isThere(a)) || a.name.localeCompare(b.name))
    .map(({ id, name, email, ...agent }) => ({ id, name, about: `${email} · ${isThere(agent) ? agent.declared : "not here"}` }));
  const groups = teams
    .filter(({ id, name }) => begins(name) || fold(id).startsWith(wanted))
    .map(({ id, name }) => ({ id: `team:${id}`, name, about: teamOf(agents.filter((agent) => agent.teams.includes(id)).length) }));
  return [...people, ...groups].slice(0, limit);
}

function isThere({ connected, declared }: Pick<AgentItem, "connected" | "declared">): boolean {
  return connected && declared !== "offline";
}

function teamOf(people: number): string {
  return `Team of ${people} ${people === 1 ? "person" : "people"}`;
}

/** Whom a text names: those who were chosen and still stand in it, and whose whole name was typed where only one is called so. */
export function namedIn(text: string, chosen: readonly Mentioned[], everybody: readonly Mentioned[]): Mentioned[] {
  const alone = everybody.filter(({ name }) => [...chosen, ...everybody].filter((each) => each.name === name).length === 1);
  const names = new Set(piecesOf(text, [...chosen, ...alone]).flatMap((piece) => (typeof piece === "string" ? [] : [piece.name])));
  return [...new Map([...chosen, ...alone].filter(({ name }) => names.has(name)).map((each) => [each.id, each])).values()];
}

/** A text in pieces: words, and those whom it names, who were stored with it. The longest name first, since one may begin another. */
export function piecesOf(text: string, mentions: readonly Mentioned[]): (string | Mentioned)[] {
  const byLength = [...mentions].sort((a, b) => b.name.length - a.name.length);
  const pieces: (string | Mentioned)[] = [];
  let plainFrom = 0;
  for (let at = text.indexOf("@"); at !== -1; at = text.indexOf("@", at + 1)) {
    const found = byLength.find(({ name }) => text.startsWith(name, at + 1) && !/^[\p{L}\p{N}]/u.test(text.slice(at + 1 + name.length)));
    if (found === undefined) continue;
    if (at > plainFrom) pieces.push(text.slice(plainFrom, at));
    pieces.push(found);
    plainFrom = at + 1 + found.name.length;
  }
  if (plainFrom < text.length) pieces.push(text.slice(plainFrom));
  return pieces;
}
