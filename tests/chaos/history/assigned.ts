import type { LedgerState, Recorded } from "./history.ts";
import type { Viewing } from "./viewings.ts";
import type { Violation } from "./violation.ts";

/** I5: a conversation has one agent at most, no assignment is lost, and everyone sees who it is. Runs take and hand back, nothing else. */
export function assigned(history: readonly Recorded[], ledger: LedgerState, viewings: readonly Viewing[]): Violation[] {
  return [...takenOver(ledger), ...unrecorded(history, ledger), ...mistaken(ledger, viewings)];
}

function takenOver({ controls, conversations }: LedgerState): Violation[] {
  const holders = new Map<string, string | null>();
  const violations = controls.flatMap(({ conversation, generation, agent }): Violation[] => {
    const before = holders.get(conversation) ?? null;
    holders.set(conversation, agent);
    if (before === null || agent === null || before === agent) return [];
    return [{ invariant: "I5", what: `${agent} took ${conversation} in generation ${generation} while ${before} held it` }];
  });
  const ends = conversations.flatMap(({ id, agent }): Violation[] => {
    const holder = holders.get(id) ?? null;
    return holder === agent ? [] : [{ invariant: "I5", what: `${id} belongs to ${agent}, by its record to ${holder}` }];
  });
  return [...violations, ...ends];
}

/** An answered take is a change of control on record: two that were answered for one change are two agents who believe they have it. */
function unrecorded(history: readonly Recorded[], { controls }: LedgerState): Violation[] {
  const recorded = count(controls.flatMap(({ conversation, agent }) => (agent === null ? [] : [`${agent} ${conversation}`])));
  const takings = history.flatMap((event, index) =>
    event.kind === "took" ? [{ ...event, generation: event.generation ?? `event ${index}` }] : [],
  );
  // Whoever takes what they have is answered with the change by which they got it.
  const changes = new Map(takings.map((taking) => [`${taking.agent} ${taking.conversation} ${taking.generation}`, taking]));
  const answered = count([...changes.values()].map(({ agent, conversation }) => `${agent} ${conversation}`));
  return [...answered].flatMap(([taking, times]) => {
    const found = recorded.get(taking) ?? 0;
    return found >= times ? [] : [{ invariant: "I5", what: `${taking}: taken ${times} times, ${found} on record` }];
  });
}

function mistaken({ conversations }: LedgerState, viewings: readonly Viewing[]): Violation[] {
  const truth = new Map(conversations.map((conversation) => [conversation.id, conversation]));
  return viewings.flatMap(({ viewer, conversation, live, last }) => {
    const { controller, agent } = truth.get(conversation) ?? {};
    if (!live || last === undefined || (last.controller === controller && last.agent === agent)) return [];
    return [
      {
        invariant: "I5",
        what: `${viewer} sees ${last.controller} ${last.agent ?? ""} in ${conversation}, where ${controller} ${agent ?? ""} is`,
      },
    ];
  });
}

function count(keys: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}
