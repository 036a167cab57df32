import { readFileSync } from "node:fs";
import { z } from "zod";
import { type AudienceQuestion, conversationsSchema, watchingSchema } from "../parts/audience.ts";
import { listeningSchema } from "../parts/echo.ts";
import { paceSchema } from "../parts/pace.ts";
import type { VisitorsQuestion } from "../parts/visitors.ts";
import { addAgents } from "../processes/agents.ts";
import type { Workplace } from "../processes/workplace.ts";
import type { Measurement } from "./figure.ts";

const wanted = 10_000;
const agents = 200;
const perSecond = 1000;
/** An ordinary busy day, and the paces at which it is looked for where it breaks. */
const ordinaryPerSecond = 200;
const paces = [2000, 3000, 4000, 6000, 8000, 12_000];
const targetMs = 400;
/** What a process needs besides its sockets, the reserve that the product keeps included. */
const otherFiles = 250;

/** One process with 10,000 visitors and 200 agents who watch them; from a visitor's intended line to the agent's screen. */
export const connections: Measurement = {
  name: "connections",
  measure: async (workplace) => {
    const beside = await echoLatency(workplace);
    const visitors = Math.min(wanted, filesOfProcess() - agents - otherFiles);
    const product = await workplace.product();
    const audience = workplace.part("audience");
    const ask = <Answer>(question: AudienceQuestion, answer: z.ZodType<Answer>) => audience.ask(question, answer);

    const opening = performance.now();
    const { conversations } = await ask({ do: "visitors", url: product.url, inbox: product.inbox, count: visitors }, conversationsSchema);
    const opened = (performance.now() - opening) / 1000;
    const { tickets } = await addAgents(product.databaseUrl, agents, conversations);
    const watching = await ask({ do: "agents", url: product.url, tickets }, watchingSchema);
    await ask({ do: "messages", seconds: 2.5, perSecond }, paceSchema);
    const ordinary = await ask({ do: "messages", seconds: 2 * workplace.seconds, perSecond: ordinaryPerSecond }, paceSchema);
    const pace = await ask({ do: "messages", seconds: 2 * workplace.seconds, perSecond }, paceSchema);
    const breaking = await findBreaking((perSecond) => ask({ do: "messages", seconds: workplace.seconds, perSecond }, paceSchema));
    return [
      {
        figure: "connections",
        value: conversations.length,
        unit: "visitors",
        beside: wanted,
        ratio: conversations.length / wanted,
        target: wanted,
        met: conversations.length === wanted,
        note: `and ${agents} agents' sockets, in one process; opened at ${(conversations.length / opened).toFixed(0)} a second; the agents, put into the database directly, had their lists and conversations after ${watching.seconds.toFixed(1)} s`,
      },
      {
        figure: "visitor-to-agent",
        value: pace.p99,
        unit: "ms, p99",
        beside: beside.p99,
        ratio: pace.p99 / beside.p99,
        target: targetMs,
        met: pace.p99 <= targetMs,
        note: `${perSecond} messages a second with all of these connected, every agent's list and conversations live (at ${ordinaryPerSecond} a second p99 ${ordinary.p99.toFixed(1)} ms); p50 ${pace.p50.toFixed(1)} ms, worst ${pace.max.toFixed(0)} ms; beside it the echo at the same pace`,
      },
      {
        figure: "breaks-beyond",
        value: breaking.held,
        unit: "messages/s",
        beside: ordinaryPerSecond,
        ratio: breaking.held / ordinaryPerSecond,
        target: perSecond,
        met: breaking.held >= perSecond,
        note: `the highest pace of ${paces.join(", ")} whose p99 stays within ${targetMs} ms with all of these connected; then ${breaking.broke}`,
      },
    ];
  },
};

/** The last pace that held, and how the next one broke. */
async function findBreaking(measure: (perSecond: number) => Promise<z.infer<typeof paceSchema>>): Promise<{ held: number; broke: string }> {
  let held = perSecond;
  for (const faster of paces) {
    try {
      const { p99 } = await measure(faster);
      if (p99 > targetMs) return { held, broke: `${p99.toFixed(0)} ms at ${faster}` };
    } catch (error) {
      return { held, broke: `at ${faster}: ${error instanceof Error ? error.message : String(error)}` };
    }
    held = faster;
  }
  return { held, broke: "nothing broke" };
}

async function echoLatency(workplace: Workplace): Promise<z.infer<typeof paceSchema>> {
  const server = workplace.part("echo");
  const { url } = await server.ask({ do: "listen" }, listeningSchema);
  const visitors = workplace.part("visitors");
  await visitors.ask({ do: "open", peer: { kind: "echo", url }, sockets: 500 } satisfies VisitorsQuestion, z.object({}));
  const question = { do: "openLoop", seconds: workplace.seconds, perSecond } satisfies VisitorsQuestion;
  await visitors.ask({ ...question, seconds: 1 }, paceSchema);
  const pace = await visitors.ask(question, paceSchema);
  await visitors.end();
  await server.end();
  return pace;
}

/** Node has raised the soft limit to the hard one already; nothing is raised here. */
function filesOfProcess(): number {
  try {
    const limit = /^Max open files\s+(\d+)/m.exec(readFileSync("/proc/self/limits", "utf8"))?.[1];
    return limit === undefined ? Number.POSITIVE_INFINITY : Number(limit);
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
