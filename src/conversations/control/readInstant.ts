import * as chrono from "chrono-node";

const languages: Readonly<Record<string, chrono.Chrono>> = {
  en: chrono.en.casual,
  pt: chrono.pt.casual,
  es: chrono.es.casual,
  fr: chrono.fr.casual,
  de: chrono.de.casual,
};

/** At which hour a day begins that is named without one. */
const firstHour = "9:00";

/**
 * An instant as people write it: ISO 8601 with its zone, or words of the tenant's language or English ("tomorrow 9:00", "in 2 hours"), in the
 * tenant's zone. Milliseconds since 1970; undefined where it can't be read.
 */
export function readInstant(
  text: string,
  { now, timeZone, language }: { now: number; timeZone: string; language: string },
): number | undefined {
  const written = text.trim();
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(written))
    return isDay(written.slice(0, 10)) ? numberOr(Date.parse(written)) : undefined;
  const duration = durationIn(written);
  if (duration !== undefined) return inZone(chrono.en.casual, `in ${duration}`, now, timeZone);
  const reader = languages[language.slice(0, 2)];
  const at = reader && reader !== chrono.en.casual ? inZone(reader, withColons(written, ""), now, timeZone) : undefined;
  return at ?? inZone(chrono.en.casual, withColons(written, String.raw`(?<=\bat\s+|^(?=\d+h\d))`), now, timeZone);
}

const units: readonly [unit: string, words: RegExp][] = [
  ["minutes", /^(m|mins?|minutes?|minutos?|minuten)$/],
  ["hours", /^(h|hours?|horas?|heures?|std|stunden?)$/],
  ["days", /^(d|days?|d[ií]as?|j|jours?|tagen?|tag)$/],
  ["weeks", /^(w|weeks?|semanas?|semaines?|wochen?)$/],
];

const within = /^(?:in|within|dans|d['’]ici|en|em|daqui a|dentro de)\s+/iu;

/**
 * "2h", "30 min", "dans 2h", "daqui a 3 dias": a number and a unit alone are a duration, in English; undefined for anything else. chrono takes
 * some for the time of day, and doesn't know others.
 */
function durationIn(text: string): string | undefined {
  const [, count, word = ""] = /^(\d{1,4})\s?(\p{L}+)\.?$/u.exec(text.replace(within, "")) ?? [];
  const unit = units.find(([, words]) => words.test(word.toLowerCase()))?.[0];
  return unit === undefined ? undefined : `${count} ${unit}`;
}

/**
 * "à 2h", "amanhã 14h30", "at 14 hours" are times of the day: with a colon every language reads them, without one some leave them out. Of those
 * that stand after `before` alone: in English "2 hours from now" counts.
 */
function withColons(text: string, before: string): string {
  if (within.test(text)) return text;
  const hours = String.raw`\b(\d{1,2})\s?(?:h|hours?|horas?|heures?)(?:\s?(\d{2}))?(?![\p{L}\d]|\s*\d+\s?m)`;
  return text.replace(new RegExp(before + hours, "giu"), (_, hour, minutes = "00") => `${hour}:${minutes}`);
}

/** chrono knows no zones by name, only minutes of difference; those of the day that is meant may be others than today's. */
function inZone(reader: chrono.Chrono, text: string, now: number, timeZone: string): number | undefined {
  const read = (offset: number) => parse(reader, text, now, offset);
  const today = offsetMinutes(now, timeZone);
  const first = read(today);
  if (first === undefined) return undefined;
  const then = offsetMinutes(first, timeZone);
  return then === today || isRelative(text, reader, now) ? first : read(then);
}

function parse(reader: chrono.Chrono, text: string, now: number, timezone: number): number | undefined {
  const reference = { instant: new Date(now), timezone };
  const [found] = reader.parse(text, reference, { forwardDate: true });
  if (found === undefined || found.text.length < text.length / 2) return undefined;
  if (found.start.isCertain("hour") || isRelative(text, reader, now)) return numberOr(found.start.date().getTime());
  const [withHour] = reader.parse(`${text} ${firstHour}`, reference, { forwardDate: true });
  return numberOr((withHour ?? found).start.date().getTime());
}

/** "in 2 hours" counts from now: no zone and no first hour of a day has a say. */
function isRelative(text: string, reader: chrono.Chrono, now: number): boolean {
  const at = (timezone: number) =>
    reader
      .parse(text, { instant: new Date(now), timezone }, { forwardDate: true })[0]
      ?.start.date()
      .getTime();
  return at(0) === at(300);
}

/** How far a zone's clock is ahead of UTC at that instant. A zone that isn't known counts as UTC. */
export function offsetMinutes(at: number, timeZone: string): number {
  try {
    const parts = new Intl.DateTimeFormat("en-US", { timeZone, timeZoneName: "longOffset" }).formatToParts(at);
    const [, sign, hours, minutes] = /GMT([+-])(\d\d):(\d\d)/.exec(parts.find(({ type }) => type === "timeZoneName")?.value ?? "") ?? [];
    return sign === undefined ? 0 : (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
  } catch {
    return 0;
  }
}

/** `Date` would make the 2nd of March of a 30th of February. */
function isDay(day: string): boolean {
  const at = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(day);
}

function numberOr(at: number): number | undefined {
  return Number.isNaN(at) ? undefined : at;
}
