import { Socket } from "node:net";
import pg from "pg";
import { type BytesAs, type Connection, type OpenRows, withKeys } from "../connection.ts";
import type { Cell } from "../dataSource.ts";
import type { ReachedHost } from "../reachSource.ts";
import { passwordInClear, tooLargeRows } from "../refusals.ts";
import type { SourceSettings } from "../sourceSettings.ts";
import { type Fetched, fetchPortal, type Opening, openPortal } from "./portal.ts";
import { cellOf, columnTypeOf } from "./postgresqlCells.ts";

const connectWithinMs = 8000;
/** What one batch of rows should take in memory, about, and what it may. */
const batchBytes = 512 * 1024;
const batchBytesAtMost = 96 * 1024 * 1024;
/** Before it is known how large a row is: most answers end with them, in one round trip. */
const firstRows = 32;
const batchRowsAtMost = 500;

/** How this product's checks understand strings, and how its cells read dates. */
const settings: Readonly<Record<string, string>> = {
  lock_timeout: "5000",
  standard_conforming_strings: "on",
  backslash_quote: "safe_encoding",
  timezone: "UTC",
  datestyle: "ISO, YMD",
  intervalstyle: "postgres",
  bytea_output: "hex",
  extra_float_digits: "1",
};

/** What DISCARD ALL does, which can't stand behind a ROLLBACK in one round trip. */
const forgetAll =
  "rollback; close all; set session authorization default; reset all; deallocate all; unlisten *; select pg_advisory_unlock_all(); " +
  "discard plans; discard temp; discard sequences";

export async function connectPostgresql(source: SourceSettings, host: ReachedHost): Promise<Connection> {
  const client = await openClient(source, host);
  const pid = processIdOf(client);
  const run = async (text: string) => {
    await client.query(text);
  };
  /** Sent with the first statement, which waits for them in the same round trip. */
  let beginning: readonly string[] = [];
  /** What the next statement takes along in its round trip. */
  let ahead: string | undefined;
  return {
    begin: async (mode, deadlineMs) => {
      // Nothing is written before it is known that the session is as it should be.
      if (mode === "write" && ahead !== undefined) await run(ahead);
      if (mode === "write") ahead = undefined;
      beginning = beginningOf(mode, deadlineMs);
    },
    open: async (text, values, bytes = "described") => {
      const opening = { ahead, before: beginning, text, values };
      ahead = undefined;
      beginning = [];
      return await openRows(client, opening, bytes);
    },
    commit: () => run("commit"),
    rollback: () => run("rollback"),
    reset: async ({ isAwaited }) => {
      if (isAwaited) ahead = forgetAll;
      else await run(forgetAll);
    },
    cancel: async () => {
      const other = await openClient(source, host);
      try {
        await other.query("select pg_cancel_backend($1)", [pid]);
      } finally {
        await other.end();
      }
    },
    destroy: () => socketOf(client).destroy(),
  };
}

function beginningOf(mode: "read" | "write", deadlineMs: number): string[] {
  const timed = { ...settings, statement_timeout: deadlineMs, idle_in_transaction_session_timeout: deadlineMs + 60_000 };
  const sets = Object.entries(timed).map(([name, value]) => `set_config('${name}', '${value}', true)`);
  return [`begin transaction ${mode === "read" ? "read only" : "read write"}`, `select ${sets.join(", ")}`];
}

async function openClient(source: SourceSettings, { address, name }: ReachedHost): Promise<pg.Client> {
  const client = new pg.Client({
    host: address,
    port: source.port,
    database: source.database,
    user: source.user,
    password: source.password,
    ssl:
      source.tls === "off"
        ? false
        : { rejectUnauthorized: true, servername: name, ...(source.authority === undefined ? {} : { ca: source.authority }) },
    connectionTimeoutMillis: connectWithinMs,
    application_name: "switchboard",
    client_encoding: "UTF8",
    keepAlive: true,
  });
  // Told to whoever waits for a query; between two of them nobody does.
  client.on("error", () => {});
  // Heard before the driver hears it: nothing is written to a socket that is gone.
  if (source.tls === "off") client.connection.once("authenticationCleartextPassword", () => socketOf(client).destroy(passwordInClear()));
  await client.connect();
  return client;
}

async function openRows(client: pg.Client, opening: Opening, bytes: BytesAs): Promise<OpenRows> {
  const stream = socketOf(client);
  let rowsNext = firstRows;
  const fetch = async (fetching: Promise<Fetched>): Promise<Fetched> => {
    const before = stream.bytesRead;
    const tooLarge = watch(
      () => stream.bytesRead - before > batchBytesAtMost,
      () => stream.destroy(),
    );
    try {
      const fetched = await fetching;
      const size = (stream.bytesRead - before) / Math.max(1, fetched.rows.length);
      rowsNext = Math.max(1, Math.min(batchRowsAtMost, rowsNext * 8, Math.floor(batchBytes / Math.max(1, size))));
      return fetched;
    } catch (error) {
      throw tooLarge.isTrue() ? tooLargeRows(error) : error;
    } finally {
      tooLarge.stop();
    }
  };
  const first = await fetch(openPortal(client, { ...opening, rows: firstRows }));
  const { fields } = first;
  let { ended, count } = first;
  const types = fields.map(({ dataTypeID }) => dataTypeID);
  const cells = ({ rows }: Fetched): Cell[][] => rows.map((row) => row.map((text, index) => cellOf(text, types[index] ?? 0, bytes)));
  let waiting: Cell[][] | undefined = cells(first);
  return {
    columns: withKeys(fields.map(({ name, dataTypeID }) => ({ name, type: columnTypeOf(dataTypeID) }))),
    next: async () => {
      const batch = waiting;
      waiting = undefined;
      if (batch !== undefined) return batch;
      if (ended) return [];
      const next = await fetch(fetchPortal(client, rowsNext));
      ({ ended, count } = next);
      return cells(next);
    },
    count: () => count,
    // What wasn't read goes with its transaction.
    close: async () => true,
  };
}

/** Looks now and then, since no event of a socket that a driver reads tells. */
function watch(isTrue: () => boolean, then: () => void): { isTrue: () => boolean; stop: () => void } {
  let was = false;
  const timer = setInterval(() => {
    if (!isTrue()) return;
    was = true;
    then();
  }, 50);
  return { isTrue: () => was, stop: () => clearInterval(timer) };
}

/** What the driver has and its types don't tell. */
function socketOf(client: object): Socket {
  const connection = "connection" in client ? client.connection : undefined;
  const stream = typeof connection === "object" && connection !== null && "stream" in connection ? connection.stream : undefined;
  if (!(stream instanceof Socket)) throw new Error("the driver keeps its socket elsewhere");
  return stream;
}

function processIdOf(client: object): number {
  if (!("processID" in client) || typeof client.processID !== "number") throw new Error("the driver keeps the process id elsewhere");
  return client.processID;
}
