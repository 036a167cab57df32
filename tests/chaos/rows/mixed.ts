import { type Chat, type ChatSettings, startChat } from "../chat.ts";
import { whatIsMissing } from "../processes/isReady.ts";
import type { Product } from "../processes/product.ts";
import { hasRedis } from "../processes/redis.ts";
import { pause, soon } from "../processes/until.ts";
import { type Shift, type ShiftSettings, startShift } from "../routing/shift.ts";
import { type Findings, type Row, require, type Scale } from "../row.ts";
import type { World } from "../world.ts";
import { anyOf, type MixedFault, mixedFaults } from "./mixedFaults.ts";
import { redisFor, redisOf } from "./ownRedis.ts";

/** Row 57: everything, in the order that the seed gives, for as long as `--minutes` says. */
export const mixed: Row[] = [
  {
    number: 57,
    fault: "random mix of faults",
    shape: "two",
    environment: redisFor,
    inject: (world, scale) =>
      mix(world, scale, {
        chat: { visitors: 40, tabs: 12, held: 12 },
        shift: { agents: 6, capacity: 2, guests: 18 },
        faults: Object.entries(mixedFaults).filter(([name]) => hasRedis() || !name.startsWith("Redis")),
      }),
  },
];

/** The same of one process, with so few people and faults that it takes half a minute: a part of `npm test`, beside other rows. */
export const shortMix: Row = {
  number: 57,
  fault: "a few faults, one after the other",
  shape: "one",
  inject: (world, scale) =>
    mix(world, scale, {
      chat: { visitors: 8, tabs: 2, held: 2 },
      shift: { agents: 3, capacity: 1, guests: 6 },
      // What happens to this product alone: the database's server is the others' too.
      faults: Object.entries(mixedFaults).filter(([name]) => ofOneProduct.has(name)),
    }),
};
const ofOneProduct = new Set([
  "gateway killed",
  "connections to PostgreSQL reset",
  "answers of PostgreSQL cut in the middle",
  "pages that don't read",
]);

interface Mixture {
  chat: Omit<ChatSettings, "perSecond">;
  shift: ShiftSettings;
  faults: [string, MixedFault][];
}

const backWithinMs = 30_000;

async function mix(world: World, { minutes, messages, faults: most, perSecond }: Scale, people: Mixture): Promise<Findings> {
  const redis = redisOf(world);
  if (redis !== undefined) world.afterwards(() => redis.end());
  const chat = await startChat(world, { ...people.chat, perSecond });
  const shift = await startShift(world, people.shift);
  const end = performance.now() + minutes * 60_000;
  const injected = new Map<string, number>();
  const goesOn = (number: number) => {
    if (most !== undefined) return number <= most;
    return messages === undefined ? performance.now() < end : world.history.sent < messages;
  };
  const late: string[] = [];
  let worstBackMs = 0;
  for (let number = 1; goesOn(number); number++) {
    await pause(1000 + 4000 * world.random());
    const [name, inject] = anyOf(world, people.faults);
    worstBackMs = Math.max(
      worstBackMs,
      await world.fault(`${number}: ${name}`, async () => {
        await inject(world, shift);
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
  // A server that ended is recovering for a while, during which gateways may still believe in it.
  const database = (await world.postgres.answers()) ? [] : ["PostgreSQL"];
  return [...gone, ...database, ...(await Promise.all(world.gateways.map(whatItLacks))).flat()];
}

/** Of a machine that also plays all the people: that a process has much to do is no fault. */
async function whatItLacks(gateway: Product): Promise<string[]> {
  const missing = (await whatIsMissing(gateway.port)).filter((what) => what !== "busy");
  return missing.length === 0 ? [] : [`gateway ${gateway.name} (${missing.join(", ")}; ${gateway.lastSeen})`];
}
