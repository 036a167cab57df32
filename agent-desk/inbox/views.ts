import type { ViewItem } from "../../src/protocol/aids.ts";
import type { ConversationItem } from "../../src/protocol/desk.ts";
import { inQueueOrder } from "../../src/protocol/queueOrder.ts";
import { fits } from "./viewFilter.ts";

export const views = ["mine", "mentions", "queue", "all", "snoozed", "closed"] as const;
export type View = (typeof views)[number];

/** A titled run of entries, in the order in which they should stand. */
export interface Section {
  key: string;
  title: string;
  ids: string[];
  /** When the first of them began to wait; only for a queue. */
  waitingSince?: string;
}

export interface Counts {
  mine: number;
  queue: number;
  all: number;
  snoozed: number;
}

/** What a view shows; two are lists of their own. Closed conversations are in none, save one that somebody looks for by name. */
export function sectionsOf(view: View, items: Iterable<ConversationItem>, me: string, wanted: string): Section[] {
  const words = wanted.toLocaleLowerCase().split(/\s+/u).filter(Boolean);
  const found = [...items].filter(
    (item) => matches(item, words) && (item.snoozedUntil === undefined || view === "snoozed" || words.length > 0),
  );
  if (view === "mentions" || view === "closed") return [];
  if (view === "snoozed") return [section("snoozed", "Next to come back first", snoozed(found))];
  if (view === "queue") return queueSections(found);
  if (view === "all") return allSections(found, words.length > 0);
  return mineSections(found, me);
}

/** What a saved view shows: who waits for a person first, longest first, then the newest. */
export function savedSection(
  { id, name, filter }: Pick<ViewItem, "id" | "name" | "filter">,
  items: Iterable<ConversationItem>,
  { me, wanted, nowMs }: { me: string; wanted: string; nowMs: number },
): Section {
  const words = wanted.toLocaleLowerCase().split(/\s+/u).filter(Boolean);
  const found = [...items].filter((item) => fits(filter, item, me, nowMs) && matches(item, words));
  const waiting = waitingLongestFirst(found);
  return section(id, name, [...waiting, ...found.filter((item) => item.controller !== "queue").sort(byNewest)]);
}

export function countConversations(items: Iterable<ConversationItem>, me: string): Counts {
  const counts = { mine: 0, queue: 0, all: 0, snoozed: 0 };
  for (const item of items) {
    if (!item.open) continue;
    if (item.snoozedUntil !== undefined) {
      counts.snoozed += 1;
      continue;
    }
    counts.all += 1;
    if (item.controller === "queue") counts.queue += 1;
    if (isMine(item, me)) counts.mine += 1;
  }
  return counts;
}

/** Those who wait for a person, longest first. */
export function waitingLongestFirst(items: Iterable<ConversationItem>): ConversationItem[] {
  return [...items].filter((item) => item.open && item.controller === "queue").sort(inQueueOrder(Date.now()));
}

/** In which order somebody takes by hand: who is just being offered to a colleague comes after the others. */
export function toTakeFirst(items: Iterable<ConversationItem>, me: string): ConversationItem[] {
  const isOthers = ({ offer }: ConversationItem) => offer !== null && offer.to.id !== me;
  const waiting = waitingLongestFirst(items);
  return [...waiting.filter((item) => !isOthers(item)), ...waiting.filter(isOthers)];
}

/** Whether it is the agent's turn: the visitor spoke last, or nobody but the bot has answered since. */
export function waitsForAgent(item: ConversationItem): boolean {
  return item.lastAuthor !== "agent";
}

/** In my hands, or I was invited to take part. */
function isMine(item: ConversationItem, me: string): boolean {
  if (!item.open || item.agent === null) return false;
  return item.agent.id === me || item.participants?.some(({ id }) => id === me) === true;
}

function matches(item: ConversationItem, words: string[]): boolean {
  if (words.length === 0) return item.open;
  const text = `${item.contact.name}\n${item.lastText}\n${item.agent?.name ?? ""}\n${item.inbox.name}\n${item.team}`.toLocaleLowerCase();
  return words.every((word) => text.includes(word));
}

function mineSections(found: ConversationItem[], me: string): Section[] {
  const mine = found.filter((item) => isMine(item, me));
  const forMe = mine.filter(waitsForAgent).sort((a, b) => compare(a.lastAt, b.lastAt) || compare(a.id, b.id));
  const forThem = mine.filter((item) => !waitsForAgent(item)).sort(byNewest);
  return [section("for-me", "Waiting for me", forMe), section("for-them", "Waiting for them", forThem)].filter(({ ids }) => ids.length > 0);
}

function snoozed(found: ConversationItem[]): ConversationItem[] {
  return found
    .filter((item) => item.open && item.snoozedUntil !== undefined)
    .sort((a, b) => compare(a.snoozedUntil ?? "", b.snoozedUntil ?? "") || compare(a.id, b.id));
}

/** One for each team in whose queue somebody waits. */
function queueSections(found: ConversationItem[]): Section[] {
  const waiting = waitingLongestFirst(found);
  const teams = [...new Set(waiting.map(({ team }) => team))].sort();
  return teams.map((team) => {
    const theirs = waiting.filter((item) => item.team === team);
    const [since = ""] = theirs.map(({ queuedAt }) => queuedAt ?? "").sort();
    return { ...section(`queue ${team}`, `Waiting for ${team}`, theirs), ...(since === "" ? {} : { waitingSince: since }) };
  });
}

/** Where each stands who waits: 1 is next in their team's queue. */
export function placesInQueues(items: Iterable<ConversationItem>): Map<string, number> {
  const counts = new Map<string, number>();
  return new Map(
    waitingLongestFirst(items).map(({ id, team }) => {
      const place = (counts.get(team) ?? 0) + 1;
      counts.set(team, place);
      return [id, place];
    }),
  );
}

function allSections(found: ConversationItem[], searched: boolean): Section[] {
  const open = found.filter((item) => item.open).sort(byNewest);
  if (!searched) return [section("open", "Newest first", open)];
  const closed = found.filter((item) => !item.open).sort(byNewest);
  return [section("open", "Open", open), section("closed", "Closed", closed)].filter(({ ids }) => ids.length > 0);
}

function section(key: string, title: string, items: ConversationItem[]): Section {
  return { key, title, ids: items.map((item) => item.id) };
}

const byNewest = (a: ConversationItem, b: ConversationItem) => compare(b.lastAt, a.lastAt) || compare(a.id, b.id);
/** Times are ISO 8601 in UTC, so their text sorts as they do; `localeCompare` takes twenty times as long for 10,000. */
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
