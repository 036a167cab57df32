import type { ChangeBlock } from "../protocol/blocks.ts";
import type { Message } from "../protocol/conversation.ts";

/** What was said, with what became of it in its place, and without the entries that told so. The same array where there are none. */
export function withChanges<Said extends Message>(messages: readonly Said[]): readonly Said[] {
  const changes = new Map<number, { change: ChangeBlock; at: string }[]>();
  const entries = new Set<number>();
  for (const { seq, author, blocks, at } of messages) {
    const change = author.kind === "system" ? blocks?.find((block) => block.type === "change") : undefined;
    if (change === undefined) continue;
    entries.add(seq);
    changes.set(change.of, [...(changes.get(change.of) ?? []), { change, at }]);
  }
  if (entries.size === 0) return messages;
  return messages
    .filter(({ seq }) => !entries.has(seq))
    .map((message) => (changes.get(message.seq) ?? []).reduce((now, { change, at }) => after(now, change, at), message));
}

function after<Said extends Message>(message: Said, { change, by, text, reactions }: ChangeBlock, at: string): Said {
  if (change === "deleted") return { ...message, text: "", blocks: [], deleted: { at, by } };
  // The entry of a change that wasn't the last has no text any more: the message says it already.
  if (change === "edited") return text === undefined ? message : { ...message, text, changedAt: at };
  return reactions === undefined ? message : { ...message, reactions };
}
