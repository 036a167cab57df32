/** What a cell of a table is: what would lose digits as a number is a text. */
export type TableCell = string | number | boolean | null;

export interface TableColumn {
  name: string;
  /** As a data source says it: `text`, `integer`, `decimal`, `float`, `boolean`, `date`, `instant` …; another is taken for a text. */
  type: string;
}

/** All rows of an answer as they come, some hundred at a time. */
export interface TableRows {
  columns: readonly TableColumn[];
  batches: AsyncIterable<readonly (readonly TableCell[])[]>;
}

/** What a command answers whole. */
export interface WholeTable extends TableRows {
  /** Of the operation whose rows they are. */
  version: number;
}

export const fileKinds = ["csv", "xlsx", "pdf"] as const;
export type FileKind = (typeof fileKinds)[number];

export interface ExportLimits {
  rows: number;
  /** Of the file. */
  bytes: number;
  deadlineMs: number;
  /** For so long whoever takes it may take nothing. */
  stallMs: number;
}

/** What a file may be: far more than an answer that is looked at, and still an end. Who meets one gets no file at all, and is told. */
export const exportLimits: ExportLimits = { rows: 5_000_000, bytes: 1024 ** 3, deadlineMs: 15 * 60_000, stallMs: 60_000 };

export const mediaTypes: Readonly<Record<FileKind, string>> = {
  csv: "text/csv; charset=utf-8; header=present",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  pdf: "application/pdf",
};
