const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** Relative under a day ("now", "5 min. ago"), then the date. In the person's zone; `locale` undefined is the browser's. */
export function relativeTime(at: string, nowMs: number, locale?: string): string {
  const ageMs = Math.max(0, nowMs - Date.parse(at));
  if (ageMs >= dayMs) return new Intl.DateTimeFormat(locale, { day: "numeric", month: "short" }).format(Date.parse(at));
  const format = new Intl.RelativeTimeFormat(locale, { numeric: "auto", style: "short" });
  if (ageMs < minuteMs) return format.format(0, "second");
  return ageMs < hourMs ? format.format(-Math.floor(ageMs / minuteMs), "minute") : format.format(-Math.floor(ageMs / hourMs), "hour");
}

/** To the second, for hovering. */
export function exactTime(at: string, locale?: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: "full", timeStyle: "medium" }).format(Date.parse(at));
}
