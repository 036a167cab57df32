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

it("entities of older versions are shown as their own version has them, asked for again and again, and after the blueprint is another", async () => {
  const { admin, agent, ask, blueprintOf } = house;
  const fields = [
    { key: "code", name: "Code", type: "text" },
    { key: "qty", name: "Quantity", type: "integer" },
  ];
  const key = await blueprintOf(fields, "Part");
  const makeNext = async (code: string, values: object) => {
    expect((await ask(agent, "POST", entities(key), { values: { code, ...values } })).status).toBe(201);
  };
  const changeField = async (name: string) => {
    const { body } = await ask(admin, "GET", `/blueprints/${key}`);
    const changed = body.fields.map((field: { key: string }) => (field.key === "code" ? field : { ...field, key: name }));
    expect((await ask(admin, "PATCH", `/blueprints/${key}`, { fields: changed })).status).toBe(200);
  };
  const listed = async () =>
    (await ask(agent, "GET", `${entities(key)}?sort=code`)).body.items.map(({ values }: { values: object }) => values);
  await makeNext("a", { qty: 1 });
  await changeField("count");
  await makeNext("b", { count: 2 });
  const two = [
    { code: "a", qty: 1 },
    { code: "b", count: 2 },
  ];
  expect([await listed(), await listed()]).toEqual([two, two]);
  await changeField("pieces");
  await makeNext("c", { pieces: 3 });
  const three = [...two, { code: "c", pieces: 3 }];
  expect([await listed(), await listed()]).toEqual([three, three]);
});

it("a page that begins behind what is empty is empty where the filter asks for a value, and goes on where it doesn't", async () => {
  const { agent, ask, blueprintOf } = house;
  const key = await blueprintOf([{ key: "qty", name: "Quantity", type: "integer", indexed: true }], "Box");
  for (const values of [{ qty: 1 }, {}, { qty: 2 }, {}]) expect((await ask(agent, "POST", entities(key), { values })).status).toBe(201);
  const page = async (filter: object, cursor?: string) => {
    const query = new URLSearchParams({
      sort: "qty",
      limit: "1",
      filter: JSON.stringify(filter),
      ...(cursor === undefined ? {} : { cursor }),
    });
    const { body } = await ask(agent, "GET", `${entities(key)}?${query}`);
    return { values: body.items.map((item: { values: object }) => item.values), next: body.nextCursor as string | null };
  };
  const through = async (filter: object) => {
    const seen = [];
    const cursors = [];
    for (let next: string | undefined; ; ) {
      const { values, next: following } = await page(filter, next);
      seen.push(...values);
      if (following === null) return { seen, cursors };
      cursors.push(following);
      next = following;
    }
  };
  const { seen, cursors } = await through({});
  expect(seen).toEqual([{ qty: 1 }, { qty: 2 }, {}, {}]);
  expect((await through({ qty: { ne: 1 } })).seen).toEqual([{ qty: 2 }, {}, {}]);
  expect((await through({ qty: { gte: 1 } })).seen).toEqual([{ qty: 1 }, { qty: 2 }]);
  expect((await through({ not: { qty: { gte: 2 } } })).seen).toEqual([{ qty: 1 }, {}, {}]);
  expect((await through({ or: [{ qty: { eq: 1 } }, { qty: { empty: true } }] })).seen).toEqual([{ qty: 1 }, {}, {}]);
  // Behind an entity in which it is empty nothing has a value.
  expect((await page({ qty: { gte: 1 } }, cursors.at(-1))).values).toEqual([]);
});

it("who made what a page lists is called as they are called now, also where another process remembers them, and nothing once they left", async () => {
  const { product, admin, agent, ask, blueprintOf } = house;
  const key = await blueprintOf([{ key: "code", name: "Code", type: "text" }], "Letter");
  for (const who of [agent, admin]) expect((await ask(who, "POST", entities(key), { values: { code: "a" } })).status).toBe(201);
  const beside = await product.beside();
  const makers = async () => {
    const { body } = await ask(admin, "GET", `${entities(key)}?sort=createdAt`, undefined, {}, beside);
    return body.items.map(({ createdBy }: { createdBy: string | null }) => createdBy);
  };
  const [was, other] = await makers();
  expect([was, other]).toEqual([agent.name, admin.name]);
  expect(await makers()).toEqual([was, other]);
  expect((await ask(agent, "PATCH", "/account", { name: "Renamed" })).status).toBe(200);
  expect([await makers(), await makers()]).toEqual([
    ["Renamed", other],
    ["Renamed", other],
  ]);
  const sql = product.database.acrossTenants;
  const left = await sql.query("delete from membership where account_id = (select id from account where name = 'Renamed') returning *");
  expect(left).toHaveLength(1);
  expect(new Set([...(await makers()), ...(await makers())])).toEqual(new Set(["somebody who left", other]));
  await beside.stop();
});
