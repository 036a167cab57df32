import { describe, expect, it } from "vitest";
import {
  askForPerson,
  type ControlRule,
  close,
  handBack,
  leaveQueue,
  reopen,
  take,
  transfer,
} from "../../src/conversations/changeControl.ts";
import type { Control } from "../../src/conversations/conversation.ts";
import { errorBody } from "../../src/protocol/refusal.ts";

const me = { id: "11111111-1111-4111-8111-111111111111", name: "Mia" };
const other = { id: "22222222-2222-4222-8222-222222222222", name: "Otto" };

const states = {
  bot: { controller: "bot", generation: 4, agent: null, queuedAt: null, open: true },
  queue: { controller: "queue", generation: 4, agent: null, queuedAt: "2026-11-21T10:00:00.000Z", open: true },
  mine: { controller: "agent", generation: 4, agent: me, queuedAt: null, open: true },
  theirs: { controller: "agent", generation: 4, agent: other, queuedAt: null, open: true },
  closed: { controller: "bot", generation: 4, agent: null, queuedAt: null, open: false },
} satisfies Record<string, Control>;

type State = keyof typeof states;
/** What the rule makes of each state: where it goes, nothing to do, or the code of the refusal. */
type Row = Record<State, string>;

const rules: [name: string, rule: ControlRule, row: Row][] = [
  ["take", take(me), { bot: "agent Mia", queue: "agent Mia", mine: "unchanged", theirs: "already_taken", closed: "agent Mia" }],
  ["hand back", handBack(me), { bot: "unchanged", queue: "bot", mine: "bot", theirs: "not_your_conversation", closed: "unchanged" }],
  [
    "transfer to a colleague",
    transfer(me, other),
    { bot: "agent Otto", queue: "agent Otto", mine: "agent Otto", theirs: "not_your_conversation", closed: "agent Otto" },
  ],
  [
    "transfer to the queue",
    transfer(me, "queue"),
    { bot: "queue", queue: "unchanged", mine: "queue", theirs: "not_your_conversation", closed: "queue" },
  ],
  [
    "transfer to oneself",
    transfer(me, me),
    { bot: "agent Mia", queue: "agent Mia", mine: "unchanged", theirs: "not_your_conversation", closed: "agent Mia" },
  ],
  [
    "close",
    close(me),
    { bot: "bot closed", queue: "bot closed", mine: "bot closed", theirs: "not_your_conversation", closed: "unchanged" },
  ],
  ["reopen", reopen(me), { bot: "unchanged", queue: "unchanged", mine: "unchanged", theirs: "unchanged", closed: "agent Mia" }],
  [
    "ask for a person",
    askForPerson("asked", "You are in line."),
    { bot: "queue", queue: "unchanged", mine: "unchanged", theirs: "unchanged", closed: "queue" },
  ],
  ["leave the queue", leaveQueue(), { bot: "unchanged", queue: "bot", mine: "unchanged", theirs: "unchanged", closed: "unchanged" }],
];

const cases = rules.flatMap(([name, rule, row]) =>
  (["bot", "queue", "mine", "theirs", "closed"] as const).map((state) => [name, state, row[state], rule] as const),
);

describe("who controls a conversation", () => {
  it.each(cases)("%s, where it is %s: %s", (_name, state, expected, rule) => {
    expect(outcome(rule, states[state])).toBe(expected);
  });

  it.each(rules)("%s: an agent is there exactly with the controller agent", (_name, rule) => {
    for (const state of Object.values(states)) {
      const change = changeOf(rule, state);
      if (change !== undefined) expect(change.agent !== undefined).toBe(change.to === "agent");
    }
  });

  it.each(rules)("%s: what it opens or leaves to a person or a queue is open", (_name, rule) => {
    const change = changeOf(rule, states.closed);
    if (change !== undefined && change.to !== "bot") expect(change.open).toBe(true);
  });

  it.each(rules)("%s: asked again about what it made, there is nothing to do, or it isn't theirs any more", (_name, rule) => {
    for (const state of Object.values(states)) {
      const change = changeOf(rule, state);
      if (change === undefined) continue;
      const next: Control = {
        controller: change.to,
        generation: state.generation + 1,
        agent: change.agent ?? null,
        queuedAt: change.to === "queue" ? "2026-11-21T11:00:00.000Z" : null,
        open: change.open ?? state.open,
      };
      expect(["unchanged", "not_your_conversation"]).toContain(outcome(rule, next));
    }
  });

  it("tells whoever comes second who has it", () => {
    expect(() => take(me)(states.theirs)).toThrow("Otto took this conversation.");
  });
});

function outcome(rule: ControlRule, state: Control): string {
  try {
    const decision = rule(state);
    if (decision === "unchanged") return "unchanged";
    const { to, agent, open } = decision.change;
    return [to, ...(agent === undefined ? [] : [agent.name]), ...(open === false ? ["closed"] : [])].join(" ");
  } catch (error) {
    return errorBody(error).code;
  }
}

function changeOf(rule: ControlRule, state: Control) {
  try {
    const decision = rule(state);
    return decision === "unchanged" ? undefined : decision.change;
  } catch {
    return undefined;
  }
}
