import { type Chat, startChat } from "../chat.ts";
import { isReadyOrBusy } from "../processes/isReady.ts";
import { pause, soon } from "../processes/until.ts";
import { type Shift, startShift } from "../routing/shift.ts";
import { type Findings, type Row, require, type Scale } from "../row.ts";
import type { World } from "../world.ts";

/** Row 57: everything, in the order that the seed gives, for as long as `--minutes` says. */
export const mixed: Row[] = [{ number: 57, fault: "random mix of faults", shape: "two", inject: mix }];

/** One fault from its begin to its end; what follows is the waiting until everybody is back. */
const faults: Record<string, (world: World) => Promise<void>> = {
  "gateway killed": async (world) => {
    const gateway = anyOf(world, world.gateways);
    await gateway.kill();
    await pause(1000 * world.random());
    await gateway.start();
  },
  "gateway told to stop": async (world) => {
    const gateway = anyOf(world, world.gateways);
    gateway.signal("SIGTERM");
    await gateway.ended();
    await gateway.start();
  },
  "gateway frozen": async (world) => {
    const gateway = anyOf(world, world.gateways);
    gateway.signal("SIGSTOP");
    await pause(1000 + 6000 * world.random());
    gateway.signal("SIGCONT");
  },
  "PostgreSQL's backend killed": async (world) => {
    await world.postgres.killBackend("switchboard");
  },
  "PostgreSQL stopped": async (world) => {
    await world.postgres.stopImmediately();
    await pause(4000 * world.random());
    await world.postgres.start();
  },
  "PostgreSQL frozen": async (world) => {
    await world.postgres.freeze();
    await pause(1000 + 6000 * world.random());
    world.postgres.thaw();
  },
  "way to PostgreSQL stalled": async (world) => {
    world.databaseProxy.hold("up", "down");
    await pause(1000 + 6000 * world.random());
    world.databaseProxy.pass();
  },
  "connections to PostgreSQL reset": async (world) => {
    world.databaseProxy.reset();
  },
  "NATS killed": async (world) => {
    await world.nats?.kill();
    if (world.random() < 0.5) await world.nats?.deleteData();
    await pause(5000 * world.random());
    await world.nats?.start();
  },
  "NATS frozen": async (world) => {
    world.nats?.freeze();
    await pause(1000 + 11_000 * world.random());
    world.nats?.thaw();
  },
  "a gateway's way to NATS stalled": async (world) => {
    const proxy = anyOf(world, [...world.natsProxies.values()]);
    proxy.hold("up", "down");
    await pause(1000 + 11_000 * world.random());
    proxy.pass();
  },
};

const backWithinMs = 30_000;

async function mix(world: World, { minutes, messages, perSecond }: Scale): Promise<Findings> {
  const chat = await startChat(world, { visitors: 40, tabs: 12, held: 12, perSecond });
  const shift = await startShift(world, { agents: 6, capacity: 2, guests: 18 });
  const end = performance.now() + minutes * 60_000;
  const goesOn = () => (messages === undefined ? performance.now() < end : world.history.sent < messages);
  const injected = new Map<string, number>();
  const late: string[] = [];
  let worstBackMs = 0;
  for (let number = 1; goesOn(); number++) {
    await pause(1000 + 4000 * world.random());
    const [name, inject] = anyOf(world, Object.entries(faults));
    worstBackMs = Math.max(
      worstBackMs,
      await world.fault(`${number}: ${name}`, async () => {
        await inject(world);
        const endedAt = performance.now();
        const back = await soon(backWithinMs, async () => (await missing(world, chat, shift)).length === 0);
        if (!back) late.push(`${number}: ${name}: ${(await missing(world, chat, shift)).join(", ")}`);
        return performance.now() - endedAt;
      }),
    );
    injected.set(name, (injected.get(name) ?? 0) + 1);
  }
  await pause(2000);
  chat.stop();
  await shift.end();
  return {
    injected: [...injected].map(([name, times]) => `${name} ${times} times`).join(", "),
    figures: { faults: [...injected.values()].reduce((sum, times) => sum + times, 0), worstBackMs },
    violations: late.flatMap((who) => require(false, `not back within 30 s after ${who}`)),
  };
}

/** Who isn't back yet, by name. */
async function missing(world: World, { agents }: Chat, { duties }: Shift): Promise<string[]> {
  const gone = [
    ...world.visitors.filter(({ open }) => !open).map(({ name }) => name),
    ...agents.filter(({ open }) => !open).map(({ name }) => name),
    ...duties.filter(({ agent, present }) => present && !agent.open).map(({ agent }) => agent.name),
  ];
  const ready = await Promise.all(world.gateways.map(({ port }) => isReadyOrBusy(port)));
  return [...gone, ...world.gateways.filter((_, index) => ready[index] !== true).map(({ name }) => `gateway ${name}`)];
}

function anyOf<Thing>(world: World, things: readonly Thing[]): Thing {
  const thing = things[Math.floor(world.random() * things.length)];
  if (thing === undefined) throw new Error("there is nothing to choose from");
  return thing;
}
