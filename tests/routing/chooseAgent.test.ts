import { describe, expect, it } from "vitest";
import { type Candidate, type Considered, chooseAgent, drawOffers, openOf, type Waiting } from "../../src/routing/chooseAgent.ts";
import { createDice } from "../conversations/simulation/dice.ts";

/** Online, connected, with room for five. */
function agent(id: string, changes: Partial<Candidate> = {}): Candidate {
  const usual = { declared: "online", connected: true, capacity: 5, channelCapacity: {}, languages: [], skills: [], holding: {} } as const;
  return { id, lastOffer: 0, ...usual, ...changes };
}

function waiting(changes: Partial<Waiting> = {}): Waiting {
  return { language: null, skills: [], channel: "website", lastAgent: null, passedBy: new Set(), ...changes };
}

const holding = (website: number) => ({ holding: { website } });

describe("who is offered a conversation", () => {
  it.each<[string, Waiting, Candidate[], string | undefined, Considered["because"]]>([
    ["nobody is in the team", waiting(), [], undefined, "nobody"],
    ["one is there", waiting(), [agent("a")], "a", "only one"],
    ["one has fewer open", waiting(), [agent("a", holding(2)), agent("b", holding(1))], "b", "fewest open"],
    ["both have as many", waiting(), [agent("a", { lastOffer: 7 }), agent("b", { lastOffer: 3 })], "b", "waited longest"],
    ["both are alike in all", waiting(), [agent("b"), agent("a")], "a", "waited longest"],
    ["one answered it before", waiting({ lastAgent: "a" }), [agent("a", holding(4)), agent("b")], "a", "last agent"],
    ["who answered it before is away", waiting({ lastAgent: "a" }), [agent("a", { declared: "away" }), agent("b")], "b", "only one"],
    ["who answered it before is full", waiting({ lastAgent: "a" }), [agent("a", holding(5)), agent("b")], "b", "only one"],
    ["who answered it before gave it up", waiting({ lastAgent: "a", passedBy: new Set(["a"]) }), [agent("a"), agent("b")], "b", "only one"],
    [
      "open ones count over all channels",
      waiting(),
      [agent("a", { holding: { website: 1, mail: 2 } }), agent("b", holding(2))],
      "b",
      "fewest open",
    ],
    ["a language that nobody speaks isn't asked for", waiting({ language: "fr" }), [agent("a", { languages: ["de"] })], "a", "only one"],
    [
      "one speaks the language",
      waiting({ language: "fr" }),
      [agent("a", { languages: ["de"] }), agent("b", { languages: ["fr"], ...holding(3) })],
      "b",
      "only one",
    ],
    [
      "who names no language speaks all",
      waiting({ language: "fr" }),
      [agent("a"), agent("b", { languages: ["fr"], ...holding(3) })],
      "a",
      "fewest open",
    ],
    [
      "skills are all needed",
      waiting({ skills: ["x", "y"] }),
      [agent("a", { skills: ["x"] }), agent("b", { skills: ["y", "x"] })],
      "b",
      "only one",
    ],
  ])("where %s", (_, given, team, chosen, because) => {
    const choice = chooseAgent(given, team);
    expect([choice.agent?.id, choice.considered.because]).toEqual([chosen, because]);
  });

  it.each<[string, Waiting, Partial<Candidate>]>([
    ["offline", waiting(), { declared: "offline", connected: false }],
    ["away", waiting(), { declared: "away", ...holding(9) }],
    ["disconnected", waiting(), { connected: false }],
    ["channel", waiting({ channel: "mail" }), { channelCapacity: { mail: 0 } }],
    ["skill", waiting({ skills: ["x"], language: "fr" }), {}],
    ["language", waiting({ language: "fr" }), { languages: ["de", "en"] }],
    ["passed", waiting({ passedBy: new Set(["a"]) }), holding(5)],
    ["full", waiting(), holding(5)],
    ["full", waiting(), { capacity: 0 }],
    ["full", waiting({ channel: "mail" }), { channelCapacity: { mail: 2 }, holding: { mail: 2 } }],
  ])("not one who is %s", (rule, given, changes) => {
    const speaker = agent("z", { languages: ["fr"], declared: "offline" });
    const { agent: chosen, considered } = chooseAgent(given, [agent("a", changes), speaker]);
    expect(chosen).toBeUndefined();
    expect(Object.entries(considered.excluded).find(([, agents]) => agents.includes("a"))?.[0]).toBe(rule);
  });

  it("names everybody of the team once: those who could, and the others by the rule that left them out", () => {
    const team = [agent("a"), agent("b", { declared: "away" }), agent("c", holding(5)), agent("d", holding(1))];
    expect(chooseAgent(waiting(), team).considered).toEqual({
      excluded: { away: ["b"], full: ["c"] },
      eligible: [
        { agent: "a", open: 0 },
        { agent: "d", open: 1 },
      ],
      because: "fewest open",
    });
  });
});

describe("a draw", () => {
  it("passes over whoever nobody can serve, and keeps the order of the others", () => {
    const heads = [waiting(), waiting({ skills: ["x"] }), waiting(), waiting()];
    const { offers } = drawOffers(heads, [agent("a", { capacity: 2 })]);
    expect(offers.map(({ head, number }) => [heads.indexOf(head), number])).toEqual([
      [0, 1],
      [2, 2],
    ]);
  });

  it("goes round among equals", () => {
    const { offers } = drawOffers(
      Array.from({ length: 6 }, () => waiting()),
      [agent("a"), agent("b"), agent("c")],
    );
    expect(offers.map(({ agent: { id } }) => id).join("")).toBe("abcabc");
  });
});

describe("the loads of equals", () => {
  it.each([2, 3, 7, 20])("differ by at most one over 1,000 assignments among %i of them, whenever conversations end", (count) => {
    for (let seed = 1; seed <= 5; seed++) {
      const dice = createDice(seed);
      let team = Array.from({ length: count }, (_, index) => agent(`agent ${index}`, { capacity: 1000 }));
      const held: string[] = [];
      const total = new Map<string, number>();
      for (let number = 1; number <= 1000; number++) {
        const { agent: chosen } = chooseAgent(waiting(), team);
        const id = chosen?.id ?? "";
        held.push(id);
        total.set(id, (total.get(id) ?? 0) + 1);
        team = team.map((each) => (each.id === id ? { ...each, ...holding(openOf(each) + 1), lastOffer: number } : each));
        const loads = team.map(openOf);
        expect(Math.max(...loads) - Math.min(...loads)).toBeLessThanOrEqual(1);
        // What began first ends first; how much is open goes up and down.
        for (let ends = dice.between(0, 2); ends > 0 && held.length > 0; ends--) {
          const ended = held.shift();
          team = team.map((each) => (each.id === ended ? { ...each, ...holding(openOf(each) - 1) } : each));
        }
      }
      // Over the day too nobody was given more than another.
      expect(Math.max(...total.values()) - Math.min(...total.values())).toBeLessThanOrEqual(1);
    }
  });
});

interface Chat extends Waiting {
  id: number;
  priority: number;
  cameAt: number;
}

/**
 * A day of one team in steps: people come, are offered in the queue's order, are taken, declined or let lapse, and end.
 * Answers what broke a promise.
 */
function simulateDay(seed: number): { broken: string[]; served: number; came: number } {
  const dice = createDice(seed);
  const broken: string[] = [];
  const languages = ["de", "en", "fr"];
  let team = Array.from({ length: dice.between(2, 8) }, (_, index) =>
    agent(`agent ${index}`, {
      capacity: dice.between(1, 4),
      languages: index === 0 ? languages : dice.chance() < 0.5 ? [] : [dice.pick(languages)],
      skills: index === 0 || dice.chance() < 0.5 ? ["x"] : [],
    }),
  );
  let queue: Chat[] = [];
  const offered = new Map<number, { chat: Chat; by: string }>();
  const held = new Map<number, string>();
  let came = 0;
  let served = 0;
  const release = (id: string, passed?: number) => {
    team = team.map((member) => (member.id === id ? { ...member, holding: { website: openOf(member) - 1 } } : member));
    if (passed !== undefined) queue = queue.map((chat) => (chat.id === passed ? { ...chat, passedBy: new Set([id]) } : chat));
  };
  for (let step = 0; step < 400 || (served < came && step < 3000); step++) {
    if (step < 250 && dice.chance() < 0.6) {
      const wants = { language: dice.chance() < 0.3 ? dice.pick(languages) : null, skills: dice.chance() < 0.2 ? ["x"] : [] };
      queue.push({ ...waiting(wants), id: came++, priority: dice.between(1, 4), cameAt: step });
    }
    if (step < 300 && dice.chance() < 0.1) {
      const away = dice.pick(team.slice(1)) ?? team[0];
      team = team.map((member) => (member === away ? { ...member, declared: member.declared === "online" ? "away" : "online" } : member));
    }
    if (step === 300) team = team.map((member) => ({ ...member, declared: "online" }));
    queue.sort((a, b) => a.priority - b.priority || a.cameAt - b.cameAt || a.id - b.id);
    const free = queue.filter(({ id }) => !offered.has(id));
    const drawn = drawOffers(free, team);
    broken.push(...brokenPromises(free, drawn.offers, drawn.team));
    team = drawn.team;
    for (const { head, agent: to } of drawn.offers) {
      if (offered.has(head.id) || held.has(head.id)) broken.push(`${head.id} is given twice`);
      offered.set(head.id, { chat: head, by: to.id });
    }
    for (const [id, { by }] of [...offered]) {
      const what = dice.chance();
      if (what < 0.6) {
        offered.delete(id);
        queue = queue.filter((chat) => chat.id !== id);
        held.set(id, by);
      } else if (what < 0.75) {
        offered.delete(id);
        release(by, id);
      }
    }
    for (const [id, by] of [...held]) {
      if (dice.chance() > 0.25) continue;
      held.delete(id);
      served++;
      release(by);
    }
    // A minute has gone: who passed may be asked again.
    if (step % 10 === 0) queue = queue.map((chat) => ({ ...chat, passedBy: new Set() }));
  }
  return { broken, served, came };
}

function brokenPromises(
  free: readonly Chat[],
  offers: ReturnType<typeof drawOffers<Chat, Candidate>>["offers"],
  after: readonly Candidate[],
): string[] {
  const given = new Set(offers.map(({ head }) => head.id));
  const order = offers.map(({ head }) => free.indexOf(head));
  return [
    ...after
      .filter((member) => openOf(member) > member.capacity)
      .map((member) => `${member.id} has ${openOf(member)} of ${member.capacity}`),
    ...(order.some((place, index) => place < (order[index - 1] ?? -1)) ? [`the order is ${order.join(" ")}`] : []),
    // Nobody waits whom somebody could take now.
    ...free.filter((chat) => !given.has(chat.id) && chooseAgent(chat, after).agent !== undefined).map(({ id }) => `${id} waits in vain`),
    ...offers
      .filter(({ agent: chosen, considered }) => considered.eligible.some(({ open }) => open < openOf(chosen)))
      .map(({ head, agent: chosen }) => `${head.id} went to ${chosen.id}, who has more than others`),
  ];
}

describe("60 days of a team, each from a seed", () => {
  it("never two agents, never above a capacity, in order, evenly, and everybody is served", () => {
    for (let seed = 1; seed <= 60; seed++) {
      const { broken, served, came } = simulateDay(seed);
      expect({ seed, broken, served }).toEqual({ seed, broken: [], served: came });
    }
  });
});
