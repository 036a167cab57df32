import { afterAll, beforeAll, expect, it } from "vitest";
import { type EntityHouse, entities, openEntityHouse } from "./entityHouse.ts";

let house: EntityHouse;
beforeAll(async () => {
  house = await openEntityHouse();
});
afterAll(() => house.product.stop());

it("a process that remembers a blueprint reads and changes its entities as what another process made of it says", async () => {
  const { product, admin, agent, ask, blueprintOf } = house;
  const fields = [
    { key: "code", name: "Code", type: "text" },
    { key: "qty", name: "Quantity", type: "integer" },
  ];
  const key = await blueprintOf(fields, "Article");
  const { id } = (await ask(agent, "POST", entities(key), { values: { code: "a", qty: 1 } })).body;
  const beside = await product.beside();
  const there = (method: string, path: string, body?: object) => ask(agent, method, path, body, {}, beside);
  const listed = (filter: object) => there("GET", `${entities(key)}?filter=${encodeURIComponent(JSON.stringify(filter))}`);
  expect((await there("GET", `${entities(key)}/${id}`)).body.values).toEqual({ code: "a", qty: 1 });
  expect((await listed({ qty: { eq: 1 } })).body.items).toHaveLength(1);

  const { body: blueprint } = await ask(admin, "GET", `/blueprints/${key}`);
  const renamed = blueprint.fields.map((field: { key: string }) => (field.key === "qty" ? { ...field, key: "count" } : field));
  expect(
    (await ask(admin, "PATCH", `/blueprints/${key}`, { fields: [...renamed, { key: "qty", name: "Quality", type: "integer" }] })).status,
  ).toBe(200);
  expect((await listed({ qty: { eq: 1 } })).body.items).toEqual([]);
  expect((await listed({ count: { eq: 1 } })).body.items).toHaveLength(1);
  expect((await listed({ gone: { eq: 1 } })).body.error).toMatchObject({ code: "invalid_value", path: "filter.gone" });
  const made = await there("POST", entities(key), { values: { code: "b", count: 2, qty: 3 } });
  expect((await there("GET", `${entities(key)}/${made.body.id}`)).body.values).toEqual({ code: "b", count: 2, qty: 3 });

  await ask(admin, "DELETE", `/blueprints/${key}`);
  const refused = await there("PATCH", `${entities(key)}/${made.body.id}`, { values: { code: "c" } });
  expect([refused.status, refused.body.error]).toMatchObject([409, { code: "conflict" }]);
  expect((await there("GET", `${entities(key)}/${made.body.id}`)).body.values.code).toBe("b");
  await ask(admin, "POST", `/blueprints/${key}/restore`);
  expect((await there("PATCH", `${entities(key)}/${made.body.id}`, { values: { code: "c" } })).body.values.code).toBe("c");
  await beside.stop();
});
