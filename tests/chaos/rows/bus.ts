import { type Chat, startChat } from "../chat.ts";
import { ackDelays } from "../history/delays.ts";
import { quantile } from "../history/prompt.ts";
import { viewingsOf } from "../history/viewings.ts";
import { pause, soon, until } from "../processes/until.ts";
import { type Findings, type Row, require, type Scale } from "../row.ts";
import type { World } from "../world.ts";
import { startEchoes } from "./echoes.ts";

/** Rows 28 to 33: the bus only hurries, so whatever happens to it nobody misses anything. */
export const bus: Row[] = [
  {
    number: 28,
    fault: "NATS down",
    shape: "two",
    seconds: 300,
    inject: (world, scale) =>
      disturbed(
        world,
        scale,
        "kill -9 of NATS",
        natsDown(world, async () => {}),
      ),
  },
  {
    number: 29,
    fault: "NATS data folder deleted",
    shape: "two",
    inject: (world, scale) =>
      disturbed(
        world,
        scale,
        "kill -9 of NATS and its files deleted",
        natsDown(world, () => natsOf(world).deleteData()),
      ),
  },
  { number: 30, fault: "NATS frozen (SIGSTOP), and its network stalled", shape: "two", inject: frozenAndStalled },
  { number: 31, fault: "NATS events doubled, late and out of order", shape: "two", seconds: 30, inject: echoed },
  { number: 32, fault: "NATS ends a slow consumer", shape: "two", inject: slowConsumer },
  { number: 33, fault: "nobody hears what is published", shape: "split", inject: nobodyHears },
];

interface Fault {
  kind: keyof typeof addedMs;
  begin(): Promise<void>;
  end(): Promise<void>;
}

function natsOf(world: World) {
  if (world.nats === undefined) throw new Error("this row needs nats-server");
  return world.nats;
}

function natsDown(world: World, meanwhile: () => Promise<void>): Fault {
  const nats = natsOf(world);
  return {
    kind: "down",
    begin: async () => {
      await nats.kill();
      await meanwhile();
    },
    end: () => nats.start(),
  };
}

/** Row 28's limit: what the sweeper and the look into the ledger may add. While a link is only silent, the look comes every 3 s: I6's 5 s hold. */
const addedMs = { down: 2000, silent: 5000 };

async function disturbed(world: World, { seconds }: Scale, what: string, { begin, end, kind }: Fault, chat?: Chat): Promise<Findings> {
  const people = chat ?? (await startChat(world, { visitors: 20, tabs: 10, held: 8, perSecond: 30 }));
  await pause(1500);
  const [begunAt, endedAt] = await world.fault(what, async () => {
    const at = performance.now();
    await begin();
    await pause(seconds * 1000);
    const until = performance.now();
    await end();
    return [at, until] as const;
  });
  // What was said last is brought by nobody but the look into the ledger; then the bus itself has to work again, for a few.
  people.stop();
  await pause(2500);
  for (const visitor of people.visitors.slice(0, 4)) visitor.say(`reverse after the ${what}`);
  await pause(500);
  const acks = ackDelays(world.history.events, begunAt, endedAt);
  const seen = othersSee(world, begunAt, endedAt);
  const meanwhile = { ackP99Ms: quantile(acks, 0.99), seenP99Ms: quantile(seen, 0.99) };
  return {
    injected: `${what} for ${((endedAt - begunAt) / 1000).toFixed(1)} s`,
    figures: meanwhile,
    violations: [
      ...require(acks.length > 10, `only ${acks.length} messages were acked meanwhile`),
      ...require(meanwhile.ackP99Ms <= 1000, `acks took ${Math.round(meanwhile.ackP99Ms)} ms (p99) meanwhile`),
      ...require(meanwhile.seenP99Ms <=
        addedMs[kind] + 500, `the others saw messages after ${Math.round(meanwhile.seenP99Ms)} ms (p99) meanwhile`),
    ],
  };
}

/** From the first who had a message to each of the others, of messages that came within a time. */
function othersSee(world: World, from: number, to: number): number[] {
  const first = new Map<string, number>();
  const all: { id: string; at: number }[] = [];
  for (const { conversation, firstSeenAt } of viewingsOf(world.history.events)) {
    for (const [seq, at] of firstSeenAt) {
      const id = `${conversation} ${seq}`;
      first.set(id, Math.min(at, first.get(id) ?? at));
      all.push({ id, at });
    }
  }
  return all
    .flatMap(({ id, at }) => {
      const knownAt = first.get(id) ?? at;
      return knownAt >= from && knownAt <= to && at > knownAt ? [at - knownAt] : [];
    })
    .sort((a, b) => a - b);
}

/** A stale link is found by its pings: 3 s each, two may stay unanswered. */
const foundWithinMs = 10_000;

async function frozenAndStalled(world: World, scale: Scale): Promise<Findings> {
  const nats = natsOf(world);
  const longEnough = { ...scale, seconds: Math.max(scale.seconds, 12) };
  let foundMs = Number.POSITIVE_INFINITY;
  const chat = await startChat(world, { visitors: 20, tabs: 10, held: 8, perSecond: 30 });
  const found = (since: number) =>
    void soon(foundWithinMs + 2000, () => world.gateways.every((product) => product.said("NATS is gone"))).then((seen) => {
      if (seen) foundMs = performance.now() - since;
    });
  const frozen = await disturbed(
    world,
    longEnough,
    "SIGSTOP to NATS",
    {
      kind: "silent",
      begin: async () => {
        nats.freeze();
        found(performance.now());
      },
      end: async () => nats.thaw(),
    },
    chat,
  );
  chat.start();
  const proxy = world.natsProxies.get("b");
  const stalled = await disturbed(
    world,
    scale,
    "network stall between one gateway and NATS",
    { kind: "silent", begin: async () => proxy?.hold("up", "down"), end: async () => proxy?.pass() },
    chat,
  );
  return {
    injected: `${frozen.injected}; ${stalled.injected}`,
    figures: { foundMs, ...frozen.figures },
    violations: [
      ...require(foundMs <= foundWithinMs, `the stale link was found after ${Math.round(foundMs)} ms`),
      ...(frozen.violations ?? []),
      ...(stalled.violations ?? []),
    ],
  };
}

async function echoed(world: World, { seconds }: Scale): Promise<Findings> {
  const chat = await startChat(world, { visitors: 20, tabs: 10, held: 8, perSecond: 30 });
  const echoes = await startEchoes(natsOf(world).port, world.random, seconds * 1000);
  await world.fault("echoes", async () => {
    // One gateway's own way to NATS is late as well: what it reads from the ledger overtakes what it hears.
    world.natsProxies.get("b")?.delay(800);
    // The first copies come as late as they may while people still talk.
    await pause(2 * seconds * 1000);
    world.natsProxies.get("b")?.pass();
    await echoes.stop();
  });
  await pause(1000);
  chat.stop();
  return {
    injected: `${echoes.count()} copies of events up to ${seconds} s late in any order, one gateway's link 0.8 s late`,
    figures: { copies: echoes.count() },
    violations: require(echoes.count() > 50, `only ${echoes.count()} copies were published`),
  };
}

async function slowConsumer(world: World, scale: Scale): Promise<Findings> {
  const nats = natsOf(world);
  const before = await nats.slowConsumers();
  const proxy = world.natsProxies.get("b");
  const chat = await startChat(world, { visitors: 20, tabs: 10, held: 8, perSecond: 30 });
  const echoes = await startEchoes(nats.port, world.random, 5000);
  const findings = await disturbed(
    world,
    scale,
    "one gateway's link held, and flooded",
    {
      kind: "silent",
      begin: async () => {
        proxy?.throttle(1000);
        // More than the kernel's buffers hold and the server's limit of 1 MB.
        await echoes.flood(60_000_000, async () => (await nats.slowConsumers()) > before);
      },
      end: async () => proxy?.pass(),
    },
    chat,
  );
  await echoes.stop();
  const ended = (await nats.slowConsumers()) - before;
  return { ...findings, violations: [...(findings.violations ?? []), ...require(ended > 0, "NATS ended no slow consumer")] };
}

async function nobodyHears(world: World, { seconds }: Scale): Promise<Findings> {
  const chat = await startChat(world, { visitors: 16, tabs: 4, held: 0, perSecond: 15 });
  const routers = ["router-a", "router-b"].map((name) => world.product(name));
  await pause(1000);
  let sent = 0;
  const answeredMs = await world.fault("no router", async () => {
    await Promise.all(routers.map((router) => router.kill()));
    const before = world.history.events.length;
    await pause(Math.min(seconds, 5) * 1000);
    chat.stop();
    sent = world.history.events.slice(before).filter(({ kind }) => kind === "sent").length;
    const startedAt = performance.now();
    await routers[0]?.start();
    await soon(20_000, () => chat.visitors.every((visitor) => visitor.waiting === 0));
    return performance.now() - startedAt;
  });
  await until("the other router is back", 20_000, async () => {
    await routers[1]?.start();
    return true;
  });
  return {
    injected: `${sent} messages whose turns were announced to nobody`,
    figures: { announcedToNobody: sent, answeredMs },
    violations: require(sent > 0, "nothing was sent while no router ran"),
  };
}
