import { addSystemNote } from "../../conversations/notes/notes.ts";
import type { ChatEvent } from "../chatEvent.ts";
import type { ChatOutside } from "../chatOutside.ts";
import type { Installation } from "../chatService.ts";
import { findSaid } from "../outbox/outStore.ts";

type Changed = ChatEvent & { kind: "edited" | "deleted" | "reacted" };

/**
 * What somebody does with a message there that stands in a conversation here: the ledger keeps what was said, and the agents are told beside it, once
 * for each change, also of one that comes late.
 */
export async function changedThere(
  outside: Pick<ChatOutside, "database" | "bus">,
  installation: Installation,
  changed: Changed,
): Promise<void> {
  const said = await findSaid(outside.database.forTenant(installation.tenant), installation.id, changed.place.room, changed.message);
  if (said === undefined) return;
  const conversation = { tenant: installation.tenant, id: said.conversation };
  const key = `chat:${changed.kind}:${installation.id}:${changed.key}`.slice(0, 200);
  await addSystemNote(outside, conversation, key, textOf(changed, said.seq));
}

function textOf(changed: Changed, seq: number): string {
  if (changed.kind === "deleted") return `Message ${seq} was deleted where it was written.`;
  if (changed.kind === "edited") return `${changed.person.name} changed message ${seq} to: ${changed.text}`;
  return `${changed.person.name} ${changed.on ? "reacted to" : "took back the reaction to"} message ${seq}: ${changed.emoji}`;
}
