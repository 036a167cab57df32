import { beforeEach, describe, expect, it } from "vitest";
import { createKeptAnswers, type KeptAnswers } from "../../../src/operations/queries/keptAnswers.ts";
import type { Answer } from "../../../src/operations/sources/dataSource.ts";
import { createMovableClock, type MovableClock } from "../../fixtures/movableClock.ts";

const statementOf = (text: string, values: string[] = []) => ({
  dialect: "postgresql" as const,
  text,
  values,
  source: { text, indexOf: (index: number) => index },
});

describe("answers that are kept", () => {
  let clock: MovableClock;
  let kept: KeptAnswers;
  let asked: string[];
  beforeEach(() => {
    clock = createMovableClock();
    kept = createKeptAnswers(clock, 1000);
    asked = [];
  });

  const get = (text: string, { values = [] as string[], setUp = "shop 1", forMs = 60_000, cell = "x" } = {}) =>
    kept.get({ setUp, statement: statementOf(text, values), forMs }, async (): Promise<Answer> => {
      asked.push(text);
      return { columns: [], rows: [[cell]], truncated: undefined };
    });

  it("are given again with their time until it is over, then asked anew", async () => {
    const begin = clock.now();
    expect(await get("a")).not.toHaveProperty("keptAt");
    clock.advance(59_999);
    expect(await get("a")).toMatchObject({ keptAt: begin, answer: { rows: [["x"]] } });
    clock.advance(1);
    expect(await get("a")).not.toHaveProperty("keptAt");
    expect(asked).toEqual(["a", "a"]);
  });

  it("count as long as whoever asks says", async () => {
    await get("a");
    clock.advance(5000);
    expect(await get("a", { forMs: 5000 })).not.toHaveProperty("keptAt");
  });

  it("are for the same statement, the same values and the same settings alone", async () => {
    await get("a", { values: ["me"] });
    for (const other of [{ values: ["you"] }, { values: ["me"], setUp: "shop 2" }, { values: ["me", ""] }])
      expect(await get("a", other)).not.toHaveProperty("keptAt");
    expect(await get("b", { values: ["me"] })).not.toHaveProperty("keptAt");
    expect(await get("a", { values: ["me"] })).toHaveProperty("keptAt");
  });

  it("take no more room than they may: the first go first, and one that is too large is none", async () => {
    await get("a", { cell: "x".repeat(400) });
    await get("b", { cell: "x".repeat(400) });
    await get("c", { cell: "x".repeat(400) });
    expect(await get("b")).toHaveProperty("keptAt");
    expect(await get("a")).not.toHaveProperty("keptAt");
    await get("d", { cell: "x".repeat(2000) });
    expect(await get("d")).not.toHaveProperty("keptAt");
  });

  it("take no room once their time is over", async () => {
    await get("a", { cell: "x".repeat(400) });
    await get("b", { cell: "x".repeat(400), forMs: 1000 });
    clock.advance(1000);
    await get("c", { cell: "x".repeat(400) });
    expect(await get("a")).toHaveProperty("keptAt");
  });

  it("are none where asking failed", async () => {
    const broken = { setUp: "shop 1", statement: statementOf("a"), forMs: 60_000 };
    await expect(kept.get(broken, () => Promise.reject(new Error("down")))).rejects.toThrow("down");
    expect(await get("a")).not.toHaveProperty("keptAt");
  });
});
