import { parseArgs } from "node:util";
import type { Amounts, Row } from "./row.ts";
import { rows } from "./rows.ts";

const numbers = rows.map(({ number }) => number).join(",");

export const help = `npm run chaos -- [--rows 1,2] [--seed 7] [--seconds 10] [--sockets 5000] [--rounds 5] [--minutes 2] [--messages 1000000] [--per-second 60] [--sabotage]

  --rows      rows of the fault matrix; without it all that are here: ${numbers}
  --seed      decides who says what when, and every pause
  --seconds   how long a lasting fault lasts; without it as long as the matrix says (row 28 five minutes, row 52 ten), or 10 s
  --sockets   sockets of the rows about many (row 11 opens twice as many)
  --rounds    repetitions of the rows about one moment (row 55 takes 200 times as often)
  --minutes   how long row 57 mixes all faults, with --per-second messages a second
  --messages  how many messages it goes on for, instead of minutes; a long one keeps its whole history in memory
              (NODE_OPTIONS=--max-old-space-size=12000 for a million messages)
  --sabotage  instead of the rows: builds the product with one protection off at a time, and fails where that isn't reported
`;

export interface Plan {
  rows: Row[];
  seed: number;
  scale: Amounts;
  sabotage: boolean;
}

/** What is wanted, or one sentence that says what is wrong. */
export function readArguments(): Plan | string {
  const text = (value: string) => ({ type: "string", default: value }) as const;
  const { values } = parseArgs({
    options: {
      rows: text(numbers),
      seed: text("1"),
      seconds: { type: "string" },
      sockets: text("5000"),
      rounds: text("5"),
      minutes: text("2"),
      "per-second": text("60"),
      messages: { type: "string" },
      sabotage: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return help;
  const wanted = values.rows.split(",").map(Number);
  const unknown = wanted.find((number) => !rows.some((row) => row.number === number));
  if (unknown !== undefined) return `There is no row ${unknown} here; ${numbers} are.\n`;
  const seed = Number(values.seed);
  const scale = {
    ...(values.seconds === undefined ? {} : { seconds: Number(values.seconds) }),
    sockets: Number(values.sockets),
    rounds: Number(values.rounds),
    minutes: Number(values.minutes),
    perSecond: Number(values["per-second"]),
    ...(values.messages === undefined ? {} : { messages: Number(values.messages) }),
  };
  if (!Number.isInteger(seed) || Object.values(scale).some((value) => !(value > 0)))
    return "--seed is a whole number; the other figures are numbers above 0.\n";
  return { rows: rows.filter(({ number }) => wanted.includes(number)), seed, scale, sabotage: values.sabotage };
}
