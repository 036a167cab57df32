import { type ReadonlySignal, signal } from "@preact/signals";
import type { Mentioned } from "../../src/protocol/mentions.ts";

export type Mode = "reply" | "note";

/** What was written to one conversation and not sent, per mode, and the mode in which it was left. */
export interface Draft {
  mode: Mode;
  reply: string;
  note: string;
  /** Whom the note named when they were chosen. */
  mentions?: readonly Mentioned[];
}

const empty: Draft = { mode: "reply", reply: "", note: "" };
const keyOf = (account: string, conversation: string) => `switchboard.draft.${account}.${conversation}`;

const drafted = signal<ReadonlySet<string>>(new Set());
/** The conversations to which I have begun to write something: the list marks them. */
export const draftedIn: ReadonlySignal<ReadonlySet<string>> = drafted;

/** Reads which there are, of this account; once, at the start. */
export function findDrafts(storage: Pick<Storage, "length" | "key" | "getItem">, account: string): void {
  const found = new Set<string>();
  const prefix = keyOf(account, "");
  try {
    for (let index = 0; index < storage.length; index += 1) {
      const key = storage.key(index);
      if (key?.startsWith(prefix) && hasText(readDraft(storage, account, key.slice(prefix.length)))) found.add(key.slice(prefix.length));
    }
  } catch {
    // Storage that is forbidden: nothing survived there.
  }
  drafted.value = found;
}

function hasText({ reply, note }: Draft): boolean {
  return `${reply}${note}`.trim() !== "";
}

function mark(conversation: string, has: boolean): void {
  if (drafted.peek().has(conversation) === has) return;
  const marked = new Set(drafted.peek());
  if (has) marked.add(conversation);
  else marked.delete(conversation);
  drafted.value = marked;
}

export function readDraft(storage: Pick<Storage, "getItem">, account: string, conversation: string): Draft {
  try {
    const kept: Partial<Record<keyof Draft, unknown>> = JSON.parse(storage.getItem(keyOf(account, conversation)) ?? "{}");
    const mentions = Array.isArray(kept.mentions) ? kept.mentions.filter(isMentioned) : [];
    return {
      mode: kept.mode === "note" ? "note" : "reply",
      reply: textOf(kept.reply),
      note: textOf(kept.note),
      ...(mentions.length === 0 ? {} : { mentions }),
    };
  } catch {
    // Somebody else's value under our key, or storage that is forbidden: a draft is worth no error.
    return empty;
  }
}

export function keepDraft(storage: Pick<Storage, "setItem" | "removeItem">, account: string, conversation: string, draft: Draft): void {
  const key = keyOf(account, conversation);
  mark(conversation, hasText(draft));
  try {
    if (draft.reply === "" && draft.note === "" && draft.mode === "reply") storage.removeItem(key);
    else storage.setItem(key, JSON.stringify(draft));
  } catch {
    // Full or forbidden storage: the draft then lives as long as the page.
  }
}

/** What was written to one that was merged meanwhile goes along to where it went, below what was written there. */
export function moveDraft(
  storage: Pick<Storage, "getItem" | "setItem" | "removeItem">,
  account: string,
  { from, to }: { from: string; to: string },
): void {
  const [moved, there] = [readDraft(storage, account, from), readDraft(storage, account, to)];
  if (moved.reply === "" && moved.note === "") return;
  const both = (mode: "reply" | "note") => [there[mode], moved[mode]].filter(Boolean).join("\n");
  const mentions = [...(there.mentions ?? []), ...(moved.mentions ?? [])];
  keepDraft(storage, account, to, {
    mode: there.reply === "" && there.note === "" ? moved.mode : there.mode,
    reply: both("reply"),
    note: both("note"),
    ...(mentions.length === 0 ? {} : { mentions }),
  });
  keepDraft(storage, account, from, empty);
}

function isMentioned(kept: unknown): kept is Mentioned {
  return (
    typeof kept === "object" &&
    kept !== null &&
    "id" in kept &&
    typeof kept.id === "string" &&
    "name" in kept &&
    typeof kept.name === "string"
  );
}

function textOf(kept: unknown): string {
  return typeof kept === "string" ? kept : "";
}
