import { expect, test } from "vitest";
import { exactTime, relativeTime } from "../../src/client/relativeTime.ts";

const at = "2026-03-01T12:00:00.000Z";
const after = (seconds: number) => Date.parse(at) + seconds * 1000;

test.each([
  [-30, "now"], // the server's clock is ahead of the browser's
  [0, "now"],
  [59, "now"],
  [60, "1 min. ago"],
  [59 * 60, "59 min. ago"],
  [3600, "1 hr. ago"],
  [23 * 3600, "23 hr. ago"],
  [86_400, "Mar 1"],
])("%d s later: %s", (seconds, expected) => {
  expect(relativeTime(at, after(seconds), "en")).toBe(expected);
});

test("speaks the reader's language", () => {
  expect(relativeTime(at, after(120), "de")).toBe("vor 2 Min.");
  expect(exactTime(at, "en")).toContain("2026");
});
