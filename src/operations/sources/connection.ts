import type { Cell, Column } from "./dataSource.ts";

/** One connection to somebody's database, as an adapter makes it. What it throws is the driver's, until `refusal` says it in words. */
export interface Connection {
  /** A transaction with the settings of this product, and with a deadline that the server keeps. */
  begin(mode: "read" | "write", deadlineMs: number): Promise<void>;
  /** One statement by the extended protocol; the rows are fetched as they are asked for. */
  open(text: string, values: readonly (string | number)[], bytes?: BytesAs): Promise<OpenRows>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
  /** Takes back what isn't committed, and forgets everything that a session can hold. Where the next is awaited, that may go with its first statement. */
  reset(next: { isAwaited: boolean }): Promise<void>;
  /** Ends what runs on it, from a second connection. */
  cancel(): Promise<void>;
  destroy(): void;
}

export interface OpenRows {
  columns: readonly Column[];
  /** The next rows, as many as come together; none at the end. */
  next(): Promise<readonly (readonly Cell[])[]>;
  /** Of a statement that writes, how many rows it matched; known at the end. */
  count(): number;
  /** Lets go of what wasn't read. `false` where the connection must be thrown away for it. */
  close(): Promise<boolean>;
}

/** Keys that no two columns share: `id`, `id_2`. */
export function withKeys(columns: readonly Omit<Column, "key">[]): Column[] {
  const taken = new Set<string>();
  return columns.map((column) => {
    let key = column.name;
    for (let number = 2; taken.has(key); number += 1) key = `${column.name}_${number}`;
    taken.add(key);
    return { ...column, key };
  });
}

/** Whether bytes are shown by their beginning, or whole, as a file has them. */
export type BytesAs = "described" | "whole";

/** Bytes as a table can show them. */
export function bytesCell(bytes: Buffer, as: BytesAs): string {
  if (as === "whole") return `0x${bytes.toString("hex")}`;
  const start = bytes.subarray(0, 16).toString("hex");
  return `${bytes.length} bytes: 0x${start}${bytes.length > 16 ? "…" : ""}`;
}
