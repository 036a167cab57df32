import type { Json, Received } from "./bus.ts";
import { createSubscriptions, type Subscription } from "./subscriptions.ts";

/** What a process hears of what it publishes itself, with no wire in between. */
export interface OwnEars {
  add(subject: string, hear: (received: Received) => void, queueGroup?: string): () => void;
  /** Who hears it is decided now, and they hear it a moment later: in one order for all, and never inside the publisher. */
  tell(subject: string, data: Json): void;
  /** Tells at once what still waits. */
  flush(): void;
}

/** `trouble` hears what a subscriber throws; the others hear their message all the same. */
export function createOwnEars(trouble: (error: unknown, subject: string) => void): OwnEars {
  const subscriptions = createSubscriptions();
  let waiting: { subscription: Subscription; received: Received }[] = [];

  const flush = () => {
    const now = waiting;
    waiting = [];
    for (const { subscription, received } of now) {
      if (!subscription.active) continue;
      try {
        subscription.hear(received);
      } catch (error) {
        trouble(error, received.subject);
      }
    }
  };

  return {
    add: subscriptions.add,
    tell: (subject, data) => {
      for (const subscription of subscriptions.matching(subject)) {
        if (waiting.length === 0) queueMicrotask(flush);
        waiting.push({ subscription, received: { subject, data } });
      }
    },
    flush,
  };
}
