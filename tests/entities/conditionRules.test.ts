import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkBlueprint } from "../../src/entities/blueprint.ts";
import { changedValues, newValues, type StoredValues, shownValues } from "../../src/entities/values.ts";
import type { Field } from "../../src/protocol/blueprints.ts";
import { Refusal } from "../../src/protocol/refusal.ts";
import { hiddenFields } from "../../src/protocol/shownFields.ts";

const moment = { now: "2026-11-22T09:30:00.000Z", today: "2026-11-22", me: "0198c000-0000-7000-8000-000000000001" };

/** `a` to `h`, each of which may hang on some before it: whole numbers of 0 to 2. */
const keys = ["a", "b", "c", "d", "e", "f", "g", "h"] as const;
const asked = fc.oneof(
  fc.record({ eq: fc.integer({ min: 0, max: 2 }) }),
  fc.record({ gte: fc.integer({ min: 0, max: 2 }) }),
  fc.record({ ne: fc.integer({ min: 0, max: 2 }) }),
  fc.record({ empty: fc.boolean() }),
);
const condition = (place: number) =>
  fc.option(fc.array(fc.tuple(fc.constantFrom(...keys.slice(0, place)), asked), { minLength: 1, maxLength: 3 }), { nil: undefined });
const blueprints = fc.tuple(
  ...keys.map((key, place) =>
    fc.record({ key: fc.constant(key), required: fc.boolean(), when: place === 0 ? fc.constant(undefined) : condition(place) }),
  ),
);
const number = fc.option(fc.integer({ min: 0, max: 2 }), { nil: null });
const written = fc.dictionary(fc.constantFrom(...keys), number);

function fieldsOf(drafts: { key: string; required: boolean; when: [string, object][] | undefined }[], turned = false): Field[] {
  const fields = drafts.map(({ key, required, when }) => ({
    key,
    name: key.toUpperCase(),
    type: "integer" as const,
    required,
    ...(when === undefined ? {} : { shownWhen: { and: when.map(([name, one]) => ({ [name]: one })) } }),
  }));
  return checkBlueprint({ name: "Thing", fields: turned ? fields.reverse() : fields }, { fields: [] }, 1).definition.fields;
}

/** What the words of filters mean, said once more by somebody who never saw how they are compared. */
function holds(one: object, value: number | undefined): boolean {
  if ("empty" in one) return (value === undefined) === one.empty;
  if ("ne" in one) return value !== one.ne;
  if (value === undefined) return false;
  return "eq" in one ? value === one.eq : "gte" in one && value >= Number(one.gte);
}

/** From the first to the last: each hangs on those before it alone. */
function naivelyHidden(drafts: { key: string; when: [string, object][] | undefined }[], values: Record<string, unknown>): string[] {
  const hidden: string[] = [];
  for (const { key, when = [] } of drafts) {
    const found = (name: string) => (hidden.includes(name) || typeof values[name] !== "number" ? undefined : values[name]);
    if (!when.every(([name, one]) => holds(one, found(name)))) hidden.push(key);
  }
  return hidden;
}

const refusalOf = <Result>(work: () => Result): Result | Refusal => {
  try {
    return work();
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
};

describe("fields that hang on others", () => {
  it("are hidden as one would say by hand, in whatever order they stand", () => {
    fc.assert(
      fc.property(blueprints, written, fc.boolean(), (drafts, values, turned) => {
        expect([...hiddenFields(fieldsOf(drafts, turned), values)].sort()).toEqual(naivelyHidden(drafts, values));
      }),
      { numRuns: 1000 },
    );
  });

  it("are required where they are shown, lose nothing where they are hidden, and a change asks for what it brings to light", () => {
    fc.assert(
      fc.property(blueprints, written, fc.array(written, { maxLength: 6 }), (drafts, first, changes) => {
        const fields = fieldsOf(drafts);
        const missing = (content: StoredValues) => {
          const values = shownValues(fields, content);
          const hidden = naivelyHidden(drafts, values);
          return drafts.flatMap(({ key, required }) => (required && !hidden.includes(key) && values[key] === undefined ? [key] : []));
        };
        const made = refusalOf(() => newValues(fields, first, moment));
        if (made instanceof Refusal) {
          const values = Object.fromEntries(Object.entries(first).filter(([, value]) => value !== null));
          const hidden = naivelyHidden(drafts, values);
          const key = made.path?.replace("values.", "") ?? "";
          expect([drafts.find((one) => one.key === key)?.required, hidden.includes(key), values[key]]).toEqual([true, false, undefined]);
          return;
        }
        expect(missing(made)).toEqual([]);
        let content = made;
        for (const change of changes) {
          const after = refusalOf(() => changedValues(fields, content, change));
          if (after instanceof Refusal) continue;
          // What was complete stays so, whatever a change shows and hides.
          expect(missing(after)).toEqual([]);
          for (const { id, key } of fields) if (!Object.hasOwn(change, key)) expect(after[id]).toEqual(content[id]);
          content = after;
        }
      }),
      { numRuns: 1000 },
    );
  });
});
