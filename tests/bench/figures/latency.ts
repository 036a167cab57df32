import { type Pace, paceSchema } from "../parts/pace.ts";
import type { VisitorsQuestion } from "../parts/visitors.ts";
import type { Workplace } from "../processes/workplace.ts";
import { type Figure, type Measurement, median } from "./figure.ts";
import { bothSides, checkCommitted, warmUp } from "./turns.ts";

const perSecond = 1000;
const allowedMs = 15;
const rounds = 3;

/** From when a line should have been sent to its answer, at 1,000 lines a second whatever the answers do. */
export const latency: Measurement = {
  name: "latency",
  measure: (workplace) => measureLatency(workplace, "latency", undefined),
};

export const latencyOverNats: Measurement = {
  name: "latency-nats",
  measure: async (workplace) => {
    if (workplace.nats === undefined) return [{ figure: "latency-nats", leftOut: "nats-server is not in PATH" }];
    return await measureLatency(workplace, "latency-nats", workplace.nats.url);
  },
};

async function measureLatency(workplace: Workplace, figure: string, natsUrl: string | undefined): Promise<Figure[]> {
  const { echo, visitors, product } = await bothSides(workplace, natsUrl);
  await warmUp([echo, visitors]);
  const question = { do: "openLoop", seconds: workplace.seconds, perSecond } satisfies VisitorsQuestion;
  const paces: { echo: Pace; product: Pace }[] = [];
  for (let round = 0; round < rounds; round++) {
    paces.push({ echo: await echo.ask(question, paceSchema), product: await visitors.ask(question, paceSchema) });
  }
  await checkCommitted(product.databaseUrl);
  const middle = (pick: (pace: (typeof paces)[number]) => number) => median(paces.map(pick));
  const beside = middle((pace) => pace.echo.p99);
  const value = middle((pace) => pace.product.p99);
  const target = beside + allowedMs;
  return [
    {
      figure,
      value,
      unit: "ms, p99",
      beside,
      ratio: value / beside,
      target,
      met: middle((pace) => pace.product.p99 - pace.echo.p99) <= allowedMs,
      note: `p50 ${middle((pace) => pace.product.p50).toFixed(1)} ms beside ${middle((pace) => pace.echo.p50).toFixed(1)} ms, from the intended start; worst ${Math.max(...paces.map((pace) => pace.product.max)).toFixed(0)} ms`,
    },
  ];
}
