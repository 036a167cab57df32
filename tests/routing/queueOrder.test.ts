import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type InQueue, inQueueOrder, minutesOfLevel, mostLevels } from "../../src/protocol/queueOrder.ts";
import { type Candidate, drawOffers, type Waiting } from "../../src/routing/chooseAgent.ts";
import { createDice } from "../conversations/simulation/dice.ts";

const now = Date.parse("2026-11-21T12:00:00Z");
const minute = 60_000;

function waiting(id: string, priority: number, minutes: number, queueRank = 1): InQueue {
  return { id, priority, queueRank, queuedAt: new Date(now - minutes * minute).toISOString() };
}

const order = (...all: InQueue[]) => all.toSorted(inQueueOrder(now)).map(({ id }) => id);

describe("the order of a queue", () => {
  it.each<[string, InQueue[], string[]]>([
    ["priority goes before age", [waiting("old", 3, 14), waiting("urgent", 1, 0), waiting("low", 4, 14)], ["urgent", "old", "low"]],
    ["of one priority the older", [waiting("b", 2, 1), waiting("a", 2, 2)], ["a", "b"]],
    ["who came back stands before the others of the priority", [waiting("a", 2, 9), waiting("back", 2, 0, 0)], ["back", "a"]],
    ["15 minutes are a level", [waiting("high", 2, 14), waiting("normal", 3, 15)], ["normal", "high"]],
    ["and not two", [waiting("urgent", 1, 1), waiting("normal", 3, 29)], ["urgent", "normal"]],
    [
      "45 minutes make a low one urgent",
      [waiting("urgent", 1, 44), waiting("back", 1, 1, 0), waiting("low", 4, 45)],
      ["low", "urgent", "back"],
    ],
    ["whoever came at the same moment stands by id", [waiting("b", 3, 1), waiting("a", 3, 1)], ["a", "b"]],
  ])("%s", (_, given, expected) => {
    expect(order(...given)).toEqual(expected);
  });

  const anybody = fc.record({
    id: fc.uuid(),
    priority: fc.integer({ min: 1, max: 4 }),
    queueRank: fc.integer({ min: 0, max: 1 }),
    queuedAt: fc.integer({ min: 0, max: 120 * minute }).map((ago) => new Date(now - ago).toISOString()),
  });

  it("is one order, in which nobody who came later passes whoever has waited 45 minutes", () => {
    fc.assert(
      fc.property(fc.uniqueArray(anybody, { selector: ({ id }) => id, maxLength: 20 }), (queue) => {
        const sorted = queue.toSorted(inQueueOrder(now));
        expect(queue.toReversed().toSorted(inQueueOrder(now))).toEqual(sorted);
        const long = now - mostLevels * minutesOfLevel * minute;
        for (const [place, { queuedAt }] of sorted.entries())
          if (queuedAt <= new Date(long).toISOString())
            for (const before of sorted.slice(0, place)) expect(before.queuedAt <= queuedAt).toBe(true);
      }),
    );
  });
});

/** Plays a day in which more urgent ones come than two agents can answer, with a low one every hour. Answers how long each low one waited. */
function endlessUrgency(seed: number): { waited: number[]; inFront: number[] } {
  const dice = createDice(seed);
  let queue: (InQueue & Waiting)[] = [];
  const busyUntil = new Map([
    ["mia", 0],
    ["otto", 0],
  ]);
  const waited: number[] = [];
  const inFront: number[] = [];
  const come = (id: string, priority: number, at: number) =>
    queue.push({
      id,
      priority,
      queueRank: dice.chance() < 0.1 ? 0 : 1,
      queuedAt: new Date(at).toISOString(),
      language: null,
      skills: [],
      channel: "website",
      lastAgent: null,
      passedBy: new Set(),
    });
  for (let at = now; at < now + 8 * 60 * minute; at += minute) {
    // Urgent ones take five minutes each: two agents answer 0.4 a minute, and 0.5 come.
    if (dice.chance() < 0.5) come(`urgent ${at}`, 1, at);
    if ((at - now) % (60 * minute) === 0 && at < now + 4 * 60 * minute) {
      come(`low ${at}`, 4, at);
      inFront.push(queue.length - 1);
    }
    const team: Candidate[] = [...busyUntil].map(([id, until]) => ({
      id,
      declared: "online",
      connected: true,
      capacity: 1,
      channelCapacity: {},
      languages: [],
      skills: [],
      holding: until > at ? { website: 1 } : {},
      lastOffer: until,
    }));
    for (const { head, agent } of drawOffers(queue.toSorted(inQueueOrder(at)), team).offers) {
      queue = queue.filter(({ id }) => id !== head.id);
      busyUntil.set(agent.id, at + 5 * minute);
      if (head.priority === 4) waited.push((at - Date.parse(head.queuedAt ?? "")) / minute);
    }
  }
  return { waited, inFront };
}

describe("endless urgent work", () => {
  it("lets every low one through: after 45 minutes, and those who came before it, at five minutes for two", () => {
    for (let seed = 1; seed <= 20; seed++) {
      const { waited, inFront } = endlessUrgency(seed);
      expect([seed, waited.length]).toEqual([seed, 4]);
      for (const [which, minutes] of waited.entries())
        expect([seed, which, minutes <= mostLevels * minutesOfLevel + ((inFront[which] ?? 0) + 1) * 2.5 + 5]).toEqual([seed, which, true]);
    }
  });
});
