import { parseArgs } from "node:util";
import { openGround } from "./ground.ts";
import { buildProduct } from "./processes/buildProduct.ts";
import { describeResult, figureLine } from "./report.ts";
import type { Scale } from "./row.ts";
import { rows } from "./rows.ts";
import { runRow } from "./runRow.ts";

const help = `npm run chaos -- [--rows 1,2] [--seed 7] [--seconds 10] [--sockets 5000] [--rounds 5]

  --rows     rows of the fault matrix; without it all that are here: ${rows.map(({ number }) => number).join(",")}
  --seed     decides who says what when, and every pause
  --seconds  how long a lasting fault lasts
  --sockets  sockets of the rows about many (row 11 opens twice as many)
  --rounds   repetitions of the rows about one moment
`;

interface Plan {
  rows: typeof rows;
  seed: number;
  scale: Scale;
}

function readArguments(): Plan | string {
  const { values } = parseArgs({
    options: {
      rows: { type: "string" },
      seed: { type: "string", default: "1" },
      seconds: { type: "string", default: "10" },
      sockets: { type: "string", default: "5000" },
      rounds: { type: "string", default: "5" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return help;
  const wanted = values.rows?.split(",").map(Number);
  const unknown = wanted?.find((number) => !rows.some((row) => row.number === number));
  if (unknown !== undefined) return `There is no row ${unknown} here; ${rows.map(({ number }) => number).join(",")} are.\n`;
  const [seed, seconds, sockets, rounds] = [values.seed, values.seconds, values.sockets, values.rounds].map(Number);
  if (seed === undefined || !(seconds && sockets && rounds) || Number.isNaN(seed))
    return `--seed, --seconds, --sockets and --rounds are numbers.\n\n${help}`;
  return { rows: rows.filter(({ number }) => wanted?.includes(number) ?? true), seed, scale: { seconds, sockets, rounds } };
}

async function run(plan: Plan): Promise<number> {
  const built = await buildProduct("product");
  const ground = await openGround(built.program);
  const lines: string[] = [];
  let failed = 0;
  try {
    for (const row of plan.rows) {
      if (row.shape !== "one" && ground.nats === undefined) {
        console.log(`left out: row ${row.number}  ${row.fault}: nats-server is not in the PATH`);
        lines.push(JSON.stringify({ row: row.number, fault: row.fault, leftOut: "nats-server is not in the PATH" }));
        continue;
      }
      try {
        const result = await runRow(ground, row, plan);
        console.log(describeResult(result));
        lines.push(figureLine(result, plan.seed));
        if (result.violations.length > 0) failed++;
      } catch (error) {
        failed++;
        console.log(`FAIL row ${row.number}  ${row.fault}: could not be run`, error);
        lines.push(JSON.stringify({ row: row.number, fault: row.fault, seed: plan.seed, ok: false, error: String(error) }));
      }
    }
  } finally {
    await ground.end();
    await built.remove();
  }
  console.log(lines.join("\n"));
  return failed === 0 ? 0 : 1;
}

const plan = readArguments();
if (typeof plan === "string") {
  process.stdout.write(plan);
  process.exit(process.argv.includes("--help") ? 0 : 2);
}
process.exit(await run(plan));
