/** An instant as people read it, in a time zone or in theirs: `Mon 23 Nov, 09:00`. */
export function inWords(at: string, timeZone?: string): string {
  const zone = timeZone === undefined ? {} : { timeZone };
  return new Intl.DateTimeFormat(undefined, {
    weekday: "short",
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
    ...zone,
  }).format(Date.parse(at));
}

/** As a field for date and time has it, in the time of this browser: `2026-11-23T09:00`. */
export function asLocal(at: string): string {
  const date = new Date(at);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** The instant of such a field; what is no time stays as it is, and the server says so. */
export function fromLocal(written: string): string {
  const at = new Date(written);
  return Number.isNaN(at.getTime()) ? written : at.toISOString();
}
