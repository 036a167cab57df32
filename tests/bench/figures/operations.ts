import type { AskerQuestion } from "../parts/asker.ts";
import { type Pace, paceSchema } from "../parts/pace.ts";
import { customers, fillShop, makeOperations, orders } from "../processes/shop.ts";
import { type Figure, type Measurement, median } from "./figure.ts";

const rounds = 3;
const ofBare = 0.2;
const ofPeer = 10;
/** n8n 2.8.4, a webhook and a PostgreSQL node, on two cores like these; runs a second. */
const peerStated: Record<number, number> = { 1: 64, 32: 151 };

/** A saved query over HTTP, through permission, caps, run record and audit, beside the same statement by pg alone, and beside n8n. */
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
    const bare = (inFlight: number) => ask({ do: "query", databaseUrl: shopUrl, text: orders, inFlight, ...common });
    const body = JSON.stringify({ args: { customer: 0 } }).replace("0", "{n}");
    const run = (inFlight: number) =>
      ask({ do: "post", url: runsOf("orders-of"), headers, body, contains: '"state":"succeeded"', inFlight, ...common });
    const peer = (inFlight: number) =>
      workplace.n8n === undefined
        ? undefined
        : ask({ do: "post", url: workplace.n8n, headers: {}, body: '{"customer":{n}}', contains: "total", inFlight, ...common });
    await run(32);
    const figures: Figure[] = [];
    for (const inFlight of [1, 32]) {
      const before = await product.usage();
      const paces: { bare: Pace; run: Pace; peer: Pace | undefined }[] = [];
      for (let round = 0; round < rounds; round++)
        paces.push({ bare: await bare(inFlight), run: await run(inFlight), peer: await peer(inFlight) });
      const after = await product.usage();
      const total = paces.reduce((sum, pace) => sum + pace.run.answered, 0);
      const processor = (after.user + after.system - before.user - before.system) / total;
      const middle = (pick: (pace: (typeof paces)[number]) => number) => median(paces.map(pick));
      const value = middle((pace) => pace.run.perSecond);
      const times = `p50 ${middle((pace) => pace.run.p50).toFixed(1)} ms, p99 ${middle((pace) => pace.run.p99).toFixed(1)} ms`;
      const ratio = middle((pace) => pace.run.perSecond / pace.bare.perSecond);
      figures.push({
        figure: `operations-${inFlight}`,
        value,
        unit: "runs/s",
        beside: middle((pace) => pace.bare.perSecond),
        ratio,
        target: ofBare,
        met: ratio >= ofBare,
        note: `${inFlight} in flight; ${times}; by pg alone p50 ${middle((pace) => pace.bare.p50).toFixed(1)} ms; the product's process ${processor.toFixed(0)} µs a run`,
      });
      const measured = workplace.n8n !== undefined;
      const besides = measured ? middle((pace) => pace.peer?.perSecond ?? 0) : (peerStated[inFlight] ?? 0);
      figures.push({
        figure: `operations-${inFlight}-n8n`,
        value,
        unit: "runs/s",
        beside: besides,
        ratio: value / besides,
        target: ofPeer,
        met: value / besides >= ofPeer,
        note: measured
          ? `n8n in the same run, p50 ${middle((pace) => pace.peer?.p50 ?? 0).toFixed(0)} ms`
          : "n8n as it was measured on such a machine, not in this run; --n8n measures it here",
      });
    }
    return figures;
  },
};
