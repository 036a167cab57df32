import { expect, test } from "vitest";
import { argsInWords, ruleInWords, tookInWords } from "../../../agent-desk/runs/runWords.ts";

test.each([
  [{}, ""],
  [{ name: "Refund", count: 3, on: true }, "name:Refund count:3 on:true"],
  [{ text: "Thank you", list: [1] }, 'text:"Thank you" list:[1]'],
])("the arguments %j are written as %s", (args, expected) => {
  expect(argsInWords(args)).toBe(expected);
});

test.each([
  [null, null],
  ["2026-11-22T10:00:00.031Z", "31 ms"],
  ["2026-11-22T10:00:01.000Z", "1 s"],
  ["2026-11-22T10:01:29.000Z", "89 s"],
  ["2026-11-22T10:05:00.000Z", "5 min"],
])("a run until %s took %s", (endedAt, expected) => {
  expect(tookInWords({ createdAt: "2026-11-22T10:00:00.000Z", endedAt })).toBe(expected);
});

test("a rule is said in words", () => {
  expect(ruleInWords({ by: "role:admin", quorum: 2 })).toBe("2 with the role admin");
});
