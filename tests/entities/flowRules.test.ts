import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkBlueprint } from "../../src/entities/blueprint.ts";
import { applyTransition } from "../../src/entities/flow/flow.ts";
import type { StoredValues } from "../../src/entities/values.ts";
import type { Effect } from "../../src/protocol/blueprints.ts";
import { checkFilter } from "../../src/protocol/lists/filter.ts";
import { guardWords } from "../../src/protocol/lists/guardWords.ts";
import { Refusal } from "../../src/protocol/refusal.ts";

const moment = { now: "2026-11-22T09:30:00.000Z", today: "2026-11-22", me: "0198c000-0000-7000-8000-000000000001" };
const choices = ["a", "b", "c", "d", "e"];

const effects: fc.Arbitrary<[string, Effect]> = fc.oneof(
  fc.tuple(
    fc.constant("n"),
    fc.oneof(fc.integer({ min: -5, max: 5 }), fc.constant(null), fc.record({ add: fc.integer({ min: -9, max: 9 }) })),
  ),
  fc.tuple(fc.constant("at"), fc.oneof(fc.constant<Effect>({ now: true }), fc.constant(null))),
  fc.tuple(fc.constant("day"), fc.constant<Effect>({ now: true })),
  fc.tuple(fc.constant("m"), fc.oneof(fc.constant<Effect>({ field: "n" }), fc.integer({ min: 0, max: 9 }))),
);
const transitions = fc.array(
  fc.record({
    from: fc.uniqueArray(fc.constantFrom(...choices), { minLength: 1 }),
    to: fc.constantFrom(...choices),
    set: fc.array(effects, { maxLength: 4 }).map((all) => Object.fromEntries(all)),
    required: fc.uniqueArray(fc.constantFrom("n", "m"), { maxLength: 2 }),
    roles: fc.option(fc.constantFrom(["admin"], ["agent"], ["admin", "agent"]), { nil: undefined }),
  }),
  { minLength: 1, maxLength: 6 },
);
const fields = [
  { key: "state", name: "State", type: "choice", choices },
  { key: "n", name: "N", type: "integer", min: -20, max: 20 },
  { key: "m", name: "M", type: "integer" },
  { key: "at", name: "At", type: "instant" },
  { key: "day", name: "Day", type: "date" },
] as const;
const steps = fc.array(fc.record({ which: fc.nat(5), n: fc.option(fc.integer(), { nil: undefined }), admin: fc.boolean() }), {
  maxLength: 12,
});

describe("a flow of any shape", () => {
  it("never leads to a state that isn't there, nor from one that it doesn't begin in, and leaves what it doesn't write", () => {
    fc.assert(
      fc.property(transitions, steps, (drafts, walk) => {
        const made = drafts.map(({ roles, ...one }, index) => ({
          key: `t${index}`,
          name: `T${index}`,
          ...one,
          ...(roles === undefined ? {} : { roles: [...roles] }),
        }));
        const draft = {
          name: "Thing",
          fields: fields.map((field) => ({ ...field, ...("choices" in field ? { choices: [...field.choices] } : {}) })),
        };
        const { definition } = checkBlueprint({ ...draft, flow: { field: "state", transitions: made } }, { fields: [] }, 1);
        const idOf = (key: string) => definition.fields.find((field) => field.key === key)?.id ?? "";
        let content: StoredValues = { [idOf("state")]: "a", [idOf("m")]: 7 };
        for (const { which, n, admin } of walk) {
          const transition = definition.flow?.transitions[which % made.length];
          if (transition === undefined) throw new Error("a flow without transitions");
          const state = String(content[idOf("state")]);
          const written = n === undefined || transition.required?.includes("n") !== true ? {} : { n };
          let after: StoredValues;
          try {
            after = applyTransition(
              definition,
              definition.fields,
              content,
              { transition, written, roles: [admin ? "admin" : "agent"] },
              moment,
            );
          } catch (error) {
            expect(error).toBeInstanceOf(Refusal);
            continue;
          }
          expect(transition.from).toContain(state);
          expect(after[idOf("state")]).toBe(transition.to);
          expect(choices).toContain(after[idOf("state")]);
          expect(transition.roles ?? [admin ? "admin" : "agent"]).toContain(admin ? "admin" : "agent");
          for (const { key, id } of definition.fields)
            if (key !== "state" && !Object.hasOwn(transition.set ?? {}, key) && !Object.hasOwn(written, key))
              expect(after[id]).toEqual(content[id]);
          for (const key of transition.required ?? [])
            if (!Object.hasOwn(transition.set ?? {}, key)) expect(after[idOf(key)]).toBeDefined();
          expect(Number(after[idOf("n")] ?? 0)).toBeLessThanOrEqual(20);
          content = after;
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe("what a step needs", () => {
  const list = { n: { type: "integer" }, state: { type: "text", optional: true } } as const;
  it.each([
    [{ n: { gte: 1 } }, "N is at least 1"],
    [{ and: [{ n: { gte: 1, lt: 9 } }, { state: { ne: "c" } }] }, "(N is at least 1 and N is less than 9) and State is not c"],
    [{ or: [{ n: { in: [1, 2] } }, { not: { state: { startsWith: "a" } } }] }, "N is one of 1, 2 or not (State begins with a)"],
    [{ state: { empty: true } }, "State is empty"],
    [{ state: { empty: false }, n: { eq: 3 } }, "State is not empty and N is 3"],
  ])("%j is said as people read it", (guard, said) => {
    expect(guardWords(fields, checkFilter(list, JSON.stringify(guard)))).toBe(said);
  });
});
