import { startChat } from "../chat.ts";
import { ackDelays } from "../history/delays.ts";
import { pause, soon, until } from "../processes/until.ts";
import { type Findings, type Row, require, type Scale } from "../row.ts";
import type { World } from "../world.ts";
import { outage } from "./outage.ts";

/** Rows 18 to 20: the database crashes, is away, or answers nothing. */
export const database: Row[] = [
  { number: 18, fault: "one PostgreSQL backend killed under load", shape: "one", inject: killBackends },
  {
    number: 19,
    fault: "PostgreSQL stopped at once, and started later",
    shape: "one",
    seconds: 30,
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
    seconds: 30,
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
