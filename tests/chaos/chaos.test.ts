import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openGround } from "./ground.ts";
import { type Built, buildProduct } from "./processes/bundle.ts";
import type { Row } from "./row.ts";
import { rows } from "./rows.ts";
import { type RowResult, runRow } from "./runRow.ts";
import { ackBeforeCommit } from "./sabotages.ts";

/** The short form of `npm run chaos`: real processes on the embedded database, one seed, a few moments of each row. */
const seed = 7;
const deadlineMs = 120_000;
const scale = { seconds: 2, sockets: 100, minutes: 0.1, perSecond: 30 };
let ground: Awaited<ReturnType<typeof openGround>>;
let sabotaged: Built | undefined;

beforeAll(async () => {
  ground = await openGround("dist/main.js");
}, deadlineMs);

afterAll(async () => {
  await ground.end();
  sabotaged?.remove();
}, deadlineMs);

/** In one process, so that it needs no NATS. */
function inOneProcess(number: number): Row {
  const row = rows.find((candidate) => candidate.number === number);
  if (row === undefined) throw new Error(`there is no row ${number}`);
  return { ...row, shape: "one" };
}

async function run(number: number, rounds: number): Promise<RowResult> {
  return await runRow(ground, inOneProcess(number), { seed, scale: { ...scale, rounds } });
}

describe.concurrent("under faults", () => {
  test.each([
    [2, 1],
    [55, 0.2],
  ])(
    "row %i holds",
    async (number, rounds) => {
      const { violations, figures } = await run(number, rounds);
      expect(violations).toEqual([]);
      expect(figures.acked).toBe(figures.sent);
      expect(figures.sent).toBeGreaterThan(5);
    },
    deadlineMs,
  );
});

/** The others by `npm run chaos -- --sabotage`: each is a product of its own. */
test(
  "ack before the commit is reported",
  async () => {
    const { row, instead, invariant } = ackBeforeCommit;
    sabotaged = await buildProduct("sabotaged", instead);
    const options = { seed, scale: { ...scale, rounds: 1 }, settleMs: 5000 }; // what is lost never settles
    const { violations } = await runRow({ ...ground, program: sabotaged.program }, inOneProcess(row), options);
    expect(violations.map((violation) => violation.invariant)).toContain(invariant);
  },
  deadlineMs,
);
