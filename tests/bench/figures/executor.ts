import { executedSchema } from "../parts/executor.ts";
import { customers, fillShop, orders } from "../processes/shop.ts";
import { type Figure, type Measurement, median } from "./figure.ts";

const rounds = 3;
const target = 0.2;

/** A saved query through the whole executor (permission, published version, caps, run record), beside the same statement by pg alone, in one process. */
export const executor: Measurement = {
  name: "executor",
  measure: async (workplace) => {
    const shopUrl = await workplace.emptyDatabase();
    await fillShop(shopUrl);
    const part = workplace.part("executor", ["--max-semi-space-size=64"]);
    const common = { databaseUrl: await workplace.migratedDatabase(), shopUrl, text: orders, upTo: customers, seconds: workplace.seconds };
    const ask = (way: "run" | "query", inFlight: number) => part.ask({ do: way, inFlight, ...common }, executedSchema);
    await ask("run", 32);
    const figures: Figure[] = [];
    for (const inFlight of [1, 32]) {
      const paces: Record<"bare" | "run", Awaited<ReturnType<typeof ask>>>[] = [];
      for (let round = 0; round < rounds; round++) paces.push({ bare: await ask("query", inFlight), run: await ask("run", inFlight) });
      const middle = (pick: (pace: (typeof paces)[number]) => number) => median(paces.map(pick));
      const ratio = middle(({ run, bare }) => run.perSecond / bare.perSecond);
      figures.push({
        figure: `executor-${inFlight}`,
        value: middle(({ run }) => run.perSecond),
        unit: "runs/s",
        beside: middle(({ bare }) => bare.perSecond),
        ratio,
        target,
        met: ratio >= target,
        note:
          `${inFlight} in flight; p50 ${middle(({ run }) => run.p50).toFixed(1)} ms, p99 ${middle(({ run }) => run.p99).toFixed(1)} ms, by pg ` +
          `${middle(({ bare }) => bare.p50).toFixed(1)} ms; this process ${middle(({ run }) => run.processorMicroseconds).toFixed(0)} µs a run, ` +
          `${middle(({ bare }) => bare.processorMicroseconds).toFixed(0)} by pg`,
      });
    }
    return figures;
  },
};
