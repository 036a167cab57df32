import type { History } from "../history/history.ts";

const id = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** Keeps of everything that somebody is told which ids stood in it: they must be of their own tenant. */
export function keepNamed(history: History, viewer: string, tenant: string): (frame: string) => void {
  const known = new Set<string>();
  history.record({ kind: "belongs", viewer, tenant });
  return (frame) => {
    for (const [named] of frame.matchAll(id)) {
      if (known.has(named)) continue;
      known.add(named);
      history.record({ kind: "named", viewer, id: named });
    }
  };
}
