import type { Delta, DeskFrame, Snapshot } from "../../src/protocol/desk.ts";

export interface TopicReader {
  snapshot(snapshot: Snapshot): void;
  delta(delta: Delta): void;
  /** The server refused to show it. */
  refused?(message: string): void;
}

/** What is watched, and up to where it is known: after a reconnect only what was missed comes again. */
export class Topics {
  readonly #watched = new Map<string, TopicReader>();
  readonly #cursors = new Map<string, string>();
  readonly #send: (frame: DeskFrame) => void;

  constructor(send: (frame: DeskFrame) => void) {
    this.#send = send;
  }

  watch(topic: string, reader: TopicReader): void {
    if (this.#watched.get(topic) === reader) return;
    this.#watched.set(topic, reader);
    this.#ask(topic);
  }

  /** The cursor stays: who comes back is told what changed meanwhile. */
  unwatch(topic: string): void {
    if (!this.#watched.delete(topic)) return;
    this.#send({ type: "unwatch", topic });
  }

  /** What was known of it is forgotten: the next watch begins with a snapshot. */
  forget(topic: string): void {
    this.#cursors.delete(topic);
  }

  /** A new connection knows nothing of what was watched on the old one. */
  askForAll(): void {
    for (const topic of this.#watched.keys()) this.#ask(topic);
  }

  receive(frame: Snapshot | Delta): void {
    const reader = this.#watched.get(frame.topic);
    if (reader === undefined) return;
    this.#cursors.set(frame.topic, frame.cursor);
    if (frame.type === "snapshot") reader.snapshot(frame);
    else reader.delta(frame);
  }

  refuse(topic: string, message: string): void {
    this.#watched.get(topic)?.refused?.(message);
  }

  #ask(topic: string): void {
    const cursor = this.#cursors.get(topic);
    this.#send({ type: "watch", topic, ...(cursor === undefined ? {} : { cursor }) });
  }
}
