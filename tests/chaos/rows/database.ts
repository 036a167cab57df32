import { startChat } from "../chat.ts";
import { ackDelays, firstAckAfter, refusalDelays } from "../history/delays.ts";
import { quantile } from "../history/prompt.ts";
import { isReady } from "../processes/isReady.ts";
import { pause, soon, until } from "../processes/until.ts";
import { type Findings, type Row, require, type Scale } from "../row.ts";
import type { World } from "../world.ts";

/** Rows 18 to 20: the database crashes, is away, or answers nothing. */
export const database: Row[] = [
  { number: 18, fault: "one PostgreSQL backend killed under load", shape: "one", inject: killBackends },
  {
    number: 19,
    fault: "PostgreSQL stopped at once, and started later",
    shape: "one",
    inject: (world, scale) =>
      outage(world, scale, "immediate stop", {
        begin: () => world.postgres.stopImmediately(),
        end: () => world.postgres.start(),
      }),
  },
  {
    number: 20,
    fault: "PostgreSQL frozen (SIGSTOP), and its network stalled",
    shape: "one",
    inject: async (world, scale) => {
      const frozen = await outage(world, scale, "SIGSTOP to all its processes", {
        begin: () => world.postgres.freeze(),
        end: async () => world.postgres.thaw(),
      });
      await soon(10_000, () => world.visitors.every(({ waiting }) => waiting === 0));
      const stalled = await outage(world, scale, "network stall", {
        begin: async () => world.databaseProxy.hold("up", "down"),
        end: async () => world.databaseProxy.pass(),
      });
      return {
        injected: `${frozen.injected}; ${stalled.injected}`,
        figures: Object.fromEntries(
          Object.entries(frozen.figures ?? {}).map(([name, value]) => [name, Math.max(value, stalled.figures?.[name] ?? 0)]),
        ),
        violations: [...(frozen.violations ?? []), ...(stalled.violations ?? [])],
      };
    },
  },
];

async function killBackends(world: World, { rounds }: Scale): Promise<Findings> {
  const chat = await startChat(world, { visitors: 30, tabs: 6, held: 6, perSecond: 150 });
  const begunAt = performance.now();
  let kills = 0;
  for (let round = 0; round < rounds; round++) {
    await pause(800 + 800 * world.random());
    await world.fault(`kill ${round}`, async () => {
      if (await world.postgres.killBackend("switchboard")) kills++;
      // It ends all its backends, recovers (a slow disk takes its time to sync every file), and takes connections again.
      await until("PostgreSQL has recovered", 60_000, () => world.postgres.answers());
    });
  }
  await pause(1500);
  chat.stop();
  await soon(10_000, () => world.visitors.every(({ waiting }) => waiting === 0));
  const worstAckMs = ackDelays(world.history.events, begunAt).at(-1) ?? 0;
  return {
    injected: `kill -9 of ${kills} backends, in the middle of writing`,
    figures: { worstAckMs },
    violations: require(kills === rounds, `only ${kills} backends were killed`),
  };
}

interface Outage {
  begin(): Promise<void>;
  end(): Promise<void>;
}

/** From the statement's deadline of 5 s to the page. */
const refusedWithinMs = 5500;
const recoveredWithinMs = 5000;

async function outage(world: World, { seconds }: Scale, what: string, { begin, end }: Outage): Promise<Findings> {
  const chat =
    world.visitors.length === 0
      ? await startChat(world, { visitors: 20, tabs: 5, held: 6, perSecond: 20 })
      : { say: sayMore(world), stop: () => {} };
  const { port } = world.product("a");
  await pause(1000);
  const [begunAt, endedAt, unready] = await world.fault(what, async () => {
    const at = performance.now();
    await begin();
    const talking = setInterval(() => chat.say(), 50);
    const unready = await soon(8000, async () => !(await isReady(port)), 100);
    await pause(Math.max(0, seconds * 1000 - (performance.now() - at)));
    clearInterval(talking);
    await end();
    return [at, performance.now(), unready] as const;
  });
  const ackedAgain = await soon(15_000, () => firstAckAfter(world.history.events, endedAt) < Number.POSITIVE_INFINITY);
  const readyAgain = await soon(10_000, () => isReady(port), 50);
  await pause(1000);
  chat.stop();
  const refusals = refusalDelays(world.history.events, begunAt, endedAt);
  const recoveredMs = ackedAgain ? firstAckAfter(world.history.events, endedAt) : 15_000;
  const worstRefusalMs = refusals.at(-1) ?? 0;
  return {
    injected: `${what} for ${((endedAt - begunAt) / 1000).toFixed(1)} s, ${refusals.length} messages refused`,
    figures: { refusalP50Ms: quantile(refusals, 0.5), worstRefusalMs, recoveredMs },
    violations: [
      ...require(refusals.length > 0, `${what}: nobody was told that a message isn't saved`),
      ...require(worstRefusalMs <=
        refusedWithinMs, `${what}: a page was told after ${Math.round(worstRefusalMs)} ms that its message isn't saved`),
      ...require(unready, `${what}: it stayed ready`),
      ...require(recoveredMs <= recoveredWithinMs, `${what}: the first ack came ${Math.round(recoveredMs)} ms after the end`),
      ...require(readyAgain, `${what}: it is not ready again after 10 s`),
    ],
  };
}

let more = 0;

function sayMore(world: World): () => void {
  return () => world.visitors[Math.floor(world.random() * world.visitors.length)]?.say(`reverse ${++more} once more`);
}
