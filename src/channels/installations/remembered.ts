import type { Clock } from "../../platform/clock/clock.ts";

/** Advisory 38: what was withdrawn counts for no longer. */
const freshMs = 5000;
/** What is this old and still in use is asked for again beside, so that nobody waits for a slow database as long as somebody asks. */
const aheadMs = 2000;
const mostKept = 1000;

interface Kept<Value> {
  /** When it was asked for. */
  at: number;
  value: Promise<Value>;
  next?: Kept<Value>;
}

/** Remembers what was loaded under a key: what it answers was asked for within the last 5 s; who needs what is older waits for it. */
export function remembered<Value>({ clock }: { clock: Clock }): (key: string, load: () => Promise<Value>) => Promise<Value> {
  const kept = new Map<string, Kept<Value>>();
  return (key, load) => {
    const now = clock.monotonic();
    const known = kept.get(key);
    if (known === undefined) {
      const first = { at: now, value: load() };
      if (kept.size >= mostKept) kept.clear();
      kept.set(key, first);
      first.value.catch(() => kept.get(key) === first && kept.delete(key));
      return first.value;
    }
    if (now - known.at > aheadMs && known.next === undefined) {
      const next = { at: now, value: load() };
      known.next = next;
      next.value.then(
        () => kept.set(key, next),
        () => {
          delete known.next;
        },
      );
    }
    return now - known.at < freshMs ? known.value : (known.next ?? known).value;
  };
}
