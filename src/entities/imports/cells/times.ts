import { Temporal } from "temporal-polyfill";
import type { DateOrder } from "../../../protocol/imports.ts";

/** A written day as ISO 8601 has it; undefined for what is none. Years have four digits: 26 may be 1926. */
export function dateOf(text: string, order: DateOrder | undefined): string | undefined {
  const [, year, first = "", second = ""] = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$/.exec(text) ?? [];
  if (year !== undefined) return dayOf(year, first, second);
  const [, one = "", two = "", last] = /^(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})$/.exec(text) ?? [];
  if (last === undefined || order === undefined) return undefined;
  return order === "dmy" ? dayOf(last, two, one) : dayOf(last, one, two);
}

function dayOf(year: string, month: string, day: string): string | undefined {
  const [y, m, d] = [Number(year), Number(month), Number(day)];
  if (y < 1 || m < 1 || m > 12 || d < 1 || d > daysOf(y, m)) return undefined;
  return `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
}

function daysOf(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** A written time: its day, its time of the day, and its zone where it says one. */
export interface TimeParts {
  day: string;
  /** What stands before the time of the day, as it is written. */
  written: string;
  time: string;
  zone: string | undefined;
}

const timed =
  /^(\S+?|\d{1,2} \d{1,2} \d{4})(?:[T ,]+(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(?: ?([AaPp])\.?[Mm]\.?)?\s*(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?)?$/;

export function timeOf(text: string, order: DateOrder | undefined): TimeParts | undefined {
  const [, written = "", hour = "0", minute = "00", second = "00", fraction = "0", half, zone] = timed.exec(text) ?? [];
  const day = dateOf(written, order);
  const hours = hourOf(Number(hour), half);
  if (day === undefined || hours === undefined || Number(minute) > 59 || Number(second) > 60) return undefined;
  return { day, written, time: `${String(hours).padStart(2, "0")}:${minute}:${second}.${fraction}`, zone: offsetOf(zone) };
}

function hourOf(hour: number, half: string | undefined): number | undefined {
  if (half === undefined) return hour < 24 ? hour : undefined;
  if (hour < 1 || hour > 12) return undefined;
  return (hour % 12) + (half.toLowerCase() === "p" ? 12 : 0);
}

function offsetOf(zone: string | undefined): string | undefined {
  if (zone === undefined) return undefined;
  if (!/^[+-]/.test(zone)) return "Z";
  const digits = zone.replace(":", "");
  return `${digits.slice(0, 3)}:${digits.slice(3) || "00"}`;
}

/** The instant, as ISO 8601 in UTC. Throws where a clock of `zone` shows that time never, or twice. */
export function instantOf({ day, time, zone: said }: TimeParts, zone: string): string {
  if (said !== undefined) return `${day}T${time}${said}`;
  const local = Temporal.PlainDateTime.from(`${day}T${time}`);
  return local.toZonedDateTime(zone, { disambiguation: "reject" }).toInstant().toString({ fractionalSecondDigits: 3 });
}

/** In which order days are written, of those that tell: 21/11/2026 begins with the day, 03/04/2026 may begin with either. */
export interface TimesSeen {
  dmy: number;
  mdy: number;
  either: number;
  sample: string | null;
  /** Times of the day without a zone, and the first of them. */
  local: number;
  localSample: string | null;
}

export function lookAtTimes(seen: TimesSeen, text: string): void {
  const [first, second] = [timeOf(text, "dmy"), timeOf(text, "mdy")];
  const some = first ?? second;
  if (some === undefined) return;
  if (some.zone === undefined) {
    seen.local++;
    seen.localSample ??= text;
  }
  if (first?.day === second?.day) return;
  if (second === undefined) seen.dmy++;
  else if (first === undefined) seen.mdy++;
  else {
    seen.either++;
    seen.sample ??= some.written;
  }
}
