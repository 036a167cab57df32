import type { Statement } from "../queries/bindQuery.ts";

/** What a cell may be once it left its database: safe as JSON. What would lose digits is a text, what is no text is described. */
export type Cell = string | number | boolean | null;

/** What a column's cells are. `integer` may be a text where 53 bits don't hold it; an instant is ISO 8601 in UTC; `bytes` are described. */
export type ColumnType = "text" | "integer" | "decimal" | "float" | "boolean" | "date" | "time" | "instant" | "json" | "bytes" | "other";

export interface Column {
  /** As the statement named it; two may have the same. */
  name: string;
  /** Its own in the answer: the name, or `name_2`. */
  key: string;
  type: ColumnType;
}

export interface Limits {
  rows: number;
  /** Of the cells as text. */
  bytes: number;
  /** Of a single cell, in characters: a longer one ends with "…" and its length. */
  cell: number;
  deadlineMs: number;
}

export const readLimits: Limits = { rows: 1000, bytes: 1_000_000, cell: 100_000, deadlineMs: 15_000 };

export interface Reading {
  statement: Statement;
  limits?: Partial<Limits>;
  signal?: AbortSignal | undefined;
}

export interface Answer {
  columns: readonly Column[];
  rows: readonly (readonly Cell[])[];
  /** Why there is more than what is here. */
  truncated: "rows" | "bytes" | undefined;
}

/** Rows as they come, some hundred at a time; whoever stops early ends the query on its server. */
export interface RowStream {
  columns: readonly Column[];
  batches: AsyncIterable<readonly (readonly Cell[])[]>;
}

export interface SourceReport {
  /** As the server calls itself: "PostgreSQL 15.20". */
  product: string;
  /** Whether the role may change rows: then a warning belongs beside it. */
  canWrite: boolean;
  /** Whether it may do everything, files and programs of its server included. */
  isSuperuser: boolean;
}

export interface SourceTable {
  schema: string;
  name: string;
  columns: { name: string; type: string }[];
}

/** What a writing statement would change. */
export interface WritePreview {
  count: number;
  columns: readonly Column[];
  /** The first rows as they are; of an INSERT none. */
  before: readonly (readonly Cell[])[];
  /** The same rows as they would be; of a DELETE none. */
  after: readonly (readonly Cell[])[];
  /** Of all rows before, and of those after without what a clock or a sequence gives; what `write` is held against. */
  hash: string;
  /** What can't be shown or promised, in sentences. */
  warnings: string[];
}

export interface Writing extends Omit<Reading, "limits"> {
  deadlineMs?: number;
}

/** Other people's database. Every method throws a `Refusal`: `invalid_value`, `forbidden`, `not_found`, `unavailable`, `conflict`, `stale`. */
export interface DataSource {
  test(): Promise<SourceReport>;
  /** Tables and views that the role may read, 2,000 at most. */
  tables(): Promise<SourceTable[]>;
  read(reading: Reading): Promise<Answer>;
  /** Without caps on rows and bytes, with constant memory; bytes are not described but whole, in hexadecimal. */
  stream(reading: Reading): Promise<RowStream>;
  /** Runs one INSERT, UPDATE or DELETE in a transaction that is rolled back. */
  previewWrite(writing: Writing): Promise<WritePreview>;
  /** Runs it once and commits, when it does what was previewed; `stale` when not. `unavailable` where it may be done, `automation_failed` where it isn't. */
  write(writing: Writing & { expected: Pick<WritePreview, "count" | "hash"> }): Promise<{ count: number }>;
  close(): Promise<void>;
}
