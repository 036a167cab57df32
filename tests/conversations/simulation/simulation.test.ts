import { describe, expect, it } from "vitest";
import { expectAllHold, seeds } from "./allHold.ts";
import type { Flaws } from "./modelStore.ts";
import { simulate, simulateAll } from "./simulate.ts";

describe("turns, leases and control, where processes die and stall, the store is away and answers are lost", () => {
  it("hold in 400 worlds", async () => {
    await expectAllHold(seeds(400), 1);
  }, 60_000);

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

async function storyOf(seed: number): Promise<string[]> {
  const story: string[] = [];
  await simulate(seed, {}, (world) => {
    for (const { at, conversation, messages, reason } of world.store.commits)
      story.push(`${at} ${conversation} ${reason} ${messages.map(({ key, text }) => `${key} ${text}`).join()}`);
  });
  return story;
}
