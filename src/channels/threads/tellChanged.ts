import type { StoredReaction } from "../../conversations/changes/change.ts";
import type { StoredMessage } from "../../conversations/events.ts";
import type { Sql } from "../../platform/database/database.ts";
import type { ChangeBlock } from "../../protocol/blocks.ts";
import type { Drawing } from "../drawing.ts";
import { addErrand } from "../outbox/errand.ts";
import type { Errand } from "../outbox/errandKind.ts";
import type { ThreadRow } from "./threadStore.ts";

export interface ToldChange {
  /** Of the entry that tells of it. */
  seq: number;
  change: ChangeBlock;
  /** The message as it is now. */
  message: StoredMessage;
  reactions: readonly StoredReaction[];
}

/** What became of a message is done with the one of ours that says it in this thread, behind whatever is still to be written there. */
export async function tellChanged(
  tx: Sql,
  thread: ThreadRow,
  told: ToldChange,
  drawing: (message: StoredMessage) => Drawing,
): Promise<void> {
  const what = errandOf(thread, told, drawing);
  if (what === undefined) return;
  const said = { conversation: thread.conversation, seq: told.change.of };
  await addErrand(tx, { installation: thread.installation, key: `thread:${thread.id}:${told.seq}`, what, said });
}

function errandOf(
  { installation, place }: ThreadRow,
  { change, message, reactions }: ToldChange,
  drawing: (message: StoredMessage) => Drawing,
): Errand | undefined {
  if (change.change === "deleted") return { do: "remove", place };
  // A change that came behind it says what it is now.
  if (change.change === "edited") return message.deleted === undefined ? { do: "change", place, drawing: drawing(message) } : undefined;
  const emoji = change.emoji ?? "";
  // An app has one reaction of a kind: it stands for all who didn't give theirs there.
  const elsewhere = reactions.filter((one) => one.emoji === emoji && one.from !== installation);
  return elsewhere.length === 0 ? undefined : { do: "react", place, emoji, on: elsewhere.some(({ on }) => on) };
}
