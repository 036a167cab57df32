import { startChat } from "../chat.ts";
import type { Agent } from "../people/agent.ts";
import type { Visitor } from "../people/visitor.ts";
import { pause, soon, until } from "../processes/until.ts";
import { type Findings, type Row, require } from "../row.ts";
import type { World } from "../world.ts";
import { askNext, type Holding, isShown, seeReturned, startHolding } from "./heldByGone.ts";

/** Row 5: a gateway that sleeps for longer than its peers believe in it, and wakes to what was kept for it. */
export const asleep: Row[] = [{ number: 5, fault: "gateway stopped (SIGSTOP) for 7 and for 20 s", shape: "two", inject: sleepTwice }];

const offlineWithinMs = 15_000;
/** In the short one NATS doesn't miss it, and gives it all that was said meanwhile in the moment in which it wakes. */
const shortMs = 7000;
const longMs = 20_000;
const slowDatabaseMs = 500;

async function sleepTwice(world: World): Promise<Findings> {
  const chat = await startChat(world, { visitors: 20, tabs: 6, held: 0, perSecond: 20 });
  const watcher = await world.agent(1, 1);
  watcher.watch("agents");
  const admin = await world.agent(2, 1);
  const overheard = chat.visitors.filter((visitor) => visitor.door === world.product("b").port).slice(-4);
  const short = await sleepThrough(world, { ms: shortMs, admin, overheard });
  const holding = await startHolding(world);
  await until("the holder is shown as connected", 10_000, () => isShown(world, holding.agent.name, true));
  const long = await sleepThrough(world, { ms: longMs, admin, overheard, holding });
  const asked = await askNext(world, holding);
  chat.stop();
  const leaked = short.leaked + long.leaked;
  return {
    injected: "SIGSTOP of one of two gateways, in which an agent of it is deactivated and another leaves two conversations, and CONT",
    figures: { offlineMs: long.offlineMs, leaked, greetedAnew: short.greeted + long.greeted, ...long.returned?.figures },
    violations: [
      ...(long.returned?.violations ?? []),
      ...(asked ?? []),
      ...require(long.offlineMs <= offlineWithinMs, `its agent was shown offline after ${Math.round(long.offlineMs)} ms`),
      ...require(leaked === 0, `awake again it showed ${leaked} messages to an agent whose session had ended`),
    ],
  };
}

interface Sleep {
  ms: number;
  admin: Agent;
  /** Who talk at the other gateway: for an agent of this one it waits in what the bus keeps. */
  overheard: readonly Visitor[];
  /** Who is of this gateway, and stays away with it. */
  holding?: Holding;
}

async function sleepThrough(
  world: World,
  { ms, admin, overheard, holding }: Sleep,
): Promise<{ offlineMs: number; leaked: number; greeted: number; returned: Findings | undefined }> {
  const a = world.product("a");
  const sleeper = await world.agent(0, 0);
  for (const { conversation } of overheard) sleeper.watch(`conversation:${conversation}`);
  await until("the agent is shown as connected", 10_000, () => isShown(world, sleeper.name, true));
  await pause(1000);
  const [offlineMs, wokenAt, seen] = await world.fault(`sleep of ${ms} ms`, async () => {
    const at = performance.now();
    a.signal("SIGSTOP");
    holding?.agent.leave();
    const returned = holding === undefined ? undefined : seeReturned(world, holding, at);
    await soon(Math.min(ms - 3000, offlineWithinMs + 2000), () => isShown(world, sleeper.name, false));
    const offline = performance.now() - at;
    await admin.run("agent.deactivate", { email: sleeper.email });
    for (const [index, visitor] of overheard.entries()) visitor.say(`reverse not for their eyes ${index} of ${ms}`);
    await pause(Math.max(1000, ms - (performance.now() - at)));
    const woken = performance.now();
    // What it asks about its sessions is answered after what the bus kept for it.
    world.databaseProxy.delay(slowDatabaseMs);
    a.signal("SIGCONT");
    await soon(20_000, () => !sleeper.open);
    world.databaseProxy.pass();
    await soon(20_000, () => world.visitors.every(({ open }) => open));
    return [offline, woken, returned] as const;
  });
  await pause(2000);
  const of = (kind: "shown" | "closed") => world.history.events.filter((event) => event.kind === kind && event.at > wokenAt);
  const leaked = of("shown").filter((event) => "viewer" in event && event.viewer === sleeper.email).length;
  const greeted = of("closed").filter((event) => event.kind === "closed" && event.code === closedToGreetAnew).length;
  sleeper.leave();
  await admin.run("agent.activate", { email: sleeper.email });
  return { offlineMs, leaked, greeted, returned: await seen };
}

const closedToGreetAnew = 1012;
