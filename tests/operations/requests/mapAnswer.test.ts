import { describe, expect, it } from "vitest";
import { checkAnswerMap } from "../../../src/operations/requests/answers/answerMap.ts";
import { mapAnswer } from "../../../src/operations/requests/answers/mapAnswer.ts";
import { type Json, readJson } from "../../../src/operations/requests/json.ts";

const map = (written: unknown, json: Json) => mapAnswer(checkAnswerMap(written), { kind: "json", json });
const orders: Json = {
  data: {
    count: 2,
    items: [
      { id: 7, name: "Ada", price: 1.5, paid: true },
      { id: 8, name: null, price: 2, paid: false, "order-id": "x" },
    ],
  },
};

describe("an answer becomes", () => {
  it("a sentence", () => {
    expect(
      map({ as: "sentence", text: "{{data.count}} orders, the first for {{ data.items[0].name }}, then {{data.items[1].name}}." }, orders),
    ).toEqual({
      kind: "sentence",
      text: "2 orders, the first for Ada, then –.",
    });
    expect(map({ as: "sentence", text: '{{$.data.items[1]["order-id"]}} {{data.items[0]}}' }, orders)).toEqual({
      kind: "sentence",
      text: `x ${JSON.stringify({ id: 7, name: "Ada", price: 1.5, paid: true })}`,
    });
    // What the host wrote is no template.
    expect(map({ as: "sentence", text: "{{a}}" }, { a: "{{b}}", b: "1" })).toEqual({ kind: "sentence", text: "{{b}}" });
    expect(mapAnswer({ as: "sentence", text: "Done." }, { kind: "none" })).toEqual({ kind: "sentence", text: "Done." });
  });

  it("a table", () => {
    const columns = ["id", "name", "price", "paid", "order-id"].map((name) => ({ name, path: name }));
    expect(map({ as: "table", rows: "data.items", columns }, orders)).toEqual({
      kind: "table",
      columns: [
        { name: "id", type: "integer" },
        { name: "name", type: "text" },
        { name: "price", type: "decimal" },
        { name: "paid", type: "boolean" },
        { name: "order-id", type: "text" },
      ],
      rows: [
        [7, "Ada", "1.5", true, null],
        [8, null, "2", false, "x"],
      ],
      truncated: false,
    });
    const many = map(
      { as: "table", rows: "", columns: [{ name: "n", path: "n" }] },
      Array.from({ length: 1001 }, (_, n) => ({ n })),
    );
    expect(many).toMatchObject({ truncated: true, rows: { length: 1000 } });
    expect(map({ as: "table", rows: "", columns: [{ name: "n", path: "n" }] }, [])).toMatchObject({ kind: "table", rows: [] });
  });

  it("fields", () => {
    expect(map({ as: "fields", fields: [{ name: "Name", path: "data.items[0].name" }] }, orders)).toEqual({
      kind: "fields",
      fields: [{ name: "Name", value: "Ada" }],
    });
  });

  it("what it is, where nobody said", () => {
    expect(mapAnswer(undefined, { kind: "json", json: [{ a: 1 }, { b: "x" }] })).toMatchObject({
      kind: "table",
      columns: [{ name: "a" }, { name: "b" }],
      rows: [
        [1, null],
        [null, "x"],
      ],
    });
    expect(mapAnswer(undefined, { kind: "json", json: [1, 2] })).toMatchObject({ columns: [{ name: "value" }], rows: [[1], [2]] });
    expect(mapAnswer(undefined, { kind: "json", json: { a: { b: 1 } } })).toEqual({
      kind: "fields",
      fields: [{ name: "a", value: '{"b":1}' }],
    });
    expect(mapAnswer(undefined, { kind: "json", json: 5 })).toEqual({ kind: "sentence", text: "5" });
    expect(mapAnswer(undefined, { kind: "text", text: "x".repeat(9000) })).toMatchObject({ text: expect.stringMatching(/^x{7999}…$/) });
    expect(mapAnswer(undefined, { kind: "none" })).toEqual({ kind: "sentence", text: "The answer is empty." });
  });
});

it("4.6 a path that isn't there is told in one sentence", () => {
  const message = (written: unknown, json = orders) => map(written, json);
  expect(message({ as: "sentence", text: "{{data.total}}" })).toEqual({
    kind: "unmapped",
    message: 'The answer has nothing at "data.total".',
  });
  expect(message({ as: "fields", fields: [{ name: "x", path: "data.items[9].id" }] })).toMatchObject({
    message: expect.stringContaining("data.items[9].id"),
  });
  expect(message({ as: "table", rows: "data.rows", columns: [{ name: "x", path: "x" }] })).toMatchObject({
    message: expect.stringContaining("data.rows"),
  });
  expect(message({ as: "table", rows: "data.count", columns: [{ name: "x", path: "x" }] })).toMatchObject({
    message: expect.stringContaining("no list"),
  });
  expect(message({ as: "table", rows: "data.items", columns: [{ name: "x", path: "typo" }] })).toMatchObject({
    message: expect.stringContaining("typo"),
  });
  for (const path of ["constructor", "__proto__", "data.toString", "data.items.length"])
    expect(message({ as: "sentence", text: `{{${path}}}` })).toMatchObject({ kind: "unmapped" });
  expect(mapAnswer({ as: "sentence", text: "{{a}}" }, { kind: "none" })).toMatchObject({
    kind: "unmapped",
    message: expect.stringContaining("empty"),
  });
  expect(mapAnswer({ as: "sentence", text: "{{a}}" }, { kind: "text", text: "x" })).toMatchObject({
    kind: "unmapped",
    message: expect.stringContaining("no JSON"),
  });
  expect(mapAnswer(undefined, { kind: "unreadable", why: "Because." })).toEqual({ kind: "unmapped", message: "Because." });
});

it.each(["{{a + b}}", "{{a()}}", "{{}}", "{{a..b}}", "{{a[x]}}", "{{a[-1]}}", "{{a[*]}}", "{{a|b}}", "{{a", "{{{a}}}", "{{a.b[0]c}}"])(
  "sec/sql/59 refuses what is no path: %s",
  (text) => {
    expect(() => checkAnswerMap({ as: "sentence", text })).toThrow(
      expect.objectContaining({ code: "invalid_value", path: "request.answer.text" }),
    );
  },
);

it("reads numbers beyond what JavaScript holds as they are written", () => {
  expect(readJson('{"a":12345678901234567890,"b":"12345678901234567890","c":-9007199254740993,"d":9007199254740991,"e":1.5e3}')).toEqual({
    a: "12345678901234567890",
    b: "12345678901234567890",
    c: "-9007199254740993",
    d: 9007199254740991,
    e: 1500,
  });
  for (const wrong of ["", "{", "01", "[1,]", "12345678901234567890x", '"a']) expect(readJson(wrong)).toBeUndefined();
});
