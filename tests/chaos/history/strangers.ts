import type { LedgerState, Recorded } from "./history.ts";
import type { Violation } from "./violation.ts";

/** I7: nobody is told a row of another tenant, neither by an id in a frame nor by what was said there. */
export function strangers(history: readonly Recorded[], { owners }: Pick<LedgerState, "owners">): Violation[] {
  const tenants = new Map(history.flatMap((event) => (event.kind === "belongs" ? [[event.viewer, event.tenant] as const] : [])));
  if (new Set(tenants.values()).size < 2) return [];
  const saidIn = new Map(
    history.flatMap((event) => (event.kind === "sent" ? [[event.text, tenants.get(event.viewer) ?? ""] as const] : [])),
  );
  return history.flatMap((event): Violation[] => {
    if (event.kind !== "named" && event.kind !== "shown") return [];
    const own = tenants.get(event.viewer);
    const [owner, what] = event.kind === "named" ? [owners?.get(event.id), event.id] : [saidIn.get(event.text), `"${event.text}"`];
    if (own === undefined || owner === undefined || own === owner) return [];
    return [{ invariant: "I7", what: `${event.viewer} of ${own} was told ${what} of ${owner}` }];
  });
}
