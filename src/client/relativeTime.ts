const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** Relative under a day ("now", "5 min. ago"), then the date. In the person's zone; `locale` undefined is the browser's. */
export function relativeTime(at: string, nowMs: number, locale?: string): string {
  const ageMs = Math.max(0, nowMs - Date.parse(at));
  const { relative, day } = formats(locale);
  if (ageMs >= dayMs) return day.format(Date.parse(at));
  if (ageMs < minuteMs) return relative.format(0, "second");
  return ageMs < hourMs ? relative.format(-Math.floor(ageMs / minuteMs), "minute") : relative.format(-Math.floor(ageMs / hourMs), "hour");
}

/** To the second, for hovering. */
export function exactTime(at: string, locale?: string): string {
  return formats(locale).exact.format(Date.parse(at));
}

interface Formats {
  relative: Intl.RelativeTimeFormat;
  day: Intl.DateTimeFormat;
  exact: Intl.DateTimeFormat;
}

// Making one costs a hundred times what using it does, and a list shows hundreds of times at once.
const made = new Map<string | undefined, Formats>();

function formats(locale: string | undefined): Formats {
  const known = made.get(locale);
  if (known !== undefined) return known;
  const fresh = {
    relative: new Intl.RelativeTimeFormat(locale, { numeric: "auto", style: "short" }),
    day: new Intl.DateTimeFormat(locale, { day: "numeric", month: "short" }),
    exact: new Intl.DateTimeFormat(locale, { dateStyle: "full", timeStyle: "medium" }),
  };
  made.set(locale, fresh);
  return fresh;
}
