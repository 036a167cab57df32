import { Socket } from "node:net";
import pg from "pg";
import Cursor from "pg-cursor";
import { type BytesAs, type Connection, type OpenRows, withKeys } from "../connection.ts";
import type { Cell } from "../dataSource.ts";
import type { ReachedHost } from "../reachSource.ts";
import { passwordInClear, tooLargeRows } from "../refusals.ts";
import type { SourceSettings } from "../sourceSettings.ts";
import { cellOf, columnTypeOf } from "./postgresqlCells.ts";

const connectWithinMs = 8000;
/** What one batch of rows should take in memory, about, and what it may. */
const batchBytes = 512 * 1024;
const batchBytesAtMost = 96 * 1024 * 1024;
/** Before it is known how large a row is: most answers end with them, in one round trip. */
const firstRows = 8;
const batchRowsAtMost = 500;

/** Texts as they come; this product's own cells are made of them. */
const raw = { getTypeParser: () => (text: string) => text };

/** What DISCARD ALL does, which can't stand behind a ROLLBACK in one round trip. */
const forgetAll =
  "rollback; close all; set session authorization default; reset all; deallocate all; unlisten *; select pg_advisory_unlock_all(); " +
  "discard plans; discard temp; discard sequences";

export async function connectPostgresql(settings: SourceSettings, host: ReachedHost): Promise<Connection> {
  const client = await openClient(settings, host);
  const pid = processIdOf(client);
  const run = async (text: string) => {
    await client.query(text);
  };
  return {
    begin: async (mode, deadlineMs) => {
      const access = mode === "read" ? "read only" : "read write";
      // How this product's checks understand strings, and how its cells read dates; constants all, so one round trip takes them together.
      await run(
        `begin transaction ${access}; set local statement_timeout = ${deadlineMs}; set local lock_timeout = 5000; ` +
          `set local idle_in_transaction_session_timeout = ${deadlineMs + 60_000}; set local standard_conforming_strings = on; ` +
          `set local backslash_quote = safe_encoding; set local timezone = 'UTC'; set local datestyle = 'ISO, YMD'; ` +
          `set local intervalstyle = 'postgres'; set local bytea_output = 'hex'; set local extra_float_digits = 1`,
      );
    },
    open: async (text, values, bytes = "described") => {
      const cursor = client.query(new Cursor<string[]>(text, [...values], { rowMode: "array", types: raw }));
      return await openRows(client, cursor, bytes);
    },
    commit: () => run("commit"),
    rollback: () => run("rollback"),
    reset: () => run(forgetAll),
    cancel: async () => {
      const other = await openClient(settings, host);
      try {
        await other.query("select pg_cancel_backend($1)", [pid]);
      } finally {
        await other.end();
      }
    },
    destroy: () => socketOf(client).destroy(),
  };
}

async function openClient(settings: SourceSettings, { address, name }: ReachedHost): Promise<pg.Client> {
  const client = new pg.Client({
    host: address,
    port: settings.port,
    database: settings.database,
    user: settings.user,
    password: settings.password,
    ssl:
      settings.tls === "off"
        ? false
        : { rejectUnauthorized: true, servername: name, ...(settings.authority === undefined ? {} : { ca: settings.authority }) },
    connectionTimeoutMillis: connectWithinMs,
    application_name: "switchboard",
    client_encoding: "UTF8",
    keepAlive: true,
  });
  // Told to whoever waits for a query; between two of them nobody does.
  client.on("error", () => {});
  // Heard before the driver hears it: nothing is written to a socket that is gone.
  if (settings.tls === "off") client.connection.once("authenticationCleartextPassword", () => socketOf(client).destroy(passwordInClear()));
  await client.connect();
  return client;
}

async function openRows(client: pg.Client, cursor: Cursor<string[]>, bytes: BytesAs): Promise<OpenRows> {
  const stream = socketOf(client);
  let rowsNext = firstRows;
  let ended = false;
  let matched = 0;
  const read = async (rows: number): Promise<{ rows: string[][]; fields: pg.FieldDef[] }> => {
    const before = stream.bytesRead;
    const tooLarge = watch(
      () => stream.bytesRead - before > batchBytesAtMost,
      () => stream.destroy(),
    );
    try {
      const found = await new Promise<{ rows: string[][]; result: pg.QueryResult }>((resolve, reject) => {
        cursor.read(rows, (error, read, result) => (error ? reject(error) : resolve({ rows: read, result })));
      });
      ended = found.rows.length < rows;
      matched = found.result.rowCount ?? 0;
      const size = (stream.bytesRead - before) / Math.max(1, found.rows.length);
      rowsNext = Math.max(1, Math.min(batchRowsAtMost, rows * 8, Math.floor(batchBytes / Math.max(1, size))));
      return { rows: found.rows, fields: found.result.fields };
    } catch (error) {
      throw tooLarge.isTrue() ? tooLargeRows(error) : error;
    } finally {
      tooLarge.stop();
    }
  };
  const first = await read(firstRows);
  const types = first.fields.map(({ dataTypeID }) => dataTypeID);
  const cells = ({ rows }: { rows: string[][] }): Cell[][] =>
    rows.map((row) => row.map((text, index) => cellOf(text, types[index] ?? 0, bytes)));
  let waiting: Cell[][] | undefined = cells(first);
  return {
    columns: withKeys(first.fields.map(({ name, dataTypeID }) => ({ name, type: columnTypeOf(dataTypeID) }))),
    next: async () => {
      const batch = waiting ?? (ended ? [] : cells(await read(rowsNext)));
      waiting = undefined;
      return batch;
    },
    count: () => matched,
    close: async () => {
      await cursor.close();
      return true;
    },
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
