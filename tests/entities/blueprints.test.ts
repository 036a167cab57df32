import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deliveryFields, type EntityHouse, entities, openEntityHouse } from "./entityHouse.ts";

let product: EntityHouse["product"];
let admin: EntityHouse["admin"];
let agent: EntityHouse["agent"];
let ask: EntityHouse["ask"];
let blueprintOf: EntityHouse["blueprintOf"];
beforeAll(async () => {
  ({ product, admin, agent, ask, blueprintOf } = await openEntityHouse());
});
afterAll(() => product.stop());

describe("a blueprint", () => {
  it("has entities and commands at once, made and found by every door", async () => {
    const key = await blueprintOf(deliveryFields);
    const made = await ask(agent, "POST", entities(key), { values: { deliver_from: "Porto", deliver_to: "Lyon" } });
    expect([made.status, made.body]).toMatchObject([
      201,
      {
        version: 1,
        blueprintVersion: 1,
        values: { id: "DEL-1", deliver_from: "Porto", status: "PENDING", created_at: expect.any(String) },
      },
    ]);
    expect(await agent.run(`${key}.create`, { deliver_from: "Rome", deliver_to: "Bern", cargo: "olives" })).toMatchObject({
      state: "succeeded",
      messages: [{ text: "DEL-2 is made." }],
    });
    expect(await agent.run(`${key}.show`, { entityId: "del-2" })).toMatchObject({ data: { entity: { values: { cargo: "olives" } } } });
    expect((await ask(agent, "GET", `${entities(key)}/DEL-1`)).body.id).toBe(made.body.id);
    expect((await agent.run(`${key}.list`, { status: "PENDING", sortBy: "deliver_to" })).data).toMatchObject({
      items: [{ values: { deliver_to: "Bern" } }, { values: { deliver_to: "Lyon" } }],
    });
    const beside = await product.beside();
    expect((await ask(agent, "GET", `${entities(key)}/DEL-2`, undefined, {}, beside)).body.values.cargo).toBe("olives");
    await beside.stop();
  });

  it("is refused where it doesn't fit, with the path of what doesn't", async () => {
    const refused = async (body: object) => {
      const { status, body: answer } = await ask(admin, "POST", "/blueprints", body);
      return [status, answer.error?.code, answer.error?.path];
    };
    const fields = [{ key: "a", name: "A", type: "text" }];
    expect(await refused({ key: "Big Key", name: "X", fields })).toEqual([422, "invalid_value", "key"]);
    expect(await refused({ key: "conversation", name: "X", fields })).toEqual([409, "conflict", "key"]);
    expect(await refused({ key: "fine", name: " ", fields })).toEqual([422, "invalid_value", "name"]);
    expect(await refused({ key: "fine", name: "X", fields: [] })).toEqual([422, "invalid_value", "fields"]);
    expect(await refused({ key: "fine", name: "X", fields: [{ key: "a", type: "colour" }] })).toEqual([
      422,
      "invalid_value",
      "fields.0.type",
    ]);
    expect(await refused({ key: "fine", name: "X", fields: [{ ...fields[0], color: "red" }] })).toEqual([
      422,
      "invalid_value",
      "fields.0.color",
    ]);
    expect(await refused({ key: "fine", name: "X", fields: [{ key: "a", name: "A", type: "choice" }] })).toEqual([
      422,
      "invalid_value",
      "fields.0.choices",
    ]);
    const key = await blueprintOf(fields, "Twice");
    expect(await refused({ key, name: "X", fields })).toEqual([409, "conflict", "key"]);
    expect((await ask(agent, "POST", "/blueprints", { key: "mine", name: "Mine", fields })).status).toBe(403);
  });

  it("is changed by one of two who change it at once, and entities of before stay as they are", async () => {
    const key = await blueprintOf([
      { key: "qty", name: "Quantity", type: "integer" },
      { key: "note", name: "Note", type: "text" },
    ]);
    const old = (await ask(agent, "POST", entities(key), { values: { qty: 5, note: "old" } })).body;
    const [{ id }] = (await ask(admin, "GET", `/blueprints/${key}`)).body.fields.slice(1);
    const changed = [
      { key: "qty", name: "Quantity", type: "decimal", places: 1 },
      { id, key: "remark", name: "Remark", type: "text" },
    ];
    const both = await Promise.all([1, 2].map(() => ask(admin, "PATCH", `/blueprints/${key}`, { fields: changed, version: 1 })));
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(both.find(({ status }) => status === 409)?.body.error).toMatchObject({
      code: "stale",
      path: "version",
      current: { version: 2 },
    });

    expect((await ask(agent, "GET", `${entities(key)}/${old.id}`)).body).toMatchObject({
      blueprintVersion: 1,
      values: { qty: 5, note: "old" },
    });
    expect((await ask(agent, "POST", entities(key), { values: { qty: "2.5", remark: "new" } })).body.values).toEqual({
      qty: "2.5",
      remark: "new",
    });
    expect((await ask(agent, "PATCH", `${entities(key)}/${old.id}`, { values: { qty: 6 } })).body).toMatchObject({
      version: 2,
      values: { qty: 6 },
    });
    // A field that was renamed has its values still; one whose type changed is another.
    const listed = await ask(agent, "GET", `${entities(key)}?filter={"remark":{"eq":"old"}}`);
    expect(listed.body.items).toMatchObject([{ id: old.id, values: { note: "old" } }]);
    expect((await ask(agent, "GET", `${entities(key)}?filter={"qty":{"gt":"5"}}`)).body.items).toEqual([]);
    expect((await ask(admin, "GET", `/blueprints/${key}/versions`)).body.items.map(({ version }: { version: number }) => version)).toEqual([
      2, 1,
    ]);
  });

  it("is made field by field in a line, too", async () => {
    const key = "stock";
    await admin.run("blueprint.create", { key, name: "Stock item" });
    await admin.run("blueprint.add-field", { blueprint: key, key: "qty", type: "integer", min: "0", default: "0" });
    await admin.run("blueprint.add-field", { blueprint: key, key: "space", type: "choice", choices: "A1, A2" });
    await admin.run("blueprint.change-field", { blueprint: key, key: "name", newKey: "kind", name: "Kind", required: true });
    expect((await agent.run(`${key}.create`, { kind: "bolt", space: "A2" })).data).toMatchObject({
      entity: { values: { id: "STO-1", kind: "bolt", space: "A2", qty: 0 } },
    });
    expect(await agent.refused(`${key}.update`, { entityId: "STO-1", qty: -1 })).toMatchObject({
      path: "args.qty",
      message: '"Qty" must be 0 or more; "-1" isn\'t.',
    });
    await admin.run("blueprint.drop-field", { blueprint: key, key: "space" });
    expect(await agent.refused(`${key}.create`, { kind: "nut", space: "A1" })).toMatchObject({ path: "args.space" });
    expect(await admin.refused("blueprint.drop-field", { blueprint: key, key: "nope" })).toMatchObject({
      code: "not_found",
      path: "args.key",
    });
  });

  it("in the trash is read and nothing else, and comes back with everything", async () => {
    const key = await blueprintOf(deliveryFields);
    const made = (await ask(agent, "POST", entities(key), { values: { deliver_from: "A", deliver_to: "B" } })).body;
    expect((await ask(admin, "DELETE", `/blueprints/${key}`)).status).toBe(204);
    expect((await ask(agent, "GET", `${entities(key)}/${made.id}`)).body.values).toEqual(made.values);
    expect((await ask(agent, "GET", entities(key))).body.items).toHaveLength(1);
    for (const [method, path, body] of [
      ["POST", entities(key), { values: {} }],
      ["PATCH", `${entities(key)}/${made.id}`, { values: {} }],
      ["DELETE", `${entities(key)}/${made.id}`, undefined],
    ] as const)
      expect((await ask(agent, method, path, body)).body.error).toMatchObject({ code: "conflict" });
    expect(await agent.refused(`${key}.list`, {})).toMatchObject({ code: "unknown_command" });
    expect((await ask(admin, "POST", `/blueprints/${key}/restore`)).body).toMatchObject({ trashedAt: null });
    expect((await ask(agent, "POST", entities(key), { values: { deliver_from: "A", deliver_to: "C" } })).body.values.id).toBe("DEL-2");
  });
});
