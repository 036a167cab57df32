import type { Recorded } from "./history.ts";

/**
 * What counts after the database was restored from a backup: everything since, and from before only what was sent and not yet answered.
 * The history itself where nothing was restored.
 */
export function sinceRestore(history: readonly Recorded[]): Recorded[] {
  const at = history.findLastIndex(({ kind }) => kind === "restored");
  if (at === -1) return [...history];
  const before = history.slice(0, at);
  const answered = new Set(
    before.flatMap((event) => (event.kind === "acked" || (event.kind === "told" && event.state === "failed") ? [event.clientId] : [])),
  );
  return [...before.filter((event) => event.kind === "sent" && !answered.has(event.clientId)), ...history.slice(at)];
}
