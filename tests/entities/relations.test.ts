import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type EntityHouse, entities, openEntityHouse } from "./entityHouse.ts";

let product: EntityHouse["product"];
let admin: EntityHouse["admin"];
let agent: EntityHouse["agent"];
let ask: EntityHouse["ask"];
let blueprintOf: EntityHouse["blueprintOf"];
beforeAll(async () => {
  ({ product, admin, agent, ask, blueprintOf } = await openEntityHouse());
});
afterAll(() => product.stop());

const id = (prefix: string) => ({ key: "id", name: "Id", type: "sequence", prefix });
const customerFields = [
  id("CUS-"),
  { key: "name", name: "Name", type: "text" },
  { key: "email", name: "Mail", type: "email", unique: true },
];
const orderFields = (customers: string) => [
  id("ORD-"),
  { key: "customer", name: "Customer", type: "relation", blueprint: customers, otherSide: "Orders" },
  { key: "watchers", name: "Watchers", type: "relation", blueprint: customers, many: true, otherSide: "Watched orders" },
];

const make = async (key: string, values: object, who = agent) => await ask(who, "POST", entities(key), { values });
const change = async (key: string, of: string, values: object) => await ask(agent, "PATCH", `${entities(key)}/${of}`, { values });
const read = async (key: string, of: string, who = agent) => (await ask(who, "GET", `${entities(key)}/${of}`)).body;
const listed = async (key: string, filter: object, who = agent) => {
  const { status, body } = await ask(who, "GET", `${entities(key)}?filter=${encodeURIComponent(JSON.stringify(filter))}`);
  return status === 200 ? body.items.map(({ values }: { values: { id: string } }) => values.id) : body.error;
};
async function purge(who: typeof admin, command: string, args: object) {
  const plan = (await ask(who, "POST", `/commands/${command}/plans`, { args })).body;
  const done = await ask(who, "POST", `/commands/${command}/runs`, { args, planHash: plan.hash });
  expect(done.body).toMatchObject({ state: "succeeded" });
  return plan.changes;
}

/** Customers with two of them, and orders that lead there. */
async function shop() {
  const customers = await blueprintOf(customerFields, "Customer");
  const orders = await blueprintOf(orderFields(customers), "Order");
  const one = (await make(customers, { name: "Baker", email: "Baker@x.example" })).body;
  const two = (await make(customers, { name: "Smith", email: "smith@x.example" })).body;
  return { customers, orders, one, two };
}

describe("a relation", () => {
  it("is to one or to many, named by any unique value or by the id, and read by title", async () => {
    const { orders, customers, one, two } = await shop();
    const made = (await make(orders, { customer: "CUS-1", watchers: ["baker@X.example", two.id, "CUS-2"] })).body;
    expect(made.values).toEqual({ id: "ORD-1", customer: [one.id], watchers: [one.id, two.id] });
    expect(made.named[one.id]).toEqual({ title: "CUS-1", blueprint: customers });
    const command = await ask(agent, "POST", `/commands/${orders}.create/runs`, {
      args: { customer: "smith@x.example", watchers: "CUS-1, CUS-2" },
    });
    expect(command.body.data.entity.values).toMatchObject({ customer: [two.id], watchers: [one.id, two.id] });
    expect(JSON.stringify(command.body.messages)).toContain("CUS-1, CUS-2");
    expect((await make(orders, { customer: [one.id, two.id] })).body.error).toMatchObject({
      code: "invalid_value",
      path: "values.customer",
    });
    const offered = await ask(agent, "GET", `/commands/${orders}.create/choices/customer?q=Smi`);
    expect(offered.body.items).toMatchObject([{ value: "CUS-2", label: expect.stringContaining("Smith") }]);
  });

  it("narrows a list, by what the others are called", async () => {
    const { orders, one } = await shop();
    await make(orders, { customer: "CUS-1" });
    await make(orders, { customer: "CUS-2", watchers: ["CUS-1", "CUS-2"] });
    await make(orders, {});
    expect(await listed(orders, { customer: { eq: "CUS-1" } })).toEqual(["ORD-1"]);
    expect(await listed(orders, { watchers: { eq: one.id } })).toEqual(["ORD-2"]);
    expect(await listed(orders, { customer: { ne: "CUS-1" } })).toEqual(["ORD-3", "ORD-2"]);
    expect(await listed(orders, { customer: { in: ["CUS-1", "CUS-2"] } })).toEqual(["ORD-2", "ORD-1"]);
    expect(await listed(orders, { not: { watchers: { in: ["CUS-2"] } } })).toEqual(["ORD-3", "ORD-1"]);
    expect(await listed(orders, { customer: { empty: true } })).toEqual(["ORD-3"]);
    expect(await listed(orders, { customer: { eq: "CUS-9" } })).toMatchObject({ code: "invalid_value", path: "filter.customer.eq" });
    expect(await listed(orders, { customer: { gt: "CUS-1" } })).toMatchObject({ code: "invalid_value" });
    expect((await ask(agent, "GET", `${entities(orders)}?sort=customer`)).body.error).toMatchObject({
      code: "invalid_value",
      path: "sort",
    });
    // What it has no more isn't found by it.
    await change(orders, "ORD-1", { customer: "CUS-2" });
    expect(await listed(orders, { customer: { eq: "CUS-1" } })).toEqual([]);
  });

  it("refuses what is missing, in the trash, of another blueprint or of another tenant in the same words", async () => {
    const { orders, customers, one } = await shop();
    const other = await blueprintOf(customerFields, "Supplier");
    const supplier = (await make(other, { name: "Mill" })).body;
    const elsewhere = await product.addTenant("elsewhere");
    await product.database.acrossTenants.query("update membership set roles = '{owner}' where tenant_id = $1", [elsewhere.tenant]);
    const stranger = await product.agent(elsewhere.email);
    const theirs = await ask(stranger, "POST", "/blueprints", { key: "customers", name: "Customer", fields: customerFields });
    expect(theirs.status).toBe(201);
    const foreign = (await make("customers", { name: "Far" }, stranger)).body;
    await ask(agent, "DELETE", `${entities(customers)}/${one.id}`);
    const refusals = [];
    for (const word of [one.id, "CUS-1", "baker@x.example", supplier.id, foreign.id, "0198c000-0000-7000-8000-000000000001", "nobody"]) {
      const { status, body } = await make(orders, { customer: word });
      expect([status, body.error]).toMatchObject([422, { code: "invalid_value", path: "values.customer" }]);
      refusals.push(body.error.message.replace(word, ""));
    }
    expect(new Set(refusals).size).toBe(1);
    expect((await make(orders, { customer: 5 })).body.error.path).toBe("values.customer");
    expect((await make(orders, { customer: { id: one.id } })).status).toBe(422);
  });

  it("leads to a blueprint that there is: also to itself and in a circle", async () => {
    const { orders, customers } = await shop();
    const wrong = async (blueprint: string | undefined) =>
      (await ask(admin, "POST", "/blueprints", { key: "wrong", name: "W", fields: [{ key: "r", type: "relation", blueprint }] })).body
        .error;
    expect(await wrong(undefined)).toMatchObject({ path: "fields.0.blueprint" });
    expect(await wrong("absent")).toMatchObject({ path: "fields.0.blueprint" });
    const back = { key: "last_order", name: "Last order", type: "relation", blueprint: orders };
    const parent = { key: "parent", name: "Parent", type: "relation", blueprint: customers, otherSide: "Branches" };
    const answer = await ask(admin, "PATCH", `/blueprints/${customers}`, { fields: [...customerFields, back, parent] });
    expect(answer.status).toBe(200);
    const order = (await make(orders, { customer: "CUS-1" })).body;
    const made = (await make(customers, { name: "Branch", parent: "CUS-1", last_order: "ORD-1" })).body;
    expect(made.named[order.id]).toMatchObject({ title: "ORD-1" });
    // Whoever is led to may go to the trash as a whole; what leads there stays as it was.
    await ask(admin, "DELETE", `/blueprints/${orders}`);
    expect((await read(customers, made.id)).named[order.id]).toMatchObject({ trashed: true });
    expect((await ask(admin, "PATCH", `/blueprints/${customers}`, { name: "Client" })).status).toBe(200);
  });

  it("shows its other side, under its name there", async () => {
    const { orders, customers, one } = await shop();
    await make(orders, { customer: "CUS-1" });
    const second = (await make(orders, { customer: "CUS-1", watchers: "CUS-1" })).body;
    const sides = async () => (await ask(agent, "GET", `${entities(customers)}/${one.id}/other-sides`)).body.items;
    expect(await sides()).toMatchObject([
      { blueprint: orders, field: "customer", name: "Orders", items: [{ title: "ORD-2" }, { title: "ORD-1" }], more: false },
      { blueprint: orders, field: "watchers", name: "Watched orders", items: [{ id: second.id }] },
    ]);
    const shown = await ask(agent, "POST", `/commands/${customers}.show/runs`, { args: { entityId: "CUS-1" } });
    expect(JSON.stringify(shown.body.messages)).toContain("Orders: ORD-2, ORD-1");
    await ask(agent, "DELETE", `${entities(orders)}/${second.id}`);
    expect((await sides())[0].items).toMatchObject([{ title: "ORD-1" }]);
  });

  it("keeps what went to the trash, shows it so, and has it back; what is gone for good is taken out of it, with a line in the history", async () => {
    const { orders, customers, one, two } = await shop();
    await make(orders, { customer: "CUS-1", watchers: ["CUS-1", "CUS-2"] });
    await make(orders, { customer: "CUS-1" });
    await ask(agent, "DELETE", `${entities(customers)}/${one.id}`);
    expect((await read(orders, "ORD-1")).named[one.id]).toEqual({ title: "CUS-1", blueprint: customers, trashed: true });
    // It may stay where it stands, and be left.
    expect((await change(orders, "ORD-1", { watchers: [one.id] })).body.values.watchers).toEqual([one.id]);
    await ask(agent, "POST", `${entities(customers)}/${one.id}/restore`);
    expect((await read(orders, "ORD-1")).named[one.id]).toEqual({ title: "CUS-1", blueprint: customers });
    await change(orders, "ORD-1", { watchers: [one.id, two.id] });

    await ask(agent, "DELETE", `${entities(customers)}/${one.id}`);
    const plan = await purge(agent, `${customers}.purge`, { entityId: one.id });
    expect(plan).toMatchObject([{ text: "CUS-1, with its history" }, { text: "2 others name it, and won't any more", count: 2 }]);
    const after = await read(orders, "ORD-1");
    expect(after.values).toEqual({ id: "ORD-1", watchers: [two.id] });
    const { body } = await ask(agent, "GET", `${entities(orders)}/ORD-1/history`);
    expect(body.items[0]).toMatchObject({ kind: "change", by: "Agent One", before: { customer: [one.id], watchers: [one.id, two.id] } });
    expect(body.items[0].after).toEqual({ watchers: [two.id] });

    await ask(admin, "DELETE", `/blueprints/${customers}`);
    expect(await purge(admin, "blueprint.purge", { blueprint: customers })).toContainEqual(
      expect.objectContaining({ text: "1 others name some of them, and won't any more" }),
    );
    expect((await read(orders, "ORD-1")).values).toEqual({ id: "ORD-1" });
    const left = await product.database.acrossTenants.query(
      "select r.* from entity_reference r left join entity e on e.blueprint_id = r.blueprint_id and e.id = r.entity_id where e.id is null",
    );
    expect(left).toEqual([]);
  });

  it("tells nobody of whom they may not see, neither by title nor by the other side", async () => {
    const { orders, customers, one } = await shop();
    await make(orders, { customer: "CUS-1" });
    const only = async (blueprints: string) => {
      const permissions = "entities.read, entities.change, commands.run";
      await admin.run("role.create", { key: `of-${blueprints}`, name: blueprints, permissions, blueprints });
      await product.database.acrossTenants.query("update membership set roles = $2 where account_id = $1", [
        agent.id,
        [`of-${blueprints}`],
      ]);
      product.bus.publish(`tenant.${product.tenant}.access`, {});
    };
    try {
      await only(orders);
      const seen = await read(orders, "ORD-1");
      expect([seen.values.customer, seen.named]).toEqual([[one.id], {}]);
      expect((await make(orders, { customer: "CUS-2" })).body.error).toMatchObject({ path: "values.customer" });
      expect(await listed(orders, { customer: { eq: "CUS-1" } })).toMatchObject({ code: "invalid_value" });
      await only(customers);
      expect((await ask(agent, "GET", `${entities(customers)}/${one.id}/other-sides`)).body.items).toEqual([]);
    } finally {
      await product.database.acrossTenants.query("update membership set roles = '{agent}' where account_id = $1", [agent.id]);
      product.bus.publish(`tenant.${product.tenant}.access`, {});
    }
  });

  it("goes forward and back with its blueprint, whatever becomes of the others meanwhile", async () => {
    const { orders, customers, one, two } = await shop();
    await make(orders, { customer: "CUS-1", watchers: ["CUS-1", "CUS-2"] });
    const before = (await read(orders, "ORD-1")).values;
    const changed = [id("ORD-"), { key: "customer", name: "Customer", type: "relation", blueprint: customers, many: true }];
    await ask(admin, "PATCH", `/blueprints/${orders}`, { fields: changed });
    await admin.run("blueprint.migrate", { blueprint: orders });
    expect((await read(orders, "ORD-1")).values).toEqual({ id: "ORD-1", customer: [one.id] });
    expect((await change(orders, "ORD-1", { customer: [one.id, two.id] })).status).toBe(200);
    expect(await listed(orders, { customer: { eq: "CUS-2" } })).toEqual(["ORD-1"]);
    await change(orders, "ORD-1", { customer: [one.id] });
    await admin.run("blueprint.migrate", { blueprint: orders, to: 1 });
    expect((await read(orders, "ORD-1")).values).toEqual(before);
    await ask(admin, "PATCH", `/blueprints/${orders}`, { fields: orderFields(customers) });
    await admin.run("blueprint.migrate", { blueprint: orders });
    expect(await listed(orders, { watchers: { eq: "CUS-2" } })).toEqual(["ORD-1"]);
  });
});
