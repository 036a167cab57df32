import { describe, expect, it } from "vitest";
import { offsetMinutes, readInstant } from "../../src/conversations/control/readInstant.ts";
import { snoozeEnd } from "../../src/conversations/control/snooze.ts";

// A Saturday, 9:00 in New York; on the 14th of March clocks there go an hour ahead.
const now = Date.parse("2026-11-21T14:00:00Z");
const read = (text: string, more: { timeZone?: string; language?: string; now?: number } = {}) => {
  const at = readInstant(text, { now, timeZone: "America/New_York", language: "en", ...more });
  return at === undefined ? undefined : new Date(at).toISOString();
};

describe("a time as people write it", () => {
  it.each([
    ["2026-12-01T09:00:00Z", "2026-12-01T09:00:00.000Z"],
    ["2026-12-01T09:00:00+02:00", "2026-12-01T07:00:00.000Z"],
    ["in 2 hours", "2026-11-21T16:00:00.000Z"],
    ["tomorrow 9:00", "2026-11-22T14:00:00.000Z"],
    ["tomorrow", "2026-11-22T14:00:00.000Z"],
    ["next monday at 5pm", "2026-11-23T22:00:00.000Z"],
    ["april 1 9:00", "2027-04-01T13:00:00.000Z"],
    ["2026-12-24", "2026-12-24T14:00:00.000Z"],
    ["", undefined],
    ["when it suits", undefined],
    ["2026-02-30T09:00:00Z", undefined],
    ["2026-13-01T09:00:00Z", undefined],
  ])("reads %j in the tenant's zone", (text, at) => {
    expect(read(text)).toBe(at);
  });

  it.each([
    ["de", "morgen 9:00"],
    ["pt-BR", "amanhã às 9:00"],
    ["es", "mañana a las 9"],
    ["fr", "demain à 9h"],
    ["de", "tomorrow 9:00"],
    ["eo", "tomorrow 9:00"],
  ])("reads %s, and English anyway: %j", (language, text) => {
    expect(read(text, { language })).toBe("2026-11-22T14:00:00.000Z");
  });

  it.each([
    ["en", ["2h", "2 h", "2 hours", "in 2h", "in 2 hours", "2 hours from now", "2h from now"]],
    ["de", ["2h", "2 h", "2 Std.", "2 Stunden", "in 2h", "in 2 Stunden"]],
    ["fr", ["2h", "2 h", "2 heures", "2 hours from now", "dans 2h", "dans 2 heures", "d'ici 2h"]],
    ["pt-BR", ["2h", "2 h", "2 horas", "em 2h", "daqui a 2h", "daqui a 2 horas"]],
    ["es", ["2h", "2 h", "2 horas", "en 2h", "dentro de 2h", "dentro de 2 horas"]],
  ])("reads a number and a unit as a duration, in %s: %j", (language, texts) => {
    expect(texts.map((text) => read(text, { language }))).toEqual(texts.map(() => "2026-11-21T16:00:00.000Z"));
  });

  it.each([
    ["de", "30 min", "2026-11-21T14:30:00.000Z"],
    ["fr", "45m", "2026-11-21T14:45:00.000Z"],
    ["fr", "2j", "2026-11-23T14:00:00.000Z"],
    ["de", "in 3 Tagen", "2026-11-24T14:00:00.000Z"],
    ["pt-BR", "3d", "2026-11-24T14:00:00.000Z"],
    ["es", "1 semana", "2026-11-28T14:00:00.000Z"],
  ])("reads one of other units, in %s: %j", (language, text, at) => {
    expect(read(text, { language })).toBe(at);
  });

  it.each([
    ["en", ["at 2h", "at 2", "at 2 hours", "2h00"]],
    ["de", ["um 2h", "um 2 Uhr", "2h00"]],
    ["fr", ["à 2h", "à 2 heures", "à 2h00", "2h00"]],
    ["pt-BR", ["às 2h", "às 2 horas", "2h00"]],
    ["es", ["a las 2h", "a las 2", "2h00"]],
  ])("reads what is said with at, or has minutes, as the time on the wall, in %s: %j", (language, texts) => {
    expect(texts.map((text) => read(text, { language }))).toEqual(texts.map(() => "2026-11-22T07:00:00.000Z"));
  });

  it.each([
    ["fr", ["demain 15h", "demain à 15h", "demain à 15h00"]],
    ["pt-BR", ["amanhã 15h", "amanhã às 15h", "amanhã às 15h00"]],
    ["es", ["mañana 15h", "mañana a las 15h"]],
    ["de", ["morgen 15h", "morgen um 15h"]],
    ["en", ["tomorrow 15:00", "tomorrow at 15h", "tomorrow at 3pm"]],
  ])("reads the hour of a day that is named, in %s: %j", (language, texts) => {
    expect(texts.map((text) => read(text, { language }))).toEqual(texts.map(() => "2026-11-22T20:00:00.000Z"));
  });

  it("counts hours over a change of the clocks, and means the clock on the wall", () => {
    const eve = Date.parse("2027-03-13T20:00:00Z");
    expect(read("in 24 hours", { now: eve })).toBe("2027-03-14T20:00:00.000Z");
    expect(read("tomorrow 15:00", { now: eve })).toBe("2027-03-14T19:00:00.000Z");
  });

  it("takes a zone that isn't known for UTC", () => {
    expect(read("tomorrow 9:00", { timeZone: "Mars/Olympus" })).toBe("2026-11-22T09:00:00.000Z");
    expect(offsetMinutes(now, "Asia/Kathmandu")).toBe(345);
  });

  it.each([
    ["yesterday", "has passed"],
    ["2026-11-21T13:59:59Z", "has passed"],
    ["in 3 years", "within a year"],
    ["soon enough", "no time that can be read"],
  ])("refuses to snooze until %j", (text, why) => {
    expect(() => snoozeEnd(text, { now, timeZone: "UTC", language: "en" })).toThrow(
      expect.objectContaining({ code: "invalid_value", path: "args.until", message: expect.stringContaining(why) }),
    );
  });
});
