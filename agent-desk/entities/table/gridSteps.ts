/** A row by the id of its entity, a column by the key of its field. */
export interface Place {
  row: string;
  column: string;
}

export const headKey = "+head";
export const chooseKey = "+choose";

type Key = Pick<KeyboardEvent, "key" | "shiftKey" | "ctrlKey" | "metaKey" | "altKey">;

interface Spot {
  row: number;
  column: number;
}

/** Where a key leads in a grid, whose first row are the names of its columns; null where it leads nowhere. */
export function stepBy({ key, ctrlKey, metaKey, altKey }: Key, from: Spot, last: Spot, page: number): Spot | null {
  if (altKey) return null;
  const far = ctrlKey || metaKey;
  const to = {
    ArrowDown: { ...from, row: far ? last.row : from.row + 1 },
    ArrowUp: { ...from, row: far ? 1 : from.row - 1 },
    ArrowRight: { ...from, column: far ? last.column : from.column + 1 },
    ArrowLeft: { ...from, column: far ? 0 : from.column - 1 },
    Home: far ? { row: 1, column: 0 } : { ...from, column: 0 },
    End: far ? last : { ...from, column: last.column },
    PageDown: { ...from, row: from.row + page },
    PageUp: { ...from, row: Math.max(1, from.row - page) },
  }[key];
  if (to === undefined) return null;
  return { row: within(to.row, last.row), column: within(to.column, last.column) };
}

function within(place: number, last: number): number {
  return Math.max(0, Math.min(last, place));
}

/** Whether a key writes a sign. */
export function isSign({ key, ctrlKey, metaKey, altKey }: Key): boolean {
  return [...key].length === 1 && key !== " " && !ctrlKey && !metaKey && !altKey;
}
