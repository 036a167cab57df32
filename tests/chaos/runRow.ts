import { check, type Figures } from "./history/check.ts";
import { sinceRestore } from "./history/sinceRestore.ts";
import type { Violation } from "./history/violation.ts";
import { openSmallDisk } from "./processes/smallDisk.ts";
import { readLedger } from "./readLedger.ts";
import { type Amounts, type Row, require, usualSeconds } from "./row.ts";
import { settle } from "./settle.ts";
import { type Ground, World } from "./world.ts";

export interface RowResult {
  row: number;
  fault: string;
  injected: string;
  figures: Figures;
  own: Record<string, number>;
  violations: Violation[];
  seconds: number;
}

/** Injects one row's faults into a product of its own and checks what everybody saw. */
export async function runRow(
  ground: Ground,
  row: Row,
  { seed, scale, settleMs }: { seed: number; scale: Amounts; settleMs?: number },
): Promise<RowResult> {
  const begunAt = performance.now();
  const own = row.disk === undefined ? undefined : await openSmallDisk(ground.folder, row.disk);
  try {
    return await runOn(own === undefined ? ground : { ...ground, ...own }, row, { seed, scale, settleMs }, begunAt);
  } finally {
    await own?.end();
  }
}

async function runOn(
  ground: Ground,
  row: Row,
  { seed, scale, settleMs }: { seed: number; scale: Amounts; settleMs: number | undefined },
  begunAt: number,
): Promise<RowResult> {
  const world = await World.open(ground, {
    shape: row.shape,
    seed: seed + row.number,
    ...(row.jitterMs === undefined ? {} : { jitterMs: row.jitterMs }),
    ...(row.openFiles === undefined ? {} : { openFiles: row.openFiles }),
    ...(row.environment === undefined ? {} : { environment: row.environment }),
  });
  try {
    const { injected, figures: own = {}, violations = [] } = await row.inject(world, { seconds: row.seconds ?? usualSeconds, ...scale });
    await settle(world, settleMs);
    const history = sinceRestore(world.history.events);
    const checked = check(history, await readLedger(world.databaseUrl, history));
    return {
      row: row.number,
      fault: row.fault,
      injected,
      figures: checked.figures,
      own: { ...own, ...checked.own },
      violations: [
        ...checked.violations,
        ...violations,
        ...world.products.flatMap(({ faults }) => faults.flatMap((what) => require(false, what))),
      ],
      seconds: (performance.now() - begunAt) / 1000,
    };
  } finally {
    await world.close();
  }
}
