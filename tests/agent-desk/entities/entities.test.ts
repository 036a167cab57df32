import { describe, expect, it } from "vitest";
import { fieldsOf, newDraft, newField, renamed, renamedField, retyped } from "../../../agent-desk/entities/editor/blueprintDraft.ts";
import { changesBetween } from "../../../agent-desk/entities/editor/changes.ts";
import { asText, fromText, isSameValue, valueWords } from "../../../agent-desk/entities/fields/valueWords.ts";
import { sortedBy } from "../../../agent-desk/entities/table/columns.ts";
import { filterOf } from "../../../agent-desk/entities/table/filterTerms.ts";
import { stepBy } from "../../../agent-desk/entities/table/gridSteps.ts";
import type { Field } from "../../../src/protocol/blueprints.ts";

const text: Field = { id: "f1", key: "cargo", name: "Cargo", type: "text" };
const choice: Field = { id: "f2", key: "status", name: "Status", type: "choice", choices: ["A", "B"] };

describe("a blueprint that is written", () => {
  it("is called by its name, until somebody says otherwise", () => {
    const called = (name: string) => renamed(newDraft(), name);
    expect(["Delivery", "Stock item", "Box", "Day"].map((name) => called(name).key)).toEqual([
      "deliveries",
      "stock-items",
      "boxes",
      "days",
    ]);
    expect(fieldsOf(called("Delivery"))).toEqual([{ key: "id", name: "Id", type: "sequence", prefix: "DEL-" }]);
    expect(renamed({ ...called("Delivery"), key: "mine" }, "Order")).toMatchObject({ key: "mine", fields: [{ prefix: "ORD-" }] });
    const field = renamedField(newField("text", []), "Deliver from");
    expect(field.key).toBe("deliver_from");
    expect(renamedField({ ...field, id: "f1" }, "From").key).toBe("deliver_from");
    expect(retyped({ ...field, unique: true, maxLength: 5 }, "choice")).toEqual({
      mark: "+0",
      key: "deliver_from",
      name: "Deliver from",
      type: "choice",
      choices: [],
    });
  });

  it("says what differs, and what that means for what is there", () => {
    const differs = (fields: Omit<Field, "id">[]) =>
      changesBetween({ name: "X", fields: [text, choice] }, { name: "X", fields }).map(
        ({ kind, of, text: said }) => `${kind} ${of}: ${said}`,
      );
    expect(differs([text, choice])).toEqual([]);
    const moved = differs([choice, text, { key: "new", name: "New", type: "date", required: true }]);
    expect(moved).toEqual(["new New: new: date, required", "other The order: Status, Cargo, New"]);
    expect(
      differs([
        { ...text, name: "Freight", type: "integer" },
        { ...choice, choices: ["B", "C"], required: true },
      ]),
    ).toEqual([
      "other Cargo: Text → Number: another field from now on; what stands in the old one stays there",
      "other Status: may be C, too",
      "other Status: may not become A any more",
      "other Status: required from now on",
    ]);
    expect(differs([text])).toEqual(["gone Status: taken off; what has it keeps it, and it comes back with this version"]);
    expect(differs([{ ...text, required: false, shownWhen: { status: { eq: "A" } } }, choice])).toEqual([
      "other Cargo: only where: nothing → Status is A",
    ]);
    const step = { key: "go", name: "Gone", from: ["A"], to: "B" };
    const flow = { field: "status", states: ["A", "B"], transitions: [step] };
    const two = { name: "X", fields: [text, choice] };
    expect(changesBetween({ ...two, flow }, { ...two, flow: { ...flow, transitions: [{ ...step, set: { cargo: null } }] } })).toEqual([
      { kind: "other", of: "Gone", text: "another step from now on, under the same command" },
    ]);
    expect(changesBetween({ ...two, flow: null }, { ...two, flow }).map(({ of }) => of)).toEqual(["Its state", "Its states", "Gone"]);
  });
});

describe("values", () => {
  it("are read as they are typed, and what doesn't fit stays text for the server", () => {
    const typed = (type: Field["type"], words: string) => fromText({ type }, words);
    expect(["12", " 7 ", "1.5", "x", ""].map((words) => typed("integer", words))).toEqual([12, 7, "1.5", "x", null]);
    expect(["12,50", "1,234.5", "12.5"].map((words) => typed("money", words))).toEqual(["12.50", "1,234.5", "12.5"]);
    expect([typed("text", " two words "), typed("text", "  "), typed("email", " a@b.example ")]).toEqual([
      " two words ",
      null,
      "a@b.example",
    ]);
    const at = "2026-11-21T09:30:00.000Z";
    expect(typed("instant", asText({ type: "instant" }, at))).toBe(at);
  });

  it("are shown exactly, however many digits they have", () => {
    const digits = (words: string) => words.replace(/\D/g, "");
    expect(digits(valueWords({ type: "decimal", places: 2 }, "12345678901234567890.12"))).toBe("1234567890123456789012");
    expect(digits(valueWords({ type: "money", currency: "EUR" }, "99999999999999999.99"))).toBe("9999999999999999999");
    expect([isSameValue(null, undefined), isSameValue(["a"], ["a"]), isSameValue("1", 1)]).toEqual([true, true, false]);
  });
});

describe("the table", () => {
  it("orders by a column upwards, downwards, not at all; or by several", () => {
    expect([sortedBy([], "a", false), sortedBy(["a"], "a", false), sortedBy(["-a"], "a", false)]).toEqual([["a"], ["-a"], []]);
    expect([
      sortedBy(["a"], "b", false),
      sortedBy(["a"], "b", true),
      sortedBy(["a", "b"], "a", true),
      sortedBy(["-a", "b"], "a", true),
    ]).toEqual([["b"], ["a", "b"], ["-a", "b"], ["b"]]);
  });

  it("asks only what its fields can be asked", () => {
    expect(filterOf([text, choice], [])).toBe(null);
    expect(
      filterOf(
        [text, choice],
        [
          { field: "status", operator: "eq", value: "A" },
          { field: "gone", operator: "eq", value: "x" },
          { field: "status", operator: "contains", value: "A" },
          { field: "cargo", operator: "empty", value: false },
          { field: "updatedAt", operator: "lt", value: "2026-11-22T00:00:00Z" },
        ],
      ),
    ).toEqual({ and: [{ status: { eq: "A" } }, { cargo: { empty: false } }, { updatedAt: { lt: "2026-11-22T00:00:00Z" } }] });
  });

  it("leads from cell to cell and never out of itself", () => {
    const from = { row: 2, column: 1 };
    const last = { row: 3, column: 4 };
    const step = (key: string, more = {}) =>
      stepBy({ key, shiftKey: false, ctrlKey: false, metaKey: false, altKey: false, ...more }, from, last, 10);
    expect([step("ArrowDown"), step("PageDown"), step("ArrowUp", { ctrlKey: true }), step("End"), step("Home", { ctrlKey: true })]).toEqual(
      [
        { row: 3, column: 1 },
        { row: 3, column: 1 },
        { row: 1, column: 1 },
        { row: 2, column: 4 },
        { row: 1, column: 0 },
      ],
    );
    expect([step("x"), step("ArrowDown", { altKey: true })]).toEqual([null, null]);
  });
});
