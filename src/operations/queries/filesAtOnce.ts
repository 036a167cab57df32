import { Refusal } from "../../protocol/refusal.ts";
import type { DataSource } from "../sources/dataSource.ts";

/** Of one data source and process: each holds a connection for minutes, and two are left to whoever only looks something up. */
const atOnce = 2;

/** Counts whoever reads a whole answer into a file, until their signal says that it is over. Refusal `unavailable` for one too many. */
export function createFilesAtOnce(): (source: DataSource, over: AbortSignal) => void {
  const reading = new WeakMap<DataSource, number>();
  const change = (source: DataSource, by: number) => reading.set(source, (reading.get(source) ?? 0) + by);
  return (source, over) => {
    // Who is gone already is never heard of again.
    if (over.aborted) throw new Refusal("unavailable", "Whoever asked for the file is gone.");
    if ((reading.get(source) ?? 0) >= atOnce)
      throw new Refusal("unavailable", "Two files are being read from this data source; try again when one of them is done.", {
        retryAfterMs: 5000,
      });
    change(source, 1);
    over.addEventListener("abort", () => change(source, -1), { once: true });
  };
}
