import { useRef } from "preact/hooks";
import { type HeldRows, holdRows, type ListRow } from "./listRows.ts";

/** The rows to draw. While `held` none of them moves; a change of `of` (another view, another filter) lets go. */
export function useHeldRows(live: ListRow[], held: boolean, of: string): HeldRows & { release: () => void } {
  const shown = useRef<{ of: string; rows: ListRow[] }>({ of, rows: live });
  const free = { rows: live, added: 0, changed: false };
  const next = held && shown.current.of === of ? holdRows(shown.current.rows, live) : free;
  shown.current = { of, rows: next.rows };
  return {
    ...next,
    release: () => {
      shown.current = { of, rows: live };
    },
  };
}
