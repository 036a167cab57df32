import { z } from "zod";
import { listeningSchema } from "../parts/echo.ts";
import type { VisitorsQuestion } from "../parts/visitors.ts";
import type { Part } from "../processes/part.ts";
import { type Usage, usageSchema } from "../processes/probe.ts";
import type { Measurement } from "./figure.ts";

const sockets = 5000;
/** Opened and closed before, so that what the process needs to open sockets at all is there. */
const warmSockets = 2000;
const targetKilobytes = 13;
/** Longer than the 5 s in which a socket must have said hello: the timer for it is no part of an idle one. */
const settleMs = 6000;

const emptySchema = z.object({});

type Peer = Extract<VisitorsQuestion, { do: "open" }>["peer"];

/** What one idle visitor costs the process that holds the socket: what it has resident more, or has allocated more, whichever is larger. */
export const memory: Measurement = {
  name: "memory",
  measure: async (workplace) => {
    const server = workplace.part("echo", ["--expose-gc"]);
    const { url } = await server.ask({ do: "listen" }, listeningSchema);
    const beside = await costOfSockets(workplace.part("visitors"), { kind: "echo", url }, () => server.ask({ do: "usage" }, usageSchema));
    const product = await workplace.product();
    const peer: Peer = { kind: "product", url: product.url, inbox: product.inbox };
    const cost = await costOfSockets(workplace.part("visitors"), peer, product.usage);
    return [
      {
        figure: "memory",
        value: cost.larger,
        unit: "kB a socket",
        beside: beside.larger,
        ratio: cost.larger / beside.larger,
        target: targetKilobytes,
        met: cost.larger <= targetKilobytes,
        note: `over ${sockets} sockets, the larger of resident memory (${cost.resident.toFixed(1)} kB beside ${beside.resident.toFixed(1)} kB) and of heap and buffers after a garbage collection (${cost.heap.toFixed(1)} kB beside ${beside.heap.toFixed(1)} kB)`,
      },
    ];
  },
};

interface Cost {
  heap: number;
  resident: number;
  larger: number;
}

async function costOfSockets(visitors: Part, peer: Peer, usage: () => Promise<Usage>): Promise<Cost> {
  const open = (count: number) => visitors.ask({ do: "open", peer, sockets: count } satisfies VisitorsQuestion, emptySchema);
  await open(warmSockets);
  await visitors.ask({ do: "close" } satisfies VisitorsQuestion, emptySchema);
  await settled();
  const before = await usage();
  await open(sockets);
  await settled();
  const after = await usage();
  const kilobytes = (pick: (usage: Usage) => number) => (pick(after) - pick(before)) / sockets / 1000;
  const heap = kilobytes((given) => given.heapUsed + given.external);
  const resident = kilobytes((given) => given.rss);
  return { heap, resident, larger: Math.max(heap, resident) };
}

function settled(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, settleMs));
}
