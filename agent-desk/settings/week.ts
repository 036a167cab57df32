import type { SpanView } from "../../src/protocol/calendar.ts";

export const dayWords = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

/** The day's name in the person's language; 1 is Monday. */
export function dayName(day: number, style: "long" | "short" = "long"): string {
  // 2024-01-01 was a Monday.
  return new Intl.DateTimeFormat(undefined, { weekday: style, timeZone: "UTC" }).format(Date.UTC(2024, 0, day));
}

/** Minutes after midnight; undefined where it is no time. */
export function minutesOf(time: string): number | undefined {
  const [, hours, minutes] = /^\s*(\d{1,2})(?::(\d{2}))?\s*$/.exec(time) ?? [];
  const found = Number(hours) * 60 + Number(minutes ?? 0);
  return hours === undefined || found > 1440 ? undefined : found;
}

export interface Bar {
  day: number;
  /** Shares of the day, 0 to 1. */
  from: number;
  to: number;
}

/** What of each day is open: a span past midnight has a second part on the day after. */
export function barsOf(spans: readonly SpanView[]): Bar[] {
  return spans.flatMap(({ day, from, to }) => {
    const [begin, end] = [minutesOf(from), minutesOf(to)];
    if (begin === undefined || end === undefined || begin === end) return [];
    if (end > begin) return [{ day, from: begin / 1440, to: end / 1440 }];
    const after = end === 0 ? [] : [{ day: (day % 7) + 1, from: 0, to: end / 1440 }];
    return [{ day, from: begin / 1440, to: 1 }, ...after];
  });
}

/** The spans as the command takes them, in their order: what is wrong with the third is told of `spans.2`. */
export function spansText(spans: readonly SpanView[]): string {
  return spans.map(({ day, from, to }) => `${dayWords[day - 1] ?? ""} ${from.trim() || "?"}-${to.trim() || "?"}`).join(", ");
}

/** A day's hours as people write them. */
export function hoursText(spans: readonly Pick<SpanView, "from" | "to">[]): string {
  return spans.map(({ from, to }) => `${from}–${to}`).join(", ");
}

/** What of the day before runs into this one: `until 02:00`. */
export function untilText(spans: readonly SpanView[], day: number): string {
  const late = spans.find((span) => (span.day % 7) + 1 === day && barsOf([span]).length > 1);
  return late === undefined ? "" : `until ${late.to}`;
}
