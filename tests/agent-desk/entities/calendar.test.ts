import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addDays, between, dayOf, firstOfWeek, onDay, turn, weeksOf } from "../../../agent-desk/entities/calendar/days.ts";

const day = fc
  .date({ min: new Date("1990-01-01"), max: new Date("2080-12-31"), noInvalidDate: true })
  .map((at) => at.toISOString().slice(0, 10));
const moment = fc.date({ min: new Date("1990-01-01"), max: new Date("2080-12-31"), noInvalidDate: true }).map((at) => at.toISOString());
const first = fc.constantFrom(1, 6, 7);

const bounds = (filter: object): [string, string] => {
  const [least, below] = JSON.stringify(filter).match(/\d{4}-[^"]+Z/g) ?? [];
  return [least ?? "", below ?? ""];
};

describe("a calendar", () => {
  it("shows whole weeks: that of the day, or all that have a day of its month", () => {
    expect(weeksOf("week", "2026-11-22", 1)).toEqual([
      ["2026-11-16", "2026-11-17", "2026-11-18", "2026-11-19", "2026-11-20", "2026-11-21", "2026-11-22"],
    ]);
    expect(weeksOf("week", "2026-11-22", 7)[0]?.[0]).toBe("2026-11-22");
    const month = weeksOf("month", "2026-03-31", 1);
    expect([month.length, month[0]?.[0], month.at(-1)?.[6]]).toEqual([6, "2026-02-23", "2026-04-05"]);
    expect(weeksOf("month", "2027-02-10", 1)).toHaveLength(4);
    fc.assert(
      fc.property(day, first, (of, begins) => {
        const days = weeksOf("month", of, begins).flat();
        expect(days).toContain(of);
        expect(days.filter((one) => one.slice(0, 7) === of.slice(0, 7))).toHaveLength(
          new Date(Date.UTC(Number(of.slice(0, 4)), Number(of.slice(5, 7)), 0)).getUTCDate(),
        );
        expect(days).toEqual(days.map((_, place) => addDays(days[0] ?? "", place)));
        expect(new Date(days[0] ?? "").getUTCDay()).toBe(begins % 7);
      }),
    );
  });

  it("turns to the month or week beside, and back", () => {
    expect(turn("month", "2026-01-31", 1)).toBe("2026-02-01");
    expect(turn("month", "2026-01-31", -1)).toBe("2025-12-01");
    expect(turn("week", "2026-12-30", 1)).toBe("2027-01-06");
    expect(turn("week", "9999-12-31", 1)).toBe("9999-12-31");
    fc.assert(fc.property(day, (of) => turn("month", turn("month", of, 1), -1) === `${of.slice(0, 7)}-01`));
  });

  it.each(["UTC", "America/New_York", "Pacific/Auckland", "Asia/Tehran"])(
    "moves a value to another day and keeps its time, and asks for just what is on its days, in %s",
    (zone) => {
      const before = process.env["TZ"];
      process.env["TZ"] = zone;
      try {
        expect(new Intl.DateTimeFormat().resolvedOptions().timeZone).toBe(zone);
        fc.assert(
          fc.property(moment, day, (value, to) => {
            const moved = onDay({ type: "instant" }, value, to);
            expect(dayOf({ type: "instant" }, moved)).toBe(to);
            const [hours, minutes] = [new Date(value).getHours(), new Date(value).getMinutes()];
            const wanted = new Date(`${to}T00:00:00`);
            wanted.setHours(hours, minutes);
            // Where the clocks skip it, that day has no such time.
            if (wanted.getHours() === hours) expect([new Date(moved).getHours(), new Date(moved).getMinutes()]).toEqual([hours, minutes]);
          }),
        );
        fc.assert(
          fc.property(
            day.chain((from) => fc.tuple(fc.constant(from), fc.integer({ min: -36, max: 204 }))),
            ([from, hours]) => {
              const value = new Date(Date.parse(from) + hours * 3_600_000).toISOString();
              const [least, below] = bounds(between({ key: "at", type: "instant" }, from, addDays(from, 6)));
              const its = dayOf({ type: "instant" }, value);
              expect(value >= least && value < below).toBe(its >= from && its <= addDays(from, 6));
            },
          ),
        );
      } finally {
        if (before === undefined) delete process.env["TZ"];
        else process.env["TZ"] = before;
      }
    },
  );

  it("moves a date to the day, and asks for dates as they are written", () => {
    expect(onDay({ type: "date" }, "2026-03-10", "2026-11-22")).toBe("2026-11-22");
    expect(between({ key: "due", type: "date" }, "2026-11-16", "2026-11-22")).toEqual({
      and: [{ due: { gte: "2026-11-16" } }, { due: { lte: "2026-11-22" } }],
    });
  });

  it("begins its weeks as people do where they live", () => {
    expect(["de", "en-US", "pt-PT"].map(firstOfWeek).every((begins) => begins >= 1 && begins <= 7)).toBe(true);
  });
});
