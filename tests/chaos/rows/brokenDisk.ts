import { startChat } from "../chat.ts";
import { ackDelays } from "../history/delays.ts";
import { failSync, noTracerHere } from "../processes/failSync.ts";
import { query } from "../processes/postgres.ts";
import { pause, soon, until } from "../processes/until.ts";
import { type Findings, type Row, require, type Scale } from "../row.ts";
import type { World } from "../world.ts";

/** Row 23: the disk says that it could not keep what PostgreSQL wrote; whoever asks once more is told that all is well. */
export const brokenDisk: Row[] = [
  { number: 23, fault: "fsync of PostgreSQL fails (EIO)", shape: "one", missing: noTracerHere, inject: fail },
];

const crashedWithinMs = 20_000;

async function fail(world: World, { rounds }: Scale): Promise<Findings> {
  const chat = await startChat(world, { visitors: 24, tabs: 6, held: 6, perSecond: 80 });
  const begunAt = performance.now();
  let crashes = 0;
  for (let round = 0; round < rounds; round++) {
    await pause(1000 + 500 * world.random());
    // Now the log, when a message is committed, now the tables, at a checkpoint.
    const which = round % 2 === 0 ? "application_name = 'switchboard'" : "backend_type = 'checkpointer'";
    await world.fault(`sync ${round}`, async () => {
      const before = await panics(world);
      const { end } = await failSync(await processes(world, which));
      if (round % 2 === 1) query(world.postgres.url("postgres"), "checkpoint").catch(() => {});
      if (await soon(crashedWithinMs, async () => (await panics(world)) > before, 50)) crashes++;
      await end();
      await until("PostgreSQL has recovered", 60_000, () => world.postgres.answers());
    });
  }
  await pause(1500);
  chat.stop();
  await soon(10_000, () => world.visitors.every(({ waiting }) => waiting === 0));
  return {
    injected: `EIO from every fsync and fdatasync of PostgreSQL's processes, ${rounds} times until it crashed and recovered`,
    figures: { crashes, worstAckMs: ackDelays(world.history.events, begunAt).at(-1) ?? 0 },
    violations: require(crashes === rounds, `it crashed ${crashes} of ${rounds} times: a failed sync was passed over`),
  };
}

async function processes(world: World, which: string): Promise<number[]> {
  const rows = await query(world.postgres.url("postgres"), `select pid from pg_stat_activity where ${which}`);
  return rows.map(({ pid }) => Number(pid)).filter((pid) => Number.isInteger(pid) && pid > 1);
}

async function panics(world: World): Promise<number> {
  return (await world.postgres.logged()).split("PANIC:").length;
}
