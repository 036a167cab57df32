import { openGround } from "./ground.ts";
import { buildProduct } from "./processes/bundle.ts";
import { help, type Plan, readArguments } from "./readArguments.ts";
import { describeResult, figureLine } from "./report.ts";
import { type Row, usualSeconds } from "./row.ts";
import { rows } from "./rows.ts";
import { runRow } from "./runRow.ts";
import { sabotages } from "./sabotages.ts";
import type { Ground } from "./world.ts";

/** Whether it is as it should be, and its line of JSON for the end. */
interface Line {
  ok: boolean;
  json: string;
}

async function run(plan: Plan): Promise<number> {
  const built = await buildProduct("product");
  const ground = await openGround(built.program);
  const lines: Line[] = [];
  try {
    if (plan.sabotage) for (const sabotage of sabotagesOf(plan)) lines.push(await trySabotage(ground, sabotage, plan));
    else for (const row of plan.rows) lines.push(await tryRow(ground, row, plan));
  } finally {
    await ground.end();
    built.remove();
  }
  console.log(lines.map(({ json }) => json).join("\n"));
  return lines.every(({ ok }) => ok) ? 0 : 1;
}

async function tryRow(ground: Ground, row: Row, plan: Plan): Promise<Line> {
  const { number, fault } = row;
  const missing = lacking(ground, row);
  if (missing !== undefined) return leftOut({ row: number, fault }, missing);
  try {
    const result = await runRow(ground, row, plan);
    console.log(describeResult(result));
    return { ok: result.violations.length === 0, json: figureLine(result, plan.seed) };
  } catch (error) {
    console.log(`FAIL row ${number}  ${fault}: could not be run`, error);
    return { ok: false, json: JSON.stringify({ row: number, fault, seed: plan.seed, ok: false, error: String(error) }) };
  }
}

function sabotagesOf({ rows: wanted }: Plan): typeof sabotages {
  return sabotages.filter(({ row }) => wanted.some(({ number }) => number === row));
}

/** What is lost with a protection never settles: the run looks after 5 s. */
const sabotagedSettleMs = 5000;

async function trySabotage(
  ground: Ground,
  { name, instead, row: number, invariant, scale }: (typeof sabotages)[number],
  plan: Plan,
): Promise<Line> {
  const row = rows.find((candidate) => candidate.number === number);
  if (row === undefined) throw new Error(`there is no row ${number}`);
  const missing = lacking(ground, row);
  if (missing !== undefined) return leftOut({ sabotage: name, row: number }, missing);
  const built = await buildProduct("sabotaged", instead);
  try {
    const { violations } = await runRow({ ...ground, program: built.program }, row, {
      ...plan,
      scale: { seconds: usualSeconds, ...plan.scale, ...scale },
      settleMs: sabotagedSettleMs,
    });
    const reported = violations.filter((violation) => violation.invariant === invariant);
    const ok = reported.length > 0;
    console.log(
      `${ok ? "seen" : "NOT SEEN"}: ${name}; row ${number} reports ${invariant} ${reported.length} times: ${reported[0]?.what ?? ""}`,
    );
    return { ok, json: JSON.stringify({ sabotage: name, row: number, invariant, reported: reported.length, ok }) };
  } finally {
    built.remove();
  }
}

function lacking(ground: Ground, row: Row): string | undefined {
  return row.shape !== "one" && ground.nats === undefined ? "nats-server is not in the PATH" : row.missing?.();
}

function leftOut(what: object, missing: string): Line {
  const json = JSON.stringify({ ...what, leftOut: missing });
  console.log(`left out: ${json}`);
  return { ok: true, json };
}

const plan = readArguments();
if (typeof plan === "string") {
  process.stdout.write(plan);
  process.exit(plan === help ? 0 : 2);
}
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));
process.exit(await run(plan));
