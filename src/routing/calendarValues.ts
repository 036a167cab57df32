import { Temporal } from "temporal-polyfill";
import { Refusal } from "../protocol/refusal.ts";

/** An IANA time zone in its own spelling; an offset like +02:00 is none, since it knows no summer time. Refusal `invalid_value`. */
export function readTimeZone(text: string, path: string): string {
  const wanted = text.trim();
  const known = Intl.supportedValuesOf("timeZone").find((zone) => zone.toLowerCase() === wanted.toLowerCase());
  if (known !== undefined) return known;
  try {
    // Names that are kept for others, and UTC, are not in the list.
    if (/^[a-z]/i.test(wanted)) return new Intl.DateTimeFormat("en", { timeZone: wanted }).resolvedOptions().timeZone;
  } catch {
    // Said below.
  }
  throw new Refusal("invalid_value", `There is no time zone "${wanted.slice(0, 60)}"; write one like Europe/Lisbon or America/Sao_Paulo.`, {
    path,
  });
}

/** A day of the calendar as `YYYY-MM-DD`, in this or the next centuries. Refusal `invalid_value`. */
export function readDay(text: string, path: string): string {
  const day = text.trim();
  try {
    if (/^2\d{3}-\d{2}-\d{2}$/.test(day)) return Temporal.PlainDate.from(day).toString();
  } catch {
    // Said below.
  }
  throw new Refusal("invalid_value", `"${day.slice(0, 20)}" is no day; write it like 2026-12-24.`, { path });
}
