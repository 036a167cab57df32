import { Decimal } from "decimal.js";
import fc from "fast-check";
import pg from "pg";
import { Temporal } from "temporal-polyfill";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { EntityGroup } from "../../src/protocol/entityGroups.ts";
import { matchesFilter } from "../../src/protocol/lists/matchesFilter.ts";
import { type EntityHouse, entities, openEntityHouse } from "./entityHouse.ts";

let product: EntityHouse["product"];
let agent: EntityHouse["agent"];
let ask: EntityHouse["ask"];
let blueprintOf: EntityHouse["blueprintOf"];
const zone = "America/Sao_Paulo";
beforeAll(async () => {
  ({ product, agent, ask, blueprintOf } = await openEntityHouse());
  await product.database.acrossTenants.query("update tenant set time_zone = $2 where id = $1", [product.tenant, zone]);
});
afterAll(() => product.stop());

const choices = ["PENDING", "IN_PROGRESS", "DELIVERED"];
const fields = [
  { key: "type", name: "Type", type: "text" },
  { key: "state", name: "State", type: "choice", choices },
  { key: "done", name: "Done", type: "boolean" },
  { key: "qty", name: "Quantity", type: "integer" },
  { key: "price", name: "Price", type: "decimal", places: 6 },
  { key: "due", name: "Due", type: "date" },
  { key: "at", name: "At", type: "instant" },
];

type Value = string | number | boolean;
type Row = Record<string, Value>;
const rowOf = fc
  .record(
    {
      type: fc.constantFrom("a", "A", "bolt", "Ärger", "x'y"),
      state: fc.constantFrom(...choices),
      done: fc.boolean(),
      qty: fc.oneof(fc.integer({ min: -5, max: 5 }), fc.constantFrom(Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER)),
      price: fc.oneof(
        fc.constantFrom("0.000001", "-12.500000", "99999999999999999999999.999999"),
        fc.integer({ min: -900, max: 900 }).map((n) => new Decimal(n).div(8).toFixed(6)),
      ),
      due: fc
        .date({ min: new Date("1970-01-01T00:00:00Z"), max: new Date("2027-01-01T00:00:00Z"), noInvalidDate: true })
        .map((day) => day.toISOString().slice(0, 10)),
      // Around a midnight there, the ends of months and of a summer time.
      at: fc
        .tuple(
          fc.constantFrom("2026-01-01T03:00:00Z", "2018-02-18T02:00:00Z", "2018-11-04T03:00:00Z", "2025-12-29T03:00:00Z"),
          fc.integer({ min: -3, max: 3 }),
        )
        .map(([at, hours]) => new Date(Date.parse(at) + hours * 1_800_000).toISOString()),
    },
    { requiredKeys: [] },
  )
  .map((row) => row as Row);

const units = ["day", "week", "month", "quarter", "year"] as const;
const plain = ["type", "state", "done", "qty", "price"];
const terms = fc.oneof(
  ...plain.map((key) => fc.constant({ key, unit: undefined })),
  fc.record({ key: fc.constantFrom("due", "at"), unit: fc.constantFrom(undefined, ...units) }),
);
const asked = fc.record({
  by: fc.uniqueArray(terms, { selector: ({ key }) => key, maxLength: 3 }),
  aggregates: fc.subarray([
    "count:type",
    "sum:qty",
    "avg:qty",
    "min:qty",
    "max:qty",
    "sum:price",
    "avg:price",
    "min:price",
    "max:due",
    "min:at",
  ]),
  filter: fc.constantFrom({}, { qty: { gte: 0 } }, { not: { state: { eq: "PENDING" } } }, { price: { empty: false }, done: { ne: true } }),
});

/** The first day of a unit, by the calendar of the tenant. */
function begins(value: string, unit: (typeof units)[number]): string {
  const day = value.length === 10 ? Temporal.PlainDate.from(value) : Temporal.Instant.from(value).toZonedDateTimeISO(zone).toPlainDate();
  if (unit === "week") return day.subtract({ days: day.dayOfWeek - 1 }).toString();
  if (unit === "month") return day.with({ day: 1 }).toString();
  if (unit === "quarter") return day.with({ day: 1, month: day.month - ((day.month - 1) % 3) }).toString();
  return unit === "year" ? day.with({ day: 1, month: 1 }).toString() : day.toString();
}

const Exact = Decimal.clone({ precision: 100 });

function aggregated(name: string, rows: readonly Row[]): string | number | null {
  const [of, key = ""] = name.split(":");
  const values = rows.flatMap((row) => row[key] ?? []);
  if (of === "count") return values.length;
  if (values.length === 0) return null;
  const sum = () => values.reduce<Decimal>((so, value) => so.plus(String(value)), new Exact(0));
  if (of === "sum") return sum().toFixed();
  if (of === "avg") return sum().div(values.length).toDecimalPlaces(10, Decimal.ROUND_HALF_UP).toFixed();
  const isNumber = key === "qty" || key === "price";
  const least = [...values].sort((a, b) => (isNumber ? new Exact(String(a)).cmp(String(b)) : String(a) < String(b) ? -1 : 1))[
    of === "min" ? 0 : values.length - 1
  ];
  return least as string | number;
}

/** As numbers compare, where they are numbers: `12.50` is `12.5`. */
function same(value: unknown): unknown {
  return typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value) ? new Exact(value).toFixed() : value;
}

const comparable = ({ by, count, aggregates }: Pick<EntityGroup, "by" | "count" | "aggregates">) =>
  JSON.stringify([Object.values(by).map(same), count, Object.values(aggregates).map(same)]);

describe("groups of entities", () => {
  it("are what a naive walk over all rows gathers, exactly, and each lists what it counted", async () => {
    const key = await blueprintOf(fields, "Thing");
    const rows = fc.sample(rowOf, { numRuns: 150, seed: 11 });
    expect((await ask(agent, "POST", `${entities(key)}/batch`, { items: rows.map((values) => ({ values })) })).status).toBe(201);
    const listFields = {
      qty: { type: "integer", optional: true },
      price: { type: "decimal", optional: true },
      state: { type: "choice", optional: true, choices },
      done: { type: "boolean", optional: true },
    } as const;
    await fc.assert(
      fc.asyncProperty(asked, async ({ by, aggregates, filter }) => {
        const passing = rows.filter((row) =>
          matchesFilter(listFields, JSON.stringify(filter), {
            qty: row["qty"] ?? null,
            price: row["price"] ?? null,
            state: row["state"] ?? null,
            done: row["done"] ?? null,
          }),
        );
        const gathered = new Map<string, Row[]>();
        for (const row of passing) {
          const place = JSON.stringify(
            by.map(({ key, unit }) => {
              const value = row[key];
              if (value === undefined) return null;
              return key === "due" || key === "at" ? begins(String(value), unit ?? "day") : value;
            }),
          );
          gathered.set(place, [...(gathered.get(place) ?? []), row]);
        }
        if (by.length === 0 && passing.length === 0) gathered.set("[]", []);
        const expected = [...gathered].map(([place, of]) =>
          comparable({
            by: JSON.parse(place),
            count: of.length,
            aggregates: Object.fromEntries(aggregates.map((name) => [name, aggregated(name, of)])),
          }),
        );
        const words = by.map(({ key, unit }) => (unit === undefined ? key : `${key}:${unit}`)).join(",");
        const query = new URLSearchParams({ by: words, aggregate: aggregates.join(","), filter: JSON.stringify(filter) });
        const { status, body } = await ask(agent, "GET", `${entities(key)}/groups?${query}`);
        expect([status, body.error]).toEqual([200, undefined]);
        expect(body.items.map(comparable).sort()).toEqual(expected.sort());
        expect(body.truncated).toBe(false);
        const [some] = body.items;
        if (some === undefined) return;
        const inside = JSON.stringify({ and: [filter, some.filter] });
        const counted = await ask(agent, "GET", `${entities(key)}/count?${new URLSearchParams({ filter: inside })}`);
        expect([inside, counted.body]).toEqual([inside, { count: some.count, exact: true }]);
      }),
      { numRuns: 60 },
    );
  });

  it("come in the order of what they have, choices as they are offered, nothing last; by commands, too", async () => {
    const key = await blueprintOf(fields, "Thing");
    const items = [
      { state: "DELIVERED", qty: 2, price: "0.10" },
      { state: "PENDING", qty: 3, price: "0.20" },
      { qty: 5 },
      { state: "DELIVERED", qty: 7 },
    ];
    await ask(agent, "POST", `${entities(key)}/batch`, { items: items.map((values) => ({ values })) });
    const { body } = await ask(agent, "GET", `${entities(key)}/groups?by=state&aggregate=sum:qty,sum:price`);
    expect(body.items).toEqual([
      {
        by: { state: "PENDING" },
        count: 1,
        aggregates: { "sum:qty": "3", "sum:price": "0.200000" },
        filter: { and: [{ state: { eq: "PENDING" } }] },
      },
      {
        by: { state: "DELIVERED" },
        count: 2,
        aggregates: { "sum:qty": "9", "sum:price": "0.100000" },
        filter: { and: [{ state: { eq: "DELIVERED" } }] },
      },
      { by: { state: null }, count: 1, aggregates: { "sum:qty": "5", "sum:price": null }, filter: { and: [{ state: { empty: true } }] } },
    ]);
    const summed = await agent.run(`${key}.sum`, { field: "qty", by: "state" });
    expect(summed.messages[0]?.blocks?.[0]).toMatchObject({
      rows: [
        ["PENDING", "1", "3"],
        ["DELIVERED", "2", "9"],
        ["", "1", "5"],
      ],
    });
    const all = await agent.run(`${key}.groups`, { aggregate: "max:qty", filterBy: { state: { empty: false } } });
    expect(all.data).toMatchObject({ items: [{ by: {}, count: 3, aggregates: { "max:qty": 7 } }] });
  });

  it("go by people and by what a relation names, in the order of their names, each listing what it counted", async () => {
    const customers = await blueprintOf([{ key: "name", name: "Name", type: "text" }], "Customer");
    const [zed, ann] = await Promise.all(
      ["Zed", "Ann"].map(async (name) => (await ask(agent, "POST", entities(customers), { values: { name } })).body.id as string),
    );
    const key = await blueprintOf(
      [
        { key: "customer", name: "Customer", type: "relation", blueprint: customers },
        { key: "watchers", name: "Watchers", type: "relation", blueprint: customers, many: true },
        { key: "owner", name: "Owner", type: "account" },
        { key: "qty", name: "Quantity", type: "integer" },
      ],
      "Order",
    );
    const items = [
      { customer: [zed], owner: agent.id, qty: 1 },
      { customer: [ann], qty: 2 },
      { customer: [zed], owner: agent.id, qty: 3 },
      { qty: 4 },
    ];
    expect((await ask(agent, "POST", `${entities(key)}/batch`, { items: items.map((values) => ({ values })) })).status).toBe(201);
    const grouped = async (by: string) => (await ask(agent, "GET", `${entities(key)}/groups?by=${by}&aggregate=sum:qty`)).body;
    const { items: groups, named } = await grouped("customer");
    expect(groups.map(({ by, count, aggregates }: EntityGroup) => [by["customer"], count, aggregates["sum:qty"]])).toEqual([
      [ann, 1, "2"],
      [zed, 2, "4"],
      [null, 1, "4"],
    ]);
    expect(named).toEqual({ [zed ?? ""]: { title: "Zed", blueprint: customers }, [ann ?? ""]: { title: "Ann", blueprint: customers } });
    for (const { filter, count } of [...groups, ...(await grouped("owner")).items]) {
      const counted = await ask(agent, "GET", `${entities(key)}/count?${new URLSearchParams({ filter: JSON.stringify(filter) })}`);
      expect([filter, counted.body]).toEqual([filter, { count, exact: true }]);
    }
    const both = await agent.run(`${key}.groups`, { by: "owner,customer" });
    expect(both.messages[0]?.blocks?.[0]).toMatchObject({
      rows: [
        [agent.name, "Zed", "2"],
        ["", "Ann", "1"],
        ["", "", "1"],
      ],
    });
    const many = await ask(agent, "GET", `${entities(key)}/groups?by=watchers`);
    expect([many.status, many.body.error.path]).toEqual([422, "by"]);
  });

  it("refuse what makes no groups, with the path of what doesn't fit", async () => {
    const key = await blueprintOf(fields, "Thing");
    const refused = async (query: string) => {
      const { status, body } = await ask(agent, "GET", `${entities(key)}/groups?${query}`);
      return [query, status, body.error?.path];
    };
    for (const [query, path] of [
      ["by=nope", "by"],
      ["by=state:month", "by"],
      ["by=due:century", "by"],
      ["by=entityId", "by"],
      ["by=state,state", "by"],
      ["by=type,state,done,qty", "by"],
      ["by=content", "by"],
      ["aggregate=sum:type", "aggregate"],
      ["aggregate=sum", "aggregate"],
      ["aggregate=median:qty", "aggregate"],
      ["aggregate=sum:nope", "aggregate"],
      ["aggregate=max:state", "aggregate"],
      ['filter={"nope":{"eq":1}}', "filter.nope"],
      ["by=qty%27)--", "by"],
    ] as const)
      expect(await refused(query)).toEqual([query, 422, path]);
  });
});

describe("a count", () => {
  it("is exact to ten thousand, and says so where it is estimated", async () => {
    const key = await blueprintOf(fields, "Thing");
    const { id } = (await ask(agent, "POST", entities(key), { values: { state: "PENDING", qty: 1 } })).body;
    const counted = async (query = "") => (await ask(agent, "GET", `${entities(key)}/count${query}`)).body;
    expect(await counted()).toEqual({ count: 1, exact: true });
    const owner = new pg.Client(product.databaseUrl);
    await owner.connect();
    await owner.query("set app.tenant = '*'");
    await owner.query(
      `insert into entity (tenant_id, blueprint_id, id, blueprint_version, content, created_at, created_by, changed_at, changed_by)
       select tenant_id, blueprint_id, gen_random_uuid(), 1, content || jsonb_build_object('f4', n, 'f1', repeat('x', 300)), created_at, created_by, changed_at, changed_by
       from entity, generate_series(2, 30000) n where id = $1`,
      [id],
    );
    await owner.end();
    const all = await counted();
    expect(all.exact).toBe(false);
    expect(all.count / 30_000).toBeCloseTo(1, 0);
    expect(await counted('?filter={"qty":{"lte":10000}}')).toEqual({ count: 10_000, exact: true });
    const half = await counted('?filter={"qty":{"lte":15000}}');
    expect(half.exact).toBe(false);
    expect(half.count / 15_000).toBeCloseTo(1, 0);
    expect(await counted("?trashed=true")).toEqual({ count: 0, exact: true });
    expect((await ask(agent, "GET", `${entities(key)}/count?filter={"qty":{"eq":"x"}}`)).body.error).toMatchObject({
      path: "filter.qty.eq",
    });
  });
});
