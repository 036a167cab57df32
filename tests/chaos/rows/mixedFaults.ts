import pg from "pg";
import { pause } from "../processes/until.ts";
import type { Shift } from "../routing/shift.ts";
import type { World } from "../world.ts";
import { disturb } from "./contention.ts";
import { startEchoes } from "./echoes.ts";
import { redisOf } from "./ownRedis.ts";

/** One fault from its begin to its end; what follows is the waiting until everybody is back. */
export type MixedFault = (world: World, shift: Pick<Shift, "duties">) => Promise<void>;

export const mixedFaults: Record<string, MixedFault> = {
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
  "answers of PostgreSQL cut in the middle": async (world) => {
    world.databaseProxy.cutMidFrame();
    await pause(500);
  },
  "deadlocks in PostgreSQL": async (world) => {
    const conversations = world.visitors.slice(0, 20).map(({ conversation }) => conversation);
    const until = performance.now() + 1000 + 3000 * world.random();
    await Promise.all([0, 1, 2].map(() => disturb(world, conversations, until)));
  },
  "commands wait for a table": async (world) => {
    const locker = new pg.Client(world.databaseUrl);
    locker.on("error", () => {});
    await locker.connect();
    await locker.query("begin; lock table run in access exclusive mode");
    await pause(1000 + 5000 * world.random());
    await locker.end();
  },
  "a gateway's way to NATS cut in the middle": async (world) => {
    anyOf(world, [...world.natsProxies.values()]).cutMidFrame();
    await pause(500);
  },
  "events doubled, late and out of order": async (world) => {
    const proxy = anyOf(world, [...world.natsProxies.values()]);
    const echoes = await startEchoes(world.nats?.port ?? 0, world.random, 5000);
    proxy.delay(800 * world.random());
    await pause(3000 + 5000 * world.random());
    proxy.pass();
    await echoes.stop();
  },
  "pages that don't read": async (world) => {
    const pages = world.visitors.filter(() => world.random() < 0.2);
    for (const page of pages) page.read(false);
    await pause(1000 + 5000 * world.random());
    for (const page of pages) page.read(true);
  },
  "an agent shut out": async (world, { duties }) => {
    const admin = world.agents.find(({ email }) => email === world.account(2).email) ?? (await world.agent(2));
    const { agent } = anyOf(world, duties);
    world.history.record({ kind: "dismissed", agent: agent.name });
    await admin.run("agent.deactivate", { email: agent.email });
    await pause(1000 + 3000 * world.random());
    await admin.run("agent.activate", { email: agent.email });
    await agent.run("me.online", {});
  },
  "Redis flushed": async (world) => {
    await redisOf(world)?.ask("FLUSHALL");
  },
  "Redis killed": async (world) => {
    const redis = redisOf(world);
    await redis?.kill();
    await pause(5000 * world.random());
    await redis?.start();
  },
  "Redis frozen": async (world) => {
    const redis = redisOf(world);
    redis?.freeze();
    await pause(1000 + 6000 * world.random());
    redis?.thaw();
  },
};

export function anyOf<Thing>(world: World, things: readonly Thing[]): Thing {
  const thing = things[Math.floor(world.random() * things.length)];
  if (thing === undefined) throw new Error("there is nothing to choose from");
  return thing;
}
