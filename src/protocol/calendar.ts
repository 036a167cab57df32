/** A calendar as `calendar.list` gives it in its data: `{calendars: CalendarView[]}`. */
export interface CalendarView {
  key: string;
  name: string;
  /** An IANA name. */
  timeZone: string;
  spans: SpanView[];
  holidays: HolidayView[];
  open: boolean;
  /** ISO 8601, UTC: when it closes, or opens again; null where it doesn't. */
  changesAt: string | null;
  /** Where it rules: inboxes and teams by name. */
  usedBy: string[];
}

/** `21:00` to `02:00` ends on the day after; `24:00` is the day's own end. */
export interface SpanView {
  /** 1 is Monday, 7 Sunday. */
  day: number;
  from: string;
  to: string;
}

export interface HolidayView {
  /** ISO dates, both included. */
  from: string;
  to: string;
  name: string;
  /** The hours of each of these days; none: closed. */
  spans: Omit<SpanView, "day">[];
}
