import { connect as connectSocket, type Socket } from "node:net";
import { createConnection, type FieldPacket, type Connection as MysqlClient } from "mysql2";
import { type BytesAs, type Connection, type OpenRows, withKeys } from "../connection.ts";
import type { Cell, Column } from "../dataSource.ts";
import type { ReachedHost } from "../reachSource.ts";
import { tooLargeRows } from "../refusals.ts";
import type { SourceSettings } from "../sourceSettings.ts";
import { cellOf, columnTypeOf } from "./mysqlCells.ts";

const connectWithinMs = 8000;
const bufferedRows = 500;
const bufferedBytesAtMost = 96 * 1024 * 1024;

export async function connectMysql(settings: SourceSettings, host: ReachedHost): Promise<Connection> {
  const { client, socket } = await openClient(settings, host);
  let broken: unknown;
  client.on("error", (error) => {
    broken = error;
  });
  const run = async (text: string) => await asked(client, text);
  const cancel = async () => {
    const other = await openClient(settings, host);
    try {
      await asked(other.client, `kill query ${client.threadId}`);
    } finally {
      other.client.end();
    }
  };
  return {
    begin: async (mode, deadlineMs) => {
      const access = mode === "read" ? "read only" : "read write";
      // MAX_EXECUTION_TIME had no effect on MariaDB, which has seconds of its own; it skips what is for MySQL 5.7 and newer.
      await run(
        `set session sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION', session time_zone = '+00:00', session innodb_lock_wait_timeout = 5 ` +
          `/*M!100101 , session max_statement_time = ${deadlineMs / 1000} */ /*!50708 , session max_execution_time = ${deadlineMs} */`,
      );
      // Of the session: in a transaction that alone is read-only MariaDB 10.11 runs CREATE and DROP, which end it first (tried).
      await run(`set session transaction ${access}`);
      await run(`start transaction ${access}`);
    },
    open: async (text, values, bytes = "described") =>
      await openRows({ client, socket, cancel, bytes, whyLost: () => broken }, text, values),
    commit: async () => await run("commit"),
    rollback: async () => await run("rollback"),
    reset: async () => {
      await new Promise<void>((resolve, reject) => client.reset((error) => (error ? reject(error) : resolve())));
    },
    cancel,
    destroy: () => {
      socket.destroy();
      client.destroy();
    },
  };
}

async function openClient(settings: SourceSettings, { address, name }: ReachedHost): Promise<{ client: MysqlClient; socket: Socket }> {
  const socket = connectSocket({ host: address, port: settings.port, noDelay: true, keepAlive: true });
  const client = createConnection({
    // The name is for the certificate only: the socket goes to the address that was checked.
    host: name,
    stream: socket,
    user: settings.user,
    password: settings.password,
    database: settings.database,
    charset: "utf8mb4",
    connectTimeout: connectWithinMs,
    // No file of this machine is ever sent, whatever the server asks for (LOAD DATA LOCAL), and no second statement.
    flags: ["-LOCAL_FILES", "-IGNORE_SPACE", "-MULTI_STATEMENTS"],
    multipleStatements: false,
    rowsAsArray: true,
    dateStrings: true,
    supportBigNumbers: true,
    bigNumberStrings: true,
    jsonStrings: true,
    // Prepared statements of people's queries would pile up.
    maxPreparedStatements: 16,
    ...(settings.tls === "off"
      ? {}
      : {
          ssl: { rejectUnauthorized: true, verifyIdentity: true, ...(settings.authority === undefined ? {} : { ca: settings.authority }) },
        }),
  });
  try {
    await new Promise<void>((resolve, reject) => {
      // A driver that hears an error after the handshake has nobody else to tell.
      client.on("error", reject);
      client.connect((error) => (error === null ? resolve() : reject(error)));
    });
  } catch (error) {
    socket.destroy();
    throw error;
  }
  return { client, socket };
}

async function asked(client: MysqlClient, text: string): Promise<void> {
  await new Promise<void>((resolve, reject) => client.query(text, (error) => (error === null ? resolve() : reject(error))));
}

interface Open {
  client: MysqlClient;
  socket: Socket;
  cancel: () => Promise<void>;
  bytes: BytesAs;
  /** What the driver said before it closed the connection. */
  whyLost: () => unknown;
}

async function openRows(
  { client, socket, cancel, whyLost, bytes: as }: Open,
  text: string,
  values: readonly (string | number)[],
): Promise<OpenRows> {
  let fields: readonly FieldPacket[] = [];
  let columns: readonly Column[] = [];
  let rows: Cell[][] = [];
  let matched = 0;
  let ended = false;
  let failed: unknown;
  let wake: () => void = () => {};
  let bytes = socket.bytesRead;
  const watching = setInterval(() => {
    if (socket.bytesRead - bytes < bufferedBytesAtMost) return;
    failed ??= tooLargeRows(undefined);
    socket.destroy();
    wake();
  }, 50);

  const command = client.execute({ sql: text, values: [...values], rowsAsArray: true });
  command.on("fields", (found: readonly FieldPacket[] | undefined) => {
    if (found === undefined) return;
    fields = found;
    columns = withKeys(found.map((field) => ({ name: field.name, type: columnTypeOf(field) })));
    wake();
  });
  command.on("result", (row: unknown) => {
    bytes = socket.bytesRead;
    if (Array.isArray(row)) {
      rows.push(row.map((value: unknown, index) => cellOf(value, fields[index], as)));
      if (rows.length >= bufferedRows) client.pause();
    } else if (row !== null && typeof row === "object" && "affectedRows" in row) matched = Number(row.affectedRows);
    if (rows.length === 1 || rows.length >= bufferedRows) wake();
  });
  command.on("error", (error: unknown) => {
    failed ??= error;
    wake();
  });
  command.on("end", () => {
    ended = true;
    socket.off("close", lost);
    clearInterval(watching);
    wake();
  });
  const lost = () => {
    failed ??= whyLost() ?? Object.assign(new Error("closed"), { code: "PROTOCOL_CONNECTION_LOST" });
    clearInterval(watching);
    wake();
  };
  socket.once("close", lost);
  const until = async (isTrue: () => boolean) => {
    while (!isTrue() && failed === undefined && !ended) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    if (failed !== undefined) throw failed;
  };
  await until(() => columns.length > 0);
  return {
    get columns() {
      return columns;
    },
    next: async () => {
      await until(() => rows.length > 0);
      const batch = rows;
      rows = [];
      client.resume();
      return batch;
    },
    count: () => (columns.length > 0 ? 0 : matched),
    close: async () => {
      clearInterval(watching);
      if (ended) return true;
      // What wasn't read would have to be; the query is ended instead, and the connection thrown away.
      await cancel().catch(() => {});
      return false;
    },
  };
}
