import type { TopicItem } from "../protocol/desk.ts";

/** A socket that watches a topic. */
export interface Watcher {
  send(text: string): void;
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
  return JSON.stringify({ type: "snapshot", topic, cursor, items });
}

export function deltaFrame(topic: string, cursor: string, changed: readonly TopicItem[], removed: readonly string[] = []): string {
  return JSON.stringify({ type: "delta", topic, cursor, changed, removed });
}
