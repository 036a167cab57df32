import type { LedgerState, Recorded } from "./history.ts";
import { faultsOf } from "./prompt.ts";
import { quietWithin } from "./quietly.ts";
import type { OfferEnded, OfferMade, Place, RoutingState, Standing } from "./routing.ts";
import type { Violation } from "./violation.ts";

export interface Offers {
  violations: Violation[];
  /** How many offers were made, and how they ended; the longest from coming into the queue to the first offer; how many waited at once. */
  figures: Record<string, number>;
}

/** I5, of offers: one at a time for a conversation, none above what its agent takes, none beyond its time; a place is kept, and nobody is overtaken or left. */
export function offered(history: readonly Recorded[], { routing }: Pick<LedgerState, "routing">): Offers {
  if (routing === undefined) return { violations: [], figures: {} };
  const names = new Map(routing.agents.map(({ id, name }) => [id, name]));
  const faults = faultsOf(history);
  const { violations, figures } = follow(routing, names);
  return {
    figures,
    violations: [
      ...violations,
      ...overCapacity(routing, names),
      ...outlived(routing, (from, to) => quietWithin(from, to, faults)),
      ...routing.starving.map(({ conversation, agents }) =>
        broken(`${conversation} waits at the end, though ${agents.join(", ")} could be asked`),
      ),
      ...routing.abandoned.map(({ conversation, agent, seconds }) =>
        broken(`${conversation} is held by ${agent}, who is gone for ${Math.round(seconds)} s`),
      ),
    ],
  };
}

/** Goes through the trail once: what each change left behind, and whom each offer passed over. */
function follow({ trail, movedBy }: RoutingState, names: ReadonlyMap<string, string>): Offers {
  const violations: Violation[] = [];
  const stands = new Map<string, Standing>();
  const open = new Map<string, OfferMade>();
  const passes = new Map<string, number>();
  const together = offeredTogether(trail);
  const waitingSince = new Map<string, number>();
  const ended: Record<string, number> = {};
  let [offers, worstWaitMs, mostWaiting] = [0, 0, 0];
  for (const entry of trail) {
    const { conversation } = entry;
    if (entry.what === "stands") {
      violations.push(...changed(stands.get(conversation), entry, names));
      stands.set(conversation, entry);
      if (entry.controller !== "queue") waitingSince.delete(conversation);
      else if (!waitingSince.has(conversation)) waitingSince.set(conversation, entry.at);
      mostWaiting = Math.max(mostWaiting, [...stands.values()].filter(({ waits }) => waits).length);
    } else if (entry.what === "ended") {
      open.delete(conversation);
      ended[entry.outcome] = (ended[entry.outcome] ?? 0) + 1;
      if (passing.has(entry.outcome)) passes.set(`${conversation} ${entry.agent}`, entry.at);
    } else {
      offers++;
      const other = open.get(conversation);
      if (other !== undefined)
        violations.push(broken(`${conversation} was offered to ${names.get(entry.agent)} while ${names.get(other.agent)} was offered it`));
      open.set(conversation, entry);
      const since = waitingSince.get(conversation);
      if (since !== undefined) worstWaitMs = Math.max(worstWaitMs, entry.at - since);
      waitingSince.set(conversation, Number.POSITIVE_INFINITY);
      const place = stands.get(conversation)?.place;
      for (const before of stands.values())
        if (place !== undefined && overtakes(entry, place, before, { passes, movedBy, together }))
          violations.push(
            broken(
              `${names.get(entry.agent)} was offered ${conversation} though ${before.conversation} waited before it for ${Math.round(entry.began - before.at)} ms`,
            ),
          );
    }
  }
  return { violations, figures: { offers, ...ended, worstWaitMs, mostWaiting } };
}

const passing = new Set(["declined", "expired", "dropped"]);

/** An offer ends before there is another. Whoever waits keeps the place, whether it is offered in vain or not. */
function changed(before: Standing | undefined, now: Standing, names: ReadonlyMap<string, string>): Violation[] {
  if (before === undefined || now.controller !== "queue" || before.controller !== "queue") return [];
  if (before.offered !== null && now.offered !== null && now.offered !== before.offered)
    return [broken(`${now.conversation} went from the offer to ${names.get(before.offered)} to one to ${names.get(now.offered)} at once`)];
  const kept = before.place.rank === now.place.rank && before.place.queuedAt === now.place.queuedAt;
  return kept || now.generation !== before.generation || now.team !== before.team
    ? []
    : [broken(`${now.conversation} lost its place in the queue`)];
}

/** What commits just before a transaction begins may not be seen by it yet. */
const seenAfterMs = 500;
/** Whoever passed a conversation isn't asked again for 60 s, by the database's clock. */
const passedForMs = 61_000;
/** From then on the wait counts more than the place. */
const raisedAfterMs = 14 * 60_000;

/** Whether somebody who waited before this one should have had the offer. */
function overtakes(
  { agent, began, tx, conversation }: OfferMade,
  place: Place,
  before: Standing,
  {
    passes,
    movedBy,
    together,
  }: { passes: ReadonlyMap<string, number>; movedBy: ReadonlyMap<string, string>; together: ReadonlyMap<string, Set<string>> },
): boolean {
  if (!before.waits || before.conversation === conversation || before.at + seenAfterMs >= began) return false;
  if (together.get(tx)?.has(before.conversation) === true || compare(before.place, place) >= 0) return false;
  if (began + performance.timeOrigin - Math.min(before.place.queuedAt, place.queuedAt) / 1000 > raisedAfterMs) return false;
  if (movedBy.get(`${before.conversation} ${before.generation}`) === agent) return false;
  return began - (passes.get(`${before.conversation} ${agent}`) ?? Number.NEGATIVE_INFINITY) > passedForMs;
}

function offeredTogether(trail: RoutingState["trail"]): Map<string, Set<string>> {
  const together = new Map<string, Set<string>>();
  for (const entry of trail)
    if (entry.what === "offered") together.set(entry.tx, (together.get(entry.tx) ?? new Set()).add(entry.conversation));
  return together;
}

function compare(one: Place, other: Place): number {
  return one.priority - other.priority || one.rank - other.rank || one.queuedAt - other.queuedAt;
}

/** What somebody takes by hand may be more than they are offered; an offer never is. */
function overCapacity({ trail, agents }: RoutingState, names: ReadonlyMap<string, string>): Violation[] {
  const capacities = new Map(agents.map(({ id, capacity }) => [id, capacity]));
  const has = new Map<string, Set<string>>();
  const whose = new Map<string, string>();
  return trail.flatMap((entry) => {
    if (entry.what !== "stands") return [];
    const { conversation, agent, offered: offeredTo } = entry;
    has.get(whose.get(conversation) ?? "")?.delete(conversation);
    const owner = agent ?? offeredTo ?? "";
    const theirs = (has.get(owner) ?? new Set()).add(conversation);
    has.set(owner, theirs);
    whose.set(conversation, owner);
    const capacity = capacities.get(owner) ?? Number.POSITIVE_INFINITY;
    if (offeredTo === null || theirs.size <= capacity) return [];
    return [broken(`${names.get(owner)} was offered ${conversation} as number ${theirs.size}, and takes ${capacity}`)];
  });
}

/** It is looked for each second. */
const lapsesWithinMs = 4000;

function outlived({ trail, readAt }: RoutingState, quiet: (from: number, to: number) => number): Violation[] {
  const ends = new Map(trail.filter((entry): entry is OfferEnded => entry.what === "ended").map(({ offer, at }) => [offer, at]));
  return trail.flatMap((entry) => {
    if (entry.what !== "offered") return [];
    const late = quiet(entry.until, ends.get(entry.offer) ?? readAt);
    return late <= lapsesWithinMs ? [] : [broken(`the offer of ${entry.conversation} stood for ${Math.round(late)} ms after its time`)];
  });
}

function broken(what: string): Violation {
  return { invariant: "I5", what };
}
