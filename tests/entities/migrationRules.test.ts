import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkBlueprint, type FieldDraft } from "../../src/entities/blueprint.ts";
import { migrateContent } from "../../src/entities/migration/migrateContent.ts";
import { newValues, type StoredValues } from "../../src/entities/values.ts";
import { type Field, fieldTypes } from "../../src/protocol/blueprints.ts";

const moment = { now: "2026-11-22T09:30:00.000Z", today: "2026-11-22", me: "0198c000-0000-7000-8000-000000000001" };
const zone = "America/Sao_Paulo";
const types = fieldTypes.filter((type) => type !== "sequence");

const options = fc.record({
  choices: fc.uniqueArray(fc.constantFrom("1", "2", "yes", "a@b.example", "2026-01-01"), { minLength: 1 }),
  max: fc.integer({ min: 1, max: 30 }),
});
const draft = (key: string): fc.Arbitrary<FieldDraft> =>
  fc.tuple(fc.constantFrom(...types), options).map(([type, { choices, max }]) => ({
    key,
    name: key,
    type,
    ...(type === "choice" || type === "choices" ? { choices } : {}),
    ...(type === "money" ? { currency: "EUR" } : {}),
    ...(type === "text" ? { maxLength: max } : {}),
    ...(type === "integer" ? { max } : {}),
    ...(type === "formula" ? { formula: { sum: ["1", `${max}`] } } : {}),
    ...(type === "relation" ? { blueprint: max < 20 ? "customers" : "suppliers", ...(max % 2 === 0 ? { many: true } : {}) } : {}),
    ...(type === "decimal" ? { places: 2 + (max % 3) } : {}),
    ...(type === "file" ? { most: 1 + (max % 2) } : {}),
  }));
const keys = ["a", "b", "c", "d"];
const drafts = fc
  .tuple(fc.uniqueArray(fc.constantFrom(...keys), { minLength: 1 }), fc.tuple(draft("a"), draft("b"), draft("c"), draft("d")))
  .map(([present, all]) => all.filter(({ key }) => present.includes(key)));
const samples: Record<string, fc.Arbitrary<unknown>> = {
  integer: fc.integer({ min: -30, max: 30 }),
  boolean: fc.boolean(),
  decimal: fc.integer({ min: -99, max: 99 }).map((n) => `${n}.250`),
  money: fc.integer({ min: -99, max: 99 }).map((n) => `${n}.20`),
  date: fc.constantFrom("2026-01-01", "2024-02-29"),
  instant: fc.constantFrom("2026-01-01T00:00:00Z", "2026-06-01T12:34:56.789Z"),
  email: fc.constantFrom("a@b.example"),
  url: fc.constantFrom("https://a.example/b"),
  account: fc.constantFrom(moment.me, "0198c000-0000-7000-8000-000000000002"),
  relation: fc.subarray([moment.me, "0198c000-0000-7000-8000-000000000002"], { minLength: 1 }),
  file: fc.subarray([moment.me, "0198c000-0000-7000-8000-000000000002"], { minLength: 1 }),
};
const words = fc.constantFrom("1", "2", "yes", "no", "12.50", "2026-01-01", "a@b.example", "https://a.example/b", "something else", "1, 2");

/** Values that fit, of those that are offered. */
function contentOf(fields: readonly Field[], said: Record<string, unknown>): StoredValues {
  const content: Record<string, StoredValues[string]> = {};
  for (const field of fields) {
    try {
      Object.assign(content, newValues([field], { [field.key]: said[`${field.key}:${field.type}`] ?? said[field.key] }, moment));
    } catch {
      // It doesn't fit: the field stays empty.
    }
  }
  return content;
}

const said = fc.record({
  ...Object.fromEntries(keys.map((key) => [key, words])),
  ...Object.fromEntries(keys.flatMap((key) => Object.entries(samples).map(([type, arbitrary]) => [`${key}:${type}`, arbitrary]))),
});

describe("a migration", () => {
  /** complaints.md, entities and blueprints: "Changing or re-adding a field fails or destroys data". */
  it("forward and back is what was, whatever differs between the versions", () => {
    fc.assert(
      fc.property(drafts, drafts, drafts, said, (first, second, third, values) => {
        const one = checkBlueprint({ name: "Thing", fields: first }, { fields: [] }, 1);
        const two = checkBlueprint({ name: "Thing", fields: second }, one.definition, one.nextField);
        const three = checkBlueprint({ name: "Thing", fields: third }, two.definition, two.nextField);
        const versions = [one, two, three].map(({ definition }) => definition.fields);
        const begun = contentOf(versions[0] ?? [], values);
        const go = (from: number, to: number, entity: { content: StoredValues; kept: ReturnType<typeof migrateContent>["kept"] }) =>
          migrateContent({ from: versions[from] ?? [], to: versions[to] ?? [], zone }, entity.content, entity.kept);
        const there = go(0, 1, { content: begun, kept: {} });
        expect(go(1, 0, there).content).toEqual(begun);
        // Further, back by steps, and back at once.
        const further = go(1, 2, there);
        expect(go(2, 1, further).content).toEqual(there.content);
        expect(go(1, 0, go(2, 1, further)).content).toEqual(begun);
        for (const field of versions[1] ?? []) {
          const value = there.content[field.id];
          // What stands there fits what it stands in.
          if (value !== undefined)
            expect(newValues([{ ...field, required: false }], { [field.key]: value }, moment)).toEqual({ [field.id]: value });
        }
      }),
      { numRuns: 2000 },
    );
  });

  it("writes what stays in a field in the form that the field has now, and as it was on the way back", () => {
    const decimal = (places: number): FieldDraft => ({ key: "qty", name: "Qty", type: "decimal", places });
    const one = checkBlueprint({ name: "T", fields: [decimal(2)] }, { fields: [] }, 1);
    const two = checkBlueprint({ name: "T", fields: [decimal(3)] }, one.definition, one.nextField);
    const [from, to] = [one.definition.fields, two.definition.fields];
    const there = migrateContent({ from, to, zone }, { f1: "5.20" }, {});
    expect([there.content, there.unfit]).toEqual([{ f1: "5.200" }, []]);
    expect(migrateContent({ from: to, to: from, zone }, there.content, there.kept)).toMatchObject({ content: { f1: "5.20" }, kept: {} });
    expect(migrateContent({ from: to, to: from, zone }, { f1: "6.120" }, there.kept).content).toEqual({ f1: "6.12" });
    expect(migrateContent({ from: to, to: from, zone }, { f1: "6.125" }, there.kept).unfit).toEqual([{ field: "qty", value: "6.125" }]);
  });

  it("keeps what somebody changed in between, as far as it says anything in the version of before", () => {
    const one = checkBlueprint({ name: "T", fields: [{ key: "qty", name: "Qty", type: "integer" }] }, { fields: [] }, 1);
    const two = checkBlueprint({ name: "T", fields: [{ key: "qty", name: "Qty", type: "decimal" }] }, one.definition, one.nextField);
    const [from, to] = [one.definition.fields, two.definition.fields];
    const there = migrateContent({ from, to, zone }, { f1: 5 }, {});
    expect(there.content).toEqual({ f2: "5.00" });
    expect(migrateContent({ from: to, to: from, zone }, { f2: "9.00" }, there.kept).content).toEqual({ f1: 9 });
    const half = migrateContent({ from: to, to: from, zone }, { f2: "9.50" }, there.kept);
    expect([half.content, half.unfit]).toEqual([{}, [{ field: "qty", value: "9.50" }]]);
    expect(migrateContent({ from, to, zone }, half.content, half.kept).content).toEqual({ f2: "9.50" });
    expect(migrateContent({ from: to, to: from, zone }, {}, there.kept).content).toEqual({});
  });

  it("puts a choice that is no longer offered where it is told to, and back", () => {
    const choice = (choices: string[]): FieldDraft => ({ key: "status", name: "Status", type: "choice", choices });
    const one = checkBlueprint({ name: "T", fields: [choice(["NEW", "PAUSED", "DONE"])] }, { fields: [] }, 1);
    const two = checkBlueprint({ name: "T", fields: [choice(["NEW", "DONE"])] }, one.definition, one.nextField);
    const [from, to] = [one.definition.fields, two.definition.fields];
    const replace = { status: { PAUSED: "NEW" } };
    const there = migrateContent({ from, to, zone, replace }, { f1: "PAUSED" }, {});
    expect([there.content, there.unfit]).toEqual([{ f1: "NEW" }, []]);
    expect(migrateContent({ from: to, to: from, zone }, there.content, there.kept).content).toEqual({ f1: "PAUSED" });
    expect(migrateContent({ from: to, to: from, zone }, { f1: "DONE" }, there.kept).content).toEqual({ f1: "DONE" });
    const nowhere = migrateContent({ from, to, zone }, { f1: "PAUSED" }, {});
    expect([nowhere.content, nowhere.unfit]).toEqual([{}, [{ field: "status", value: "PAUSED" }]]);
    expect(migrateContent({ from: to, to: from, zone }, {}, nowhere.kept).content).toEqual({ f1: "PAUSED" });
  });

  it("begins days where the tenant is", () => {
    const one = checkBlueprint({ name: "T", fields: [{ key: "at", name: "At", type: "date" }] }, { fields: [] }, 1);
    const two = checkBlueprint({ name: "T", fields: [{ key: "at", name: "At", type: "instant" }] }, one.definition, one.nextField);
    const way = { from: one.definition.fields, to: two.definition.fields, zone };
    expect(migrateContent(way, { f1: "2026-11-22" }, {}).content).toEqual({ f2: "2026-11-22T03:00:00.000Z" });
    expect(migrateContent({ from: way.to, to: way.from, zone }, { f2: "2026-11-23T02:00:00.000Z" }, {}).content).toEqual({
      f1: "2026-11-22",
    });
  });
});
