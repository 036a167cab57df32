import { Refusal } from "../protocol/refusal.ts";
import type { DaySpan, Span } from "./calendar.ts";

/** The words in which people write hours: `mon-fri 9:00-12:00 13:00-17:30, sat 21:00-02:00`. */

const dayNames = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

interface Written extends Span {
  /** The span's number as it was written, from 0. */
  index: number;
}

/** Refusal `invalid_value`, whose path names the span, counted from 0, and its part: `args.spans.2.to`. */
export function readSpans(text: string, path: string): Span[] {
  const spans: Written[] = [];
  let index = 0;
  for (const group of groupsOf(text)) {
    const [days = "", ...times] = group.split(/\s+/);
    if (times.length === 0) throw wrong(`${path}.${index}`, `"${group.slice(0, 40)}" has no hours; write them like "mon-fri 9:00-17:00"`);
    for (const written of times) {
      const { from, to } = readTimes(written, `${path}.${index}`);
      for (const day of readDays(days, `${path}.${index}.day`)) spans.push({ day, from, to, index });
      index++;
    }
  }
  if (spans.length > 100) throw wrong(path, "100 spans a week are the limit");
  refuseOverlaps(spans, path);
  return spans.map(({ day, from, to }) => ({ day, from, to }));
}

/** The hours of one day: `9:00-12:00 13:00-17:00`; "closed" is none. */
export function readDaySpans(text: string, path: string): DaySpan[] {
  if (/^\s*closed\s*$/i.test(text)) return [];
  const written = text.split(/[\s,;]+/).filter((part) => part !== "");
  const spans = written.map((part, index) => ({ day: 1, index, ...readTimes(part, `${path}.${index}`) }));
  refuseOverlaps(spans, path, false);
  return spans.map(({ from, to }) => ({ from, to }));
}

/** The same words again, one group a day. */
export function writeSpans(spans: readonly Span[]): string {
  return dayNames
    .map((name, index) => ({ name, own: spans.filter(({ day }) => day === index + 1) }))
    .filter(({ own }) => own.length > 0)
    .map(({ name, own }) => `${name} ${writeDaySpans(own)}`)
    .join(", ");
}

export function writeDaySpans(spans: readonly DaySpan[]): string {
  return [...spans]
    .sort((a, b) => a.from - b.from)
    .map(({ from, to }) => `${writeTime(from)}-${writeTime(to)}`)
    .join(" ");
}

function groupsOf(text: string): string[] {
  return text
    .toLowerCase()
    .replaceAll(/\s*[-–]\s*/gu, "-")
    .split(/[,;\n]+/)
    .map((group) => group.trim())
    .filter((group) => group !== "");
}

function readDays(text: string, path: string): number[] {
  const [first, last, ...more] = text.split("-").map((word) => dayNames.findIndex((name) => word.length >= 3 && word.startsWith(name)));
  if (first === undefined || first < 0 || (last ?? 0) < 0 || more.length > 0)
    throw wrong(path, `"${text.slice(0, 40)}" is no day; days are ${dayNames.join(", ")}, or a range like mon-fri`);
  const count = (((last ?? first) - first + 7) % 7) + 1;
  return Array.from({ length: count }, (_, step) => ((first + step) % 7) + 1);
}

function readTimes(text: string, path: string): DaySpan {
  const [begin = "", end, ...more] = text.replaceAll(/[–]/gu, "-").split("-");
  if (end === undefined || more.length > 0) throw wrong(path, `"${text.slice(0, 40)}" is no span; write it like 9:00-17:00`);
  const from = readTime(begin, `${path}.from`);
  const to = readTime(end, `${path}.to`);
  if (from === 1440) throw wrong(`${path}.from`, "a span can't begin at 24:00; write 0:00 of the next day");
  if (from === to) throw wrong(`${path}.to`, `${text} is empty; a span ends after it begins, and 0:00-24:00 is the whole day`);
  return { from, to: to > from ? to : to + 1440 };
}

function readTime(text: string, path: string): number {
  const [, hours, minutes] = /^(\d{1,2})(?::(\d{2}))?$/.exec(text) ?? [];
  const time = Number(hours) * 60 + Number(minutes ?? 0);
  if (hours === undefined || Number(minutes ?? 0) > 59 || time > 1440)
    throw wrong(path, `"${text.slice(0, 20)}" is no time of day; times run from 0:00 to 24:00`);
  return time;
}

const weekMinutes = 7 * 1440;

/** Of two that lie over each other, the later one as written is named. What runs past Sunday's midnight meets Monday. */
function refuseOverlaps(spans: readonly Written[], path: string, wraps = true): void {
  for (const [place, a] of spans.entries()) {
    for (const b of spans.slice(place + 1)) {
      const beginA = (a.day - 1) * 1440 + a.from;
      const beginB = (b.day - 1) * 1440 + b.from;
      const shifts = wraps ? [-weekMinutes, 0, weekMinutes] : [0];
      const meets = shifts.some((shift) => beginA + shift < beginB + (b.to - b.from) && beginB < beginA + shift + (a.to - a.from));
      if (meets) {
        const both = a.index === b.index ? "runs into itself on the next day" : `overlaps ${describe(a)}`;
        throw wrong(`${path}.${Math.max(a.index, b.index)}.from`, `${describe(b)} ${both}; join them, or move one`);
      }
    }
  }
}

function describe({ day, from, to }: Span): string {
  return `${dayNames[day - 1] ?? ""} ${writeTime(from)}-${writeTime(to)}`;
}

/** Minutes as `HH:MM`; 24:00 only for the day's own end. */
export function writeTime(minutes: number): string {
  const own = minutes > 1440 ? minutes - 1440 : minutes;
  return `${String(Math.floor(own / 60)).padStart(2, "0")}:${String(own % 60).padStart(2, "0")}`;
}

function wrong(path: string, what: string): Refusal {
  return new Refusal("invalid_value", `${what.charAt(0).toUpperCase()}${what.slice(1)}.`, { path });
}
