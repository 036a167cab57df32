import { Temporal } from "temporal-polyfill";
import type { Field } from "../../protocol/blueprints.ts";
import { type FieldKind, unfit } from "./fieldKind.ts";

/** A day, wherever one is. */
export const date: FieldKind = {
  options: ["min", "max"],
  read: (value, field, path) => {
    const day = dayOf(value);
    if (day === undefined) throw unfit(field, (say) => say.dateLike("2026-11-21"), path, value);
    requireWithin(day, field, path);
    return day;
  },
  check: (field, path) => checkBounds(field, path, dayOf),
  listed: { sql: (json) => `entity_date(${json})` },
  moments: { today: "today" },
};

/** A moment, kept in UTC to the millisecond. */
export const instant: FieldKind = {
  options: ["min", "max"],
  read: (value, field, path) => {
    const at = instantOf(value);
    if (at === undefined) throw unfit(field, (say) => say.timeWithZoneLike("2026-11-21T09:30:00Z"), path, value);
    requireWithin(at, field, path);
    return at;
  },
  check: (field, path) => checkBounds(field, path, instantOf),
  listed: { sql: (json) => `entity_instant(${json})` },
  moments: { now: "now" },
};

function dayOf(value: unknown): string | undefined {
  if (typeof value !== "string" || !/^(?!0000)\d{4}-\d\d-\d\d$/.test(value)) return undefined;
  try {
    return Temporal.PlainDate.from(value, { overflow: "reject" }).toString();
  } catch {
    return undefined;
  }
}

/** Years of four digits only, so that their texts stand in the order of time. A leap second is the second before it (RFC 9557, 3.2). */
function instantOf(value: unknown): string | undefined {
  if (typeof value !== "string" || !/^(?!0000)\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/.test(value))
    return undefined;
  try {
    const text = Temporal.Instant.from(value).toString({ fractionalSecondDigits: 3 });
    return /^(?!0000)\d{4}-/.test(text) ? text : undefined;
  } catch {
    return undefined;
  }
}

/** Of one form, so that texts compare as times do. */
function requireWithin(value: string, { min, max, ...field }: Field, path: string): void {
  if (min !== undefined && value < String(min)) throw unfit(field, (say) => say.orLater(String(min)), path, value);
  if (max !== undefined && value > String(max)) throw unfit(field, (say) => say.orEarlier(String(max)), path, value);
}

function checkBounds(field: Field, path: string, read: (value: unknown) => string | undefined): void {
  for (const bound of ["min", "max"] as const)
    if (field[bound] !== undefined && read(field[bound]) !== field[bound])
      throw unfit(field, (say) => say.boundedByTimes, `${path}.${bound}`, field[bound]);
  if (field.min !== undefined && field.max !== undefined && field.min > field.max)
    throw unfit(field, (say) => say.firstBehindLast, `${path}.min`);
}
