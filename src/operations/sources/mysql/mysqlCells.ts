import mysql, { type FieldPacket } from "mysql2";
import { type BytesAs, bytesCell } from "../connection.ts";
import type { Cell, ColumnType } from "../dataSource.ts";

const { Types } = mysql;

/** Charset 63 is bytes. */
const binary = 63;

export function columnTypeOf({ type, characterSet }: FieldPacket): ColumnType {
  switch (type) {
    case Types.TINY:
    case Types.SHORT:
    case Types.INT24:
    case Types.LONG:
    case Types.LONGLONG:
    case Types.YEAR:
      return "integer";
    case Types.DECIMAL:
    case Types.NEWDECIMAL:
      return "decimal";
    case Types.FLOAT:
    case Types.DOUBLE:
      return "float";
    case Types.DATE:
    case Types.NEWDATE:
      return "date";
    case Types.TIME:
      return "time";
    case Types.DATETIME:
    case Types.TIMESTAMP:
      return "instant";
    case Types.JSON:
      return "json";
    case Types.BIT:
    case Types.GEOMETRY:
      return "bytes";
    default:
      return characterSet === binary ? "bytes" : "text";
  }
}

/** A cell as the driver reads it made safe as JSON: 64 bits as text, dates in ISO 8601, bytes and shapes described. */
export function cellOf(value: unknown, field: FieldPacket | undefined, bytes: BytesAs): Cell {
  if (value === null || value === undefined) return null;
  if (Buffer.isBuffer(value)) return bytesCell(value, bytes);
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (typeof value === "boolean") return value;
  if (typeof value !== "string") return JSON.stringify(value) ?? null;
  // A timestamp is an instant, and the session's zone is UTC; a datetime has no zone.
  if (field?.type === Types.TIMESTAMP) return `${value.replace(" ", "T")}Z`;
  return field?.type === Types.DATETIME ? value.replace(" ", "T") : value;
}
