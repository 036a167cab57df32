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
