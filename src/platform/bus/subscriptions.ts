import type { Received } from "./bus.ts";

export interface Subscription {
  hear(received: Received): void;
  /** False once it has ended: what still waits for it is dropped. */
  active: boolean;
}

/** Those of one subject. Everyone hears, and of each queue group one, in turn. */
interface Listeners {
  words: string[];
  /** The subject as far as it holds no wildcard. */
  prefix: string;
  everyone: Subscription[];
  groups: Map<string, Subscription[]>;
}

export interface Subscriptions {
  add(subject: string, hear: (received: Received) => void, queueGroup?: string): () => void;
  matching(subject: string): Iterable<Subscription>;
}

/** Who listens to what. Most subjects are exact, and found by one look; those with wildcards are few, and gone through. */
export function createSubscriptions(): Subscriptions {
  const exact = new Map<string, Listeners>();
  const patterns = new Map<string, Listeners>();

  return {
    add: (subject, hear, queueGroup) => {
      const words = subject.split(".");
      const index = words.includes("*") || words.includes(">") ? patterns : exact;
      const listeners = index.get(subject) ?? { words, prefix: prefixOf(subject), everyone: [], groups: new Map() };
      index.set(subject, listeners);
      const subscription = { hear, active: true };
      join(listeners, subscription, queueGroup);
      return () => {
        if (!subscription.active) return;
        subscription.active = false;
        leave(listeners, subscription, queueGroup);
        if (listeners.everyone.length === 0 && listeners.groups.size === 0) index.delete(subject);
      };
    },
    matching: (subject) => {
      const found = exact.get(subject);
      const all = found === undefined ? [] : [found];
      for (const listeners of patterns.values())
        if (subject.startsWith(listeners.prefix) && matches(listeners.words, subject.split("."))) all.push(listeners);
      // Nearly always: a conversation, and those who look at it.
      const [only] = all;
      return only !== undefined && all.length === 1 && only.groups.size === 0 ? only.everyone : choose(all);
    },
  };
}

function join(listeners: Listeners, subscription: Subscription, queueGroup: string | undefined): void {
  // Copied, not changed: a message that is being handed out goes through the old list.
  if (queueGroup === undefined) listeners.everyone = [...listeners.everyone, subscription];
  else listeners.groups.set(queueGroup, [...(listeners.groups.get(queueGroup) ?? []), subscription]);
}

function leave(listeners: Listeners, subscription: Subscription, queueGroup: string | undefined): void {
  const without = (list: Subscription[]) => list.filter((other) => other !== subscription);
  if (queueGroup === undefined) {
    listeners.everyone = without(listeners.everyone);
    return;
  }
  const left = without(listeners.groups.get(queueGroup) ?? []);
  if (left.length === 0) listeners.groups.delete(queueGroup);
  else listeners.groups.set(queueGroup, left);
}

/** A group of the same name under several subjects that match is one group. */
function choose(all: Listeners[]): Subscription[] {
  const chosen = all.flatMap((listeners) => listeners.everyone);
  const names = new Set(all.flatMap((listeners) => [...listeners.groups.keys()]));
  for (const name of names) {
    const holder = all.find((listeners) => listeners.groups.has(name));
    const [next, ...rest] = holder?.groups.get(name) ?? [];
    if (holder === undefined || next === undefined) continue;
    holder.groups.set(name, [...rest, next]);
    chosen.push(next);
  }
  return chosen;
}

function prefixOf(subject: string): string {
  return subject.slice(0, subject.search(/[*>]|$/));
}

function matches(pattern: string[], words: string[]): boolean {
  for (let at = 0; at < pattern.length; at++) {
    const word = pattern[at];
    if (word === ">") return words.length > at;
    if (at >= words.length || (word !== "*" && word !== words[at])) return false;
  }
  return pattern.length === words.length;
}
