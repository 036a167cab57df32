import type { AskerQuestion } from "../parts/asker.ts";
import { type Pace, paceSchema } from "../parts/pace.ts";
import { customers, fillShop, makeOperations } from "../processes/shop.ts";
import { type Figure, type Measurement, median } from "./figure.ts";

const rounds = 3;
const target = 10;
/** n8n 2.8.4, a webhook and a PostgreSQL node, on two cores like these; runs a second. */
const peerStated: Record<number, number> = { 1: 64, 32: 151 };

/** A saved query over HTTP, as a program asks for it, beside the same as a webhook workflow of n8n; `executor` measures it beside pg alone. */
export const operations: Measurement = {
  name: "operations",
  measure: async (workplace) => {
    const shopUrl = await workplace.emptyDatabase();
    await fillShop(shopUrl);
    const product = await workplace.product({ allowHosts: new URL(shopUrl).host });
    const { headers, runsOf } = await makeOperations(product, shopUrl);
    const asker = workplace.part("asker");
    const ask = (question: AskerQuestion) => asker.ask(question, paceSchema);
    const common = { upTo: customers, seconds: workplace.seconds };
    const body = JSON.stringify({ args: { customer: 0 } }).replace("0", "{n}");
    const run = (inFlight: number) =>
      ask({ url: runsOf("orders-of"), headers, body, contains: '"state":"succeeded"', inFlight, ...common });
    const peer = (inFlight: number) =>
      workplace.n8n === undefined
        ? undefined
        : ask({ url: workplace.n8n, headers: {}, body: '{"customer":{n}}', contains: "total", inFlight, ...common });
    await run(32);
    const figures: Figure[] = [];
    for (const inFlight of [1, 32]) {
      const before = await product.usage();
      const paces: { run: Pace; peer: Pace | undefined }[] = [];
      for (let round = 0; round < rounds; round++) paces.push({ run: await run(inFlight), peer: await peer(inFlight) });
      const after = await product.usage();
      const total = paces.reduce((sum, pace) => sum + pace.run.answered, 0);
      const processor = (after.user + after.system - before.user - before.system) / total;
      const middle = (pick: (pace: (typeof paces)[number]) => number) => median(paces.map(pick));
      const value = middle((pace) => pace.run.perSecond);
      const measured = workplace.n8n !== undefined;
      const beside = measured ? middle((pace) => pace.peer?.perSecond ?? 0) : (peerStated[inFlight] ?? 0);
      const times = `p50 ${middle((pace) => pace.run.p50).toFixed(1)} ms, p99 ${middle((pace) => pace.run.p99).toFixed(1)} ms`;
      const peerTimes = measured
        ? `n8n in the same run, p50 ${middle((pace) => pace.peer?.p50 ?? 0).toFixed(0)} ms`
        : "n8n as it was measured on such a machine, not in this run; --n8n measures it here";
      figures.push({
        figure: `operations-${inFlight}`,
        value,
        unit: "runs/s",
        beside,
        ratio: value / beside,
        target,
        met: value / beside >= target,
        note: `${inFlight} in flight; ${times}; the product's process ${processor.toFixed(0)} µs a run; ${peerTimes}`,
      });
    }
    return figures;
  },
};
