import { Temporal } from "temporal-polyfill";

/** An opening of a weekday. It belongs to the day on which it begins: one that runs past midnight ends on the day after. */
export interface Span {
  /** 1 is Monday, 7 Sunday. */
  day: number;
  /** Minutes after midnight by the clock on the wall, 0 to 1439. */
  from: number;
  /** Minutes after that day's midnight, beyond 1440 on the day after. */
  to: number;
}

export type DaySpan = Pick<Span, "from" | "to">;

export interface Holiday {
  /** ISO dates, both included. */
  firstDay: string;
  lastDay: string;
  name: string;
  /** The hours of each of these days instead of the weekday's; none: closed. */
  spans: readonly DaySpan[];
}

/** When people work. */
export interface Calendar {
  /** An IANA name, like `America/Sao_Paulo`. */
  timeZone: string;
  spans: readonly Span[];
  holidays: readonly Holiday[];
}

/** Milliseconds since 1970: open from `from` on, closed at `to`. */
interface Opening {
  from: number;
  to: number;
}

/** After so many days without an opening none is expected any more. */
const horizonDays = 800;

/** Whether people work at this instant (milliseconds since 1970). */
export function isOpen(calendar: Calendar, at: number): boolean {
  const [opening] = openings(calendar, at);
  return opening !== undefined && opening.from <= at;
}

/** When people work again: `at` itself where they do; undefined where the calendar never opens. Milliseconds since 1970. */
export function nextOpening(calendar: Calendar, at: number): number | undefined {
  const [opening] = openings(calendar, at);
  return opening && Math.max(opening.from, at);
}

/** When the hours that run at this instant end; undefined where none run, or they go on for a month. Milliseconds since 1970. */
export function closesAt(calendar: Calendar, at: number): number | undefined {
  let end = at;
  for (const opening of openings(calendar, at)) {
    if (opening.from > end) break;
    end = opening.to;
    if (end > at + 31 * dayMs) return undefined;
  }
  return end === at ? undefined : end;
}

/** The instant at which so much open time has passed since `at`; undefined where the calendar never opens so long. Milliseconds. */
export function addOpenTime(calendar: Calendar, at: number, durationMs: number): number | undefined {
  let left = durationMs;
  for (const opening of openings(calendar, at)) {
    const from = Math.max(opening.from, at);
    if (from + left <= opening.to) return from + left;
    left -= opening.to - from;
  }
  return undefined;
}

/** How much of the time between two instants was open. Milliseconds. */
export function openTimeBetween(calendar: Calendar, from: number, to: number): number {
  let open = 0;
  for (const opening of openings(calendar, from)) {
    if (opening.from >= to) break;
    open += Math.min(opening.to, to) - Math.max(opening.from, from);
  }
  return Math.max(0, open);
}

const dayMs = 24 * 60 * 60_000;

/** Openings that end after `at`, in order, none over another; some touch. Ends after the horizon. */
function* openings(calendar: Calendar, at: number): Generator<Opening> {
  if (calendar.spans.length === 0 && calendar.holidays.every(({ spans }) => spans.length === 0)) return;
  // Two days back: what began there may run past two midnights where a clock was put forward.
  const first = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(calendar.timeZone).toPlainDate().subtract({ days: 2 });
  let end = Number.NEGATIVE_INFINITY;
  for (let days = 0; days < horizonDays; days++) {
    for (const { from, to } of openingsOf(calendar, first.add({ days }))) {
      // A day's last hours may run into the next day's, where that is a holiday with hours of its own.
      if (to > at && to > end) yield { from: Math.max(from, end), to };
      end = Math.max(end, to);
    }
  }
}

/** The openings that begin on this day. One that the clocks pass over, when they are put forward, is none. */
function openingsOf({ timeZone, spans, holidays }: Calendar, date: Temporal.PlainDate): Opening[] {
  const day = date.toString();
  const holiday = holidays.find(({ firstDay, lastDay }) => firstDay <= day && day <= lastDay);
  const own: readonly DaySpan[] = holiday?.spans ?? spans.filter((span) => span.day === date.dayOfWeek);
  return own
    .map(({ from, to }) => ({ from: instantOf(date, from, timeZone), to: instantOf(date, to, timeZone) }))
    .filter(({ from, to }) => from < to)
    .sort((a, b) => a.from - b.from);
}

/**
 * When the clock on the wall first shows so many minutes after this day's midnight. A time that it passes over is the moment of the change,
 * so that hours never grow by it.
 */
function instantOf(date: Temporal.PlainDate, minutes: number, timeZone: string): number {
  const day = date.add({ days: Math.floor(minutes / 1440) });
  const wall = day.toPlainDateTime({ hour: Math.floor((minutes % 1440) / 60), minute: minutes % 60 });
  const earlier = wall.toZonedDateTime(timeZone, { disambiguation: "earlier" });
  if (earlier.toPlainDateTime().equals(wall)) return earlier.epochMilliseconds;
  return earlier.getTimeZoneTransition("next")?.epochMilliseconds ?? earlier.epochMilliseconds;
}
