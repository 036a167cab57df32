import type { Cell } from "./sortRows.ts";

export interface TableData {
  columns: { name: string; type: string }[];
  rows: Cell[][];
  truncated: boolean;
  /** When it was asked, where it was kept since: ISO 8601. */
  asOf?: string;
}

/** The table that a query left in its run. */
export function tableIn(data: unknown): TableData | undefined {
  return isTable(data) ? data : undefined;
}

function isTable(data: unknown): data is TableData {
  if (typeof data !== "object" || data === null) return false;
  return "columns" in data && Array.isArray(data.columns) && "rows" in data && Array.isArray(data.rows) && "truncated" in data;
}
