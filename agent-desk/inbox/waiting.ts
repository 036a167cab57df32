/** How long somebody has waited: `0:42`, `12:05`, then `1 h 20 min`, `3 d`. */
export function waited(since: string, nowMs: number): string {
  const seconds = Math.max(0, Math.floor((nowMs - Date.parse(since)) / 1000));
  if (seconds < 3600) return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  return `${Math.floor(minutes / (24 * 60))} d`;
}

/** The same as words, for screen readers: `0:42` is read as a time of day. */
export function waitedInWords(since: string, nowMs: number): string {
  const minutes = Math.floor((nowMs - Date.parse(since)) / 60_000);
  return minutes < 1
    ? "less than a minute"
    : minutes === 1
      ? "a minute"
      : minutes < 120
        ? `${minutes} minutes`
        : `${Math.floor(minutes / 60)} hours`;
}

/** A wait turns to warn after a minute and to bad after five, until service levels say otherwise. */
export function waitTone(since: string, nowMs: number): "warn" | "bad" | undefined {
  const seconds = (nowMs - Date.parse(since)) / 1000;
  return seconds >= 300 ? "bad" : seconds >= 60 ? "warn" : undefined;
}

/** "15:30" of today, else the day with it. */
export function untilWhen(at: string): string {
  const isToday = new Date(at).toDateString() === new Date().toDateString();
  const day: Intl.DateTimeFormatOptions = isToday ? {} : { weekday: "short", day: "numeric", month: "short" };
  return new Intl.DateTimeFormat(undefined, { ...day, hour: "2-digit", minute: "2-digit" }).format(new Date(at));
}
