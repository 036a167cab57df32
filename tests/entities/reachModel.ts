import fc from "fast-check";

/** Generated roles over entities, and what a naive look at all rows says that they give. */

/** The accounts of whoever is limited, and of their team mate. */
export const people = { limited: "", mate: "" };

export const fields = [
  { key: "id", name: "Id", type: "sequence", prefix: "P-" },
  { key: "name", name: "Name", type: "text" },
  { key: "state", name: "State", type: "choice", choices: ["new", "open", "shut"] },
  { key: "qty", name: "Qty", type: "integer" },
  { key: "owner", name: "Owner", type: "email" },
];
export const keys = ["id", "name", "state", "qty", "owner"];
export const written = ["name", "state", "qty", "owner"];
export type Values = Record<string, string | number>;
export type Condition = Record<string, unknown>;

export interface Limit {
  read: string[] | null;
  write: string[] | null;
  records: "own" | "team" | "all";
  filter: Condition | null;
}
export interface Thing {
  id: string;
  maker: string;
  trashed: boolean;
  values: Values;
}

const value = {
  name: fc.constantFrom("red", "Redder", "blue"),
  state: fc.constantFrom("new", "open", "shut"),
  qty: fc.integer({ min: 0, max: 9 }),
  owner: fc.constantFrom("agent2@demo.example", "somebody@example.org"),
};
export const valuesArbitrary: fc.Arbitrary<Values> = fc.record(value, { requiredKeys: [] });
export const oneValue: fc.Arbitrary<Values> = fc.oneof(
  value.state.map((state) => ({ state })),
  value.qty.map((qty) => ({ qty })),
  value.owner.map((owner) => ({ owner })),
);
const conditionArbitrary: fc.Arbitrary<Condition> = fc.oneof(
  value.state.map((state) => ({ state: { eq: state } })),
  value.state.map((state) => ({ state: { ne: state } })),
  value.qty.map((qty) => ({ qty: { gte: qty } })),
  fc.constant({ owner: { eq: "me" } }),
  fc.constant({ name: { contains: "red" } }),
  fc.constant({ qty: { empty: true } }),
  value.qty.map((qty) => ({ not: { qty: { lt: qty } } })),
  fc.tuple(value.state, value.qty).map(([state, qty]) => ({ or: [{ state: { eq: state } }, { qty: { eq: qty } }] })),
  fc.constant({ createdBy: { eq: "me" } }),
);
export const limitArbitrary: fc.Arbitrary<Limit> = fc
  .record({
    read: fc.option(fc.subarray(keys, { minLength: 1 }), { freq: 2 }),
    write: fc.option(fc.subarray(written), { freq: 2 }),
    records: fc.constantFrom("own" as const, "team" as const, "all" as const),
    filter: fc.option(conditionArbitrary, { freq: 3 }),
  })
  .map(({ read, write, ...limit }) => ({ ...limit, read, write: write?.filter((key) => read?.includes(key) ?? true) ?? null }));

const words = (one: unknown) => (one === "me" ? "agent2@demo.example" : one);
export function passes(condition: Condition, thing: Pick<Thing, "maker" | "values">): boolean {
  return Object.entries(condition).every(([name, asked]) => {
    if (name === "not") return !passes(asked as Condition, thing);
    if (name === "or") return (asked as Condition[]).some((one) => passes(one, thing));
    if (name === "createdBy") return thing.maker === people.limited;
    const held = thing.values[name];
    return Object.entries(asked as Condition).every(([operator, wanted]) => {
      if (operator === "empty") return (held === undefined) === wanted;
      if (operator === "ne") return held !== wanted;
      if (held === undefined) return false;
      if (operator === "eq") return held === words(wanted);
      if (operator === "contains") return String(held).toLowerCase().includes(String(wanted));
      return operator === "gte" ? Number(held) >= Number(wanted) : Number(held) < Number(wanted);
    });
  });
}
export const within = (limits: readonly Limit[], thing: Pick<Thing, "maker" | "values">) =>
  limits.filter(({ records, filter }) => {
    const made = records === "all" || thing.maker === people.limited || (records === "team" && thing.maker === people.mate);
    return made && (filter === null || passes(filter, thing));
  });
export const union = (all: string[], lists: readonly (string[] | null)[]) =>
  all.filter((key) => lists.some((list) => list?.includes(key) ?? true));
export const readable = (limits: readonly Limit[], thing: Pick<Thing, "maker" | "values">) =>
  union(
    keys,
    within(limits, thing).map(({ read }) => read),
  );
export const writable = (limits: readonly Limit[], thing: Pick<Thing, "maker" | "values">) => {
  const seen = readable(limits, thing);
  const may = union(
    written,
    within(limits, thing).map(({ read, write }) => write ?? read),
  );
  return may.filter((key) => seen.includes(key));
};
export const shown = (limits: readonly Limit[], thing: Thing): Values => {
  const seen = readable(limits, thing);
  return Object.fromEntries(Object.entries(thing.values).filter(([key]) => seen.includes(key)));
};
export const sorted = (list: readonly string[]) => [...list].sort();
