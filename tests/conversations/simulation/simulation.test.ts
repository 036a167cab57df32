import { describe, expect, it } from "vitest";
import type { Flaws } from "./modelStore.ts";
import { simulate, simulateAll } from "./simulate.ts";
import type { World } from "./world.ts";

function seeds(count: number, first = 1): number[] {
  return Array.from({ length: count }, (_, index) => first + index);
}

describe("turns, leases and control, where processes die and stall, the store is away and answers are lost", () => {
  it("hold in 2,000 worlds", async () => {
    const reached = new Map<string, number>();
    const look = (world: World) => {
      for (const what of whatHappened(world)) reached.set(what, (reached.get(what) ?? 0) + 1);
    };
    const broken = await simulateAll(seeds(2000), { look });
    expect(Object.fromEntries(broken)).toEqual({});
    // Worlds in which nothing happens prove nothing.
    for (const what of reachable) expect([what, (reached.get(what) ?? 0) > 5]).toEqual([what, true]);
  }, 180_000);

  it("go the same way for the same seed", async () => {
    const ends = await Promise.all([1, 1, 2].map((seed) => storyOf(seed)));
    expect(ends[0]).toEqual(ends[1]);
    expect(ends[0]).not.toEqual(ends[2]);
  });
});

const flaws: [flaws: (keyof Flaws)[], seen: RegExp][] = [
  [["forgetsFences"], /the bot speaks over a person/],
  [["forgetsFences", "forgetsKeys"], /(taken|closed|handed back|transferred .*) what (mia|otto) had/],
  [["forgetsFences"], /writes where \w+ answers/],
  [["forgetsKeys"], /a key is there twice/],
  [["repeatsSeq"], /the order is .*/],
  [["losesCommits"], /was acked as \d+ and isn't there/],
  [["forgetsDeadHolders"], /turn c\d\.\d+ is still there/],
  [["forgetsAttempts"], /had its effect 2 times/],
];

describe("a store that breaks a rule is seen", () => {
  it.each(flaws)("%s: %s", async (names, seen) => {
    const sees = (found: string[]) => found.some((sentence) => seen.test(sentence));
    const broken = await simulateAll(seeds(150), { flaws: Object.fromEntries(names.map((name) => [name, true])), enough: sees });
    expect(sees([...broken.values()].flat())).toBe(true);
  });
});

const reachable = [
  "taken",
  "transferred",
  "closed",
  "queued",
  "uncertain",
  "working",
  "gave up",
  "put aside",
  "answer became a note",
  "taken again",
  "answer written with its question",
  "answer overtaken by a person",
];

function whatHappened(world: World): Set<string> {
  const { commits, conversations, turns } = world.store;
  const messages = [...conversations.values()].flatMap((conversation) => conversation.messages);
  const notes = [...conversations.values()].flatMap((conversation) => conversation.notes);
  return new Set([
    ...commits.map(({ reason }) => (reason?.startsWith("transferred") ? "transferred" : (reason ?? ""))),
    ...commits.filter(({ after, before }) => after.controller === "queue" && before.controller !== "queue").map(() => "queued"),
    ...messages.filter(({ text }) => text.startsWith("I was interrupted")).map(() => "uncertain"),
    ...messages.filter(({ text }) => text.startsWith("Still working")).map(() => "working"),
    ...messages.filter(({ text }) => text.includes("did not answer within")).map(() => "gave up"),
    ...notes.filter(({ text }) => text.startsWith("The assistant would have answered")).map(() => "answer became a note"),
    ...turns.filter(({ deadReason }) => deadReason !== null).map(() => "put aside"),
    ...commits.filter(({ early }) => early === "written").map(() => "answer written with its question"),
    ...commits
      .filter(({ early, after }) => early === "overtaken" && after.controller === "agent")
      .map(() => "answer overtaken by a person"),
    ...(world.turnsTakenAgain > 0 ? ["taken again"] : []),
  ]);
}

async function storyOf(seed: number): Promise<string[]> {
  const story: string[] = [];
  await simulate(seed, {}, (world) => {
    for (const { at, conversation, messages, reason } of world.store.commits)
      story.push(`${at} ${conversation} ${reason} ${messages.map(({ key, text }) => `${key} ${text}`).join()}`);
  });
  return story;
}
