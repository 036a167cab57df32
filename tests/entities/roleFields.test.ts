import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Agent } from "../fixtures/product.ts";
import { type EntityHouse, entities, openEntityHouse } from "./entityHouse.ts";

let house: EntityHouse;
let admin: Agent;
let limited: Agent;
beforeAll(async () => {
  house = await openEntityHouse();
  admin = house.admin;
  limited = await house.product.agent("agent2@demo.example");
});
afterAll(() => house.product.stop());

let roles = 0;
/** Gives the limited agent this role and no other. */
async function limitTo(key: string, limit: object, more: object = {}): Promise<string> {
  const role = `limited-${++roles}`;
  const permissions = "conversations.read, commands.run, entities.read, entities.change";
  await admin.run("role.create", { key: role, name: role, permissions, blueprints: key, limits: { [key]: limit }, ...more });
  await admin.run("role.grant", { email: limited.email, role });
  const before = roles === 1 ? "agent" : `limited-${roles - 1}`;
  await admin.run("role.revoke", { email: limited.email, role: before });
  return role;
}

const get = (path: string, who = limited) => house.ask(who, "GET", path);
const patch = (path: string, values: object, who = limited) => house.ask(who, "PATCH", path, { values });

const fields = [
  { key: "id", name: "Id", type: "sequence", prefix: "CAR-" },
  { key: "name", name: "Name", type: "text", required: true },
  { key: "state", name: "State", type: "choice", choices: ["new", "sold"], default: "new", required: true },
  { key: "serial", name: "Serial", type: "text", unique: true },
  { key: "cost", name: "Cost", type: "integer" },
  { key: "margin", name: "Margin", type: "integer" },
];
const flow = {
  field: "state",
  transitions: [
    { key: "sell", from: ["new"], to: "sold", set: { margin: { add: 5 } }, guard: { cost: { gte: 100 } } },
    { key: "take-back", from: ["sold"], to: "new", set: { margin: null } },
  ],
};

async function cars(): Promise<string> {
  const key = await house.blueprintOf(fields, "Car");
  expect((await house.ask(admin, "PATCH", `/blueprints/${key}`, { flow })).status).toBe(200);
  return key;
}
const secret = { name: "Red", serial: "S-1", cost: 77777771, margin: 31 };
const made = async (key: string, values: object = secret) => (await house.ask(admin, "POST", entities(key), { values })).body;

describe("a role by fields", () => {
  it("what it doesn't read is nowhere: lists, one, filters, sorts, history, completion, commands, the definition", async () => {
    const key = await cars();
    const { id } = await made(key);
    await patch(`${entities(key)}/${id}`, { cost: 88888881 }, admin);
    await patch(`${entities(key)}/${id}`, { name: "Blue" }, admin);
    await limitTo(key, { read: ["id", "name", "state"], write: ["name"] });

    const one = { id, values: { id: "CAR-1", name: "Blue", state: "new" } };
    expect((await get(entities(key))).body.items).toMatchObject([one]);
    expect((await get(entities(key))).body.items[0].values).toEqual(one.values);
    expect((await get(`${entities(key)}/CAR-1`)).body.values).toEqual(one.values);
    expect((await get(`${entities(key)}/S-1`)).status).toBe(404);
    const history = (await get(`${entities(key)}/${id}/history`)).body.items;
    expect(history).toMatchObject([{ before: { name: "Red" }, after: { name: "Blue" } }]);

    for (const path of [
      `${entities(key)}?filter={"cost":{"gte":1}}`,
      `${entities(key)}?sort=cost`,
      `${entities(key)}/count?filter={"cost":{"gte":1}}`,
      `${entities(key)}/groups?filter={"cost":{"gte":1}}`,
      `${entities(key)}/groups?by=cost`,
      `${entities(key)}/groups?aggregate=sum:cost`,
    ]) {
      const hidden = await get(path);
      const absent = await get(path.replace("cost", "nothing"));
      expect(hidden.status).toBe(422);
      expect(hidden.body.error.message.replaceAll("cost", "nothing")).toBe(absent.body.error.message);
    }
    const { body: definition } = await get(`/blueprints/${key}`);
    expect(definition.fields.map((field: { key: string }) => field.key)).toEqual(["id", "name", "state"]);
    expect(definition.flow.transitions).toMatchObject([{ key: "sell", set: {} }, { key: "take-back" }]);
    expect(JSON.stringify(definition)).not.toMatch(/cost|margin|serial/i);
    const commands = (await get(`/commands?limit=200&filter={"name":{"startsWith":"${key}."}}`)).body.items;
    expect(commands.length).toBeGreaterThan(3);
    expect(JSON.stringify(commands)).not.toMatch(/cost|margin|serial/i);
    expect(commands.map(({ name }: { name: string }) => name)).not.toContain(`${key}.delete`);
    expect(JSON.stringify((await limited.run("help", { command: `${key}.create` })).messages)).not.toMatch(/cost|margin/i);

    const shown = await limited.run(`${key}.show`, { entityId: "CAR-1" });
    expect(JSON.stringify(shown)).not.toMatch(/88888881|77777771|cost|margin/i);
    expect(JSON.stringify(await limited.run(`${key}.list`))).not.toMatch(/88888881|cost/i);
    expect(JSON.stringify(await limited.run(`${key}.history`, { entityId: "CAR-1" }))).not.toMatch(/88888881|77777771|cost/i);
    expect((await get(`/commands/${key}.show/choices/entityId?q=S-1`)).body.items).toEqual([]);
    expect((await get(`/commands/${key}.show/choices/entityId?q=Blue`)).body.items).toEqual([{ value: "CAR-1", label: "Blue" }]);
    expect(JSON.stringify((await limited.run("blueprint.show", { blueprint: key })).data)).not.toMatch(/cost/i);
  });

  it("groups, sums and counts are of what it reaches, and of fields where it sees them", async () => {
    const key = await cars();
    await made(key, { name: "Theirs", cost: 1000, margin: 1 });
    await limitTo(key, { records: "own" });
    await house.ask(limited, "POST", entities(key), { values: { name: "Mine", cost: 7, margin: 2 } });
    expect((await get(`${entities(key)}/count`)).body).toEqual({ count: 1, exact: true });
    expect((await get(`${entities(key)}/groups?by=name&aggregate=sum:cost`)).body.items).toMatchObject([
      { by: { name: "Mine" }, count: 1, aggregates: { "sum:cost": "7" } },
    ]);
    expect((await get(`${entities(key)}/groups?aggregate=max:cost`)).body.items).toMatchObject([
      { count: 1, aggregates: { "max:cost": 7 } },
    ]);
  });

  it("what it doesn't write is refused clearly, and what it doesn't see as what isn't there", async () => {
    const key = await cars();
    const { id } = await made(key);
    await limitTo(key, { read: ["id", "name", "state", "serial"], write: ["name"] });
    const at = `${entities(key)}/${id}`;
    expect((await patch(at, { name: "Green" })).body).toMatchObject({ values: { name: "Green" } });
    expect((await patch(at, { serial: "S-2" })).body.error).toMatchObject({
      code: "forbidden",
      path: "values.serial",
      message: `"Serial" isn't yours to change.`,
    });
    const [hidden, absent] = [await patch(at, { cost: 1 }), await patch(at, { nothing: 1 })];
    expect([hidden.status, hidden.body.error.message]).toEqual([422, absent.body.error.message.replace("nothing", "cost")]);
    // Not even whether it is that already.
    expect((await patch(at, { cost: 77777771 })).body.error).toEqual({ ...hidden.body.error, requestId: expect.any(String) });
    expect((await house.ask(limited, "DELETE", at)).body.error).toMatchObject({ code: "forbidden" });
    expect(await limited.refused(`${key}.update`, { entityId: "CAR-1", cost: 1 })).toMatchObject({
      code: "invalid_value",
      path: "args.cost",
    });
    expect(await limited.refused(`${key}.adjust`, { entityId: "CAR-1", by: "1" })).toMatchObject({ code: "unknown_command" });
    expect((await get(at, admin)).body.values).toEqual({ ...secret, id: "CAR-1", state: "new", name: "Green" });

    expect((await house.ask(limited, "POST", entities(key), { values: { name: "New" } })).body).toMatchObject({ values: { name: "New" } });
    expect((await house.ask(limited, "POST", entities(key), { values: { name: "New", serial: "x" } })).body.error).toMatchObject({
      code: "forbidden",
    });
    expect(
      (await house.ask(limited, "POST", `${entities(key)}/batch`, { items: [{ values: { name: "a", cost: 1 } }] })).body.error,
    ).toMatchObject({
      code: "invalid_value",
      path: "items.0.values.cost",
    });
    // What an entity needs and they don't see is not named.
    const needy = await house.blueprintOf([...fields, { key: "owed", name: "Owed", type: "text", required: true }], "Car");
    await limitTo(needy, { read: ["id", "name"] });
    const refused = await house.ask(limited, "POST", entities(needy), { values: { name: "New" } });
    expect([refused.status, refused.body.error.message]).toEqual([403, "A car needs more than what is yours to write."]);
    expect(await limited.refused(`${needy}.create`, { name: "New" })).toMatchObject({
      code: "forbidden",
      message: refused.body.error.message,
    });
  });

  it("a step of the flow writes what they don't see, says nothing of it, and is taken back with it", async () => {
    const key = await cars();
    const { id } = await made(key);
    const poor = await made(key, { name: "Cheap", serial: "S-9", cost: 12 });
    await limitTo(key, { read: ["id", "name", "state"], write: [] });
    const sold = await limited.run(`${key}.sell`, { entityId: "CAR-1" });
    expect(Object(sold.data)["entity"].values).toEqual({ id: "CAR-1", name: "Red", state: "sold" });
    expect(JSON.stringify(sold)).not.toMatch(/margin/i);
    expect((await get(`${entities(key)}/${id}`, admin)).body.values).toMatchObject({ state: "sold", margin: 36 });
    const plan = await house.ask(limited, "POST", `/commands/${key}.take-back/plans`, { args: { entityId: "CAR-1" } });
    expect(plan.body.changes).toEqual([{ text: "State", kind: "change", before: "sold", after: "new" }]);

    const refused = await house.ask(limited, "POST", `${entities(key)}/${poor.id}/transitions/sell`, {});
    expect([refused.status, refused.body.error.message]).toEqual([409, '"Sell" can\'t be done with it now.']);
    expect(refused.body.error).toEqual({ code: "conflict", message: expect.any(String), requestId: expect.any(String) });

    await limited.run("run.undo", { run: sold.id });
    expect((await get(`${entities(key)}/${id}`, admin)).body.values).toEqual({ ...secret, id: "CAR-1", state: "new" });
  });

  it("nobody takes back what others wrote where they may not write", async () => {
    const key = await cars();
    await made(key);
    const changed = await admin.run(`${key}.update`, { entityId: "CAR-1", name: "Blue", cost: 1 });
    await limitTo(key, { read: ["id", "name"] }, { permissions: "commands.run, entities.read, entities.change, runs.read" });
    expect(await limited.refused("run.undo", { run: changed.id })).toMatchObject({ code: expect.stringMatching(/forbidden|not_found/) });
    await admin.run("run.undo", { run: changed.id });
    expect((await get(`${entities(key)}/CAR-1`, admin)).body.values).toMatchObject({ name: "Red", cost: 77777771 });
  });

  it("a value that is unique is refused without a word of who has it where that one is hidden", async () => {
    const key = await cars();
    const { id } = await made(key);
    await limitTo(key, { filter: { name: { eq: "Mine" } } });
    const refused = await house.ask(limited, "POST", entities(key), { values: { name: "Mine", serial: "s-1" } });
    expect([refused.status, refused.body.error.message]).toEqual([409, '"Serial" must be unique, and can\'t be "s-1".']);
    expect(JSON.stringify(refused.body)).not.toContain(id);
  });

  it("a renamed field stays what it was to a role, and one of a new type with its key is another", async () => {
    const key = await cars();
    await made(key);
    await limitTo(key, { read: ["id", "name"] });
    const { fields: held } = (await get(`/blueprints/${key}`, admin)).body;
    const renamed = held.map((field: { key: string }) => (field.key === "name" ? { ...field, key: "called", name: "Called" } : field));
    await house.ask(admin, "PATCH", `/blueprints/${key}`, { fields: [...renamed, { key: "name", name: "Name", type: "text" }] });
    await patch(`${entities(key)}/CAR-1`, { called: "Old" }, admin);
    expect((await get(`/blueprints/${key}`)).body.fields).toMatchObject([{ key: "id" }, { key: "called" }]);
    expect((await admin.run("role.list")).data).toMatchObject({
      roles: expect.arrayContaining([expect.objectContaining({ limits: { [key]: { read: ["id", "called"], write: ["id", "called"] } } })]),
    });
  });

  it("is made, shown and changed by commands, and nobody gives what they don't have", async () => {
    const key = await cars();
    const limit = { read: ["id", "name", "cost"], write: ["name"], records: "own", filter: { cost: { lt: 5 }, createdBy: { eq: "me" } } };
    const role = await limitTo(key, limit, { permissions: "commands.run, entities.read, entities.change, roles.manage" });
    const limitsOf = async (called: string) => {
      const found = await house.ask(admin, "POST", "/commands/role.list/runs", { args: {} });
      return found.body.data.roles.find((one: { key: string }) => one.key === called)?.limits;
    };
    expect(await limitsOf(role)).toEqual({ [key]: limit });
    // What isn't named stays, also where the permissions are written anew.
    await admin.run("role.update", { role, name: "Other", permissions: "entities.read, roles.manage, commands.run", blueprints: key });
    expect(await limitsOf(role)).toEqual({ [key]: { read: limit.read, records: "own", filter: limit.filter } });
    for (const [said, path] of [
      [{ read: ["nothing"] }, `args.limits.${key}.read.0`],
      [{ read: ["name"], write: ["cost"] }, `args.limits.${key}.write.0`],
      [{ write: ["id"] }, `args.limits.${key}.write.0`],
      [{ filter: { cost: { like: 1 } } }, `args.limits.${key}.filter.cost.like`],
      [{ filter: { or: [{ createdBy: { in: ["me", "ann@example.org"] } }] } }, `args.limits.${key}.filter.or.0.createdBy`],
      [{ records: "mine" }, `args.limits.${key}.records`],
      [{ reads: [] }, `args.limits.${key}.reads`],
    ] as const)
      expect(
        await admin.refused("role.create", { key: "x", name: "X", permissions: "entities.read", blueprints: key, limits: { [key]: said } }),
      ).toMatchObject({ code: "invalid_value", path });
    expect(await admin.refused("role.create", { key: "x", name: "X", permissions: "entities.read", limits: { [key]: {} } })).toMatchObject({
      path: "args.limits",
    });
  });

  it("of a blueprint that was deleted says nothing of a later one with its key, whoever deleted it", async () => {
    for (const away of ["the purge", "/super"]) {
      const key = away === "/super" ? "super-cars" : "purged-cars";
      const make = () => house.ask(admin, "POST", "/blueprints", { key, name: "Car", fields });
      expect((await make()).status).toBe(201);
      const [{ id } = { id: "" }] = await house.product.database
        .forTenant(house.product.tenant)
        .query<{ id: string }>("select id from blueprint where tenant_id = $1 and key = $2", [key]);
      await made(key);
      await patch(`${entities(key)}/CAR-1`, { cost: 1 }, admin);
      const role = await limitTo(key, { read: ["id", "name"], filter: { name: { eq: "Red" } } });
      await admin.run("role.create", {
        key: `${role}-too`,
        name: "Two",
        permissions: "entities.read",
        blueprints: `${key}, ${await cars()}`,
      });
      const { database, tenant } = house.product;
      if (away === "/super") {
        await database.acrossTenants.query("delete from blueprint where tenant_id = $1 and key = $2", [tenant, key]);
        house.product.bus.publish(`tenant.${tenant}.access`, {});
      } else {
        await admin.run("blueprint.delete", { blueprint: key });
        await admin.run("blueprint.purge", { blueprint: key });
      }
      for (const table of ["entity", "entity_change", "entity_unique"])
        expect(await database.forTenant(tenant).query(`select from ${table} where tenant_id = $1 and blueprint_id = $2`, [id])).toEqual([]);
      // Its commands are known for two seconds more to a process that heard nothing.
      await expect.poll(async () => (await make()).status, { timeout: 10_000, interval: 500 }).toBe(201);
      await made(key);
      expect([away, (await get(entities(key))).status]).toEqual([away, 403]);
      const { roles: all } = JSON.parse(JSON.stringify((await admin.run("role.list")).data));
      expect(JSON.stringify(all)).not.toContain(key);
      expect(all.find((one: { key: string }) => one.key === `${role}-too`).grants).toMatchObject([
        { on: { blueprint: [expect.any(String)] } },
      ]);
    }
  });
});
