import { describe, expect, it } from "vitest";
import { meanWait } from "../../src/routing/queue.ts";

describe("the expected wait", () => {
  it.each<[number[], number | undefined]>([
    [[], undefined],
    [[0], 10],
    [[1], 10],
    [[10], 10],
    [[10.1], 20],
    [[5, 15], 10],
    [[30, 60, 90], 60],
    [[0, 0, 0, 121], 40],
    [[3600], 3600],
  ])("of the waits %j is %s", (waits, seconds) => {
    expect(meanWait(waits)).toBe(seconds);
  });
});
