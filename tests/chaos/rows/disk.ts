import { query } from "../processes/postgres.ts";
import { noDiskHere } from "../processes/smallDisk.ts";
import { soon } from "../processes/until.ts";
import { type Findings, type Row, require } from "../row.ts";
import type { World } from "../world.ts";
import { outage } from "./outage.ts";

/** Rows 21 and 22: the database's disk is full. */
export const disk: Row[] = [
  {
    number: 21,
    fault: "disk of PostgreSQL's write-ahead log full",
    shape: "one",
    disk: { holds: "log" },
    missing: noDiskHere,
    inject: (world, scale) =>
      outage(world, scale, "write-ahead log full", {
        begin: async () => {
          await diskOf(world).fill();
          // What it has set aside for its log would last for minutes: each switch uses up one of these files.
          const ended = () =>
            nextLogFile(world).then(
              () => false,
              () => true,
            );
          if (!(await soon(10_000, ended))) throw new Error("the log never ran out of room");
        },
        end: async () => {
          await diskOf(world).empty();
          // It has ended itself; a supervisor starts it again.
          await world.postgres.restart();
        },
      }),
  },
  { number: 22, fault: "PostgreSQL's data disk full", shape: "one", disk: { holds: "data" }, missing: noDiskHere, inject: dataDiskFull },
];

async function dataDiskFull(world: World, scale: Parameters<Row["inject"]>[1]): Promise<Findings> {
  let lived = false;
  const findings = await outage(world, scale, "data disk full", {
    staysReady: true,
    begin: () => diskOf(world).fill(),
    end: async () => {
      lived = await world.postgres.answers();
      await diskOf(world).empty();
    },
  });
  return { ...findings, violations: [...(findings.violations ?? []), ...require(lived, "the server ended")] };
}

async function nextLogFile(world: World): Promise<void> {
  await query(world.postgres.url("postgres"), "create temp table used_up as select 1");
  await query(world.postgres.url("postgres"), "select pg_switch_wal()");
}

function diskOf(world: World) {
  if (world.disk === undefined) throw new Error("this row needs a disk of its own");
  return world.disk;
}
