import { expect, test } from "vitest";
import { waited, waitedInWords, waitTone } from "../../../agent-desk/inbox/waiting.ts";

const since = "2026-11-21T10:00:00.000Z";
const after = (seconds: number) => Date.parse(since) + seconds * 1000;

test.each([
  [-5, "0:00", "less than a minute", undefined],
  [42, "0:42", "less than a minute", undefined],
  [60, "1:00", "a minute", "warn"],
  [130, "2:10", "2 minutes", "warn"],
  [300, "5:00", "5 minutes", "bad"],
  [3599, "59:59", "59 minutes", "bad"],
  [4800, "1 h 20 min", "80 minutes", "bad"],
  [3 * 86_400, "3 d", "72 hours", "bad"],
])("after %i s", (seconds, text, words, tone) => {
  expect(waited(since, after(seconds))).toBe(text);
  expect(waitedInWords(since, after(seconds))).toBe(words);
  expect(waitTone(since, after(seconds))).toBe(tone);
});
