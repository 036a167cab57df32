import { giveUpFilesOf } from "../../files/fileStore.ts";
import type { Platform } from "../../platform/platform.ts";
import type { ChangeBlock } from "../../protocol/blocks.ts";
import type { ConversationRef } from "../conversation.ts";
import { publishConversationEvent } from "../events.ts";
import { preview } from "../ledger/ledgerStore.ts";
import { en } from "../sentences/en.ts";
import { type Change, changed, looksOther, shownReactions, tellChange } from "./change.ts";
import { addEntry, type ChangedMessage, forgetEarlier, isKnown, keepEarlier, lockMessage, saveChanged } from "./changeStore.ts";

export interface Changing {
  seq: number;
  change: Change;
  /** The name of whoever does it. */
  by: string;
  /** When they did. Without it now. */
  at?: Date;
  /** Of the entry that tells of it: the same once more changes nothing. */
  key: string;
  /** Looks at the message before it is changed; what it throws keeps it as it is. */
  may?: (message: ChangedMessage) => void;
}

/**
 * Changes what was said and tells of it, both or neither: whoever reads later reads the message as it is now, whoever looks gets an entry of the ledger
 * behind the newest. `missing` where there is no such message, `late` where a newer change was there before.
 */
export async function changeMessage(
  { database, bus }: Pick<Platform, "database" | "bus">,
  { tenant, id }: ConversationRef,
  { seq, change, by, at = new Date(), key, may }: Changing,
): Promise<"changed" | "same" | "late" | "missing"> {
  const told = await database.forTenant(tenant).transaction(async (tx) => {
    const before = await lockMessage(tx, id, seq);
    if (before === undefined || before.authorKind === "system") return "missing";
    if (await isKnown(tx, id, key)) return "same";
    may?.(before);
    const after = changed(before, change, by, at);
    if (after === undefined) return "late";
    const isGone = change.kind === "deleted";
    const text = isGone ? en.wasDeleted : after.text;
    await saveChanged(tx, id, { ...after, seq, text, deletedBy: isGone ? by : null, preview: preview(text) });
    if (!looksOther(before, after)) return "same";
    if (isGone) {
      await forgetEarlier(tx, id, seq);
      await giveUpFilesOf(tx, id, before.key);
    }
    const block: ChangeBlock = { type: "change", of: seq, change: nameOf(change), by, ...detailOf(change, after) };
    const entry = { key, text: tellChange(block, en), blocks: [block] };
    const added = await addEntry(tx, id, entry);
    if (added === undefined) return "missing";
    if (change.kind === "edited") await keepEarlier(tx, id, { of: seq, seq: added.seq, text: before.text });
    return { ...added, ...entry };
  });
  if (typeof told === "string") return told;
  const { seq: entrySeq, at: entryAt, text, blocks, control, unread } = told;
  publishConversationEvent({ bus }, tenant, {
    kind: "committed",
    conversation: id,
    messages: [{ seq: entrySeq, author: { kind: "system", name: "Switchboard" }, text, blocks, at: entryAt }],
    control,
    unread,
    at: entryAt,
  });
  return "changed";
}

function nameOf(change: Change): ChangeBlock["change"] {
  return change.kind !== "reacted" || change.on ? change.kind : "unreacted";
}

function detailOf(change: Change, after: { text: string; reactions: Parameters<typeof shownReactions>[0] | null }): Partial<ChangeBlock> {
  if (change.kind === "edited") return { text: after.text };
  if (change.kind === "deleted") return {};
  return { emoji: change.emoji, reactions: shownReactions(after.reactions ?? []) };
}
