import { type BytesAs, bytesCell } from "../connection.ts";
import type { Cell, ColumnType } from "../dataSource.ts";

/** Types by their numbers, which never change (`pg_type.dat`). */
const types: Readonly<Record<number, ColumnType>> = {
  16: "boolean",
  17: "bytes",
  18: "text",
  19: "text",
  20: "integer",
  21: "integer",
  23: "integer",
  25: "text",
  26: "integer",
  114: "json",
  700: "float",
  701: "float",
  1042: "text",
  1043: "text",
  1082: "date",
  1083: "time",
  1114: "instant",
  1184: "instant",
  1266: "time",
  1700: "decimal",
  2950: "text",
  3802: "json",
};

export function columnTypeOf(type: number): ColumnType {
  return types[type] ?? "other";
}

/** A cell as PostgreSQL writes it (ISO dates, UTC, hexadecimal bytes) made safe as JSON. What no number of 53 bits holds stays text. */
export function cellOf(text: string | null, type: number, bytes: BytesAs): Cell {
  if (text === null) return null;
  switch (columnTypeOf(type)) {
    case "boolean":
      return text === "t";
    case "integer":
      return type === 20 || type === 26 ? text : Number(text);
    case "float": {
      const number = Number(text);
      return Number.isFinite(number) && !Object.is(number, -0) ? number : text;
    }
    case "bytes":
      return bytesCell(Buffer.from(text.slice(2), "hex"), bytes);
    case "instant":
      return instant(text);
    default:
      return text;
  }
}

/** `2026-11-21 10:00:00.5+00` as `2026-11-21T10:00:00.5Z`; a timestamp without a zone has no Z; infinity and years BC stay as they are. */
function instant(text: string): string {
  const [, date, time, zone] = /^(\d{4,6}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?)(\+00)?$/.exec(text) ?? [];
  return date === undefined ? text : `${date}T${time}${zone === undefined ? "" : "Z"}`;
}
