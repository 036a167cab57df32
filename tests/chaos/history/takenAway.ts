import type { LedgerState, Recorded } from "./history.ts";
import type { Violation } from "./violation.ts";

/** Without a word for so long somebody is gone. */
const goneAfterMs = 15_000;
/** A desk that was away for less of that time was heard of. */
const awayMs = 5000;

/** I5: nobody loses what they hold while their desk is connected, be a server away meanwhile; but who is shut out. */
export function takenAway(history: readonly Recorded[], { routing }: Pick<LedgerState, "routing">): Violation[] {
  if (routing === undefined) return [];
  const names = new Map(routing.agents.map(({ id, name }) => [id, name]));
  const away = absences(history);
  const dismissals = history.flatMap((event) => (event.kind === "dismissed" ? [event] : []));
  const holders = new Map<string, string>();
  return routing.trail.flatMap((entry) => {
    if (entry.what !== "stands") return [];
    const { conversation, controller, agent, generation, at } = entry;
    const holder = holders.get(conversation);
    if (agent === null) holders.delete(conversation);
    else holders.set(conversation, agent);
    if (holder === undefined || controller !== "queue" || routing.movedBy.has(`${conversation} ${generation}`)) return [];
    const name = names.get(holder) ?? "";
    const gone = (away.get(name) ?? []).reduce(
      (sum, { from, to }) => sum + Math.max(0, Math.min(to, at) - Math.max(from, at - goneAfterMs)),
      0,
    );
    const dismissed = dismissals.some((one) => one.agent === name && one.at <= at && one.at > at - goneAfterMs);
    if (!away.has(name) || gone >= awayMs || dismissed) return [];
    return [{ invariant: "I5", what: `${conversation} was taken from ${name}, who was away for ${Math.round(gone)} ms of the last 15 s` }];
  });
}

/** By name, for everybody who had a desk. */
function absences(history: readonly Recorded[]): Map<string, { from: number; to: number }[]> {
  const away = new Map<string, { from: number; to: number }[]>();
  for (const event of history) {
    if (event.kind !== "desk") continue;
    const theirs = away.get(event.agent) ?? [];
    away.set(event.agent, theirs);
    const last = theirs.at(-1);
    if (event.open && last !== undefined) last.to = Math.min(last.to, event.at);
    else if (!event.open) theirs.push({ from: event.at, to: Number.POSITIVE_INFINITY });
  }
  return away;
}
