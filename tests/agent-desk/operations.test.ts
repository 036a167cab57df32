import { expect, it } from "vitest";
import { asText } from "../../agent-desk/operations/asText.ts";
import { type Draft, keepDraft, readDraft, sinceSaved } from "../../agent-desk/operations/draft.ts";
import { lineOf, parameterFor, typedValue } from "../../agent-desk/operations/parameterWords.ts";
import { namesInSlots, namesInSql } from "../../agent-desk/operations/slotNames.ts";
import { isSame } from "../../src/protocol/isSame.ts";

it.each([
  ["select :region, :days, :region", ["region", "days"]],
  ["select ':a', \":b\", x::date -- :c\n /* :d */ , $$ :e $$, :f", ["f"]],
  ["select :me, :team, :tenant, :mine", ["mine"]],
  ["select 'it''s :a' [[and b = :b]] and 'open :c", ["b"]],
  ["", []],
])("finds what a query asks for: %s", (sql, names) => {
  expect(namesInSql(sql)).toEqual(names);
});

it("finds what texts with slots ask for, in whatever they stand", () => {
  expect(namesInSlots({ to: ["{{whom}}"], text: "Dear {{ name.first }}, {{whom}} {{}} {none}" })).toEqual(["whom", "name"]);
});

it("takes what was written for its type, and leaves to the server what doesn't fit", () => {
  expect(typedValue({ type: "integer" }, " 42 ")).toBe(42);
  expect(typedValue({ type: "integer" }, "4.2")).toBe("4.2");
  expect(typedValue({ type: "decimal" }, "12,50")).toBe("12.50");
  expect(typedValue({ type: "boolean" }, "false")).toBe(false);
  expect(typedValue({ type: "integer", list: true }, "1, 2;\n3,")).toEqual([1, 2, 3]);
  expect(parameterFor("min_days")).toMatchObject({ type: "integer" });
  expect(parameterFor("due_on")).toMatchObject({ type: "date" });
});

it("writes the line that runs it, without what is preset", () => {
  const parameters = [
    { name: "region", type: "text", required: true },
    { name: "days", type: "integer", required: true, default: 3 },
    { name: "kind", type: "text", required: false, fixed: true, default: "late" },
    { name: "note", type: "text", required: false },
  ] as const;
  expect(lineOf("late-orders", parameters, {})).toBe("/late-orders region:… days:3");
  expect(lineOf("late-orders", parameters, { region: "far north", days: "7" })).toBe('/late-orders region:"far north" days:7');
});

const draft: Draft = {
  name: "late",
  kind: "query",
  summary: "Late.",
  audience: "staff",
  parameters: [{ name: "days", type: "integer", required: true }],
  body: { sql: "select 1\nfrom x", dataSource: "shop" },
  seen: 2,
};

it("keeps a draft, and passes over what is none", () => {
  const kept = new Map<string, string>();
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
  keepDraft(storage, "me", "late", draft);
  expect([readDraft(storage, "me", "late"), readDraft(storage, "you", "late")]).toEqual([draft, null]);
  for (const key of kept.keys()) kept.set(key, '{"kind":"spell"}');
  expect(readDraft(storage, "me", "late")).toBe(null);
  keepDraft(storage, "me", "late", null);
  expect(kept.size).toBe(0);
});

it("keeps what is written while it is being saved, as a change of what was saved", () => {
  const saved = { name: "late", version: 3 };
  expect(sinceSaved({ ...draft, summary: "Late, by region." }, draft, saved)).toEqual({ ...draft, summary: "Late, by region.", seen: 3 });
  expect([sinceSaved(null, draft, saved), sinceSaved({ ...draft }, draft, saved)]).toEqual([null, null]);
  // What was written before the last save began with the version before it, and a new one had no name yet.
  expect(sinceSaved({ ...draft, name: "", seen: null }, { ...draft, seen: 2 }, saved)).toBe(null);
});

it("compares by content, and as lines that people read", () => {
  expect(isSame({ a: 1, b: [1, { c: null }] }, { b: [1, { c: null }], a: 1 })).toBe(true);
  expect(isSame([1, 2], { 0: 1, 1: 2 })).toBe(false);
  expect(isSame({ a: 1 }, { a: 1, b: 2 })).toBe(false);
  expect(asText(draft).split("\n")).toEqual([
    "summary: Late.",
    "for: staff",
    "parameter days: Whole number; required",
    "dataSource: shop",
    "sql:",
    "  select 1",
    "  from x",
  ]);
});
