import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Database } from "../../../src/platform/database/database.ts";
import { openDatabase } from "../../../src/platform/database/openDatabase.ts";
import type { CursorValues } from "../../../src/platform/lists/cursor.ts";
import { pageInMemory } from "../../../src/platform/lists/listInMemory.ts";
import { listPartsSql, listSql, type SqlList } from "../../../src/platform/lists/listSql.ts";
import type { Values } from "../../../src/protocol/lists/matchesFilter.ts";
import { silentLog } from "../../fixtures/silentLog.ts";
import { createTestDatabase, type TestDatabase } from "../../fixtures/testDatabase.ts";

const list: SqlList = {
  order: "id",
  unique: "id",
  fields: {
    id: { type: "id", sql: "e.id" },
    name: { type: "text", sql: "e.name", optional: true },
    title: { type: "text", sql: "e.title" },
    qty: { type: "integer", sql: "e.qty", optional: true },
    rank: { type: "integer", sql: "e.rank" },
    price: { type: "decimal", sql: "e.price", optional: true },
    done: { type: "boolean", sql: "e.done", optional: true },
    state: { type: "choice", sql: "e.state", choices: ["new", "open", "gone"] },
    day: { type: "date", sql: "e.day", optional: true },
    at: { type: "instant", sql: "e.at" },
  },
};

// Few different values, so that entries are alike and orders need their last field; letters that LIKE and case mean something to.
const words = fc.constantFrom("", "a", "A", "ab", "aB%", "b_", "\\", "é", "É", "a'b", "zz", "日本");
const ids = fc.integer({ min: 0, max: 30 }).map((number) => `0190a000-0000-7000-8000-${`${number}`.padStart(12, "0")}`);
const instants = fc.integer({ min: -2, max: 2 }).map((hours) => new Date(Date.UTC(2026, 0, 1) + hours * 3_600_000 + hours).toISOString());
const days = fc.constantFrom("2025-12-31", "2026-01-01", "1969-07-20");
const numbers = fc.integer({ min: -2, max: 2 });
const prices = fc.constantFrom("0", "-1.5", "12.25", "100");
const orNull = <Value>(arbitrary: fc.Arbitrary<Value>) => fc.option(arbitrary, { nil: null, freq: 3 });
const valuesOf = {
  id: ids,
  name: words,
  title: words,
  qty: numbers,
  rank: numbers,
  price: prices,
  done: fc.boolean(),
  state: fc.constantFrom("new", "open", "gone"),
  day: days,
  at: instants,
};
const entry = fc.record({
  ...valuesOf,
  name: orNull(words),
  qty: orNull(numbers),
  price: orNull(prices),
  done: orNull(fc.boolean()),
  day: orNull(days),
});
const entries = fc.uniqueArray(entry, { selector: ({ id }) => id, maxLength: 25 });

const compared = ["eq", "ne", "lt", "lte", "gt", "gte"];
const operators: Record<keyof typeof valuesOf, string[]> = {
  id: ["eq", "ne"],
  name: [...compared, "contains", "startsWith"],
  title: [...compared, "contains", "startsWith"],
  qty: compared,
  rank: compared,
  price: compared,
  done: ["eq", "ne"],
  state: ["eq", "ne"],
  day: compared,
  at: compared,
};
const conditions = fc.oneof(
  ...Object.entries(valuesOf).flatMap(([field, value]: [string, fc.Arbitrary<unknown>]) => [
    fc
      .tuple(fc.constantFrom(...(Object.entries(operators).find(([name]) => name === field)?.[1] ?? [])), value)
      .map(([operator, wanted]) => ({ [field]: { [operator]: wanted } })),
    ...(field === "done" ? [] : [fc.array(value, { maxLength: 3 }).map((wanted) => ({ [field]: { in: wanted } }))]),
    fc.boolean().map((empty) => ({ [field]: { empty } })),
  ]),
);
const { filter: filters } = fc.letrec<{ filter: object }>((tie) => ({
  filter: fc.oneof(
    { depthSize: "small", maxDepth: 4 },
    conditions,
    fc.tuple(conditions, conditions).map(([a, b]) => ({ ...a, ...b })),
    tie("filter").map((not) => ({ not })),
    fc.array(tie("filter"), { maxLength: 3 }).map((and) => ({ and })),
    fc.array(tie("filter"), { maxLength: 3 }).map((or) => ({ or })),
  ),
}));
const sorts = fc
  .uniqueArray(fc.constantFrom(...Object.keys(valuesOf)), { minLength: 1, maxLength: 3 })
  .chain((names) => fc.tuple(...names.map((name) => fc.constantFrom(name, `-${name}`))))
  .map((names) => names.join(","));

describe("a list in SQL", () => {
  let own: TestDatabase;
  let database: Database;
  beforeAll(async () => {
    own = await createTestDatabase("empty");
    database = await openDatabase({ url: own.url, log: silentLog }, { poolSize: 1, ledgerPoolSize: 1 });
  });
  afterAll(async () => {
    await database.close();
    await own.drop();
  });

  const columns = "id uuid, name text, title text, qty int, rank bigint, price numeric, done boolean, state text, day date, at timestamptz";
  const read = async (stored: readonly Values[], request: object) => {
    const sql = listSql(list, { limit: 4, ...request }, 2);
    const rows = await database.acrossTenants.query<{ id: string; cursor: CursorValues }>(
      `select e.id, ${sql.cursor} as cursor from json_to_recordset($1::json) as e (${columns})
       where ${sql.where} order by ${sql.orderBy} limit ${sql.limit}`,
      [JSON.stringify(stored), ...sql.values],
    );
    const { rows: page, nextCursor } = sql.page(rows);
    return { ids: page.map(({ id }) => id), nextCursor };
  };

  const readParts = async (stored: readonly Values[], request: object) => {
    const sql = listPartsSql(list, { limit: 4, ...request }, 2);
    const parts = sql.parts.map(
      ({ where, orderBy }) =>
        `(select e.* from json_to_recordset($1::json) as e (${columns}) where ${where} order by ${orderBy} limit ${sql.limit})`,
    );
    const rows = await database.acrossTenants.query<{ id: string; cursor: CursorValues }>(
      `select e.id, ${sql.cursor} as cursor from (${parts.join(" union all ")}) e limit ${sql.limit}`,
      [JSON.stringify(stored), ...sql.values],
    );
    const { rows: page, nextCursor } = sql.page(rows);
    return { ids: page.map(({ id }) => id), nextCursor };
  };

  it.each([
    ["at once", read],
    ["in parts", readParts],
  ])("sec/sql/52 answers %s for every filter and order, page by page, what the same list answers in memory", async (_, read) => {
    await fc.assert(
      fc.asyncProperty(entries, filters, sorts, async (stored, filter, sort) => {
        const request = { filter: JSON.stringify(filter), sort };
        let cursor: string | undefined;
        do {
          const asked = { ...request, ...(cursor === undefined ? {} : { cursor }) };
          const page = await read(stored, asked);
          const model = pageInMemory<Values>({ ...list, values: (values) => values }, stored, { limit: 4, ...asked });
          expect(page).toEqual({ ids: model.items.map(({ id }) => id), nextCursor: model.nextCursor });
          cursor = page.nextCursor ?? undefined;
        } while (cursor !== undefined);
      }),
      { numRuns: 150 },
    );
  });

  it("reads times to the microsecond, and loses none between two pages", async () => {
    const stored = Array.from({ length: 9 }, (_, index) => ({
      id: `0190a000-0000-7000-8000-00000000000${index}`,
      at: `2026-01-01T00:00:00.00000${index}Z`,
    }));
    const first = await read(stored, { sort: "at" });
    const second = await read(stored, { sort: "at", cursor: first.nextCursor });
    expect([...first.ids, ...second.ids]).toEqual(stored.slice(0, 8).map(({ id }) => id));
  });

  it("takes an id that we never made for nobody's", async () => {
    const stored = [{ id: "0190a000-0000-7000-8000-000000000000" }];
    expect((await read(stored, { filter: '{"id": {"eq": "ORD-17"}}' })).ids).toEqual([]);
    expect((await read(stored, { filter: '{"id": {"ne": "ORD-17"}}' })).ids).toHaveLength(1);
  });
});
