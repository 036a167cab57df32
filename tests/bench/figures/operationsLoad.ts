import { z } from "zod";
import type { AskerQuestion } from "../parts/asker.ts";
import { type Pace, paceSchema } from "../parts/pace.ts";
import type { VisitorsQuestion } from "../parts/visitors.ts";
import { fillShop, makeOperations } from "../processes/shop.ts";
import { type Measurement, median } from "./figure.ts";

const visitors = 100;
const perSecond = 200;
const rounds = 3;
const atOnce = 100;
const allowedMs = 15;

/** A hundred operations at once, each of which waits for its database for a second: what the chat beside them feels. */
export const operationsLoad: Measurement = {
  name: "operations-load",
  measure: async (workplace) => {
    const shopUrl = await workplace.emptyDatabase();
    await fillShop(shopUrl);
    const product = await workplace.product({ allowHosts: new URL(shopUrl).host });
    const { headers, runsOf } = await makeOperations(product, shopUrl);
    const part = workplace.part("visitors");
    const asker = workplace.part("asker");
    const peer = { kind: "product", url: product.url, inbox: product.inbox } as const;
    await part.ask({ do: "open", peer, sockets: visitors } satisfies VisitorsQuestion, z.object({}));
    await part.ask({ do: "closedLoop", seconds: 1.5 } satisfies VisitorsQuestion, paceSchema);
    const chat = () => part.ask({ do: "openLoop", seconds: workplace.seconds, perSecond } satisfies VisitorsQuestion, paceSchema);
    const [url, seconds] = [runsOf("wait-a-second"), workplace.seconds];
    const slow: AskerQuestion = {
      url,
      headers,
      body: '{"args":{}}',
      upTo: 1,
      contains: '"state"',
      inFlight: atOnce,
      seconds,
      mayWait: true,
    };
    const alone: Pace[] = [];
    const beside: Pace[] = [];
    let answered = 0;
    for (let round = 0; round < rounds; round++) {
      alone.push(await chat());
      const operations = asker.ask(slow, paceSchema);
      beside.push(await chat());
      answered += (await operations).answered;
    }
    const middle = (paces: readonly Pace[], pick: (pace: Pace) => number) => median(paces.map(pick));
    const value = middle(beside, ({ p99 }) => p99);
    const without = middle(alone, ({ p99 }) => p99);
    return [
      {
        figure: "operations-load",
        value,
        unit: "ms, p99 of the chat",
        beside: without,
        ratio: value / without,
        target: without + allowedMs,
        met: value <= without + allowedMs,
        note: `p50 ${middle(beside, ({ p50 }) => p50).toFixed(1)} ms beside ${middle(alone, ({ p50 }) => p50).toFixed(1)} ms without, ${perSecond} lines a second; ${atOnce} operations of a second each at once, ${Math.round(answered / rounds)} answered a round, those beyond the connections of their source with "try again"`,
      },
    ];
  },
};
