import pg from "pg";
import { startChat } from "../chat.ts";
import { ackDelays } from "../history/delays.ts";
import { quantile } from "../history/prompt.ts";
import { type Built, buildNext } from "../processes/bundle.ts";
import { isReady } from "../processes/isReady.ts";
import type { Product } from "../processes/product.ts";
import { pause, soon, until } from "../processes/until.ts";
import { type Findings, type Row, require, type Scale } from "../row.ts";
import type { World } from "../world.ts";

/** Rows 26 and 52: a new version comes while people talk, with its migration, and for a while both are there. */
export const deployment: Row[] = [
  { number: 26, fault: "migration during traffic", shape: "two", inject: migrateInTraffic },
  { number: 52, fault: "old and new version mixed", shape: "two", seconds: 600, inject: mixVersions },
];

/** Tables that every message writes: what the migration asks for is in its way and it in theirs. */
const expand = `-- expand: the next version writes it
alter table conversation add column tomorrow text;
alter table message add column tomorrow text;
create table tomorrow (tenant_id uuid primary key, value text not null);
`;
/** It gives up after 2 s, and who waited behind it goes on. */
const waitsAtMostMs = 2000;
const allowanceMs = 1000;
const reportMs = 7000;

async function migrateInTraffic(world: World, { seconds }: Scale): Promise<Findings> {
  const next = await nextVersion(world, "migrating");
  const chat = await startChat(world, { visitors: 20, tabs: 6, held: 6, perSecond: 30 });
  const [a, b] = [world.product("a"), world.product("b")];
  const report = new pg.Client(world.databaseUrl);
  report.on("error", () => {});
  await report.connect();
  // Those of the other come back when they are told to.
  const staying = new Set(chat.visitors.filter(({ door }) => door === a.port).map(({ name }) => name));
  const begunAt = performance.now();
  const attempts = await world.fault("migration", async () => {
    // As a slow report or a dump does: every reader is let through, and no migration.
    await report.query("begin");
    await report.query("select count(*) from message, conversation");
    setTimeout(() => void report.query("commit"), reportMs);
    await renew(b, next.program, "SIGTERM");
    await soon(20_000, () => world.visitors.every(({ open }) => open));
    return b.output.filter((line) => line.includes("migration waits for a lock")).length;
  });
  const migratedAt = performance.now();
  await report.end();
  const restarted = await world.fault("old one again", async () => {
    await renew(a, world.program, "SIGKILL");
    return await soon(10_000, () => isReady(a.port));
  });
  await pause(Math.min(seconds, 4) * 1000);
  await world.fault("the other too", () => renew(a, next.program, "SIGTERM"));
  await pause(2000);
  chat.stop();
  const delays = ackDelays(world.history.events, begunAt, migratedAt, (viewer) => staying.has(viewer));
  const worstAckMs = delays.at(-1) ?? 0;
  return {
    injected: `a migration of the tables of messages behind a report of ${reportMs / 1000} s; old and new together; the old one started again`,
    figures: { attempts: attempts + 1, migratedMs: migratedAt - begunAt, ackP99Ms: quantile(delays, 0.99), worstAckMs },
    violations: [
      ...require(attempts > 0, "the migration never waited for the report"),
      ...require(worstAckMs <= waitsAtMostMs + allowanceMs, `an ack took ${Math.round(worstAckMs)} ms behind the migration`),
      ...require(restarted, "the old version didn't start again on the new tables"),
    ],
  };
}

async function mixVersions(world: World, { seconds }: Scale): Promise<Findings> {
  const next = await nextVersion(world, "mixed");
  const [a, b] = [world.product("a"), world.product("b")];
  const chat = await startChat(world, { visitors: 20, tabs: 10, held: 8, perSecond: 30 });
  await world.fault("deployment", async () => {
    await renew(b, next.program, "SIGTERM");
    await soon(20_000, () => world.visitors.every(({ open }) => open));
  });
  // Half of them come to the old process first: as behind a balancer, the next attempt goes elsewhere.
  const newer = Array.from({ length: 8 }, (_, index) =>
    world.visitor(world.doors(index % 2), {
      name: `newer-${index}`,
      says: { version: 2, tomorrow: { colour: "red" }, ...(index < 4 ? { needs: ["tomorrow"] } : {}) },
    }),
  );
  await until("pages of the new version are welcomed", 30_000, () => newer.every(({ open }) => open));
  const told = newer.flatMap(({ refusals }) => refusals).filter((code) => code === "upgrade_needed").length;
  const needy = newer.slice(0, 4);
  const atOld = needy.filter(({ door }) => door === a.port).length;
  for (let round = 0; round < seconds; round++) {
    for (const page of newer) page.say(`reverse of tomorrow ${round} ${page.name}`);
    await pause(1000);
  }
  await world.fault("the other too", () => renew(a, next.program, "SIGTERM"));
  await pause(2000);
  chat.stop();
  const errors = [a, b].flatMap(({ output }) => output).filter((line) => /"level":50|a subscriber failed|ERROR/.test(line)).length;
  return {
    injected: `one of two processes of a version that has new fields, new events and a new table, for ${seconds} s; ${newer.length} pages of that version`,
    figures: { upgradeNotices: told, errors },
    violations: [
      ...require(told >= 2, `${told} pages were told that the process is older than they need`),
      ...require(atOld === 0, `${atOld} pages are with a process that doesn't know what they need`),
      ...require(errors === 0, `the logs have ${errors} errors`),
    ],
  };
}

async function nextVersion(world: World, name: string): Promise<Built> {
  const next = await buildNext(
    name,
    { "src/protocol/version.ts": "tests/chaos/next/version.ts", "src/conversations/events.ts": "tests/chaos/next/events.ts" },
    { "9001_tomorrow.sql": expand },
  );
  world.afterwards(async () => next.remove());
  return next;
}

async function renew(product: Product, program: string, signal: NodeJS.Signals): Promise<void> {
  product.signal(signal);
  await product.ended();
  product.become(program);
  await product.start();
}
