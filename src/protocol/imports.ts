import type { EntityValues } from "./blueprints.ts";

/** The largest file of an import, in bytes: some two million rows. */
export const maxImportBytes = 256 * 1024 * 1024;

export const importEncodings = ["utf-8", "utf-16le", "utf-16be", "windows-1252"] as const;
export type ImportEncoding = (typeof importEncodings)[number];
export const importDelimiters = [",", ";", "\t", "|"] as const;
export type ImportDelimiter = (typeof importDelimiters)[number];

/** How the rows of a file are read. */
export interface ImportReading {
  kind: "csv" | "xlsx";
  /** Of a CSV. */
  encoding: ImportEncoding;
  delimiter: ImportDelimiter;
  /** Whether its first row has the names of the columns. */
  header: boolean;
  /** Of an XLSX: which sheet, by its place. */
  sheet: number;
}

export const importStates = ["draft", "going", "paused", "done", "cancelled"] as const;
export type ImportState = (typeof importStates)[number];

export const dateOrders = ["dmy", "mdy"] as const;
export type DateOrder = (typeof dateOrders)[number];
export const decimalMarks = [".", ","] as const;
export type DecimalMark = (typeof decimalMarks)[number];

/** What becomes of a column's cells. */
export interface ImportColumnSettings {
  /** The key of a field; null where the column is left out. */
  field: string | null;
  /** 03/04/2026 is the third of April, or the fourth of March. Years first are read anyway. */
  dates?: DateOrder | undefined;
  /** Whether 1,234 has a fraction. */
  decimals?: DecimalMark | undefined;
  /** Where times are that don't say it: an IANA name. */
  zone?: string | undefined;
}

export interface ImportSettings {
  /** In the order of the file. */
  columns: ImportColumnSettings[];
  /** The key of a unique field by which a row finds the entity that it is about; null where each row is a new one. */
  key: string | null;
  /** What becomes of a row whose entity is there, isn't there, or is in the trash. */
  found: "update" | "skip" | "refuse";
  missing: "create" | "skip" | "refuse";
  trashed: "restore" | "create" | "skip" | "refuse";
  /** Whether an empty cell empties the field of an entity that is there, or leaves it. */
  empty: "leave" | "clear";
  /** Where a row can't be taken: nothing is written at all, or what fits is. */
  errors: "nothing" | "fitting";
}

export interface ImportColumn {
  /** As the head has it, or "Column 3". */
  name: string;
  samples: string[];
  /** How many of the rows that were looked at have something there. */
  filled: number;
  /** By what the field was found. */
  by: "name" | "values" | null;
}

/** What only a person can know. Their answer stands in `settings.columns[column][ask]`. */
export interface ImportQuestion {
  column: number;
  ask: "dates" | "decimals" | "zone";
  /** A cell that may be read in several ways, and how each option reads it. */
  sample: string;
  options: { value: string; reads: string }[];
}

/** Why an import can't begin as it is set. */
export interface ImportProblem {
  path: string;
  message: string;
}

/** A cell that can't be taken; without a column it is the row. */
export interface ImportCellError {
  column: string | null;
  value: string;
  reason: string;
}

export type ImportAction = "create" | "update" | "restore" | "same" | "skip" | "fail";

export interface ImportPreview {
  /** How many rows were looked at, and what would become of them. */
  lookedAt: number;
  counts: ImportCounts;
  /** The first of them. */
  rows: { row: number; action: ImportAction; values: EntityValues; errors: ImportCellError[] }[];
}

export interface ImportCounts {
  created: number;
  changed: number;
  /** Those that are as the file says already. */
  same: number;
  skipped: number;
  failed: number;
}

/** An import as HTTP answers it. */
export interface ImportView {
  id: string;
  blueprint: string;
  /** Of the file. */
  name: string;
  size: number;
  state: ImportState;
  reading: ImportReading;
  sheets: string[];
  /** Data rows of the file. */
  rows: number;
  columns: ImportColumn[];
  settings: ImportSettings;
  questions: ImportQuestion[];
  problems: ImportProblem[];
  /** When the same bytes were imported here before, if they were. ISO 8601, UTC, as all instants here. */
  before: string | null;
  /** How many data rows are behind it. */
  position: number;
  counts: ImportCounts;
  /** The run that does it, or did. */
  run: string | null;
  /** Why it stopped by itself. */
  fault: string | null;
  createdAt: string;
  endedAt: string | null;
}
