import { Refusal } from "../../protocol/refusal.ts";
import type { Statement } from "../queries/bindQuery.ts";
import { safeToRead } from "../queries/safeToRead.ts";
import type { Adapter, AskOwn } from "./adapter.ts";
import type { Connection, OpenRows } from "./connection.ts";
import type { ConnectionPool } from "./connectionPools.ts";
import { type Answer, type Cell, type DataSource, type Limits, type Reading, readLimits } from "./dataSource.ts";
import { guarded } from "./guarded.ts";

/** Reading from a source: one statement, checked, in a read-only transaction, under caps and a deadline. */
export function createReading(adapter: Adapter, pool: ConnectionPool): Pick<DataSource, "read" | "stream"> & { own: AskOwn } {
  return {
    read: async ({ statement, limits, signal }) => {
      await safeToRead(statement);
      const caps = { ...readLimits, ...limits };
      return await using(adapter, pool, { statement, signal, deadlineMs: caps.deadlineMs }, async (connection) => {
        await connection.begin("read", caps.deadlineMs);
        const rows = await connection.open(statement.text, statement.values);
        const answer = await readCapped(rows, caps);
        return { result: answer, isClean: await rows.close() };
      });
    },
    stream: async (reading) => {
      await safeToRead(reading.statement);
      return await openStream(adapter, pool, reading);
    },
    own: async (text, values = []) =>
      await using(adapter, pool, { deadlineMs: readLimits.deadlineMs }, async (connection) => {
        await connection.begin("read", readLimits.deadlineMs);
        const rows = await connection.open(text, values);
        return { result: (await readAll(rows, ownRowsAtMost)) ?? [], isClean: await rows.close() };
      }),
  };
}

/** Of what this product asks itself: the columns of a large schema. */
const ownRowsAtMost = 60_000;

interface Using {
  deadlineMs: number;
  statement?: Statement;
  signal?: AbortSignal | undefined;
}

/** Takes a connection, and gives it back reset; one that isn't known to be clean is thrown away. */
export async function using<Result>(
  adapter: Adapter,
  pool: ConnectionPool,
  { deadlineMs, statement, signal }: Using,
  work: (connection: Connection) => Promise<{ result: Result; isClean: boolean }>,
): Promise<Result> {
  let connection: Connection | undefined;
  let isClean = false;
  try {
    connection = await pool.take(signal);
    const done = await guarded(connection, { deadlineMs, signal }, work);
    isClean = done.isClean;
    return done.result;
  } catch (error) {
    throw adapter.refusal(error, statement);
  } finally {
    if (connection !== undefined) leave(pool, connection, isClean);
  }
}

/** The answer needn't wait until the session is reset; who takes the connection next does. */
function leave(pool: ConnectionPool, connection: Connection, isClean: boolean): void {
  if (!isClean) {
    pool.give(connection, false);
    return;
  }
  connection.reset({ isAwaited: pool.isAwaited() }).then(
    () => pool.give(connection, true),
    () => pool.give(connection, false),
  );
}

async function readCapped(rows: OpenRows, caps: Limits): Promise<Answer> {
  const kept: (readonly Cell[])[] = [];
  let bytes = 0;
  for (let batch = await rows.next(); batch.length > 0; batch = await rows.next()) {
    for (const row of batch) {
      if (kept.length === caps.rows) return { columns: rows.columns, rows: kept, truncated: "rows" };
      const shown = row.map((cell) => shortened(cell, caps.cell));
      bytes += shown.reduce<number>((sum, cell) => sum + (typeof cell === "string" ? Buffer.byteLength(cell) : 8), 0);
      if (bytes > caps.bytes) return { columns: rows.columns, rows: kept, truncated: "bytes" };
      kept.push(shown);
    }
  }
  return { columns: rows.columns, rows: kept, truncated: undefined };
}

function shortened(cell: Cell, characters: number): Cell {
  if (typeof cell !== "string" || cell.length <= characters) return cell;
  return `${cell.slice(0, characters).toWellFormed()}… (${cell.length} characters)`;
}

/** Every row; `undefined` where there are more than `atMost`. */
export async function readAll(rows: OpenRows, atMost: number): Promise<(readonly Cell[])[] | undefined> {
  const all: (readonly Cell[])[] = [];
  for (let batch = await rows.next(); batch.length > 0; batch = await rows.next()) {
    all.push(...batch);
    if (all.length > atMost) return undefined;
  }
  return all;
}

/** What an export may take in all. */
const streamDeadlineMs = 15 * 60_000;

async function openStream(
  adapter: Adapter,
  pool: ConnectionPool,
  { statement, limits, signal }: Reading,
): ReturnType<DataSource["stream"]> {
  const deadlineMs = limits?.deadlineMs ?? streamDeadlineMs;
  let finish: (isClean: boolean) => void = () => {};
  const finished = new Promise<boolean>((resolve) => {
    finish = resolve;
  });
  // Whoever reads may wait for their own reader, and would hear of it late.
  signal?.addEventListener("abort", () => finish(false), { once: true });
  let whole: Promise<undefined> = Promise.resolve(undefined);
  const opened = new Promise<OpenRows>((resolve) => {
    whole = using(adapter, pool, { statement, signal, deadlineMs }, async (connection) => {
      await connection.begin("read", deadlineMs);
      resolve(await connection.open(statement.text, statement.values, "whole"));
      return { result: undefined, isClean: await finished };
    });
  });
  const failed = whole.then((): never => {
    throw new Refusal("unavailable", "The query ended before its rows were read.");
  });
  failed.catch(() => {});
  const rows = await Promise.race([opened, failed]);
  // Not a race each time: what is raced against keeps every batch for as long as it lives (433 MB for a million rows).
  let giveUp: (reason: unknown) => void = () => {};
  let broken: { reason: unknown } | undefined;
  failed.catch((reason: unknown) => {
    broken = { reason };
    giveUp(reason);
  });
  const next = () =>
    new Promise<readonly (readonly Cell[])[]>((resolve, reject) => {
      giveUp = reject;
      if (broken === undefined) rows.next().then(resolve, reject);
      else reject(broken.reason);
    });
  async function* batches() {
    let isClean = false;
    try {
      for (;;) {
        const batch = await next();
        if (batch.length === 0) break;
        yield batch;
      }
      isClean = await rows.close();
    } catch (error) {
      throw adapter.refusal(error, statement);
    } finally {
      finish(isClean);
    }
    await whole;
  }
  return { columns: rows.columns, batches: batches() };
}
