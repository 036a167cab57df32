import { describe, expect, test } from "vitest";
import { check } from "./history/check.ts";
import type { Happening, LedgerState, Recorded } from "./history/history.ts";
import type { Invariant } from "./history/violation.ts";

/** A visitor with two tabs and an agent who watches; a message and its answer, then the agent takes over and writes. */
function wholesome(): { history: Recorded[]; ledger: LedgerState } {
  const conversation = "c1";
  const one = { viewer: "one", conversation };
  const two = { viewer: "two", conversation };
  const ada = { viewer: "ada", conversation };
  const happenings: [number, Happening][] = [
    [0, { kind: "opened", ...one, from: 0 }],
    [0, { kind: "opened", ...two, from: 0 }],
    [10, { kind: "sent", ...one, clientId: "a", text: "reverse x y" }],
    [20, { kind: "acked", ...one, clientId: "a", seq: 1, shows: true }],
    [22, { kind: "shown", ...two, seq: 1, text: "reverse x y" }],
    [30, { kind: "shown", ...one, seq: 2, text: "y x" }],
    [31, { kind: "shown", ...two, seq: 2, text: "y x" }],
    [40, { kind: "took", agent: "Ada", conversation, generation: 2 }],
    // Once more, by who has it.
    [41, { kind: "took", agent: "Ada", conversation, generation: 2 }],
    [41, { kind: "opened", ...ada, from: 0 }],
    [41, { kind: "shown", ...ada, seq: 1, text: "reverse x y" }],
    [41, { kind: "shown", ...ada, seq: 2, text: "y x" }],
    [41, { kind: "shown", ...ada, seq: 3, text: "Ada joined" }],
    [42, { kind: "shown", ...one, seq: 3, text: "Ada joined" }],
    [42, { kind: "shown", ...two, seq: 3, text: "Ada joined" }],
    [43, { kind: "state", ...one, controller: "agent", agent: "Ada" }],
    [43, { kind: "state", ...two, controller: "agent", agent: "Ada" }],
    [43, { kind: "state", ...ada, controller: "agent", agent: "Ada" }],
    [50, { kind: "sent", ...ada, clientId: "b", text: "hello" }],
    [60, { kind: "acked", ...ada, clientId: "b", seq: 4, shows: false }],
    [61, { kind: "shown", ...ada, seq: 4, text: "hello" }],
    [62, { kind: "shown", ...one, seq: 4, text: "hello" }],
    [62, { kind: "shown", ...two, seq: 4, text: "hello" }],
    [90, { kind: "settled" }],
  ];
  return {
    history: happenings.map(([at, happening]) => ({ ...happening, at })),
    ledger: {
      messages: [
        { conversation, seq: 1, key: "v:a", text: "reverse x y" },
        { conversation, seq: 2, key: "t:1:0", text: "y x" },
        { conversation, seq: 3, key: "c:2", text: "Ada joined" },
        { conversation, seq: 4, key: "a:ada:b", text: "hello" },
      ],
      conversations: [{ id: conversation, lastSeq: 4, controller: "agent", agent: "Ada" }],
      turns: [],
      controls: [{ conversation, generation: 2, from: "bot", to: "agent", agent: "Ada" }],
    },
  };
}

type Run = ReturnType<typeof wholesome>;

const without = (run: Run, gone: (event: Recorded) => boolean): void => {
  run.history = run.history.filter((event) => !gone(event));
};
const later = (run: Run, ms: number, moved: (event: Recorded) => boolean): void => {
  run.history = run.history.map((event) => (moved(event) ? { ...event, at: event.at + ms } : event)).sort((a, b) => a.at - b.at);
};
const add = (run: Run, at: number, happening: Happening): void => {
  run.history = [...run.history, { ...happening, at }].sort((a, b) => a.at - b.at);
};
const shown = (viewer: string, seq: number) => (event: Recorded) => event.kind === "shown" && event.viewer === viewer && event.seq === seq;
const one = { viewer: "one", conversation: "c1" };

const violations: [Invariant, string, (run: Run) => void][] = [
  ["I1", "an acked message is not in the ledger", (run) => void run.ledger.messages.splice(0, 1)],
  ["I1", "an acked message stands elsewhere", (run) => Object.assign(run.ledger.messages[0] ?? {}, { key: "v:z" })],
  ["I1", "a live viewer was never shown a message", (run) => without(run, shown("two", 4))],
  ["I1", "a visitor was refused its conversation", (run) => add(run, 70, { kind: "forgotten", ...one })],
  [
    "I2",
    "a message is stored twice",
    (run) => void run.ledger.messages.push({ conversation: "c1", seq: 5, key: "v:a2", text: "reverse x y" }),
  ],
  ["I2", "the bot answers twice", (run) => void run.ledger.messages.push({ conversation: "c1", seq: 5, key: "t:1:dead", text: "y x" })],
  ["I2", "a viewer is shown a message twice", (run) => add(run, 70, { kind: "shown", ...one, seq: 2, text: "y x" })],
  ["I2", "a page is shown its own message after the ack", (run) => add(run, 25, { kind: "shown", ...one, seq: 1, text: "reverse x y" })],
  [
    "I2",
    "a replay begins before what the page has",
    (run) => {
      add(run, 70, { kind: "opened", ...one, from: 4 });
      add(run, 71, { kind: "shown", ...one, seq: 4, text: "hello" });
    },
  ],
  ["I3", "the ledger has a gap", (run) => Object.assign(run.ledger.messages[3] ?? {}, { seq: 5 })],
  ["I3", "a viewer sees another order", (run) => later(run, 12, shown("two", 2))],
  ["I3", "a viewer sees a message before the one in front of it", (run) => later(run, 30, shown("one", 3))],
  ["I3", "a viewer sees another text", (run) => Object.assign(run.history.find(shown("two", 4)) ?? {}, { text: "hallo" })],
  ["I5", "two agents are told that they have it", (run) => add(run, 45, { kind: "took", agent: "Bob", conversation: "c1" })],
  [
    "I5",
    "one agent replaces another who has it",
    (run) => {
      run.ledger.controls.push({ conversation: "c1", generation: 3, from: "agent", to: "agent", agent: "Bob" });
      Object.assign(run.ledger.conversations[0] ?? {}, { agent: "Bob" });
    },
  ],
  ["I5", "an assignment is lost", (run) => Object.assign(run.ledger.conversations[0] ?? {}, { controller: "bot", agent: null })],
  ["I5", "a viewer believes another is in control", (run) => add(run, 80, { kind: "state", ...one, controller: "bot", agent: null })],
  [
    "I6",
    "the others see messages late, without a fault",
    (run) => later(run, 1500, (event) => (shown("two", 4)(event) || event.kind === "settled") && event.at > 60),
  ],
  [
    "I6",
    "somebody sees a message 6 s after the fault",
    (run) => {
      add(run, 61.5, { kind: "fault", name: "f", phase: "begun" });
      add(run, 70, { kind: "fault", name: "f", phase: "ended" });
      later(run, 6100, (event) => shown("two", 4)(event) || event.kind === "settled");
    },
  ],
  [
    "I8",
    "a sender hears nothing for 4 s",
    (run) => {
      for (const event of run.history) if (event.at >= 60) event.at += 4000;
    },
  ],
  [
    "I8",
    "the bot says nothing for 4 s",
    (run) => {
      for (const event of run.history) if (event.at >= 30) event.at += 4000;
    },
  ],
  ["I9", "a turn still waits", (run) => void run.ledger.turns.push({ conversation: "c1", seq: 1, deadReason: null })],
  ["I9", "a turn was put aside", (run) => void run.ledger.turns.push({ conversation: "c1", seq: 1, deadReason: "failed 5 times" })],
  ["I9", "a message is neither acked nor refused", (run) => add(run, 70, { kind: "sent", ...one, clientId: "c", text: "reverse z" })],
  [
    "I9",
    "the bot left a message without an answer",
    (run) => {
      run.ledger.controls = [];
      Object.assign(run.ledger.messages[1] ?? {}, { key: "t:9:0" });
    },
  ],
  ["I9", "something waits for longer than 30 s", (run) => later(run, 31_000, (event) => event.kind === "settled")],
  ["I9", "nothing ever settled", (run) => without(run, (event) => event.kind === "settled")],
];

describe("the history checker", () => {
  test("finds nothing in a wholesome history", () => {
    const { history, ledger } = wholesome();
    const { violations: found, figures } = check(history, ledger);
    expect(found).toEqual([]);
    expect(figures).toMatchObject({ sent: 2, acked: 2, lost: 0, doubled: 0, outOfOrder: 0 });
  });

  test("lets a page come back, be shown what it missed, and hear its ack late", () => {
    const run = wholesome();
    add(run, 63, { kind: "closed", ...one, code: 1006 });
    add(run, 64, { kind: "sent", ...one, clientId: "c", text: "and this" });
    add(run, 64, { kind: "told", ...one, clientId: "c", state: "waiting", code: "" });
    add(run, 65, { kind: "opened", ...one, from: 4 });
    add(run, 66, { kind: "shown", ...one, seq: 5, text: "and this" });
    add(run, 67, { kind: "acked", ...one, clientId: "c", seq: 5, shows: true });
    for (const viewer of ["two", "ada"]) add(run, 68, { kind: "shown", viewer, conversation: "c1", seq: 5, text: "and this" });
    run.ledger.messages.push({ conversation: "c1", seq: 5, key: "v:c", text: "and this" });
    Object.assign(run.ledger.conversations[0] ?? {}, { lastSeq: 5 });
    expect(check(run.history, run.ledger).violations).toEqual([]);
  });

  test("owes nothing more to a viewer who left", () => {
    const run = wholesome();
    without(run, shown("two", 4));
    add(run, 61, { kind: "left", viewer: "two", conversation: "c1" });
    expect(check(run.history, run.ledger).violations).toEqual([]);
  });

  test.each(violations)("reports %s: %s", (invariant, _what, break_) => {
    const run = wholesome();
    break_(run);
    expect(check(run.history, run.ledger).violations.map((violation) => violation.invariant)).toContain(invariant);
  });
});
