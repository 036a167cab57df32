import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { startChat } from "../chat.ts";
import { ackDelays } from "../history/delays.ts";
import { quantile } from "../history/prompt.ts";
import { query } from "../processes/postgres.ts";
import { emptyDisk, fillDisk, mountDisk, noDiskHere, useUpNames } from "../processes/smallDisk.ts";
import { pause } from "../processes/until.ts";
import { type Findings, type Row, require } from "../row.ts";
import type { World } from "../world.ts";

/** Row 50: no room for the files that people attach, or no room for their names. */
export const uploads: Row[] = [
  { number: 50, fault: "disk of the uploads full, of bytes and of names", shape: "one", missing: noDiskHere, inject: fillUploads },
];

const uploadsPerFault = 12;
/** What a person can act on, and no word of paths or codes. */
const said = /no room for files/;

async function fillUploads(world: World): Promise<Findings> {
  const place = join(world.dataDir, "files");
  await mkdir(place, { recursive: true });
  const unmount = mountDisk(place, "size=8m,nr_inodes=400");
  world.afterwards(async () => unmount());
  const chat = await startChat(world, { visitors: 16, tabs: 4, held: 6, perSecond: 30 });
  const before = await uploadSome(world);
  const calmFrom = performance.now();
  await pause(2000);
  const begunAt = performance.now();
  const bytes = await world.fault("no bytes", async () => {
    await fillDisk(place);
    await pause(1500);
    return await uploadSome(world);
  });
  await emptyDisk(place);
  const names = await world.fault("no names", async () => {
    await useUpNames(place);
    await pause(1500);
    return await uploadSome(world);
  });
  const endedAt = performance.now();
  await emptyDisk(place);
  const after = await uploadSome(world);
  chat.stop();
  const kept = await filesKept(place);
  const [rows] = await query(world.databaseUrl, "select count(*)::int as n, count(*) filter (where stored)::int as stored from file");
  const calmP99Ms = quantile(ackDelays(world.history.events, calmFrom, begunAt), 0.99);
  const p99Ms = quantile(ackDelays(world.history.events, begunAt, endedAt), 0.99);
  const refused = [...bytes, ...names];
  const wrong = refused.find(({ status, message }) => status !== 503 || !said.test(message));
  return {
    injected: `a disk of 8 MB filled to the last byte, then with 400 names; ${refused.length} uploads meanwhile`,
    figures: { uploadsRefused: refused.length, calmP99Ms, p99Ms },
    violations: [
      ...require([...before, ...after].every(({ status }) => status === 201), "with room an upload was refused"),
      ...require(wrong === undefined, `without room an upload was answered by ${wrong?.status} ${wrong?.message}`),
      ...require(Number(rows?.["n"]) === before.length + after.length && rows?.["stored"] === rows?.["n"], "a refused upload left its row"),
      ...require(kept === before.length + after.length, `${kept} files are kept for ${before.length + after.length} uploads`),
      ...require(p99Ms <= Math.max(200, 5 * calmP99Ms), `acks took ${Math.round(p99Ms)} ms (p99) meanwhile`),
    ],
  };
}

async function uploadSome(world: World): Promise<{ status: number; message: string }[]> {
  const people = world.visitors.slice(0, uploadsPerFault);
  return await Promise.all(people.map((visitor, n) => visitor.upload(`words-${n}.txt`, "a few words, ".repeat(1000))));
}

async function filesKept(place: string): Promise<number> {
  return (await readdir(place, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).length;
}
