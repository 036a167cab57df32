import { describe, expect, test } from "vitest";
import type { Happening, LedgerState, Recorded } from "./history/history.ts";
import { offered } from "./history/offers.ts";
import type { RoutingState, Standing } from "./history/routing.ts";
import { strangers } from "./history/strangers.ts";
import { takenAway } from "./history/takenAway.ts";
import { toldYours } from "./history/toldYours.ts";

type Trailed = RoutingState["trail"][number];

/** One who waits, in the order in which they came. */
const stands = (at: number, conversation: string, tx: number, now: Partial<Standing> = {}): Standing => ({
  what: "stands",
  at,
  began: at,
  tx: `${tx}`,
  conversation,
  generation: 1,
  controller: "queue",
  agent: null,
  offered: null,
  team: "support",
  place: { priority: 3, rank: 1, queuedAt: performance.timeOrigin * 1000 + Number(conversation.slice(1)) },
  waits: (now.offered ?? null) === null && (now.controller ?? "queue") === "queue",
  ...now,
});
const offers = (at: number, conversation: string, tx: number, agent: string): Trailed[] => [
  stands(at, conversation, tx, { offered: agent }),
  { what: "offered", at, began: at, tx: `${tx}`, conversation, offer: `${conversation} ${tx}`, agent, until: at + 5000 },
];
const ends = (at: number, conversation: string, tx: number, agent: string, outcome: string, offer: number): Trailed => ({
  what: "ended",
  at,
  began: at,
  tx: `${tx}`,
  conversation,
  offer: `${conversation} ${offer}`,
  agent,
  outcome,
});
const held = { controller: "agent", agent: "ada", generation: 2 };

/** Three come; Ada, who takes two, is offered the first two; she takes one, lets the other pass, and Bob is asked for it. */
function wholesome(): { history: Recorded[]; ledger: LedgerState; routing: RoutingState } {
  const routing: RoutingState = {
    trail: [
      stands(0, "c1", 1),
      stands(100, "c2", 2),
      stands(200, "c3", 3),
      ...offers(2000, "c1", 4, "ada"),
      ...offers(2000, "c2", 4, "ada"),
      ends(3000, "c1", 5, "ada", "accepted", 4),
      stands(3000, "c1", 5, held),
      ends(4000, "c2", 6, "ada", "declined", 4),
      stands(4000, "c2", 6),
      ...offers(6000, "c2", 7, "bob"),
      ends(7000, "c2", 8, "bob", "accepted", 7),
      stands(7000, "c2", 8, { ...held, agent: "bob" }),
      ...offers(7500, "c3", 9, "ada"),
      ends(8000, "c3", 10, "ada", "accepted", 9),
      stands(8000, "c3", 10, held),
    ],
    agents: [
      { id: "ada", name: "Ada", capacity: 2 },
      { id: "bob", name: "Bob", capacity: 1 },
    ],
    movedBy: new Map(),
    starving: [],
    abandoned: [],
    readAt: 20_000,
  };
  const yours = (agent: string, conversation: string, as: "offered" | "held" | "gone", generation: number): Happening => ({
    kind: "yours",
    agent,
    conversation,
    as,
    generation,
  });
  const happenings: [number, Happening][] = [
    [0, { kind: "belongs", viewer: "v1", tenant: "demo" }],
    [0, { kind: "belongs", viewer: "n1", tenant: "next" }],
    [1, { kind: "named", viewer: "v1", id: "c1" }],
    [1, { kind: "named", viewer: "n1", id: "n-c1" }],
    [2, { kind: "sent", viewer: "v1", conversation: "c1", clientId: "a", text: "hush" }],
    [2010, yours("Ada", "c1", "offered", 1)],
    [2010, yours("Ada", "c2", "offered", 1)],
    [3010, yours("Ada", "c1", "held", 2)],
    [4010, yours("Ada", "c2", "gone", 1)],
    [6010, yours("Bob", "c2", "offered", 1)],
    [7010, yours("Bob", "c2", "held", 2)],
    [5, { kind: "desk", agent: "Bob", open: true }],
    [15_000, { kind: "settled" }],
  ];
  return {
    routing,
    history: happenings.map(([at, happening]) => ({ ...happening, at })),
    ledger: {
      messages: [],
      conversations: [],
      turns: [],
      controls: [
        { conversation: "c1", generation: 2, from: "queue", to: "agent", agent: "Ada" },
        { conversation: "c2", generation: 2, from: "queue", to: "agent", agent: "Bob" },
      ],
      routing,
      owners: new Map([
        ["c1", "demo"],
        ["n-c1", "next"],
      ]),
    },
  };
}

type Run = ReturnType<typeof wholesome>;

const all = ({ history, ledger }: Run) => [
  ...offered(history, ledger).violations,
  ...toldYours(history, ledger),
  ...takenAway(history, ledger),
  ...strangers(history, ledger),
];
const add = (run: Run, ...entries: Trailed[]) => {
  run.routing.trail = [...run.routing.trail, ...entries].sort((one, other) => one.at - other.at);
};
const without = (run: Run, gone: (entry: Trailed) => boolean) => {
  run.routing.trail = run.routing.trail.filter((entry) => !gone(entry));
};
const tell = (run: Run, at: number, happening: Happening) => {
  run.history = [...run.history, { ...happening, at }].sort((one, other) => one.at - other.at);
};

const violations: [string, string, (run: Run) => void][] = [
  [
    "a conversation is offered to two",
    "c1 was offered to Bob while Ada was offered it",
    (run) => add(run, ...offers(2500, "c1", 20, "bob")),
  ],
  [
    "one offer becomes another",
    "c1 went from the offer to Ada to one to Bob at once",
    (run) => add(run, stands(2500, "c1", 20, { offered: "bob" })),
  ],
  [
    "an agent is offered more than they take",
    "Ada was offered c4 as number 3, and takes 2",
    (run) => add(run, stands(1000, "c4", 20), ...offers(9000, "c4", 21, "ada")),
  ],
  [
    "an offer has no end",
    "the offer of c3 stood for 7500 ms after its time",
    (run) => without(run, (entry) => entry.what === "ended" && entry.conversation === "c3"),
  ],
  [
    "who was passed goes to the end of the queue",
    "c2 lost its place in the queue",
    (run) => add(run, stands(4500, "c2", 20, { place: { priority: 3, rank: 1, queuedAt: 9 } })),
  ],
  [
    "somebody is overtaken",
    "Bob was offered c4 though c3 waited before it for 4800 ms",
    (run) => add(run, stands(4200, "c4", 20), ...offers(5000, "c4", 21, "bob"), ends(5100, "c4", 22, "bob", "declined", 21)),
  ],
  [
    "somebody waits though an agent is free",
    "c5 waits at the end, though Bob could be asked",
    (run) => void run.routing.starving.push({ conversation: "c5", agents: ["Bob"] }),
  ],
  [
    "somebody who is gone keeps what they hold",
    "c5 is held by Bob, who is gone for 40 s",
    (run) => void run.routing.abandoned.push({ conversation: "c5", agent: "Bob", seconds: 40 }),
  ],
  [
    "two desks say that it is theirs",
    "Ada and Bob were both told that c2 is theirs for 8990 ms",
    (run) => {
      run.history = run.history.filter((event) => !(event.kind === "yours" && event.as === "gone"));
    },
  ],
  [
    "a desk says that it is theirs, and never was",
    "Bob was told to hold c1 in generation 2, which is Ada's",
    (run) => tell(run, 3020, { kind: "yours", agent: "Bob", conversation: "c1", as: "held", generation: 2 }),
  ],
  [
    "what somebody holds is taken from them while they are there",
    "c2 was taken from Bob, who was away for 4000 ms of the last 15 s",
    (run) => {
      tell(run, 14_000, { kind: "desk", agent: "Bob", open: false });
      add(run, stands(18_000, "c2", 20, { generation: 3 }));
    },
  ],
  [
    "a frame names a conversation of another tenant",
    "n1 of next was told c1 of demo",
    (run) => tell(run, 50, { kind: "named", viewer: "n1", id: "c1" }),
  ],
  [
    "what was said elsewhere is shown",
    'n1 of next was told "hush" of demo',
    (run) => tell(run, 50, { kind: "shown", viewer: "n1", conversation: "n-c1", seq: 1, text: "hush" }),
  ],
];

describe("the checker of routing", () => {
  test("finds nothing in a wholesome run, and counts", () => {
    const run = wholesome();
    expect(all(run)).toEqual([]);
    expect(offered(run.history, run.ledger).figures).toEqual({
      offers: 4,
      accepted: 3,
      declined: 1,
      worstWaitMs: 7300,
      mostWaiting: 3,
    });
  });

  test("owes no haste while a fault is in the way, nor to a page that is gone", () => {
    const run = wholesome();
    without(run, (entry) => entry.what === "ended" && entry.conversation === "c3");
    tell(run, 12_000, { kind: "fault", name: "f", phase: "begun" });
    tell(run, 18_000, { kind: "fault", name: "f", phase: "ended" });
    run.history = run.history.filter((event) => !(event.kind === "yours" && event.as === "gone"));
    tell(run, 6005, { kind: "desk", agent: "Ada", open: false });
    expect(all(run)).toEqual([]);
  });

  test("lets what somebody holds be taken from them who is shut out", () => {
    const run = wholesome();
    tell(run, 17_500, { kind: "dismissed", agent: "Bob" });
    add(run, stands(18_000, "c2", 20, { generation: 3 }));
    expect(takenAway(run.history, run.ledger)).toEqual([]);
  });

  test("lets somebody be passed over by whom they passed", () => {
    const run = wholesome();
    add(run, stands(4200, "c4", 20), ...offers(4900, "c4", 21, "ada"), ends(5000, "c4", 22, "ada", "declined", 21), stands(5000, "c4", 22));
    without(run, (entry) => entry.conversation === "c3");
    expect(all(run)).toEqual([]);
  });

  test.each(violations)("reports: %s", (_, what, break_) => {
    const run = wholesome();
    break_(run);
    expect(all(run).map((violation) => violation.what)).toContain(what);
  });
});
