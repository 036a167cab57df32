import type { Database } from "../../platform/database/database.ts";
import { writeTogether } from "../../platform/database/writeTogether.ts";
import { type EndedRun, insertEndedRuns } from "./runStore.ts";

/** Each may have a megabyte of rows in it, and is in memory twice. */
const runsPerStatement = 16;

const writers = new WeakMap<Pick<Database, "acrossTenants">, (ended: EndedRun) => Promise<boolean>>();

/** Writes down a run that only read and that nobody wrote down before, together with what ends beside it. False where it was written down all the same. */
export function endTogether(database: Pick<Database, "acrossTenants">, ended: EndedRun): Promise<boolean> {
  const write = writers.get(database) ?? writeTogether((all: readonly EndedRun[]) => insertAll(database, all), runsPerStatement);
  writers.set(database, write);
  return write(ended);
}

async function insertAll({ acrossTenants }: Pick<Database, "acrossTenants">, all: readonly EndedRun[]): Promise<boolean[]> {
  const inserted = await insertEndedRuns(acrossTenants, all);
  return all.map(({ run }) => inserted.has(run.id));
}
