import { expect, it } from "vitest";
import { barsOf, spansText, untilText } from "../../../agent-desk/settings/week.ts";

it("shows a night on both of its days, over the end of the week too", () => {
  const night = { day: 7, from: "21:00", to: "06:00" };
  expect(barsOf([night])).toEqual([
    { day: 7, from: 0.875, to: 1 },
    { day: 1, from: 0, to: 0.25 },
  ]);
  expect([untilText([night], 1), untilText([night], 7)]).toEqual(["until 06:00", ""]);
  expect(barsOf([{ day: 2, from: "0:00", to: "24:00" }])).toEqual([{ day: 2, from: 0, to: 1 }]);
  expect(barsOf([{ day: 2, from: "18:00", to: "0:00" }])).toEqual([{ day: 2, from: 0.75, to: 1 }]);
});

it("draws nothing of what is no time yet, and says it as it was written", () => {
  const spans = [
    { day: 1, from: "9", to: "12:00" },
    { day: 3, from: "", to: "25:00" },
  ];
  expect(barsOf(spans)).toEqual([{ day: 1, from: 0.375, to: 0.5 }]);
  expect(spansText(spans)).toBe("mon 9-12:00, wed ?-25:00");
});
