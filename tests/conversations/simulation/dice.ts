import { seededRandom } from "../../chaos/random.ts";

/** What a seed decides. */
export interface Dice {
  /** From 0 to below 1. */
  chance(): number;
  /** Whole, both ends included. */
  between(low: number, high: number): number;
  pick<Item>(items: readonly Item[]): Item;
}

export function createDice(seed: number): Dice {
  const chance = seededRandom(seed);
  const between = (low: number, high: number) => low + Math.floor(chance() * (high - low + 1));
  return {
    chance,
    between,
    pick: (items) => {
      const item = items[between(0, items.length - 1)];
      if (item === undefined) throw new Error("nothing to pick from");
      return item;
    },
  };
}
