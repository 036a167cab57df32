import { startChat } from "../chat.ts";
import { quantile } from "../history/prompt.ts";
import { instant } from "../people/crowdOrders.ts";
import { isReady } from "../processes/isReady.ts";
import { pause, soon, until } from "../processes/until.ts";
import { type Findings, type Row, require, type Scale } from "../row.ts";
import type { World } from "../world.ts";
import { askNext, isShown, seeReturned, startHolding } from "./heldByGone.ts";

/** As in the product's pages. */
const jitterMs = 3000;

/** Rows 1 and 4: a gateway dies, or goes in good order. */
export const gatewayEnds: Row[] = [
  { number: 1, fault: "gateway killed under many sockets", shape: "two", jitterMs, inject: killUnderSockets },
  { number: 4, fault: "gateway told to stop (SIGTERM)", shape: "two", jitterMs, inject: stopInOrder },
];

const backWithinMs = 5000;

async function killUnderSockets(world: World, { sockets, seconds }: Scale): Promise<Findings> {
  const chat = await startChat(world, { visitors: 20, tabs: 5, held: 6, perSecond: 20 });
  const a = world.product("a");
  const openingAt = performance.now();
  const crowd = world.crowd({ count: sockets, home: 0, atOnce: 200 });
  if (!(await crowd.isThere(sockets, 0, 60_000))) throw new Error("the sockets could not be opened");
  // As fast as this machine, which also plays the pages, can open so many, after the jitter of up to 3 s.
  const limitMs = Math.max(backWithinMs, jitterMs + performance.now() - openingAt);
  chat.agents[1]?.watch("agents");
  const holding = await startHolding(world);
  const isThere = (name = "") => isShown(world, name, true);
  await until("both are shown as connected", 10_000, () => isThere(holding.agent.name) && isThere(chat.agents[0]?.name));
  const talkers = chat.visitors.filter((visitor) => visitor.door === a.port);
  const [killedAt, seen] = await world.fault("kill", async () => {
    const at = instant();
    await a.kill();
    holding.agent.leave(); // nobody says goodbye for a page that ends with its gateway
    const returned = seeReturned(world, holding, performance.now());
    // The fault lasts until the pages are back: their pauses are part of it.
    await crowd.isThere(sockets, at, 30_000);
    await soon(30_000, () => talkers.every((visitor) => visitor.open));
    return [at, returned] as const;
  });
  const { welcomedAt, forgotten } = await crowd.look();
  const back = welcomedAt.map((at) => (at > killedAt ? at - killedAt : 30_000)).sort((one, other) => one - other);
  const returned = await seen;
  const asked = await askNext(world, holding);
  await pause(Math.min(seconds, 5) * 1000);
  await a.start();
  chat.stop();
  const backP99Ms = quantile(back, 0.99);
  return {
    injected: `kill -9 of one of two gateways with ${sockets + talkers.length} sockets; ${returned.injected}`,
    figures: { backP50Ms: quantile(back, 0.5), backP99Ms, backWorstMs: back.at(-1) ?? 0, limitMs, ...returned.figures },
    violations: [
      ...require(backP99Ms <= limitMs, `pages are back after ${Math.round(backP99Ms)} ms (p99), ${Math.round(limitMs)} ms is the limit`),
      ...require(forgotten === 0, `${forgotten} pages were refused their conversation`),
      ...(returned.violations ?? []),
      ...(asked ?? []),
      ...require(isThere(chat.agents[0]?.name), "an agent who came back is shown offline"),
    ],
  };
}

async function stopInOrder(world: World, { seconds }: Scale): Promise<Findings> {
  const chat = await startChat(world, { visitors: 30, tabs: 6, held: 6, perSecond: 30 });
  const a = world.product("a");
  const balancer = startRequests(world);
  await pause(1000);
  const hit = chat.visitors.filter((visitor) => visitor.open && visitor.door === a.port);
  const [ending, endedAfterMs, unreadyAfterMs] = await world.fault("stop", async () => {
    const at = performance.now();
    a.signal("SIGTERM");
    const unready = until("it is not ready", 2000, async () => !(await isReady(a.port))).then(() => performance.now() - at);
    const ended = await Promise.race([a.ended(), pause(30_000).then(() => undefined)]);
    const endedAt = performance.now() - at;
    await soon(20_000, () => hit.every(({ open, welcomedAt }) => open && welcomedAt > at));
    return [ended, endedAt, await unready] as const;
  });
  await pause(Math.min(seconds, 3) * 1000);
  const { failed, answered } = await balancer.stop();
  chat.stop();
  if (ending === undefined) await a.kill();
  await a.start();
  const pauses = hit.flatMap(({ askedPausesMs }) => askedPausesMs);
  const spreadMs = Math.max(0, ...pauses) - Math.min(10_000, ...pauses);
  const restarts = hit.filter(({ closes }) => closes.includes(1012)).length;
  return {
    injected: `SIGTERM to one of two gateways with ${hit.length} sockets and ${answered} requests through a balancer`,
    figures: { endedAfterMs, unreadyAfterMs, failedRequests: failed, spreadMs },
    violations: [
      ...require(ending?.code === 0, `it ended with ${ending?.code ?? ending?.signal ?? "nothing within 30 s"}`),
      ...require(failed === 0, `${failed} requests failed at the balancer`),
      ...require(restarts === hit.length, `${restarts} of ${hit.length} sockets were closed with 1012`),
      ...require(pauses.length === hit.length &&
        pauses.every((ms) => ms >= 0 && ms <= 10_000), "not every socket was told when to come back"),
      ...require(hit.length < 10 || spreadMs > 2000, `the returns are spread over ${spreadMs} ms only`),
    ],
  };
}

/** Requests as a balancer sends them on: a gateway that doesn't accept is passed over; what was accepted must be answered. */
function startRequests(world: World): { stop(): Promise<{ failed: number; answered: number }> } {
  let running = true;
  let failed = 0;
  let answered = 0;
  const work = async (start: number) => {
    for (let turn = start; running; turn++) {
      let done = false;
      for (let tries = 0; tries < world.gateways.length && !done; tries++) {
        const { port = 0 } = world.gateways[(turn + tries) % world.gateways.length] ?? {};
        try {
          const response = await fetch(`http://127.0.0.1:${port}/api/openapi.json`, { signal: AbortSignal.timeout(5000) });
          await response.arrayBuffer();
          done = response.status === 200;
        } catch (error) {
          if (!mayGoElsewhere(error)) break;
        }
      }
      if (done) answered++;
      else failed++;
      await pause(5);
    }
  };
  const workers = [work(0), work(1), work(0), work(1)];
  return {
    stop: async () => {
      running = false;
      await Promise.all(workers);
      return { failed, answered };
    },
  };
}

/** Not accepted, or its connection ended without a word: as balancers do, a GET then goes to the next. An answer that breaks off does not. */
function mayGoElsewhere(error: unknown): boolean {
  const code = error instanceof Error && error.cause instanceof Error && "code" in error.cause ? error.cause.code : undefined;
  return (
    code === "ECONNREFUSED" ||
    (error instanceof TypeError && error.message === "fetch failed" && ["UND_ERR_SOCKET", "ECONNRESET"].includes(String(code)))
  );
}
