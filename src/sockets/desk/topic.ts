import type { TopicItem } from "../../protocol/desk.ts";

/** A socket that watches a topic. */
export interface Watcher {
  /** A frame: text, or the UTF-8 of it where many are sent the same. */
  send(frame: string | Buffer): void;
  /** Resolves when it may be sent more. */
  room(): Promise<void>;
  readonly open: boolean;
}

/** What a socket asks for with `watch`. Each kind of topic is one of these. */
export interface Topic {
  /** Sends a snapshot, or what changed since `cursor`, and from then on every change; the answer ends it. */
  watch(topic: string, watcher: Watcher, cursor: string | undefined): () => void;
}

export function snapshotFrame(topic: string, cursor: string, items: readonly TopicItem[]): string {
  return `{"type":"snapshot","topic":${JSON.stringify(topic)},"cursor":${JSON.stringify(cursor)},"items":${toText(items)}}`;
}

export function deltaFrame(topic: string, cursor: string, changed: readonly TopicItem[], removed: readonly string[] = []): string {
  return `{"type":"delta","topic":${JSON.stringify(topic)},"cursor":${JSON.stringify(cursor)},"changed":${toText(changed)},"removed":${JSON.stringify(removed)}}`;
}

/**
 * An entry of a list goes to everybody who watches it, now and when they come: it is serialized once. Entries are replaced, never changed.
 * 200 agents who come back to 10,000 conversations would cost the process 6 s otherwise.
 */
const entries = new WeakMap<TopicItem, string>();

function toText(items: readonly TopicItem[]): string {
  const texts = items.map((item) => {
    if (item.kind !== "conversation") return JSON.stringify(item);
    const known = entries.get(item);
    if (known !== undefined) return known;
    const text = JSON.stringify(item);
    entries.set(item, text);
    return text;
  });
  return `[${texts.join(",")}]`;
}
