import { createHash } from "node:crypto";
import { Refusal } from "../../protocol/refusal.ts";
import { safeToWrite } from "../queries/safeToWrite.ts";
import type { Adapter, Run, Touched } from "./adapter.ts";
import type { Connection } from "./connection.ts";
import type { ConnectionPool } from "./connectionPools.ts";
import { type DataSource, readLimits, type WritePreview } from "./dataSource.ts";
import { tooSlow } from "./guarded.ts";
import { readAll, using } from "./reading.ts";

/** How many rows one statement may change, and how many are shown. */
export const changedAtMost = 10_000;
export const sampleRows = 20;

/** Writing to a source: shown first, in a transaction that is rolled back; then once, when the world is still as it was shown. */
export function createWriting(adapter: Adapter, pool: ConnectionPool): Pick<DataSource, "previewWrite" | "write"> {
  return {
    previewWrite: async ({ statement, signal, deadlineMs = readLimits.deadlineMs }) => {
      await safeToWrite(statement);
      return await using(adapter, pool, { statement, signal, deadlineMs }, async (connection) => {
        await connection.begin("write", deadlineMs);
        const touched = await adapter.touch(runOn(connection), statement);
        await connection.rollback();
        return { result: preview(touched), isClean: true };
      });
    },
    write: async ({ statement, signal, expected, deadlineMs = readLimits.deadlineMs }) => {
      await safeToWrite(statement);
      const begunMs = performance.now();
      let committing = false;
      const written = using(adapter, pool, { statement, signal, deadlineMs }, async (connection) => {
        await connection.begin("write", deadlineMs);
        const { count, hash } = preview(await adapter.touch(runOn(connection), statement));
        if (count !== expected.count || hash !== expected.hash) {
          await connection.rollback();
          const now = count === expected.count ? "rows that have changed since" : `${count} rows now`;
          throw new Refusal("stale", `What was shown had ${expected.count} rows; this would change ${now}. Look at it again.`, {
            current: { count },
          });
        }
        // A process that stood still meanwhile was taken for dead, and somebody may have settled its run by now.
        if (signal?.aborted === true || performance.now() - begunMs > deadlineMs) {
          await connection.rollback();
          throw tooSlow(deadlineMs);
        }
        committing = true;
        await connection.commit();
        return { result: { count }, isClean: true };
      });
      return await written.catch((error: unknown) => {
        throw committing ? error : nothingChanged(error);
      });
    },
  };
}

/** Whatever ended it before its commit was sent, the server takes it back: `automation_failed` in place of `unavailable`, which says that nobody knows. */
export function nothingChanged(error: unknown): unknown {
  if (!(error instanceof Refusal) || error.code !== "unavailable") return error;
  return new Refusal("automation_failed", `Nothing was changed: ${error.message}`, { cause: error });
}

/** What a clock or a sequence gives is another value each time; it is shown, and makes no other plan. */
const ofTheClock = new Set(["instant", "date", "time"]);

function preview({ count, columns, before, after, warnings, given = [] }: Touched): WritePreview {
  if (count > changedAtMost) throw tooMany();
  const told = columns.map(({ name, type }) => !ofTheClock.has(type) && !given.includes(name));
  const hash = createHash("sha256")
    .update(JSON.stringify([count, before, after.map((row) => row.filter((_, index) => told[index]))]))
    .digest("base64url");
  return { count, columns, before: before.slice(0, sampleRows), after: after.slice(0, sampleRows), hash, warnings };
}

export function tooMany(): Refusal {
  return new Refusal("invalid_value", `This would change more than ${changedAtMost} rows at once; narrow its WHERE down.`, {
    path: "text",
  });
}

function runOn(connection: Connection): Run {
  return async (text, values) => {
    const rows = await connection.open(text, values);
    const all = await readAll(rows, changedAtMost);
    if (all === undefined) throw tooMany();
    await rows.close();
    return { columns: rows.columns, rows: all, count: rows.count() };
  };
}
