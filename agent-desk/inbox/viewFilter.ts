import type { ViewFilter } from "../../src/protocol/aids.ts";
import type { ConversationItem } from "../../src/protocol/desk.ts";

/** Whether a conversation that is open and not set aside belongs to a saved view: every field fits, of several values of one field any. */
export function fits(filter: ViewFilter, item: ConversationItem, me: string, nowMs: number): boolean {
  if (!item.open || item.snoozedUntil !== undefined || item.muted !== undefined) return false;
  if (filter.controller && !filter.controller.includes(item.controller)) return false;
  if (filter.team && !filter.team.includes(item.team)) return false;
  if (filter.agent && !filter.agent.some((agent) => isAgent(agent, item, me))) return false;
  if (filter.tag && !filter.tag.some((tag) => item.tags.includes(tag))) return false;
  if (filter.priority && !filter.priority.includes(item.priority)) return false;
  if (filter.language && !filter.language.some((language) => isLanguage(language, item.language))) return false;
  if (filter.waitingLongerThan && !(waitedSeconds(item, nowMs) > filter.waitingLongerThan)) return false;
  return filter.text === undefined || hasWords(filter.text, item);
}

/** The same text is looked for in 10,000 conversations: its words are split once. */
const split = new Map<string, string[]>();

function hasWords(text: string, item: ConversationItem): boolean {
  let words = split.get(text);
  if (words === undefined) {
    if (split.size > 100) split.clear();
    words = text.toLocaleLowerCase().split(/\s+/u).filter(Boolean);
    split.set(text, words);
  }
  const said = `${item.contact.name}\n${item.lastText}`.toLocaleLowerCase();
  return words.every((word) => said.includes(word));
}

function isAgent(agent: string, item: ConversationItem, me: string): boolean {
  if (agent === "none") return item.agent === null;
  return item.agent?.id === (agent === "me" ? me : agent);
}

function isLanguage(wanted: string, language: string | null | undefined): boolean {
  if (!language) return false;
  const [a, b] = [wanted.toLowerCase(), language.toLowerCase()];
  return a === b || b.startsWith(`${a}-`);
}

function waitedSeconds(item: ConversationItem, nowMs: number): number {
  if (item.controller === "queue" && item.queuedAt !== null) return (nowMs - Date.parse(item.queuedAt)) / 1000;
  if (item.controller === "agent" && item.lastAuthor === "visitor") return (nowMs - Date.parse(item.lastAt)) / 1000;
  return 0;
}
