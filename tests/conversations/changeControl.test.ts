import { describe, expect, it } from "vitest";
import {
  accept,
  askForPerson,
  type ControlRule,
  close,
  giveBack,
  handBack,
  leaveQueue,
  reopen,
  take,
  takeOver,
  toQueue,
} from "../../src/conversations/control/changeControl.ts";
import type { Standing } from "../../src/conversations/conversation.ts";
import { errorBody } from "../../src/protocol/refusal.ts";

const me = { id: "11111111-1111-4111-8111-111111111111", name: "Mia" };
const other = { id: "22222222-2222-4222-8222-222222222222", name: "Otto" };

const until = "2026-11-21T10:01:00.000Z";
const plain = { generation: 4, agent: null, queuedAt: null, open: true, team: "support", offer: null } as const;
const queue = { ...plain, controller: "queue", queuedAt: "2026-11-21T10:00:00.000Z" } as const;

const states = {
  bot: { ...plain, controller: "bot" },
  queue,
  mine: { ...plain, controller: "agent", agent: me },
  theirs: { ...plain, controller: "agent", agent: other },
  closed: { ...plain, controller: "bot", open: false },
} satisfies Record<string, Standing>;

const offers = {
  "to me": { ...queue, offer: { to: me, kind: "assignment", until } },
  "to another": { ...queue, offer: { to: other, kind: "assignment", until } },
  "by another to me": { ...states.theirs, offer: { to: me, kind: "transfer", until } },
  "by me to another": { ...states.mine, offer: { to: other, kind: "transfer", until } },
} satisfies Record<string, Standing>;

type State = keyof typeof states;
/** What the rule makes of each state: where it goes, nothing to do, or the code of the refusal. */
type Row = Record<State, string>;

const rules: [name: string, rule: ControlRule, row: Row][] = [
  ["take", take(me), { bot: "agent Mia", queue: "agent Mia", mine: "unchanged", theirs: "already_taken", closed: "agent Mia" }],
  ["hand back", handBack(me), { bot: "unchanged", queue: "bot", mine: "bot", theirs: "not_your_conversation", closed: "unchanged" }],
  ["accept", accept(me), { bot: "conflict", queue: "conflict", mine: "unchanged", theirs: "already_taken", closed: "conflict" }],
  ["take over", takeOver(me), { bot: "agent Mia", queue: "agent Mia", mine: "unchanged", theirs: "agent Mia", closed: "agent Mia" }],
  [
    "give back",
    giveBack(me.id, "is offline"),
    { bot: "unchanged", queue: "unchanged", mine: "queue", theirs: "unchanged", closed: "unchanged" },
  ],
  [
    "transfer to the queue",
    toQueue(me),
    { bot: "queue", queue: "unchanged", mine: "queue", theirs: "not_your_conversation", closed: "queue" },
  ],
  [
    "transfer to its own team",
    toQueue(me, { key: "support", name: "Support" }),
    { bot: "queue", queue: "unchanged", mine: "queue", theirs: "not_your_conversation", closed: "queue" },
  ],
  [
    "transfer to another team",
    toQueue(me, { key: "sales", name: "Sales" }),
    { bot: "queue", queue: "queue", mine: "queue", theirs: "not_your_conversation", closed: "queue" },
  ],
  [
    "close",
    close(me),
    { bot: "bot closed", queue: "bot closed", mine: "bot closed", theirs: "not_your_conversation", closed: "unchanged" },
  ],
  ["reopen", reopen(me), { bot: "unchanged", queue: "unchanged", mine: "unchanged", theirs: "unchanged", closed: "agent Mia" }],
  [
    "ask for a person",
    askForPerson("asked", { what: "inLine" }),
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
      const next: Standing = {
        controller: change.to,
        generation: state.generation + 1,
        agent: change.agent ?? null,
        queuedAt: change.to === "queue" ? "2026-11-21T11:00:00.000Z" : null,
        open: change.open ?? state.open,
        team: change.team ?? state.team,
        offer: null,
      };
      expect(["unchanged", "not_your_conversation"]).toContain(outcome(rule, next));
    }
  });

  it.each<[string, ControlRule, keyof typeof offers, string]>([
    ["take", take(me), "to me", "agent Mia"],
    ["take", take(me), "to another", "agent Mia"],
    ["take", take(me), "by another to me", "agent Mia"],
    ["take", take(me), "by me to another", "unchanged"],
    ["accept", accept(me), "to me", "agent Mia"],
    ["accept", accept(me), "to another", "conflict"],
    ["accept", accept(me), "by another to me", "agent Mia"],
    ["close", close(me), "by me to another", "bot closed"],
    ["close", close(me), "by another to me", "not_your_conversation"],
  ])("%s, where it is offered: %#", (_name, rule, state, expected) => {
    expect(outcome(rule, offers[state])).toBe(expected);
  });

  it("lets an offer be taken only while it stands", () => {
    for (const state of ["to me", "by another to me"] as const) expect(accept(me)(offers[state])).toMatchObject({ offeredTo: me.id });
    expect(take(me)(offers["by another to me"])).toMatchObject({ offeredTo: me.id });
  });

  it("tells whoever comes second who has it", () => {
    expect(() => take(me)(states.theirs)).toThrow("Otto took this conversation.");
  });
});

function outcome(rule: ControlRule, state: Standing): string {
  try {
    const decision = rule(state);
    if (decision === "unchanged") return "unchanged";
    const { to, agent, open } = decision.change;
    return [to, ...(agent === undefined ? [] : [agent.name]), ...(open === false ? ["closed"] : [])].join(" ");
  } catch (error) {
    return errorBody(error).code;
  }
}

function changeOf(rule: ControlRule, state: Standing) {
  try {
    const decision = rule(state);
    return decision === "unchanged" ? undefined : decision.change;
  } catch {
    return undefined;
  }
}
