import { exportSchema } from "../parts/exporter.ts";
import type { Measurement } from "./figure.ts";

const rows = 1_000_000;
const target = 0.5;

/** A million rows of a query to CSV, beside `pg` with its cursor and csv-stringify, each in a process of its own. */
export const exports: Measurement = {
  name: "exports",
  measure: async (workplace) => {
    const databaseUrl = await workplace.migratedDatabase();
    const read = async (way: "product" | "bare") => {
      const part = workplace.part("exporter", ["--max-semi-space-size=16"]);
      return await part.ask({ do: way, databaseUrl, rows }, exportSchema);
    };
    const [bare, product] = [await read("bare"), await read("product")];
    const ratio = bare.seconds / product.seconds;
    return [
      {
        figure: "exports",
        value: rows / product.seconds,
        unit: "rows/s",
        beside: rows / bare.seconds,
        ratio,
        target,
        met: ratio >= target,
        note: `${rows.toLocaleString("en")} rows of 7 columns, ${Math.round(product.megabytes)} MB; the process' peak memory ${Math.round(product.peakMegabytes)} MB, that of the bare one ${Math.round(bare.peakMegabytes)} MB`,
      },
    ];
  },
};
