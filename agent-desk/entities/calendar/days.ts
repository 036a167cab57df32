import type { Field } from "../../../src/protocol/blueprints.ts";

export type Span = "month" | "week";
export type Week = readonly string[];

const dayMs = 86_400_000;
const [earliest, latest] = [Date.parse("0001-01-01"), Date.parse("9999-12-31")];

/** Days are written `2026-11-22`, and counted in UTC, where each has 24 hours. */
export function addDays(day: string, count: number): string {
  return dayAt(Date.parse(day) + count * dayMs);
}

function dayAt(ms: number): string {
  return new Date(Math.min(latest, Math.max(earliest, ms))).toISOString().slice(0, 10);
}

/** The weeks that are shown: that of the day, or all that have a day of its month. Of `firstOfWeek`, 1 is Monday. */
export function weeksOf(span: Span, day: string, firstOfWeek: number): Week[] {
  const month = day.slice(0, 7);
  const from = span === "week" ? day : `${month}-01`;
  let begin = addDays(from, -((new Date(from).getUTCDay() - firstOfWeek + 7) % 7));
  const weeks: Week[] = [];
  do {
    const first = begin;
    weeks.push(Array.from({ length: 7 }, (_, place) => addDays(first, place)));
    begin = addDays(begin, 7);
  } while (span === "month" && begin.slice(0, 7) === month && weeks.length < 6);
  return weeks;
}

/** The same a week or a month earlier or later. */
export function turn(span: Span, day: string, step: 1 | -1): string {
  if (span === "week") return addDays(day, 7 * step);
  const at = new Date(`${day.slice(0, 7)}-01`);
  return dayAt(at.setUTCMonth(at.getUTCMonth() + step));
}

/** The day of a moment in this person's zone, in which the desk shows all times. */
export function localDay(at: Date): string {
  const two = (part: number) => String(part).padStart(2, "0");
  return `${String(at.getFullYear()).padStart(4, "0")}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

export function dayOf({ type }: Pick<Field, "type">, value: string): string {
  return type === "date" ? value : localDay(new Date(value));
}

/** A value on another day, at the same time of it. */
export function onDay({ type }: Pick<Field, "type">, value: string, day: string): string {
  if (type === "date") return day;
  const [year = 1, month = 1, date = 1] = day.split("-").map(Number);
  const at = new Date(value);
  at.setFullYear(year, month - 1, date);
  return at.toISOString();
}

/** What a new one has on a day: of times, nine in the morning. */
export function begunOn({ type }: Pick<Field, "type">, day: string): string {
  return type === "date" ? day : new Date(`${day}T09:00:00`).toISOString();
}

/** As a list is filtered to what has a value on these days. */
export function between({ key, type }: Pick<Field, "key" | "type">, first: string, last: string): object {
  const midnight = (day: string) => new Date(`${day}T00:00:00`).toISOString();
  return type === "date"
    ? { and: [{ [key]: { gte: first } }, { [key]: { lte: last } }] }
    : { and: [{ [key]: { gte: midnight(first) } }, { [key]: { lt: midnight(addDays(last, 1)) } }] };
}

/** With which day weeks begin where this person lives; on Monday where the browser doesn't know. */
export function firstOfWeek(language: string = navigator.language): number {
  const locale: Intl.Locale & { getWeekInfo?: () => { firstDay: number } } = new Intl.Locale(language);
  return locale.getWeekInfo?.().firstDay ?? 1;
}

export function dayWords(day: string, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(undefined, { ...options, timeZone: "UTC" }).format(Date.parse(day));
}

/** What a month or a week is called. */
export function spanWords(span: Span, day: string, weeks: readonly Week[]): string {
  if (span === "month") return dayWords(day, { month: "long", year: "numeric" });
  const format = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeZone: "UTC" });
  return format.formatRange(Date.parse(weeks[0]?.[0] ?? day), Date.parse(weeks.at(-1)?.[6] ?? day));
}
