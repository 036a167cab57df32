import { describe, expect, it, test } from "vitest";
import { patternInWords } from "../../src/operations/schedules/patternInWords.ts";
import { readWhen, timesOf } from "../../src/operations/schedules/when.ts";

const now = new Date("2026-11-21T12:00:00Z");

describe("words", () => {
  it.each([
    ["every day at 9", "0 9 * * *"],
    ["Daily at 09:30", "30 9 * * *"],
    ["every weekday at 9:00", "0 9 * * 1-5"],
    ["every weekend at noon", "0 12 * * 6,0"],
    ["every monday at 8am", "0 8 * * 1"],
    ["every Monday, Wednesday and Friday at 5:30 pm", "30 17 * * 1,3,5"],
    ["on tuesdays at 12am", "0 0 * * 2"],
    ["every sun at midnight", "0 0 * * 0"],
    ["every hour", "0 * * * *"],
    ["every hour at :15", "15 * * * *"],
    ["every 15 minutes", "*/15 * * * *"],
    ["every 2 hours", "0 */2 * * *"],
    ["every month on the 1st at 8:00", "0 8 1 * *"],
    ["monthly on the 31 at 8:00", "0 8 31 * *"],
    ["on the last day of every month at 18:00", "0 18 L * *"],
    ["0 9 * * 1-5", "0 9 * * 1-5"],
    ["*/10 8-18 * * MON-FRI", "*/10 8-18 * * mon-fri"],
  ])("%s is %s", (written, pattern) => {
    expect(readWhen(written, "Europe/Lisbon", now)).toBe(pattern);
  });

  it.each([
    ["", "can't be read"],
    ["now and then", "can't be read"],
    ["every day", "can't be read"],
    ["every day at 25:00", "can't be read"],
    ["every day at 13pm", "can't be read"],
    ["every fooday at 9", "can't be read"],
    ["every month on the 32nd at 9", "can't be read"],
    ["* * * * * *", "can't be read"],
    ["61 * * * *", "is no cron expression"],
    ["a b c d e", "is no cron expression"],
    ["0 0 30 2 *", "never comes"],
    ["every 7 minutes", "doesn't divide an hour evenly"],
    ["every 0 hours", "doesn't divide a day evenly"],
    ["* * * * *", "Every five minutes"],
    ["0,1 9 * * *", "Every five minutes"],
  ])("%s is refused", (written, sentence) => {
    expect(() => readWhen(written, "Europe/Lisbon", now)).toThrow(sentence);
  });
});

/** The European Union puts its clocks forward on 29 March 2026 at 01:00 UTC, and back on 25 October. */
test.each([
  [
    "before, in and after the night without 02:30",
    "30 2 * * *",
    "2026-03-28T00:00:00Z",
    ["2026-03-28T01:30", "2026-03-29T01:00", "2026-03-30T00:30"],
  ],
  ["once in the night with two 02:30", "30 2 * * *", "2026-10-24T00:00:00Z", ["2026-10-24T00:30", "2026-10-25T00:30", "2026-10-26T01:30"]],
  ["at nine, summer and winter", "0 9 * * *", "2026-10-24T00:00:00Z", ["2026-10-24T07:00", "2026-10-25T08:00", "2026-10-26T08:00"]],
  [
    "every half hour in the longer night",
    "*/30 * * * *",
    "2026-10-25T00:00:00Z",
    ["2026-10-25T00:30", "2026-10-25T01:00", "2026-10-25T01:30"],
  ],
])("it comes %s", (_, pattern, after, expected) => {
  expect(timesOf(pattern, "Europe/Berlin", new Date(after), 3).map((at) => at.toISOString().slice(0, 16))).toEqual(expected);
});

describe("a pattern in words", () => {
  it.each([
    ["0 9 * * 1-5", "every weekday at 09:00"],
    ["0 9 * * mon-fri", "every weekday at 09:00"],
    ["30 17 * * 1,3,5", "every Monday, Wednesday and Friday at 17:30"],
    ["0 8,20 * * *", "every day at 08:00 and 20:00"],
    ["0 9 * * sat-sun", "every Saturday to Sunday at 09:00"],
    ["0 9 * * 7", "every Sunday at 09:00"],
    ["0 * * * *", "every hour"],
    ["15 * * * 1", "every hour at :15, every Monday"],
    ["*/10 8-18 * * mon-fri", "every 10 minutes from 08:00 to 18:59, every weekday"],
    ["0 */2 * * *", "every 2 hours"],
    ["5 9-17 * * *", "every hour from 09:05 to 17:05"],
    ["0 8 1,2,3,11,22 * *", "on the 1st, 2nd, 3rd, 11th and 22nd of the month at 08:00"],
    ["0 18 l * *", "on the last day of the month at 18:00"],
    ["0 8 1 1,jul *", "on the 1st of the month at 08:00 in January and July"],
    ["0 8 13 * 5", "on the 13th of the month and every Friday at 08:00"],
  ])("%s is %s", (pattern, words) => {
    expect(patternInWords(pattern)).toBe(words);
  });

  it.each(["1-30/7 * * * *", "0 9 * * 5#2", "0 9 */3 * *", "0 9 * 1-3 *", "0,1,2,3,4,5,6 9 * * *"])("%s stays as it is", (pattern) => {
    expect(patternInWords(pattern)).toBeUndefined();
  });
});
