import { groupBy } from "./groupBy.ts";
import type { LedgerState, Recorded } from "./history.ts";
import { faultsOf } from "./prompt.ts";
import { quietWithin } from "./quietly.ts";
import type { Violation } from "./violation.ts";

/** A time for which one agent's desk said that a conversation is theirs, or offered to them. */
interface Told {
  agent: string;
  conversation: string;
  from: number;
  to: number;
}

/** How long a desk may say so after it was over, with no fault in the way. */
const staleMs = 3000;

/** I5, as agents are told: no two desks say of one conversation that it is theirs, and what one says was so. */
export function toldYours(history: readonly Recorded[], { controls, routing }: Pick<LedgerState, "controls" | "routing">): Violation[] {
  if (routing === undefined) return [];
  const faults = faultsOf(history);
  const tellings = tellingsOf(history);
  const twice = [...groupBy(tellings, ({ conversation }) => conversation)].flatMap(([conversation, told]) =>
    pairs(told).flatMap(([one, other]) => {
      if (one.agent === other.agent) return [];
      const ms = quietWithin(Math.max(one.from, other.from), Math.min(one.to, other.to), faults);
      return ms <= staleMs
        ? []
        : [broken(`${one.agent} and ${other.agent} were both told that ${conversation} is theirs for ${Math.round(ms)} ms`)];
    }),
  );
  return [...twice, ...neverHeld(history, controls)];
}

function tellingsOf(history: readonly Recorded[]): Told[] {
  const open = new Map<string, Told>();
  const all: Told[] = [];
  const end = (key: string, at: number) => {
    const told = open.get(key);
    if (told !== undefined) told.to = at;
    open.delete(key);
  };
  for (const event of history) {
    if (event.kind === "desk" && !event.open) for (const [key, { agent }] of open) if (agent === event.agent) end(key, event.at);
    if (event.kind !== "yours") continue;
    const key = `${event.agent} ${event.conversation}`;
    if (event.as === "gone") end(key, event.at);
    else if (!open.has(key)) {
      const told = { agent: event.agent, conversation: event.conversation, from: event.at, to: history.at(-1)?.at ?? event.at };
      open.set(key, told);
      all.push(told);
    }
  }
  return all;
}

/** Those that overlap, each once; in the order of their beginnings only the few that are still open are compared. */
function pairs(told: readonly Told[]): [Told, Told][] {
  const found: [Told, Told][] = [];
  let open: Told[] = [];
  for (const next of told) {
    open = open.filter(({ to }) => to > next.from);
    for (const before of open) found.push([before, next]);
    open.push(next);
  }
  return found;
}

/** A generation of control has one agent. */
function neverHeld(history: readonly Recorded[], controls: LedgerState["controls"]): Violation[] {
  const holders = new Map(controls.map(({ conversation, generation, agent }) => [`${conversation} ${generation}`, agent]));
  return history.flatMap((event) => {
    if (event.kind !== "yours" || event.as !== "held") return [];
    const holder = holders.get(`${event.conversation} ${event.generation}`);
    if (holder === event.agent) return [];
    return [
      broken(`${event.agent} was told to hold ${event.conversation} in generation ${event.generation}, which is ${holder ?? "nobody"}'s`),
    ];
  });
}

function broken(what: string): Violation {
  return { invariant: "I5", what };
}
