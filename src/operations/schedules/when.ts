import { Cron } from "croner";
import { Refusal } from "../../protocol/refusal.ts";

const shortestMs = 5 * 60_000;
const days = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

/**
 * The cron expression (five fields) that words mean, or that was written: `every weekday at 09:00`, `every monday and friday at 6pm`, `every 2 hours`,
 * `every month on the 1st at 8:00`. Refusal `invalid_value` (`when`) for what can't be read, never comes, or comes more often than every 5 minutes.
 */
export function readWhen(written: string, timeZone: string, now: Date): string {
  const text = written.trim().toLowerCase().replaceAll(/\s+/gu, " ");
  const pattern = inWords(text) ?? (/^(\S+ ){4}\S+$/u.test(text) ? text : undefined);
  if (pattern === undefined)
    throw wrong(`"${written.slice(0, 60)}" can't be read; write it like "every weekday at 09:00" or "0 9 * * 1-5".`);
  const times = timesOf(pattern, timeZone, now, 20);
  if (times.length === 0) throw wrong("That never comes.");
  if (times.some((time, index) => index > 0 && time.getTime() - (times[index - 1]?.getTime() ?? 0) < shortestMs))
    throw wrong("Every five minutes is as often as it may.");
  return pattern;
}

/** The next times after one. Where a clock is put forward past a time, it is when that is over; where it is put back, it is once. */
export function timesOf(pattern: string, timeZone: string, after: Date, count: number): Date[] {
  try {
    return new Cron(pattern, { timezone: timeZone, mode: "5-part", paused: true }).nextRuns(count, after);
  } catch {
    throw wrong(`"${pattern.slice(0, 60)}" is no cron expression: five fields for minute, hour, day, month and weekday.`);
  }
}

function inWords(text: string): string | undefined {
  const [, every = "", at] = /^(.+?)(?: at (.+))?$/u.exec(text) ?? [];
  const often = /^(?:every|each) (\d{1,2}) (minutes?|hours?)$/u.exec(every);
  if (often !== null && at === undefined) {
    const [, count = "", unit = ""] = often;
    return divided(Number(count), unit.startsWith("minute"));
  }
  if (/^(every hour|hourly)$/u.test(every)) {
    const minute = at === undefined ? 0 : Number(/^:?([0-5]?\d)$/u.exec(at)?.[1] ?? Number.NaN);
    return Number.isNaN(minute) ? undefined : `${minute} * * * *`;
  }
  const time = at === undefined ? undefined : timeIn(at);
  const day = daysIn(every);
  return time === undefined || day === undefined ? undefined : `${time.minute} ${time.hour} ${day}`;
}

/** Only what an hour or a day is divided by evenly: the rest would come twice in a row at its end. */
function divided(count: number, isMinutes: boolean): string {
  if (count < 1 || (isMinutes ? 60 : 24) % count !== 0)
    throw wrong(`Every ${count} ${isMinutes ? "minutes" : "hours"} doesn't divide ${isMinutes ? "an hour" : "a day"} evenly.`);
  return isMinutes ? `*/${count} * * * *` : `0 */${count} * * *`;
}

/** Day of the month, month, and weekday. */
function daysIn(text: string): string | undefined {
  if (/^(every day|each day|daily)$/u.test(text)) return "* * *";
  if (/^(every|each) (weekday|working day)$|^weekdays$/u.test(text)) return "* * 1-5";
  if (/^(every|each) weekend$|^weekends$/u.test(text)) return "* * 6,0";
  const [, date] =
    /^(?:every|each) month on the (\d{1,2})(?:st|nd|rd|th)?$|^monthly on the (\d{1,2})(?:st|nd|rd|th)?$/u.exec(text)?.filter(Boolean) ?? [];
  if (date !== undefined) return Number(date) >= 1 && Number(date) <= 31 ? `${Number(date)} * *` : undefined;
  if (/^(every month on the last day|on the last day of (the|every|each) month)$/u.test(text)) return "L * *";
  const [, named] = /^(?:every|each|on) (.+)$/u.exec(text) ?? [];
  const numbers = named
    ?.split(/, and |, | and /u)
    .map((name) => days.findIndex((day) => name === day || name === `${day}s` || name === day.slice(0, 3)));
  return numbers === undefined || numbers.includes(-1) ? undefined : `* * ${[...new Set(numbers)].join(",")}`;
}

function timeIn(text: string): { hour: number; minute: number } | undefined {
  if (text === "noon") return { hour: 12, minute: 0 };
  if (text === "midnight") return { hour: 0, minute: 0 };
  const [, written, minutes = "0", half] = /^(\d{1,2})(?:[:.h](\d\d))? ?(am|pm)?$/u.exec(text) ?? [];
  const [given, minute] = [Number(written ?? Number.NaN), Number(minutes)];
  if (Number.isNaN(given) || minute > 59 || (half !== undefined && (given < 1 || given > 12))) return undefined;
  const hour = half === undefined ? given : (given % 12) + (half === "pm" ? 12 : 0);
  return hour > 23 ? undefined : { hour, minute };
}

function wrong(sentence: string): Refusal {
  return new Refusal("invalid_value", sentence, { path: "when" });
}
