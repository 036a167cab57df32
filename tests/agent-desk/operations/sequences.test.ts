import { expect, test } from "vitest";
import { outputsFor, slotInWords, tooEarly, wholeSlot } from "../../../agent-desk/operations/sequences/outputs.ts";
import { freeName, moved, renamed } from "../../../agent-desk/operations/sequences/steps.ts";

const orders = {
  columns: [
    { name: "id", type: "integer" },
    { name: "due_on", type: "date" },
    { name: "order state", type: "text" },
  ],
  rows: [["17", "2026-11-21", "x"]],
};
const steps = [
  { name: "orders", command: "late-orders", args: {} },
  { name: "weather", command: "weather", args: {} },
  { command: "tell", args: {}, each: "{{orders.rows}}" },
];
const results: Record<string, unknown> = { "late-orders": orders, weather: { fields: { wind: 4.5, sunny: true }, days: [] } };
const groups = outputsFor(2, {
  steps,
  parameters: [
    { name: "since", label: "Since when?", type: "date", required: true },
    { name: "people", type: "text", list: true, required: false },
  ],
  resultOf: ({ command }) => results[String(command)],
});
const offered = (title: string) =>
  groups.find((group) => group.title === title)?.outputs.map(({ slot, label, type }) => `${slot} ${label}: ${type}`);

test("a step may take typed columns, fields and counts of the steps before it, and of the row of its loop", () => {
  expect(offered("The row")).toEqual(["{{row.id}} id: number", "{{row.due_on}} due_on: time", '{{row["order state"]}} order state: text']);
  expect(offered("Step 1: late-orders")).toEqual([
    "{{orders.rows}} All rows: list",
    "{{orders.rows.length}} How many rows: number",
    "{{orders.rows.0.id}} id of the first row: number",
    "{{orders.rows.0.due_on}} due_on of the first row: time",
    '{{orders.rows.0["order state"]}} order state of the first row: text',
  ]);
  expect(offered("Step 2: weather")).toEqual([
    "{{weather.fields.wind}} fields, wind: number",
    "{{weather.fields.sunny}} fields, sunny: yesNo",
    "{{weather.days}} days: list",
    "{{weather.days.length}} How many days: number",
  ]);
  expect(offered("Asked for when it is run")).toEqual(["{{since}} Since when?: time", "{{people}} people: list"]);
  expect(slotInWords("{{orders.rows}}", groups)).toBe("Step 1: late-orders · All rows");
  expect(slotInWords("{{gone.rows}}", groups)).toBe("gone.rows");
});

test("what nobody tried yet is said, and nothing of a step after it is offered", () => {
  const unknown = outputsFor(1, { steps, parameters: [], resultOf: () => undefined });
  expect(unknown.map(({ title, unknown: isUnknown }) => [title, isUnknown === true])).toEqual([
    ["Step 1: late-orders", true],
    ["Whoever runs it", false],
  ]);
});

test("another name of a step is its name in what is taken from it after, and nowhere else", () => {
  const before = [
    { name: "a", command: "x", args: { text: "{{a.b}}" } },
    { command: "y", args: { text: "{{ a.b }} of {{ab.c}} and {{a}}" }, when: [{ left: "{{a.n}}", is: "eq", right: "a" }] },
  ];
  expect(renamed(before, 0, "all")).toEqual([
    { name: "all", command: "x", args: { text: "{{a.b}}" } },
    { command: "y", args: { text: "{{all.b }} of {{ab.c}} and {{all}}" }, when: [{ left: "{{all.n}}", is: "eq", right: "a" }] },
  ]);
  expect(freeName("late-orders", ["lateOrders"])).toBe("lateOrders2");
  expect(freeName("conversation.note", [])).toBe("note");
  expect(moved(["a", "b", "c"], 2, 0)).toEqual(["c", "a", "b"]);
});

test("a value of a step that comes later is told, and a slot among words is a text", () => {
  expect(tooEarly("Dear {{orders.rows.0.name}}", ["mails", "orders"])).toMatch(/^"orders" is only known after this step/);
  expect(tooEarly({ a: "{{order.x}}" }, ["orders"])).toBe(null);
  expect([wholeSlot("{{ a.b }}"), wholeSlot("{{a}} and"), wholeSlot(3)]).toEqual(["{{ a.b }}", undefined, undefined]);
});
