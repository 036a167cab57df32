import type { Block, ChangeBlock, Reaction } from "../../protocol/blocks.ts";
import { textWithFiles } from "../../protocol/files.ts";
import type { StoredMessage } from "../events.ts";
import type { Sentences } from "../sentences/sentences.ts";

/** Somebody's newest word for one emoji. */
export interface StoredReaction {
  emoji: string;
  /** Whose: `a:` and an account, `p:` and a person of a chat service. */
  who: string;
  name: string;
  /** ISO 8601, UTC. */
  at: string;
  on: boolean;
  /** The installation of a chat service where it was said. */
  from?: string;
}

export type Change =
  | { kind: "edited"; text: string }
  | { kind: "deleted" }
  | { kind: "reacted"; emoji: string; on: boolean; who: string; from?: string };

/** What of a message can change. */
export interface Changeable {
  text: string;
  blocks: Block[] | null;
  changedAt: Date | null;
  deletedAt: Date | null;
  reactions: StoredReaction[] | null;
}

/**
 * The message after a change that was made at `at`; undefined where it comes to nothing: a newer one was there before it, or the message is deleted.
 * In whatever order changes come, the end is the same.
 */
export function changed(message: Changeable, change: Change, by: string, at: Date): Changeable | undefined {
  if (message.deletedAt !== null) return undefined;
  if (change.kind === "deleted") return { text: "", blocks: null, changedAt: null, deletedAt: at, reactions: null };
  if (change.kind === "edited") {
    if (message.changedAt !== null && message.changedAt > at) return undefined;
    return { ...message, text: textWithFiles(change.text, filesIn(message.blocks)), changedAt: at };
  }
  const { emoji, on, who, from } = change;
  const all = message.reactions ?? [];
  const mine = all.find((one) => one.emoji === emoji && one.who === who);
  if (mine !== undefined && Date.parse(mine.at) > at.getTime()) return undefined;
  const next: StoredReaction = { emoji, who, name: by, at: at.toISOString(), on, ...(from === undefined ? {} : { from }) };
  // What was taken back stays, so that a word from before it that comes late isn't taken for a new one.
  return { ...message, reactions: mine === undefined ? [...all, next] : all.map((one) => (one === mine ? next : one)) };
}

/** Whether anybody who reads the message sees another one. */
export function looksOther(before: Changeable, after: Changeable): boolean {
  const shown = ({ text, deletedAt, reactions }: Changeable) => JSON.stringify([text, deletedAt, shownReactions(reactions ?? [])]);
  return shown(before) !== shown(after);
}

function filesIn(blocks: readonly Block[] | null) {
  return (blocks ?? []).filter((block) => block.type === "file");
}

/** Those that stand, as everybody is shown them: by emoji, in the order in which each was first given. */
export function shownReactions(stored: readonly StoredReaction[]): Reaction[] {
  const names = new Map<string, string[]>();
  for (const { emoji, name, on } of stored) if (on) names.set(emoji, [...(names.get(emoji) ?? []), name]);
  return [...names].map(([emoji, those]) => ({ emoji, names: those }));
}

/** Which change an entry of the ledger tells of. */
export function changeOf({ author, blocks }: Pick<StoredMessage, "author" | "blocks">): ChangeBlock | undefined {
  return author.kind === "system" ? blocks?.find((block) => block.type === "change") : undefined;
}

/** The change in words, for whoever doesn't show it in its place. */
export function tellChange({ of, change, by, text, emoji = "" }: ChangeBlock, say: Sentences): string {
  if (change === "deleted") return say.deletedMessage(by, of);
  if (change === "reacted") return say.reacted(by, of, emoji);
  if (change === "unreacted") return say.unreacted(by, of, emoji);
  return text === undefined ? say.editedBefore(by, of) : say.edited(by, of, text);
}
