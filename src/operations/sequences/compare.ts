import { Decimal } from "decimal.js";
import type { Comparison } from "./sequence.ts";

/** Whether a comparison of values holds. Numbers, and texts that spell two of them, are compared as numbers; other texts as they are written. */
export function holds(left: unknown, is: Comparison["is"], right: unknown): boolean {
  if (is === "empty" || is === "notEmpty") return isEmpty(left) === (is === "empty");
  if (is === "contains") return Array.isArray(left) ? left.some((item) => order(item, right) === 0) : text(left).includes(text(right));
  const between = order(left, right);
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
function order(left: unknown, right: unknown): number {
  if (left === right) return 0;
  const [a, b] = [number(left), number(right)];
  if (a !== undefined && b !== undefined) return a.comparedTo(b);
  if (typeof left !== "string" || typeof right !== "string") return Number.NaN;
  return left < right ? -1 : 1;
}

function number(value: unknown): Decimal | undefined {
  if (typeof value === "number" && Number.isFinite(value)) return new Decimal(value);
  if (typeof value === "string" && /^-?\d{1,30}(\.\d{1,30})?$/.test(value)) return new Decimal(value);
  return undefined;
}

function text(value: unknown): string {
  return typeof value === "object" || value === undefined ? "" : String(value);
}
