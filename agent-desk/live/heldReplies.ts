import { effect } from "@preact/signals";
import type { Outbox } from "../../src/client/outbox.ts";

/** So long a reply can be taken back: what Gmail and Intercom give. */
export const holdMs = 5000;
/** A command waits no longer for replies that were let go: there may be no network. */
const settleMs = 3000;

/** A reply that waits in the outbox until this instant, in milliseconds since 1970; null once it may go. */
export interface Holdable {
  clientId: string;
  conversation: string;
  text: string;
  heldUntil?: number | null | undefined;
}

export interface HeldReplies {
  /** Sends at once what is held, in the order in which it was written: of one conversation, or everything. */
  release(conversation?: string): void;
  /** Takes one back and answers its text; undefined where it has gone. */
  undo(clientId: string): string | undefined;
  /** Sends everything that is held, and resolves when it is confirmed or refused, or waits for the network. */
  settled(): Promise<void>;
  close(): void;
}

export function isHeld({ heldUntil }: Pick<Holdable, "heldUntil">): boolean {
  return heldUntil !== undefined && heldUntil !== null;
}

/** Whether the outbox may send it now. */
export function mayGo({ heldUntil }: Pick<Holdable, "heldUntil">): boolean {
  return (heldUntil ?? 0) <= Date.now();
}

/**
 * Lets go what the outbox holds, each when its time is over, in whichever tab it was written. It lies in the outbox all the while: it survives a
 * reload, and goes under one `clientId`, so that it is never lost and never said twice.
 */
export function openHeldReplies<F extends Holdable>(outbox: Pick<Outbox<F>, "posts" | "retry" | "discard">): HeldReplies {
  const timers = new Map<string, ReturnType<typeof setTimeout>>();
  const held = () => outbox.posts.peek().filter(({ frame }) => isHeld(frame));

  function letGo(clientId: string): void {
    clearTimeout(timers.get(clientId));
    timers.delete(clientId);
    const frame = outbox.posts.peek().find((post) => post.clientId === clientId)?.frame;
    if (frame === undefined) return;
    outbox.retry(clientId, { ...frame, heldUntil: null });
  }

  const stopWatching = effect(() => {
    for (const { clientId, frame } of outbox.posts.value) {
      if (isHeld(frame) && !timers.has(clientId))
        timers.set(clientId, setTimeout(letGo, Math.max(0, (frame.heldUntil ?? 0) - Date.now()), clientId));
    }
  });

  function release(conversation?: string): void {
    for (const { clientId, frame } of held()) if (conversation === undefined || frame.conversation === conversation) letGo(clientId);
  }

  return {
    release,
    undo: (clientId) => {
      const post = held().find((each) => each.clientId === clientId);
      // What another tab may have sent by now can't be taken back.
      if (post === undefined || mayGo(post.frame)) return undefined;
      clearTimeout(timers.get(clientId));
      timers.delete(clientId);
      return outbox.discard(clientId)?.frame.text;
    },
    settled: () => {
      const waited = new Set(held().map(({ clientId }) => clientId));
      release();
      return new Promise((resolve) => {
        const done = () => {
          clearTimeout(late);
          queueMicrotask(() => stop());
          resolve();
        };
        const late = setTimeout(done, settleMs);
        const stop = effect(() => {
          if (!outbox.posts.value.some(({ clientId, state }) => waited.has(clientId) && state === "sending")) done();
        });
      });
    },
    close: () => {
      stopWatching();
      for (const timer of timers.values()) clearTimeout(timer);
    },
  };
}
