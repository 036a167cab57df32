import { type ReadonlySignal, signal } from "@preact/signals";
import type { Author } from "../../src/protocol/conversation.ts";

const shownMs = 8_000;
const toldEveryMs = 3_000;
const endsMs = 5_000;

/** Who of the others types; forgotten after 8 s without news, or when they spoke. */
export function showTyping(): {
  who: ReadonlySignal<Author | undefined>;
  show(author: Author, on: boolean): void;
  spoke(author: Author): void;
  close(): void;
} {
  const who = signal<Author>();
  let ends: ReturnType<typeof setTimeout> | undefined;

  function show(author: Author, on: boolean): void {
    if (author.kind === "visitor") return;
    clearTimeout(ends);
    who.value = on ? author : undefined;
    if (on) ends = setTimeout(show, shownMs, author, false);
  }

  return {
    who,
    show,
    spoke(author) {
      if (author.kind === who.value?.kind) show(author, false);
    },
    close: () => clearTimeout(ends),
  };
}

/** Tells at most every 3 s that the visitor types, and that they stopped: 5 s without a key, or nothing left in the box. */
export function tellTyping(tell: (on: boolean) => void): { changed(empty: boolean): void; close(): void } {
  let toldAt = 0;
  let stops: ReturnType<typeof setTimeout> | undefined;

  function changed(empty: boolean): void {
    clearTimeout(stops);
    if (empty) {
      stop();
      return;
    }
    stops = setTimeout(stop, endsMs);
    if (Date.now() - toldAt < toldEveryMs) return;
    toldAt = Date.now();
    tell(true);
  }

  function stop(): void {
    if (toldAt === 0) return;
    toldAt = 0;
    tell(false);
  }

  return { changed, close: () => clearTimeout(stops) };
}
