import { startChat } from "../chat.ts";
import { evaluate } from "../processes/evaluate.ts";
import { isReady } from "../processes/isReady.ts";
import { pause, soon, until } from "../processes/until.ts";
import { type Findings, type Row, require, type Scale } from "../row.ts";
import type { World } from "../world.ts";

/** Row 7: a process that has used up its memory. */
export const heap: Row[] = [
  {
    number: 7,
    fault: "heap limit hit",
    shape: "two",
    environment: () => ({ NODE_OPTIONS: "--max-old-space-size=256" }),
    inject: fillHeap,
  },
];

const endsWithinMs = 30_000;

async function fillHeap(world: World, { seconds }: Scale): Promise<Findings> {
  const chat = await startChat(world, { visitors: 20, tabs: 5, held: 6, perSecond: 20 });
  const a = world.product("a");
  const hit = chat.visitors.filter((visitor) => visitor.door === a.port);
  await pause(1000);
  const [ending, endedMs] = await world.fault("heap", async () => {
    const at = performance.now();
    a.mayEnd();
    await evaluate(
      a,
      "{ const kept = []; setInterval(() => { for (let n = 0; n < 20; n++) kept.push(Array.from({ length: 20000 }, () => ({}))); }, 20); }",
    );
    const ended = await Promise.race([a.ended(), pause(endsWithinMs).then(() => undefined)]);
    const after = performance.now() - at;
    await until("the pages are with the other gateway", 20_000, () => hit.every(({ open }) => open));
    return [ended, after] as const;
  });
  if (ending === undefined) await a.kill();
  await a.start();
  const readyAgain = await soon(10_000, () => isReady(a.port));
  await pause(Math.min(seconds, 3) * 1000);
  chat.stop();
  return {
    injected: `objects kept in one of two gateways with a heap of 256 MB and ${hit.length} sockets`,
    figures: { endedMs },
    violations: [
      ...require(ending !== undefined && ending.code !== 0, `it ended with ${ending?.code ?? "nothing"}`),
      ...require(readyAgain, "started again it is not ready after 10 s"),
    ],
  };
}
