import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkArguments } from "../../src/commands/arguments.ts";
import { checkBlueprint } from "../../src/entities/blueprint.ts";
import { fieldKinds } from "../../src/entities/fields/fieldKinds.ts";
import { asArgument, givesArgument, startsOf } from "../../src/entities/flow/started.ts";
import type { FieldType, FieldValue } from "../../src/protocol/blueprints.ts";
import type { ArgSchema } from "../../src/protocol/commands.ts";
import { renamedFlow } from "../../src/protocol/renamedFlow.ts";

const id = "0198c000-0000-7000-8000-000000000001";
/** What stands in a field of each type; numbers of so many digits as JSON has them exactly. */
const valuesOf: Partial<Record<FieldType, fc.Arbitrary<FieldValue>>> = {
  text: fc.constantFrom("two words", "12", "[not JSON", "true"),
  integer: fc.integer(),
  decimal: fc.tuple(fc.integer({ min: -1e9, max: 1e9 }), fc.integer({ min: 0, max: 99 })).map(([whole, part]) => `${whole}.${part}`),
  money: fc.integer({ min: 0, max: 1e9 }).map((cents) => `${Math.trunc(cents / 100)}.${String(cents % 100).padStart(2, "0")}`),
  boolean: fc.boolean(),
  date: fc.constant("2026-11-22"),
  choices: fc.subarray(["a", "b", "c"], { minLength: 1 }),
  account: fc.constant(id),
  relation: fc.constant([id]),
};
const given = fc
  .constantFrom(...Object.keys(valuesOf))
  .chain((type) => fc.tuple(fc.constantFrom(...typesOf(type)), valuesOf[typesOf(type)[0] ?? "text"] ?? fc.constant("")));
const schemas = fc.constantFrom<ArgSchema>(
  ...(["string", "integer", "number", "boolean", "array", "object"] as const).map((type) => ({ type })),
  {},
);

function typesOf(name: string): FieldType[] {
  return Object.keys(fieldKinds).filter((one): one is FieldType => one === name);
}

describe("what a step hands on", () => {
  it("is what its command takes, wherever saving it says so", () => {
    fc.assert(
      fc.property(given, schemas, ([type, value], schema) => {
        fc.pre(givesArgument(type, schema));
        const args = { x: asArgument(schema, { value, type }) };
        expect(checkArguments({ type: "object", properties: { x: schema }, required: ["x"] }, args)).toHaveProperty("x");
      }),
      { numRuns: 1000 },
    );
  });

  it("is what was said, or what stands in the field whatever it is called by then, and nothing where that is empty", () => {
    const names = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,8}$/), { minLength: 2, maxLength: 6 });
    fc.assert(
      fc.property(names, fc.array(fc.tuple(fc.nat(5), fc.boolean()), { maxLength: 5 }), fc.array(fc.boolean()), (keys, asked, filled) => {
        const args = Object.fromEntries(
          asked.map(([which, isField], place) => [`arg${place}`, isField ? { field: keys[which % keys.length] } : `said ${place}`]),
        );
        const state = { key: "state_", name: "State", type: "choice" as const, choices: ["A", "B"] };
        const drafts = [state, ...keys.map((key) => ({ key, name: key, type: "text" as const }))].map((field) =>
          ["and", "or", "not", "constructor", "prototype"].includes(field.key) ? { ...field, key: `${field.key}_` } : field,
        );
        fc.pre(drafts.every(({ key }) => key === "state_" || keys.includes(key)));
        const transition = { key: "go", name: "Go", from: ["A"], to: "B", start: [{ command: "tell", args }] };
        const { definition } = checkBlueprint(
          { name: "X", fields: drafts, flow: { field: "state_", transitions: [transition] } },
          { fields: [] },
          1,
        );
        const content = Object.fromEntries(
          definition.fields.flatMap((field, place) => (filled[place] === true ? [[field.id, `in ${field.key}`]] : [])),
        );
        const [start] = startsOf(transition, definition.fields, id, content);
        for (const [name, said] of Object.entries(args)) {
          const field = typeof said === "string" ? undefined : definition.fields.find(({ key }) => key === said.field);
          expect(start?.args[name]?.value).toBe(field === undefined ? said : content[field.id]);
        }
        const turned = (key: string) => `${key}_now`;
        const flow = renamedFlow({ field: "state_", states: ["A", "B"], transitions: [transition] }, turned);
        const renamed = definition.fields.map((field) => ({ ...field, key: turned(field.key) }));
        expect(flow.transitions.flatMap((one) => startsOf(one, renamed, id, content))).toEqual([start]);
      }),
      { numRuns: 300 },
    );
  });
});
