import { describe, expect, it } from "vitest";
import { Refusal } from "../../src/protocol/refusal.ts";
import { addOpenTime, type Calendar, closesAt, isOpen, nextOpening, openTimeBetween } from "../../src/routing/calendar.ts";
import { readDaySpans, readSpans, writeSpans } from "../../src/routing/calendarText.ts";

const hour = 3_600_000;

function calendar(timeZone: string, hours: string, holidays: [first: string, last: string, hours: string][] = []): Calendar {
  return {
    timeZone,
    spans: readSpans(hours, "spans"),
    holidays: holidays.map(([firstDay, lastDay, own]) => ({ firstDay, lastDay, name: "a holiday", spans: readDaySpans(own, "spans") })),
  };
}

const at = (text: string) => Date.parse(text);
const shown = (instant: number | undefined) =>
  instant === undefined ? undefined : new Date(instant).toISOString().replace(":00.000Z", "Z");

const split = calendar("Europe/Berlin", "mon-fri 9:00-12:00 13:00-17:00");
const night = calendar("America/Sao_Paulo", "fri-sun 21:00-02:00");
const berlin = calendar("Europe/Berlin", "sun 1:00-4:00");
const newYork = calendar("America/New_York", "sun 1:30-3:30");
const always = calendar("Asia/Kathmandu", "mon-sun 0:00-24:00");
const christmas = calendar("Europe/Berlin", "mon-fri 9:00-17:00", [
  ["2026-12-24", "2026-12-24", "9:00-12:00"],
  ["2026-12-25", "2026-12-26", "closed"],
]);
const newYear = calendar("Europe/Berlin", "thu-fri 21:00-02:00", [["2027-01-01", "2027-01-01", "closed"]]);

it.each<[string, Calendar, string, boolean]>([
  ["a split day, before noon", split, "2026-11-23T08:00Z", true],
  ["its pause begins as its first span ends", split, "2026-11-23T11:00Z", false],
  ["its second span", split, "2026-11-23T12:00Z", true],
  ["its evening", split, "2026-11-23T16:00Z", false],
  ["a Saturday", split, "2026-11-21T10:00Z", false],
  ["past midnight, the evening", night, "2026-11-21T01:00Z", true],
  ["past midnight, the morning after", night, "2026-11-23T04:59Z", true],
  ["past midnight, its end", night, "2026-11-23T05:00Z", false],
  ["the morning after a day without hours", night, "2026-11-20T04:00Z", false],
  ["a holiday with hours of its own", christmas, "2026-12-24T10:00Z", true],
  ["its afternoon", christmas, "2026-12-24T12:00Z", false],
  ["a closed holiday", christmas, "2026-12-25T10:00Z", false],
  ["a night that began before the holiday", newYear, "2027-01-01T00:30Z", true],
  ["the holiday's own night", newYear, "2027-01-01T20:30Z", false],
  ["a zone of 45 minutes", always, "2026-11-21T00:00Z", true],
])("%s", (_, hours, instant, expected) => {
  expect(isOpen(hours, at(instant))).toBe(expected);
});

it.each<[string, Calendar, string, string | undefined]>([
  ["is now where it is open", split, "2026-11-23T08:10Z", "2026-11-23T08:10Z"],
  ["is after the pause", split, "2026-11-23T11:30Z", "2026-11-23T12:00Z"],
  ["is on Monday", split, "2026-11-20T16:00Z", "2026-11-23T08:00Z"],
  ["is after the holidays and the week-end", christmas, "2026-12-24T11:00Z", "2026-12-28T08:00Z"],
  ["is by summer time after the change", split, "2026-03-28T10:00Z", "2026-03-30T07:00Z"],
  ["never comes without hours", calendar("UTC", ""), "2026-03-28T10:00Z", undefined],
])("the next opening %s", (_, hours, instant, expected) => {
  expect(shown(nextOpening(hours, at(instant)))).toBe(expected);
});

it.each<[string, Calendar, string, string, number]>([
  // The clocks of Berlin go from 2:00 to 3:00 on 29 March and from 3:00 to 2:00 on 25 October 2026.
  ["the day that loses an hour", berlin, "2026-03-28T12:00Z", "2026-03-30T00:00Z", 2],
  ["the day that gains one", berlin, "2026-10-24T12:00Z", "2026-10-26T00:00Z", 4],
  ["an ordinary one", berlin, "2026-10-17T12:00Z", "2026-10-19T00:00Z", 3],
  // New York: 8 March 2:00 to 3:00, 1 November 2:00 to 1:00.
  ["hours that end within the hour after the gap", newYork, "2026-03-08T00:00Z", "2026-03-09T00:00Z", 1],
  ["hours that begin at a time that comes twice", newYork, "2026-11-01T00:00Z", "2026-11-02T00:00Z", 3],
  ["hours that the gap passes over", calendar("Europe/Berlin", "sun 2:10-2:50"), "2026-03-28T12:00Z", "2026-03-30T00:00Z", 0],
  [
    "an hour that begins in the gap, beside the next",
    calendar("Europe/Berlin", "sun 2:30-3:30 3:30-4:00"),
    "2026-03-28T12:00Z",
    "2026-03-30T00:00Z",
    1,
  ],
  ["a day of 23 hours", calendar("Europe/Berlin", "mon-sun 0:00-24:00"), "2026-03-28T23:00Z", "2026-03-29T22:00Z", 23],
  ["a week of a split day", split, "2026-11-16T00:00Z", "2026-11-23T00:00Z", 35],
  ["nights over a week-end", night, "2026-11-16T12:00Z", "2026-11-23T12:00Z", 15],
  ["within one span", split, "2026-11-23T08:15Z", "2026-11-23T08:45Z", 0.5],
  ["backwards", split, "2026-11-23T10:00Z", "2026-11-23T09:00Z", 0],
])("open time: %s", (_, hours, from, to, expected) => {
  expect(openTimeBetween(hours, at(from), at(to)) / hour).toBe(expected);
});

it.each<[string, Calendar, string, number, string | undefined]>([
  ["within a span", split, "2026-11-23T08:00Z", 1, "2026-11-23T09:00Z"],
  ["to the very end of a span", split, "2026-11-23T08:00Z", 3, "2026-11-23T11:00Z"],
  ["over the pause", split, "2026-11-23T10:00Z", 2, "2026-11-23T13:00Z"],
  ["over a week-end", split, "2026-11-20T15:00Z", 2, "2026-11-23T09:00Z"],
  ["from outside the hours", split, "2026-11-21T15:00Z", 1, "2026-11-23T09:00Z"],
  ["over a closed holiday", christmas, "2026-12-24T10:00Z", 2, "2026-12-28T09:00Z"],
  ["over the night that the clocks change", calendar("Europe/Berlin", "sat-sun 22:00-04:00"), "2026-10-24T20:00Z", 7, "2026-10-25T03:00Z"],
  ["never, without hours", calendar("UTC", ""), "2026-03-28T10:00Z", 1, undefined],
])("open time is added %s", (_, hours, from, hoursAdded, expected) => {
  const due = addOpenTime(hours, at(from), hoursAdded * hour);
  expect(shown(due)).toBe(expected);
  if (due !== undefined) expect(openTimeBetween(hours, at(from), due)).toBe(hoursAdded * hour);
});

it("knows when the hours end, where they do", () => {
  expect(shown(closesAt(split, at("2026-11-23T08:00Z")))).toBe("2026-11-23T11:00Z");
  expect(closesAt(split, at("2026-11-23T11:30Z"))).toBeUndefined();
  expect(closesAt(always, at("2026-11-23T11:30Z"))).toBeUndefined();
});

describe("hours as people write them", () => {
  it.each([
    ["mon-fri 9-17", "mon 09:00-17:00, tue 09:00-17:00, wed 09:00-17:00, thu 09:00-17:00, fri 09:00-17:00"],
    ["Saturday 21:00 – 02:00", "sat 21:00-02:00"],
    ["sat-mon 10:00-12:00; sun 13:00-24:00", "mon 10:00-12:00, sat 10:00-12:00, sun 10:00-12:00 13:00-24:00"],
    ["sun 22:00-09:00\nmon 9:00-10:00", "mon 09:00-10:00, sun 22:00-09:00"],
    ["", ""],
  ])("%s", (written, again) => {
    expect(writeSpans(readSpans(written, "spans"))).toBe(again);
    expect(readSpans(again, "spans")).toHaveLength(readSpans(written, "spans").length);
  });

  it.each([
    ["mon 9:00-12:00, tue 9:00-12:00, wed 9:00-25:00", "spans.2.to", /25:00.*24:00/],
    ["mon 9:60-12:00", "spans.0.from", /9:60/],
    ["mon 9:00-9:00", "spans.0.to", /empty/],
    ["mon 24:00-2:00", "spans.0.from", /next day/],
    ["mon 9:00-13:00 12:00-17:00", "spans.1.from", /overlaps mon 09:00-13:00/],
    ["mon-fri 9:00-17:00, wed 16:00-18:00", "spans.1.from", /overlaps wed/],
    ["sun 22:00-10:00, mon 9:00-12:00", "spans.1.from", /overlaps sun/],
    ["mon-tue 20:00-19:00, wed 18:00-20:00", "spans.1.from", /overlaps tue/],
    ["mon", "spans.0", /no hours/],
    ["someday 9:00-10:00", "spans.0.day", /no day/],
    ["mon 9:00", "spans.0", /no span/],
    ["mon noon-13:00", "spans.0.from", /no time of day/],
  ])("%s is refused", (written, path, message) => {
    const read = () => readSpans(written, "spans");
    expect(read).toThrow(Refusal);
    expect(read).toThrow(expect.objectContaining({ path, message: expect.stringMatching(message) }));
  });

  it("refuses a holiday's hours by the same rules", () => {
    expect(() => readDaySpans("9:00-12:00 11:00-13:00", "args.hours")).toThrow(expect.objectContaining({ path: "args.hours.1.from" }));
    expect(readDaySpans("closed", "args.hours")).toEqual([]);
    expect(readDaySpans("20:00-02:00 9-12", "args.hours")).toHaveLength(2);
  });
});
