import { Decimal } from "decimal.js";
import { Temporal } from "temporal-polyfill";
import type { ComparedAs } from "../../protocol/sequences.ts";
import type { Comparison } from "./sequence.ts";

/**
 * Whether a comparison of values holds. Where it isn't said as what, numbers and texts that spell two of them are compared as numbers, two times as
 * instants (a date is its beginning in UTC), other texts as they are written. Said, what isn't one of those has no order, and is equal to nothing.
 */
export function holds(left: unknown, is: Comparison["is"], right: unknown, as?: ComparedAs): boolean {
  if (is === "empty" || is === "notEmpty") return isEmpty(left) === (is === "empty");
  if (is === "contains") return Array.isArray(left) ? left.some((item) => order(item, right, as) === 0) : text(left).includes(text(right));
  const between = order(left, right, as);
  if (is === "eq") return between === 0;
  if (is === "ne") return between !== 0;
  // What has no order is neither less nor more.
  if (Number.isNaN(between)) return false;
  return { lt: between < 0, lte: between <= 0, gt: between > 0, gte: between >= 0 }[is];
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === "" || value === false || (Array.isArray(value) && value.length === 0);
}

/** Less than 0, 0 or more; NaN between what can't be compared. */
function order(left: unknown, right: unknown, as: ComparedAs | undefined): number {
  if (left === right && as === undefined) return 0;
  const [a, b] = [number(left), number(right)];
  if (a !== undefined && b !== undefined && as !== "text" && as !== "time") return a.comparedTo(b);
  const [begin, end] = [instant(left), instant(right)];
  if (begin !== undefined && end !== undefined && as !== "text" && as !== "number") return Temporal.Instant.compare(begin, end);
  if (as === "number" || as === "time") return Number.NaN;
  const [one, other] = as === "text" ? [text(left), text(right)] : [left, right];
  if (typeof one !== "string" || typeof other !== "string") return Number.NaN;
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

function number(value: unknown): Decimal | undefined {
  if (typeof value === "number" && Number.isFinite(value)) return new Decimal(value);
  if (typeof value === "string" && /^-?\d{1,30}(\.\d{1,30})?$/.test(value)) return new Decimal(value);
  return undefined;
}

const timeShape = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d(?::?\d\d)?))?$/;

/** A date, or a time with its zone. */
function instant(value: unknown): Temporal.Instant | undefined {
  if (typeof value !== "string" || !timeShape.test(value)) return undefined;
  try {
    return Temporal.Instant.from(value.length === 10 ? `${value}T00:00:00Z` : value);
  } catch {
    return undefined;
  }
}

function text(value: unknown): string {
  return typeof value === "object" || value === undefined ? "" : String(value);
}
