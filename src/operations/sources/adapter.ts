import type { Statement } from "../queries/bindQuery.ts";
import type { Connection } from "./connection.ts";
import type { Cell, Column, SourceReport, SourceTable } from "./dataSource.ts";
import type { ReachedHost } from "./reachSource.ts";

/** Asks something of our own, within the deadline. */
export type AskOwn = (text: string, values?: readonly string[]) => Promise<readonly (readonly Cell[])[]>;

/** Runs one of our own statements on a connection that has a transaction. */
export type Run = (text: string, values: readonly (string | number)[]) => Promise<WholeRows>;

export interface WholeRows {
  columns: readonly Column[];
  rows: readonly (readonly Cell[])[];
  count: number;
}

/** What rows a statement touches, as they stand and as it leaves them. */
export interface Touched {
  count: number;
  columns: readonly Column[];
  before: readonly (readonly Cell[])[];
  after: readonly (readonly Cell[])[];
  /** Of an INSERT: the columns that the database may fill with another value each time. */
  given?: readonly string[];
  warnings: string[];
}

/** What PostgreSQL and MySQL do in ways of their own. */
export interface Adapter {
  connect(host: ReachedHost): Promise<Connection>;
  test(own: AskOwn): Promise<SourceReport>;
  tables(own: AskOwn): Promise<SourceTable[]>;
  /** Runs a writing statement in the transaction that `run` has, and tells what it touched. */
  touch(run: Run, statement: Statement): Promise<Touched>;
  /** The `Refusal` for what the driver threw; what is no database's doing as it is. */
  refusal(thrown: unknown, statement?: Statement): unknown;
}
