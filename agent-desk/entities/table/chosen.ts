/** Which entities are meant: those that were chosen, or all that the list has. */
export type Which = { ids: readonly string[] } | { filter: object | null };

/** The choice, and the filter, that all were chosen with. */
export interface Everything {
  chosen: ReadonlySet<string>;
  filter: object | null;
}

/** So many ids fit into a request. */
export const mostChosen = 5000;

/** Whether all are meant still: where somebody takes one out, or looks through another filter, it is that choice no more. */
export function meansAll(everything: Everything | null, { chosen, filter }: Everything): boolean {
  return everything !== null && everything.chosen === chosen && JSON.stringify(everything.filter) === JSON.stringify(filter);
}

/** Null where more are chosen one by one than fit: those are never taken for all. */
export function whichOf(ids: readonly string[], filter: object | null, isAll: boolean): Which | null {
  if (isAll) return { filter };
  return ids.length > mostChosen ? null : { ids };
}
