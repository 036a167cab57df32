import type { Section } from "./views.ts";

/** A line of the list: a title with its count, or an entry. `gone` is an entry that no longer belongs here but keeps its place. */
export type ListRow =
  | { kind: "group"; key: string; title: string; count: number; waitingSince?: string }
  | { kind: "entry"; key: string; gone: boolean };

export interface HeldRows {
  rows: ListRow[];
  /** Entries that would stand here if the list were not held. */
  added: number;
  /** Whether letting go would change anything. */
  changed: boolean;
}

export function rowsOf(sections: Section[]): ListRow[] {
  return sections.flatMap((section): ListRow[] => [groupRow(section), ...section.ids.map(entryRow)]);
}

/**
 * The list while somebody reads or points at it: no entry moves. What left stays, marked as gone; what came is counted,
 * unless it only lengthens the list at its end, which moves nothing.
 */
export function holdRows(held: ListRow[], live: ListRow[]): HeldRows {
  if (isPrefix(held, live)) return { rows: live, added: 0, changed: false };
  const liveRows = new Map(live.map((row) => [row.key, row]));
  const heldKeys = new Set(held.map(({ key }) => key));
  return {
    rows: held.map((row) => stay(row, liveRows.get(row.key))),
    added: live.filter(({ kind, key }) => kind === "entry" && !heldKeys.has(key)).length,
    changed: true,
  };
}

function stay(row: ListRow, live: ListRow | undefined): ListRow {
  if (row.kind === "entry") return { ...row, gone: live === undefined };
  return live ?? { kind: "group", key: row.key, title: row.title, count: 0 };
}

function groupRow({ key, title, ids, waitingSince }: Section): ListRow {
  return { kind: "group", key: `group ${key}`, title, count: ids.length, ...(waitingSince === undefined ? {} : { waitingSince }) };
}

function entryRow(id: string): ListRow {
  return { kind: "entry", key: id, gone: false };
}

function isPrefix(held: ListRow[], live: ListRow[]): boolean {
  return held.length <= live.length && held.every((row, place) => row.key === live[place]?.key);
}
