import { z } from "zod";
import { rowsSchema } from "../parts/ledgerWriter.ts";
import { type Measurement, median } from "./figure.ts";

const target = 0.2;
const rounds = 3;
const conversations = 2000;
const rowsPerStatement = 1000;

/** Messages a second through the product's ledger, beside one statement of many rows into a table just like it. */
export const ledgerRows: Measurement = {
  name: "ledger",
  measure: async (workplace) => {
    const { seconds } = workplace;
    const writer = workplace.part("ledger");
    await writer.ask({ do: "open", databaseUrl: await workplace.migratedDatabase(), conversations }, z.object({}));
    const ledger = async (length: number) => (await writer.ask({ do: "ledger", seconds: length }, rowsSchema)).perSecond;
    const peer = async (length: number) =>
      (await writer.ask({ do: "oneStatement", seconds: length, rowsPerStatement }, rowsSchema)).perSecond;
    await ledger(1);
    await peer(1);
    const pairs: { ledger: number; peer: number }[] = [];
    for (let round = 0; round < rounds; round++) pairs.push({ peer: await peer(Math.min(2, seconds)), ledger: await ledger(seconds) });
    const ratio = median(pairs.map((pair) => pair.ledger / pair.peer));
    return [
      {
        figure: "ledger",
        value: median(pairs.map((pair) => pair.ledger)),
        unit: "rows/s",
        beside: median(pairs.map((pair) => pair.peer)),
        ratio,
        target,
        met: ratio >= target,
        note: `${conversations} conversations, each message with its conversation's row and its turn; beside it ${rowsPerStatement} rows a statement`,
      },
    ];
  },
};
