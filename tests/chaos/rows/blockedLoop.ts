import { startChat } from "../chat.ts";
import { evaluate } from "../processes/evaluate.ts";
import { isReady } from "../processes/isReady.ts";
import { pause, soon } from "../processes/until.ts";
import { type Findings, type Row, require } from "../row.ts";
import type { World } from "../world.ts";

/** Row 6: a process that computes and does nothing else. */
export const blockedLoop: Row[] = [{ number: 6, fault: "event loop blocked for 2 s", shape: "two", inject: block }];

const blockedMs = 2000;

async function block(world: World): Promise<Findings> {
  const chat = await startChat(world, { visitors: 16, tabs: 6, held: 6, perSecond: 30 });
  chat.agents[1]?.watch("agents");
  const a = world.product("a");
  await pause(1000);
  let unready = false;
  const begunAt = performance.now();
  await world.fault("block", async () => {
    const looking = soon(blockedMs + 2000, async () => !(await isReady(a.port)), 50);
    await evaluate(a, `{ const end = performance.now() + ${blockedMs}; while (performance.now() < end); }`);
    unready = await looking;
  });
  const logged = await soon(3000, () => a.said("the event loop was blocked"));
  const readyAgain = await soon(10_000, () => isReady(a.port));
  await pause(1500);
  chat.stop();
  const offline = world.history.events.filter((event) => event.kind === "colleague" && event.at > begunAt && !event.connected).length;
  return {
    injected: `a loop of ${blockedMs} ms inside one of two gateways`,
    figures: { shownOffline: offline },
    violations: [
      ...require(unready, "its health never failed"),
      ...require(logged, "its log says nothing of it"),
      ...require(readyAgain, "it is not ready again after 10 s"),
      ...require(offline === 0, `an agent was shown offline ${offline} times`),
    ],
  };
}
