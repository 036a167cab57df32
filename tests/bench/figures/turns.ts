import pg from "pg";
import { z } from "zod";
import { listeningSchema } from "../parts/echo.ts";
import { type Pace, paceSchema } from "../parts/pace.ts";
import type { VisitorsQuestion } from "../parts/visitors.ts";
import type { Part } from "../processes/part.ts";
import { backendUsage } from "../processes/postgres.ts";
import type { Product } from "../processes/product.ts";
import type { Workplace } from "../processes/workplace.ts";
import { type Figure, type Measurement, median } from "./figure.ts";

const sockets = 500;
const rounds = 3;

/** Turns a second with 500 visitors, one at a time each, beside the bare echo; in process, and over NATS. */
export const turns: Measurement = {
  name: "turns",
  measure: (workplace) => measureTurns(workplace, { figure: "turns", target: 0.25 }),
};

export const turnsOverNats: Measurement = {
  name: "turns-nats",
  measure: async (workplace) => {
    if (workplace.nats === undefined) return [{ figure: "turns-nats", leftOut: "nats-server is not in PATH" }];
    return await measureTurns(workplace, { figure: "turns-nats", target: 0.12, natsUrl: workplace.nats.url });
  },
};

async function measureTurns(
  workplace: Workplace,
  { figure, target, natsUrl }: { figure: string; target: number; natsUrl?: string },
): Promise<Figure[]> {
  const { seconds } = workplace;
  const { echo, visitors, product } = await bothSides(workplace, natsUrl);
  const bare = await openBare(workplace);
  await warmUp([echo, bare, visitors]);
  const before = await product.usage();
  const databaseBefore = await backendUsage(product.databaseUrl);
  const paces: { echo: Pace; bare: Pace; product: Pace }[] = [];
  for (let round = 0; round < rounds; round++) {
    const [limit, least] = [await shortly(echo, seconds), await shortly(bare, seconds)];
    paces.push({
      echo: limit,
      bare: least,
      product: await visitors.ask({ do: "closedLoop", seconds } satisfies VisitorsQuestion, paceSchema),
    });
  }
  const after = await product.usage();
  const databaseAfter = await backendUsage(product.databaseUrl);
  await checkCommitted(product.databaseUrl);
  const total = paces.reduce((sum, pace) => sum + pace.product.answered, 0);
  const value = median(paces.map((pace) => pace.product.perSecond));
  const least = median(paces.map((pace) => pace.bare.perSecond));
  const ratio = median(paces.map((pace) => pace.product.perSecond / pace.echo.perSecond));
  const processor = (after.user + after.system - before.user - before.system) / total;
  const database =
    databaseBefore === undefined || databaseAfter === undefined
      ? ""
      : `, its database ${((databaseAfter - databaseBefore) / total).toFixed(0)} µs`;
  return [
    {
      figure,
      value,
      unit: "turns/s",
      beside: median(paces.map((pace) => pace.echo.perSecond)),
      ratio,
      target,
      met: ratio >= target,
      note: `p50 ${median(paces.map((pace) => pace.product.p50)).toFixed(1)} ms, p99 ${median(paces.map((pace) => pace.product.p99)).toFixed(1)} ms; the product's process ${processor.toFixed(0)} µs a turn${database}; ws and pg alone with the same two messages: ${least.toFixed(0)} turns/s, ${(least / median(paces.map((pace) => pace.echo.perSecond))).toFixed(2)} of the echo`,
    },
  ];
}

async function shortly(generator: Part, seconds: number): Promise<Pace> {
  return await generator.ask({ do: "closedLoop", seconds: Math.min(2, seconds) } satisfies VisitorsQuestion, paceSchema);
}

/** A generator whose sockets talk to the least that a turn can be. */
async function openBare(workplace: Workplace): Promise<Part> {
  const server = workplace.part("bare");
  const { url } = await server.ask({ do: "listen", databaseUrl: await workplace.migratedDatabase() }, listeningSchema);
  const generator = workplace.part("visitors");
  await generator.ask({ do: "open", peer: { kind: "bare", url }, sockets } satisfies VisitorsQuestion, z.object({}));
  return generator;
}

interface BothSides {
  /** The generator of each side, its sockets open. */
  echo: Part;
  visitors: Part;
  product: Product & { databaseUrl: string };
}

/** The echo and the product, each with a generator of its own that holds 500 sockets; only one of them is busy at a time. */
export async function bothSides(workplace: Workplace, natsUrl: string | undefined): Promise<BothSides> {
  const server = workplace.part("echo");
  const { url } = await server.ask({ do: "listen" }, listeningSchema);
  const product = await workplace.product(natsUrl === undefined ? undefined : { natsUrl });
  const echo = workplace.part("visitors");
  const visitors = workplace.part("visitors");
  await echo.ask({ do: "open", peer: { kind: "echo", url }, sockets } satisfies VisitorsQuestion, z.object({}));
  const peer = { kind: "product", url: product.url, inbox: product.inbox } as const;
  await visitors.ask({ do: "open", peer, sockets } satisfies VisitorsQuestion, z.object({}));
  return { echo, visitors, product };
}

/** Until the compiler and the database have seen the statements often enough. */
export async function warmUp(generators: readonly Part[]): Promise<void> {
  for (const generator of generators) await generator.ask({ do: "closedLoop", seconds: 1.5 } satisfies VisitorsQuestion, paceSchema);
}

/** What was answered must be there: of each turn both messages, and no turn left over. */
export async function checkCommitted(databaseUrl: string): Promise<void> {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  const { rows } = await client.query<{ asked: number; answered: number; left: number }>(
    `select count(*) filter (where author_kind = 'visitor')::int as asked, count(*) filter (where author_kind = 'bot')::int as answered,
       (select count(*) from turn)::int as left from message`,
  );
  await client.end();
  const [found] = rows;
  if (found === undefined || found.asked !== found.answered || found.left !== 0)
    throw new Error(`not every turn was committed: ${JSON.stringify(found)}`);
}
