import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkBlueprint, type FieldDraft } from "../../src/entities/blueprint.ts";
import { changedValues, differingFields, newValues, shownValues } from "../../src/entities/values.ts";
import { type Field, fieldTypes } from "../../src/protocol/blueprints.ts";
import { Refusal } from "../../src/protocol/refusal.ts";

const moment = { now: "2026-11-21T09:30:00.000Z", today: "2026-11-21", me: "0198c000-0000-7000-8000-000000000001" };

function fieldsOf(...drafts: FieldDraft[]): Field[] {
  return checkBlueprint({ name: "Thing", fields: drafts }, { fields: [] }, 1).definition.fields;
}

function refused(work: () => unknown): { path: string | undefined; message: string } {
  try {
    work();
  } catch (error) {
    if (error instanceof Refusal && error.code === "invalid_value") return { path: error.path, message: error.message };
    throw error;
  }
  throw new Error("nothing was refused");
}

describe("a value", () => {
  const cases: [FieldDraft["type"], Partial<FieldDraft>, unknown, unknown][] = [
    ["text", {}, "Ärger", "Ärger"],
    ["text", {}, "A\u030angstro\u0308m", "Ångström"],
    ["text", { maxLength: 3 }, "abcd", null],
    ["text", {}, "two\nlines", null],
    ["text", {}, "nul\0", null],
    ["text", {}, "half \ud800", null],
    ["text", {}, 5, null],
    ["text", {}, { a: 1 }, null],
    ["longText", {}, "two\nlines", "two\nlines"],
    ["longText", {}, "x".repeat(100_001), null],
    ["integer", {}, 5, 5],
    ["integer", {}, -0, 0],
    ["integer", {}, 5.5, null],
    ["integer", {}, "5", null],
    ["integer", {}, 2 ** 53, null],
    ["integer", { min: 0 }, -1, null],
    ["decimal", {}, "12.5", "12.50"],
    ["decimal", {}, "-0", "0.00"],
    ["decimal", {}, 0.1, "0.10"],
    ["decimal", {}, 0.30000000000000004, null],
    ["decimal", { places: 3 }, "007.100", "7.100"],
    ["decimal", {}, "12.555", null],
    ["decimal", { places: 0 }, "9007199254740993", "9007199254740993"],
    ["decimal", {}, "1e3", null],
    ["decimal", {}, "0x10", null],
    ["decimal", {}, " 5 ", null],
    ["decimal", {}, "NaN", null],
    ["decimal", {}, Number.POSITIVE_INFINITY, null],
    ["decimal", { max: "10" }, "10.01", null],
    ["money", { currency: "EUR" }, "19.9", "19.90"],
    ["money", { currency: "JPY" }, "19.9", null],
    ["money", { currency: "KWD" }, "19.999", "19.999"],
    ["boolean", {}, true, true],
    ["boolean", {}, "yes", null],
    ["date", {}, "2028-02-29", "2028-02-29"],
    ["date", {}, "2026-02-30", null],
    ["date", {}, "0000-01-01", null],
    ["date", {}, "10000-01-01", null],
    ["date", { min: "2026-01-01" }, "2025-12-31", null],
    ["instant", {}, "2026-11-21T10:30:00+01:00", "2026-11-21T09:30:00.000Z"],
    ["instant", {}, "2026-11-21T10:30:00", null],
    ["instant", {}, "2026-11-21T10:30:00+14:45", "2026-11-20T19:45:00.000Z"],
    ["instant", {}, "0001-01-01T00:00:00+01:00", null],
    ["choice", { choices: ["PENDING", "DONE"] }, "DONE", "DONE"],
    ["choice", { choices: ["PENDING", "DONE"] }, "done", null],
    ["choice", { choices: ["PENDING", "DONE"] }, "DONE ", null],
    ["choices", { choices: ["a", "b", "c"] }, ["c", "a"], ["a", "c"]],
    ["choices", { choices: ["a", "b", "c"] }, ["a", "a"], null],
    ["email", {}, "ann@example.org", "ann@example.org"],
    ["email", {}, "ann@", null],
    ["phone", {}, "+49 (30) 1234-56", "+49 (30) 1234-56"],
    ["phone", {}, "call me", null],
    ["url", {}, "https://example.org/a?b=c", "https://example.org/a?b=c"],
    ["url", {}, "javascript:alert(1)", null],
    ["sequence", { prefix: "DEL-" }, "DEL-1", null],
    ["account", {}, moment.me.toUpperCase(), moment.me],
    ["account", {}, "me", null],
    ["account", {}, [moment.me], null],
    ["file", {}, moment.me, [moment.me]],
    ["file", { most: 2 }, [moment.me, moment.me.toUpperCase()], [moment.me]],
    ["file", {}, [moment.me, "0198c000-0000-7000-8000-000000000002"], null],
    ["file", {}, ["photo.png"], null],
    ["relation", { blueprint: "others" }, moment.me, [moment.me]],
    ["relation", { blueprint: "others" }, [moment.me, "0198c000-0000-7000-8000-000000000002"], null],
    ["relation", { blueprint: "others", many: true }, [moment.me, moment.me.toUpperCase()], [moment.me]],
    ["relation", { blueprint: "others", many: true }, "CUS-1", null],
  ];
  it.each(cases)("of a %s (%j) is read: %j", (type, options, written, kept) => {
    const [field] = fieldsOf({ key: "it", name: "It", type, ...options });
    if (field === undefined) throw new Error("there is a field");
    const read = () => newValues([field], { it: written }, moment);
    if (kept === null) expect(refused(read)).toMatchObject({ path: "values.it", message: expect.stringContaining('"It" must be ') });
    else expect(shownValues([field], read())).toEqual({ it: kept });
  });

  it("is what it was read as, read again", () => {
    const drafts = fieldTypes
      .filter((type) => type !== "sequence" && type !== "formula")
      .map((type): FieldDraft => {
        const options = type.startsWith("choice")
          ? { choices: ["x", "y"] }
          : type === "money"
            ? { currency: "EUR" }
            : type === "relation"
              ? { blueprint: "others" }
              : {};
        return { key: type.toLowerCase(), name: type, type, ...options };
      });
    const fields = fieldsOf(...drafts);
    const anything = fc.oneof(
      fc.string(),
      fc.double(),
      fc.integer(),
      fc.boolean(),
      fc.constantFrom("x", "2026-01-31", "2026-01-31T10:00:00Z", "12.5", "a@b.example", "https://a.example", "+49 30 123456"),
      fc.array(fc.constantFrom("x", "y", "z")),
      fc.constant(null),
    );
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...fields.map(({ key }) => key)), anything), (written) => {
        let once: ReturnType<typeof newValues>;
        try {
          once = newValues(fields, written, moment);
        } catch (error) {
          return error instanceof Refusal;
        }
        expect(newValues(fields, shownValues(fields, once), moment)).toEqual(once);
        expect(differingFields(fields, once, changedValues(fields, once, shownValues(fields, once)))).toEqual([]);
        return true;
      }),
      { numRuns: 2000 },
    );
  });

  it("is put in where nothing is said, and only there", () => {
    const fields = fieldsOf(
      { key: "status", name: "Status", type: "choice", choices: ["PENDING", "DONE"], default: "PENDING", required: true },
      { key: "created_at", name: "Created", type: "instant", default: "now" },
      { key: "day", name: "Day", type: "date", default: "today" },
      { key: "owner", name: "Owner", type: "account", default: "me" },
      { key: "note", name: "Note", type: "text", default: "none" },
    );
    expect(shownValues(fields, newValues(fields, { note: null }, moment))).toEqual({
      status: "PENDING",
      created_at: moment.now,
      day: moment.today,
      owner: moment.me,
    });
    expect(refused(() => newValues(fields, { status: null }, moment))).toMatchObject({ path: "values.status" });
    const stored = newValues(fields, {}, moment);
    expect(shownValues(fields, changedValues(fields, stored, { note: "" }))).not.toHaveProperty("note");
    expect(refused(() => changedValues(fields, stored, { status: "" }))).toMatchObject({ path: "values.status" });
    for (const strange of ["toString", "__proto__", "Status", "nope"])
      expect(refused(() => newValues(fields, JSON.parse(`{"${strange}": "x"}`), moment))).toMatchObject({ path: `values.${strange}` });
  });
});

describe("a blueprint", () => {
  const text: FieldDraft = { key: "cargo", name: "Cargo", type: "text" };
  const check = (...fields: FieldDraft[]) => checkBlueprint({ name: "Delivery", fields }, { fields: [] }, 1);
  const wrong: [string, FieldDraft[], string][] = [
    ["no field", [], "fields"],
    ["501 fields", Array.from({ length: 501 }, (_, n) => ({ ...text, key: `f${n}`, name: `F ${n}` })), "fields"],
    ["a key twice", [text, { ...text, name: "Other" }], "fields.1.key"],
    ["a name twice, folded", [text, { ...text, key: "other", name: "ｃａｒｇｏ" }], "fields.1.name"],
    ["the key __proto__", [{ ...text, key: "__proto__" }], "fields.0.key"],
    ["the key constructor", [{ ...text, key: "constructor" }], "fields.0.key"],
    ["a key with a leading digit", [{ ...text, key: "1st" }], "fields.0.key"],
    ["a key with a space", [{ ...text, key: "a b" }], "fields.0.key"],
    ["a key of 64 letters", [{ ...text, key: "a".repeat(64) }], "fields.0.key"],
    ["an emoji as a key", [{ ...text, key: "🚚" }], "fields.0.key"],
    ["no choices", [{ key: "s", name: "S", type: "choice", choices: [] }], "fields.0.choices"],
    ["a choice twice", [{ key: "s", name: "S", type: "choice", choices: ["A", "a"] }], "fields.0.choices"],
    [
      "5,000 choices",
      [{ key: "s", name: "S", type: "choice", choices: Array.from({ length: 5000 }, (_, n) => `c${n}`) }],
      "fields.0.choices",
    ],
    ["choices of a text", [{ ...text, choices: ["A"] }], "fields.0.choices"],
    ["a default that doesn't fit", [{ key: "n", name: "N", type: "integer", default: "five" }], "fields.0.default"],
    ["now of a text is a text", [{ key: "n", name: "N", type: "integer", default: "now" }], "fields.0.default"],
    ["min above max", [{ key: "n", name: "N", type: "decimal", min: "5", max: "4" }], "fields.0.min"],
    ["a bound that is no number", [{ key: "n", name: "N", type: "integer", max: "many" }], "fields.0.max"],
    ["a currency that nobody has", [{ key: "p", name: "P", type: "money", currency: "XYY" }], "fields.0.currency"],
    ["unique truth", [{ key: "b", name: "B", type: "boolean", unique: true }], "fields.0.unique"],
    ["a unique default", [{ ...text, unique: true, default: "x" }], "fields.0.default"],
    [
      "two sequence numbers",
      [
        { key: "a", name: "A", type: "sequence" },
        { key: "b", name: "B", type: "sequence" },
      ],
      "fields",
    ],
    ["a person who is always the same", [{ key: "p", name: "P", type: "account", default: moment.me }], "fields.0.default"],
    ["a file to begin with", [{ key: "f", name: "F", type: "file", default: moment.me }], "fields.0.default"],
    ["21 files", [{ key: "f", name: "F", type: "file", most: 21 }], "fields.0.most"],
    ["files of no type", [{ key: "f", name: "F", type: "file", accepts: ["image/*", "pdf"] }], "fields.0.accepts.1"],
    ["a heading of nothing", [{ ...text, section: " " }], "fields.0.section"],
    ["a heading of two lines", [{ ...text, section: "One\nTwo" }], "fields.0.section"],
    ["a relation to nowhere", [{ key: "r", name: "R", type: "relation" }], "fields.0.blueprint"],
    ["a text that leads somewhere", [{ ...text, blueprint: "others" }], "fields.0.blueprint"],
    ["an index of others", [{ key: "r", name: "R", type: "relation", blueprint: "others", indexed: true }], "fields.0.indexed"],
    ["unique people", [{ key: "p", name: "P", type: "account", unique: true }], "fields.0.unique"],
    ["an id of nobody", [{ ...text, id: "f9" }], "fields.0.id"],
  ];
  it.each(wrong)("with %s is refused", (_, fields, path) => {
    expect(refused(() => check(...fields))).toMatchObject({ path });
  });

  it("takes names that databases or programs use", () => {
    for (const key of ["id", "tenant_id", "select", "table", "order", "null"])
      expect(check({ ...text, key }).definition.fields).toHaveLength(1);
  });

  it("keeps the id of a field that is renamed, and gives another to one whose type changes", () => {
    const first = check(text, { key: "qty", name: "Quantity", type: "integer" });
    expect(first.definition.fields.map(({ id }) => id)).toEqual(["f1", "f2"]);
    const second = checkBlueprint(
      {
        name: "Delivery",
        fields: [
          { key: "qty", name: "Quantity", type: "decimal" },
          { id: "f1", key: "load", name: "Load", type: "text" },
          { key: "cargo", name: "Cargo", type: "text" },
        ],
      },
      first.definition,
      first.nextField,
    );
    expect(second.definition.fields.map(({ id, key }) => `${id} ${key}`)).toEqual(["f3 qty", "f1 load", "f4 cargo"]);
    expect(second.nextField).toBe(5);
  });
});
