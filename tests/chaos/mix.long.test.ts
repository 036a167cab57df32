import { afterAll, beforeAll, expect, test } from "vitest";
import { openGround } from "./ground.ts";
import type { Invariant } from "./history/violation.ts";
import { shortMix } from "./rows/mixed.ts";
import { rows } from "./rows.ts";
import { runRow } from "./runRow.ts";

/** The short form of the soak. How soon anything happens is not judged here, where everything else runs beside it. */
const deadlineMs = 120_000;
const scale = { seconds: 2, sockets: 100, minutes: 0.1, perSecond: 10, faults: 3, rounds: 1 };
const hasty = new Set<Invariant>(["I6", "I8", "row"]);
let ground: Awaited<ReturnType<typeof openGround>>;

beforeAll(async () => {
  ground = await openGround("dist/main.js");
}, deadlineMs);
afterAll(() => ground.end(), deadlineMs);

test(
  "people who are offered conversations lose none in a mix of faults",
  async () => {
    const { violations, figures, own } = await runRow(ground, shortMix, { seed: 7, scale });
    expect(violations.filter(({ invariant }) => !hasty.has(invariant))).toEqual([]);
    // Refused is what an agent writes into a conversation that isn't theirs any more.
    expect(figures.acked + figures.refused).toBe(figures.sent);
    expect(own["faults"]).toBe(3);
    expect(own["accepted"]).toBeGreaterThan(3);
  },
  deadlineMs,
);

/** Beside the rows of `chaos.test.ts`. */
test.each([3, 45])(
  "row %i holds",
  async (wanted) => {
    const row = rows.find(({ number }) => number === wanted);
    if (row === undefined) throw new Error(`there is no row ${wanted}`);
    const { violations, figures } = await runRow(ground, { ...row, shape: "one" }, { seed: 7, scale });
    expect(violations).toEqual([]);
    expect(figures.acked).toBe(figures.sent);
    expect(figures.sent).toBeGreaterThan(5);
  },
  deadlineMs,
);
