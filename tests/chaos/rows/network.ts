import { startChat } from "../chat.ts";
import { ackDelays } from "../history/delays.ts";
import { quantile } from "../history/prompt.ts";
import { startProxy } from "../processes/proxy.ts";
import { pause, soon, until } from "../processes/until.ts";
import { type Findings, type Row, require, type Scale } from "../row.ts";
import type { World } from "../world.ts";

/** Rows 8 to 10: what happens between a page and its gateway. */
export const network: Row[] = [
  { number: 8, fault: "half-open connection of a page", shape: "one", inject: halfOpen },
  { number: 9, fault: "reset in the middle of a frame, two tabs, a page asleep", shape: "one", inject: cutsAndSleep },
  { number: 10, fault: "a page that reads too slowly", shape: "one", inject: slowReader },
];

/** A ping each 20 s and 45 s of silence: seen by the next ping after it. */
const serverGivesUpMs = 66_000;
/** The page's own ping each 15 s, given up after 30 s, and its pause. */
const pageGivesUpMs = 63_000;

async function halfOpen(world: World): Promise<Findings> {
  const chat = await startChat(world, { visitors: 12, tabs: 3, held: 4, perSecond: 5 });
  const proxy = await startProxy(world.product("a").port);
  const through = world.doorThrough(proxy);
  const direct = world.doors(0);
  const page = world.visitor((failures) => (failures === 0 ? through() : direct(failures)), { heartbeat: true, name: "half-open" });
  await until("the page is welcomed", 10_000, () => page.open);
  page.say("reverse before the cut");
  await until("it is acked", 5000, () => page.waiting === 0);
  const cutAt = performance.now();
  const [pageBackMs, serverClosedMs, waits] = await world.fault("cut", async () => {
    proxy.hold("up", "down");
    page.say("reverse written while the network is gone");
    await pause(3200);
    const waits = world.history.events.some((event) => event.kind === "told" && event.viewer === page.name && event.state === "waiting");
    const closed = soon(serverGivesUpMs + 2000, () => proxy.open === 0, 100).then(() => performance.now() - cutAt);
    const back = soon(pageGivesUpMs + 2000, () => page.open && page.welcomedAt > cutAt, 100).then(() => performance.now() - cutAt);
    return [await back, await closed, waits] as const;
  });
  chat.stop();
  world.afterwards(() => proxy.close());
  return {
    injected: "both directions of one page's connection held, nobody told",
    figures: { pageBackMs, serverClosedMs },
    violations: [
      ...require(waits, "the page did not say within 3.2 s that its message waits"),
      ...require(pageBackMs <= pageGivesUpMs, `the page came back after ${Math.round(pageBackMs)} ms`),
      ...require(serverClosedMs <= serverGivesUpMs, `the server kept the dead socket for ${Math.round(serverClosedMs)} ms`),
    ],
  };
}

async function cutsAndSleep(world: World, { seconds, rounds }: Scale): Promise<Findings> {
  const chat = await startChat(world, { visitors: 10, tabs: 2, held: 4, perSecond: 30 });
  const cuts = await startProxy(world.product("a").port);
  const sleeps = await startProxy(world.product("a").port);
  const first = world.visitor(world.doorThrough(cuts), { name: "cut" });
  await until("the page is welcomed", 10_000, () => first.open);
  const known = { token: first.token ?? "" };
  const second = world.visitor(world.doorThrough(cuts), { known, name: "cut-tab2" });
  const sleeper = world.visitor(world.doorThrough(sleeps), { known, name: "cut-asleep" });
  await until("the tabs are welcomed", 10_000, () => second.open && sleeper.open);
  await world.fault("sleep", async () => {
    sleeps.hold("up", "down");
    for (let round = 0; round < rounds; round++) {
      for (let index = 0; index < 8; index++) (index % 2 === 0 ? first : second).say(`reverse word ${round} ${index} of two tabs`);
      cuts.cutMidFrame();
      await pause(700);
    }
    await pause(Math.max(0, seconds - rounds) * 500);
    // The system tells a page that wakes that its connections are gone.
    sleeps.reset();
    sleeps.pass();
    await until("all three are there", 20_000, () => [first, second, sleeper].every(({ open }) => open));
  });
  await soon(10_000, () => sleeper.seen === first.seen && second.seen === first.seen && first.waiting + second.waiting === 0);
  chat.stop();
  const conversations = new Set([first, second, sleeper].map(({ conversation }) => conversation));
  const closes = first.closes.length + second.closes.length;
  world.afterwards(() => cuts.close());
  world.afterwards(() => sleeps.close());
  return {
    injected: `${closes} connections cut in the middle of a frame, one page asleep`,
    figures: { cuts: closes },
    violations: [
      ...require(conversations.size === 1, `three tabs of one visitor have ${conversations.size} conversations`),
      ...require(closes >= rounds, `only ${closes} cuts happened`),
      ...require(sleeper.seen === first.seen, `the page that slept has ${sleeper.seen} of ${first.seen} messages`),
    ],
  };
}

/** With their answers 25 MB: more than the kernel's buffers (4 MB to send) and the limit of 1 MB hold together. */
const longMessages = 800;
/** 16 kB in one word. */
const longText = "𐐷".repeat(3900);

async function slowReader(world: World, { seconds }: Scale): Promise<Findings> {
  const chat = await startChat(world, { visitors: 16, tabs: 4, held: 4, perSecond: 30 });
  const proxy = await startProxy(world.product("a").port);
  const writer = world.visitor(world.doors(0), { name: "writer" });
  await until("the writer is welcomed", 10_000, () => writer.open);
  const slow = world.visitor(world.doorThrough(proxy), { known: { token: writer.token ?? "" }, name: "slow" });
  await until("the slow page is welcomed", 10_000, () => slow.open);
  const calmFrom = performance.now();
  await pause(2000);
  const begunAt = performance.now();
  const cutOff = await world.fault("slow reader", async () => {
    proxy.throttle(50_000);
    for (let sent = 0; sent < longMessages; sent++) {
      writer.say(`reverse ${sent} ${longText}`);
      await until("the writer's messages are acked", 10_000, () => writer.waiting < 20);
    }
    // The end of its socket stands behind the bytes that it hasn't read: from here on it reads as fast as it can.
    proxy.pass();
    return await soon(10_000, () => slow.closes.length > 0);
  });
  const endedAt = performance.now();
  const back = await soon(15_000, () => slow.open && slow.closes.length > 0);
  await pause(Math.min(seconds, 2) * 1000);
  chat.stop();
  world.afterwards(() => proxy.close());
  const others = (viewer: string) => viewer !== "writer" && viewer !== "slow";
  const calmP99Ms = quantile(ackDelays(world.history.events, calmFrom, begunAt, others), 0.99);
  const othersP99Ms = quantile(ackDelays(world.history.events, begunAt, endedAt, others), 0.99);
  return {
    injected: `a page that reads 50 kB/s, while ${longMessages} messages of 16 kB and their answers come`,
    figures: { calmP99Ms, othersP99Ms, closeCode: slow.closes[0] ?? 0 },
    violations: [
      ...require(cutOff, "the slow page was never let go"),
      ...require(slow.closes[0] === 1013, `the slow page was closed with ${slow.closes[0] ?? "nothing"}`),
      ...require(back, "the slow page did not come back"),
      ...require(othersP99Ms <= Math.max(1000, 5 * calmP99Ms), `the others' acks took ${Math.round(othersP99Ms)} ms (p99) meanwhile`),
    ],
  };
}
