import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkBlueprint, type FieldDraft } from "../../src/entities/blueprint.ts";
import { computed } from "../../src/entities/formulas/formula.ts";
import { type Formula, fieldTypes } from "../../src/protocol/blueprints.ts";
import { Refusal } from "../../src/protocol/refusal.ts";
import { type EntityHouse, entities, openEntityHouse } from "./entityHouse.ts";

const number = (key: string, type: FieldDraft["type"] = "decimal"): FieldDraft => ({ key, name: key, type });
const formula = (key: string, of: Formula): FieldDraft => ({ key, name: key, type: "formula", formula: of });

describe("a formula", () => {
  const check = (...fields: FieldDraft[]) => checkBlueprint({ name: "Thing", fields }, { fields: [] }, 1).definition.fields;
  const refused = (...fields: FieldDraft[]) => {
    try {
      check(...fields);
    } catch (error) {
      if (error instanceof Refusal) return error.path;
      throw error;
    }
    return null;
  };
  const money = (key: string, currency: string): FieldDraft => ({ ...number(key, "money"), currency });

  it.each<[string, FieldDraft[], string]>([
    ["nothing", [{ key: "f", name: "F", type: "formula" }], "fields.0.formula"],
    ["one number", [number("a"), formula("f", { sum: ["a"] })], "fields.1.formula"],
    ["what isn't there", [number("a"), formula("f", { sum: ["a", "b"] })], "fields.1.formula"],
    ["a text", [number("a"), number("t", "text"), formula("f", { product: ["a", "t"] })], "fields.2.formula"],
    ["itself", [number("a"), formula("f", { sum: ["a", "f"] })], "fields.1.formula"],
    ["a circle", [number("a"), formula("f", { sum: ["a", "g"] }), formula("g", { sum: ["a", "f"] })], "fields.1.formula"],
    ["two currencies", [money("a", "EUR"), money("b", "USD"), formula("f", { sum: ["a", "b"] })], "fields.2.formula"],
    ["money times money", [money("a", "EUR"), money("b", "EUR"), formula("f", { product: ["a", "b"] })], "fields.2.formula"],
    ["six factors", [number("a"), formula("f", { product: ["a", "a", "a", "a", "a", "a"] })], "fields.1.formula"],
    ["a relation that isn't there", [number("a"), formula("f", { count: { relation: "a" } })], "fields.1.formula"],
    ["an index", [number("a"), { ...formula("f", { sum: ["a", "1"] }), indexed: true }], "fields.1.indexed"],
    ["a default", [number("a"), { ...formula("f", { sum: ["a", "1"] }), default: "1" }], "fields.1.default"],
    ["a text with a formula", [number("a"), { ...number("t", "text"), formula: { sum: ["a", "1"] } }], "fields.1.formula"],
  ])("is refused of %s", (_, fields, path) => {
    expect(refused(...fields)).toBe(path);
  });

  it("follows fields that are renamed, and tells of which money it is", () => {
    const first = checkBlueprint(
      { name: "T", fields: [money("net", "EUR"), formula("gross", { product: ["net", "1.19"] })] },
      { fields: [] },
      1,
    );
    expect(first.definition.fields[1]).toMatchObject({ currency: "EUR" });
    const [net, gross] = first.definition.fields;
    if (net === undefined || gross === undefined) throw new Error("two were checked");
    const second = checkBlueprint({ name: "T", fields: [{ ...net, key: "price" }, gross] }, first.definition, first.nextField);
    expect(second.definition.fields[1]?.formula).toEqual({ product: ["price", "1.19"] });
  });

  it("is exact, whatever the numbers", () => {
    const fields = check(
      number("a"),
      number("b"),
      formula("sum", { sum: ["a", "b"] }),
      formula("difference", { difference: ["a", "b"] }),
      formula("product", { product: ["a", "b"] }),
      formula("all", { sum: ["sum", "product", "-1"] }),
    );
    const [a, b] = fields;
    const cents = fc.bigInt({ min: -(10n ** 28n), max: 10n ** 28n });
    const written = (value: bigint, places: number) => {
      const digits = `${value < 0n ? -value : value}`.padStart(places + 1, "0");
      return `${value < 0n ? "-" : ""}${digits.slice(0, -places)}.${digits.slice(-places)}`;
    };
    const short = (text: string) => text.replace(/\.?0+$/, "").replace(/^-0$/, "0");
    fc.assert(
      fc.property(cents, cents, (one, other) => {
        const content = { [a?.id ?? ""]: written(one, 2), [b?.id ?? ""]: written(other, 2) };
        const values = computed(fields, content, new Map());
        expect(values).toEqual({
          sum: short(written(one + other, 2)),
          difference: short(written(one - other, 2)),
          product: short(written(one * other, 4)),
          all: short(written((one + other) * 100n + one * other - 10000n, 4)),
        });
      }),
    );
    expect(computed(fields, { [a?.id ?? ""]: "2.00" }, new Map())).toEqual({ sum: "2", all: "1" });
    expect(computed(fields, {}, new Map())).toEqual({ all: "-1" });
    expect(fieldTypes).toContain("formula");
  });
});

describe("computed fields", () => {
  let product: EntityHouse["product"];
  let admin: EntityHouse["admin"];
  let agent: EntityHouse["agent"];
  let ask: EntityHouse["ask"];
  let blueprintOf: EntityHouse["blueprintOf"];
  beforeAll(async () => {
    ({ product, admin, agent, ask, blueprintOf } = await openEntityHouse());
  });
  afterAll(() => product.stop());
  const make = async (key: string, values: object) => (await ask(agent, "POST", entities(key), { values })).body;
  const read = async (key: string, id: string) => (await ask(agent, "GET", `${entities(key)}/${id}`)).body.values;
  const list = async (key: string, query: string) => await ask(agent, "GET", `${entities(key)}?${query}`);

  /** Orders with lines: what a line costs, and what an order costs by its lines. */
  async function orders() {
    const number = (prefix: string) => ({ key: "id", name: "Id", type: "sequence", prefix });
    const key = await blueprintOf([number("ORD-")], "Order");
    const lines = await blueprintOf(
      [
        number("LIN-"),
        { key: "order", name: "Order", type: "relation", blueprint: key, otherSide: "Lines" },
        { key: "qty", name: "Qty", type: "integer" },
        { key: "price", name: "Price", type: "money", currency: "EUR" },
        { key: "cost", name: "Cost", type: "formula", formula: { product: ["qty", "price"] } },
      ],
      "Line",
    );
    const fields = [
      number("ORD-"),
      { key: "lines", name: "Lines", type: "formula", formula: { count: { blueprint: lines, relation: "order" } } },
      { key: "net", name: "Net", type: "formula", formula: { total: { blueprint: lines, relation: "order", field: "cost" } } },
      { key: "gross", name: "Gross", type: "formula", formula: { product: ["net", "1.19"] } },
    ];
    const saved = await ask(admin, "PATCH", `/blueprints/${key}`, { fields });
    expect([saved.status, saved.body.fields]).toMatchObject([200, [{}, {}, { currency: "EUR" }, { currency: "EUR" }]]);
    return { key, lines };
  }

  it("are what they are made of at this moment, over all that is related and not in the trash", async () => {
    const { key, lines } = await orders();
    await make(key, {});
    expect(await read(key, "ORD-1")).toEqual({ id: "ORD-1", lines: 0 });
    await make(lines, { order: "ORD-1", qty: 3, price: "0.10" });
    const second = await make(lines, { order: "ORD-1", qty: 1, price: "19.90" });
    expect(second.values.cost).toBe("19.90");
    expect(await read(key, "ORD-1")).toEqual({ id: "ORD-1", lines: 2, net: "20.20", gross: "24.038" });
    await ask(agent, "PATCH", `${entities(lines)}/${second.id}`, { values: { qty: 2 } });
    expect(await read(key, "ORD-1")).toMatchObject({ net: "40.10" });
    await ask(agent, "DELETE", `${entities(lines)}/${second.id}`);
    expect(await read(key, "ORD-1")).toMatchObject({ lines: 1, net: "0.30" });
    const told = await ask(agent, "POST", `/commands/${key}.show/runs`, { args: { entityId: "ORD-1" } });
    expect(JSON.stringify(told.body.messages)).toContain('"Net","value":"0.30"');
    // Nobody writes them.
    const wrong = await ask(agent, "PATCH", `${entities(key)}/ORD-1`, { values: { net: "5.00" } });
    expect([wrong.status, wrong.body.error.path]).toEqual([422, "values.net"]);
  });

  it("of an entity's own numbers filter and sort a list; those over related ones are refused, and say why", async () => {
    const { key, lines } = await orders();
    for (const [qty, price] of [
      [2, "5.00"],
      [10, "0.99"],
      [1, "100.00"],
    ])
      await make(lines, { qty, price });
    await make(lines, { qty: 4 });
    const ids = async (query: string) => (await list(lines, query)).body.items.map(({ values }: { values: { id: string } }) => values.id);
    expect(await ids("sort=cost")).toEqual(["LIN-2", "LIN-1", "LIN-3", "LIN-4"]);
    expect(await ids(`filter=${encodeURIComponent('{"cost":{"gt":"9.9"}}')}`)).toEqual(["LIN-3", "LIN-1"]);
    expect(await ids(`filter=${encodeURIComponent('{"cost":{"empty":true}}')}`)).toEqual(["LIN-4"]);
    const paged = await list(lines, "sort=-cost&limit=2");
    expect((await list(lines, `sort=-cost&limit=2&cursor=${paged.body.nextCursor}`)).body.items).toMatchObject([
      { values: { id: "LIN-2" } },
      { values: { id: "LIN-4" } },
    ]);
    for (const query of ["sort=net", `filter=${encodeURIComponent('{"gross":{"gt":"1"}}')}`]) {
      const { status, body } = await list(key, query);
      expect([status, body.error]).toMatchObject([422, { code: "invalid_value", message: expect.stringContaining("related entities") }]);
    }
  });

  it("count and add up what an entity's own relation leads to", async () => {
    const parts = await blueprintOf(
      [
        { key: "name", name: "Name", type: "text", unique: true },
        { key: "weight", name: "Weight", type: "decimal", places: 3 },
      ],
      "Part",
    );
    const kits = await blueprintOf(
      [
        { key: "parts", name: "Parts", type: "relation", blueprint: parts, many: true },
        { key: "count", name: "Count", type: "formula", formula: { count: { relation: "parts" } } },
        { key: "weight", name: "Weight", type: "formula", formula: { total: { relation: "parts", field: "weight" } } },
      ],
      "Kit",
    );
    for (const [name, weight] of [
      ["bolt", "0.125"],
      ["nut", "0.050"],
    ])
      await make(parts, { name, weight });
    const kit = await make(kits, { parts: ["bolt", "nut"] });
    expect(kit.values).toMatchObject({ count: 2, weight: "0.175" });
    expect((await list(kits, "")).body.items[0].values).toEqual(kit.values);
    expect((await make(kits, {})).values).toEqual({ count: 0 });
  });

  it("tell nobody of what they may not see", async () => {
    const { key, lines } = await orders();
    await make(key, {});
    await make(lines, { order: "ORD-1", qty: 3, price: "1.00" });
    const permissions = "entities.read, entities.change, commands.run";
    await admin.run("role.create", { key: "orders-only", name: "Orders", permissions, blueprints: key });
    await product.database.acrossTenants.query("update membership set roles = '{orders-only}' where account_id = $1", [agent.id]);
    product.bus.publish(`tenant.${product.tenant}.access`, {});
    try {
      expect(await read(key, "ORD-1")).toEqual({ id: "ORD-1" });
    } finally {
      await product.database.acrossTenants.query("update membership set roles = '{agent}' where account_id = $1", [agent.id]);
      product.bus.publish(`tenant.${product.tenant}.access`, {});
    }
  });
});
