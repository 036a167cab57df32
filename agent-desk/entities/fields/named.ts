import { signal } from "@preact/signals";
import { createContext } from "preact";
import type { EntityView, Named, NamedValue } from "../../../src/protocol/blueprints.ts";

const known = signal<ReadonlyMap<string, NamedValue>>(new Map());

/** What an id stands for, as it was last read or chosen; undefined where nobody told this page. */
export function namedOf(id: string): NamedValue | undefined {
  return known.value.get(id);
}

/** Of an answer of the server, or of what this person chose: what its ids stand for. */
export function learnNamed(...told: readonly Named[]): void {
  const fresh = told.flatMap((named) => Object.entries(named)).filter(([id, value]) => !isSame(known.peek().get(id), value));
  if (fresh.length > 0) known.value = new Map([...known.peek(), ...fresh]);
}

export function learnOf(entities: readonly EntityView[]): void {
  learnNamed(...entities.map(({ named }) => named));
}

/** Of which blueprint's commands values are offered by: of the page's. */
export const OfferedBy = createContext<string | null>(null);

/** An address that is signed anew is the same file. */
function isSame(one: NamedValue | undefined, other: NamedValue): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
