import pg from "pg";
import type { Log } from "../log/log.ts";
import { type Sql, sqlState, type TransactionalSql } from "./database.ts";
import { nameStatements, parsedForSeconds } from "./nameStatements.ts";
import { breaksConnection, translateDatabaseError } from "./unavailable.ts";
import { valueTypes } from "./valueTypes.ts";
import { acrossTenants, speakFor, speaksAcrossTenants, type WallRoles } from "./wall.ts";

/** From asking for a connection to the last row of one statement. */
const statementDeadlineMs = 5000;
const connectDeadlineMs = 3000;
/** The server gives up first, so that a slow statement costs no connection. */
const serverDeadlineMs = 4500;
const sessionDeadlineMs = 1500;
const transactionAttempts = 4;

export interface SqlPool {
  /** What goes over all tenants. */
  acrossTenants: TransactionalSql;
  /** What one tenant's connection may see and write. */
  behindWall(tenant: string): TransactionalSql;
  /** For Prisma, which wants the thing itself. */
  pool: pg.Pool;
  close(): Promise<void>;
}

/**
 * Opens nothing yet: connections are made when they are needed. `session` is run on each, as SET, which a pooler in between lets through. With
 * `keepsParsed` statements that come again are parsed once a connection (`nameStatements`).
 */
export function createSqlPool(
  { log }: { log: Log },
  options: { url: string; size: number; roles: WallRoles; session?: string; idleMs?: number; keepsParsed?: boolean },
): SqlPool {
  const session = `set statement_timeout = ${serverDeadlineMs}; set idle_in_transaction_session_timeout = 15000; ${speaksAcrossTenants(options.roles)}; ${options.session ?? ""}`;
  const pool = new pg.Pool({
    connectionString: options.url,
    application_name: "switchboard",
    max: options.size,
    connectionTimeoutMillis: connectDeadlineMs,
    query_timeout: statementDeadlineMs,
    idleTimeoutMillis: options.idleMs ?? 60_000,
    maxLifetimeSeconds: options.keepsParsed === true ? parsedForSeconds : 0,
    keepAlive: true,
    keepAliveInitialDelayMillis: 5000,
    types: valueTypes,
    onConnect: async (client) => {
      await client.query(Object.assign({ text: session }, { query_timeout: sessionDeadlineMs }));
    },
  });
  // An idle connection that breaks is thrown away by the pool; without a listener its error would end the process.
  pool.on("error", (error) => log.warn({ reason: sqlState(error) ?? error.message }, "a database connection broke"));
  pool.on("connect", (client) => {
    client.on("error", () => {});
  });
  const connections = trustedConnections(pool, options.roles);
  const nameOf = options.keepsParsed === true ? nameStatements() : () => undefined;

  const query = async <Row extends object>(whom: string, text: string, values: readonly unknown[], name?: string): Promise<Row[]> => {
    const begun = performance.now();
    const connection = await connections.take(whom);
    try {
      const deadline = Math.max(1, statementDeadlineMs - (performance.now() - begun));
      const result = await connection.client.query<Row>(statement(text, values, name ?? nameOf(text), deadline));
      connection.giveBack();
      return result.rows;
    } catch (error) {
      connection.giveBack(error);
      throw translateDatabaseError(error);
    }
  };

  const transaction = async <Result>(whom: string, work: (tx: Sql) => Promise<Result>): Promise<Result> => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await runTransaction(await connections.take(whom), work);
      } catch (error) {
        if (attempt === transactionAttempts || !isRetryable(error)) throw translateDatabaseError(error);
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 20 * 2 ** attempt));
      }
    }
  };

  const speakingFor = (whom: string): TransactionalSql => ({
    query: (text, values = [], name) => query(whom, text, values, name),
    transaction: (work) => transaction(whom, work),
  });
  return { pool, acrossTenants: speakingFor(acrossTenants), behindWall: speakingFor, close: () => pool.end() };
}

interface Connection {
  client: pg.PoolClient;
  /** With what the statement threw, so that a broken connection is not used again. */
  giveBack(error?: unknown): void;
}

/**
 * A statement that ran out of time casts doubt on every connection that was idle meanwhile (a stalled network, a stopped server): those are
 * thrown away unused, or each of them would cost its next caller the whole deadline.
 */
function trustedConnections(pool: pg.Pool, roles: WallRoles): { take(whom: string): Promise<Connection> } {
  const lastAnswered = new WeakMap<pg.PoolClient, number>();
  const speaksFor = new WeakMap<pg.PoolClient, string>();
  let doubtedBefore = 0;

  const take = async (whom: string): Promise<Connection> => {
    const begun = performance.now();
    for (;;) {
      const client = await connect();
      const answered = lastAnswered.get(client);
      if (answered !== undefined && answered < doubtedBefore) {
        client.release(true);
        continue;
      }
      if ((speaksFor.get(client) ?? acrossTenants) !== whom) await change(client, whom, begun);
      return { client, giveBack: (error) => giveBack(client, begun, error) };
    }
  };

  const change = async (client: pg.PoolClient, whom: string, begun: number) => {
    try {
      await speakFor(client, whom, roles, sessionDeadlineMs);
      speaksFor.set(client, whom);
    } catch (error) {
      // For whom it speaks is not known: nobody gets it.
      if (breaksConnection(error)) doubtedBefore = Math.max(doubtedBefore, begun);
      client.release(true);
      throw translateDatabaseError(error);
    }
  };

  const connect = async () => {
    try {
      return await pool.connect();
    } catch (error) {
      throw translateDatabaseError(error);
    }
  };

  const giveBack = (client: pg.PoolClient, takenAt: number, error?: unknown) => {
    const broken = error !== undefined && breaksConnection(error);
    if (broken) doubtedBefore = Math.max(doubtedBefore, takenAt);
    else lastAnswered.set(client, performance.now());
    client.release(broken);
  };

  return { take };
}

async function runTransaction<Result>({ client, giveBack }: Connection, work: (tx: Sql) => Promise<Result>): Promise<Result> {
  let over = false;
  const tx: Sql = {
    query: async <Row extends object>(text: string, values: readonly unknown[] = [], name?: string) => {
      if (over) throw new Error("a statement came after the end of its transaction");
      return (await client.query<Row>(statement(text, values, name, statementDeadlineMs))).rows;
    },
  };
  try {
    await client.query("begin");
    const result = await work(tx);
    over = true;
    const { command } = await client.query("commit");
    // COMMIT of a transaction in which a statement failed, though `work` caught it, is a ROLLBACK that reports no error.
    if (command !== "COMMIT") throw new Error("the transaction was rolled back: a statement in it failed and the error was swallowed");
    giveBack();
    return result;
  } catch (error) {
    over = true;
    giveBack(await rollback(client, error));
    throw error;
  }
}

/** Answers what tells about the connection: the error that ended the transaction, or the one that its end met. */
async function rollback(client: pg.PoolClient, error: unknown): Promise<unknown> {
  if (breaksConnection(error)) return error;
  try {
    await client.query("rollback");
    return undefined;
  } catch (second) {
    return second;
  }
}

function statement(text: string, values: readonly unknown[], name: string | undefined, deadlineMs: number) {
  return { text, values: [...values], query_timeout: deadlineMs, ...(name === undefined ? {} : { name }) };
}

function isRetryable(error: unknown): boolean {
  const state = sqlState(error);
  return state === "40P01" || state === "40001";
}
