import { expect, test } from "vitest";
import { dayName } from "../../src/client/dayName.ts";

const now = new Date(2026, 10, 21, 0, 30).getTime();
const local = (...parts: [number, number, number, number?]) => new Date(...parts).toISOString();

test.each([
  [local(2026, 10, 21, 0), "en", "Today"],
  [local(2026, 10, 20, 23), "en", "Yesterday"],
  [local(2026, 10, 20, 1), "pt-BR", "Ontem"],
  [local(2026, 10, 21, 0), "de", "Heute"],
  [local(2026, 10, 20, 1), "fr", "Hier"],
  [local(2026, 10, 18, 12), "es", "miércoles, 18 de noviembre"],
  [local(2026, 10, 18, 12), "en", "Wednesday, November 18"],
  [local(2025, 10, 18, 12), "en", "Tuesday, November 18, 2025"],
])("%s in %s is %s", (at, language, name) => {
  expect(dayName(at, now, language)).toBe(name);
});
