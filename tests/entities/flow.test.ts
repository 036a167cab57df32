import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deliveryFields, type EntityHouse, entities, openEntityHouse } from "./entityHouse.ts";

let product: EntityHouse["product"];
let admin: EntityHouse["admin"];
let agent: EntityHouse["agent"];
let ask: EntityHouse["ask"];
beforeAll(async () => {
  ({ product, admin, agent, ask } = await openEntityHouse());
});
afterAll(() => product.stop());

const deliveryFlow = {
  field: "status",
  states: ["PENDING", "IN_PROGRESS", "DELIVERED"],
  transitions: [
    { key: "start", name: "Delivery started", from: ["PENDING"], to: "IN_PROGRESS", set: { started_at: { now: true } } },
    { key: "deliver", name: "Delivered", from: ["IN_PROGRESS"], to: "DELIVERED", set: { delivered_at: { now: true } } },
  ],
};
let names = 0;
async function blueprintOf(flow: object = deliveryFlow, fields: object[] = deliveryFields): Promise<string> {
  const key = `moving-${++names}`;
  const { status, body } = await ask(admin, "POST", "/blueprints", { key, name: "Delivery", fields, flow });
  expect([status, body]).toMatchObject([201, { flow }]);
  return key;
}
const trip = { deliver_from: "Porto", deliver_to: "Lyon" };
const make = async (key: string, values: object = trip) => (await ask(agent, "POST", entities(key), { values })).body;
const take = (key: string, id: string, transition: string, body: object = {}, who = agent) =>
  ask(who, "POST", `${entities(key)}/${id}/transitions/${transition}`, body);

describe("a flow", () => {
  it("leads from state to state by HTTP and by commands, sets what it says, and is told in the history", async () => {
    const key = await blueprintOf();
    const { id, values } = await make(key);
    expect(values.status).toBe("PENDING");
    const started = await take(key, "DEL-1", "start");
    expect([started.status, started.body]).toMatchObject([
      200,
      { id, version: 2, values: { status: "IN_PROGRESS", started_at: expect.stringMatching(/Z$/) } },
    ]);
    // The short name, as people say it.
    expect(await agent.run("deliver", { entityId: "DEL-1" })).toMatchObject({
      state: "succeeded",
      messages: [{ text: "DEL-1 is DELIVERED." }],
      data: { entity: { values: { delivered_at: expect.any(String) } } },
    });
    const offered = await ask(agent, "GET", `/commands/${key}.deliver/choices/entityId?q=del`);
    expect(offered.body.items).toMatchObject([{ value: "DEL-1" }]);
    const history = await ask(agent, "GET", `${entities(key)}/${id}/history`);
    expect(history.body.items[0]).toMatchObject({ before: { status: "IN_PROGRESS" }, after: { status: "DELIVERED" } });
    const again = await take(key, "DEL-1", "deliver");
    expect([again.status, again.body.error]).toMatchObject([409, { code: "conflict", current: { state: "DELIVERED" } }]);
  });

  it("is the only way in which its state changes, and who begins begins at its first", async () => {
    const key = await blueprintOf({ ...deliveryFlow, states: ["PENDING", "IN_PROGRESS", "DELIVERED"] }, [
      ...deliveryFields.filter(({ key: field }) => field !== "status"),
      { key: "status", name: "Status", type: "choice", choices: ["LOST", "PENDING", "IN_PROGRESS", "DELIVERED"], required: true },
    ]);
    const made = await make(key);
    expect(made.values.status).toBe("PENDING");
    const patched = await ask(agent, "PATCH", `${entities(key)}/${made.id}`, { values: { status: "DELIVERED" } });
    expect([patched.status, patched.body.error]).toMatchObject([409, { code: "conflict", path: "values.status", message: /: start/ }]);
    expect((await ask(agent, "PATCH", `${entities(key)}/${made.id}`, { values: { status: "PENDING", cargo: "tea" } })).status).toBe(200);
    expect((await ask(agent, "POST", entities(key), { values: { ...trip, status: "LOST" } })).body.error).toMatchObject({
      code: "invalid_value",
      path: "values.status",
    });
    expect((await make(key, { ...trip, status: "IN_PROGRESS" })).values.status).toBe("IN_PROGRESS");
  });

  it("asks for what it needs, holds to its guard and its roles, and counts exactly", async () => {
    const key = await blueprintOf(
      {
        field: "state",
        transitions: [
          {
            key: "pick",
            name: "Picked",
            from: ["open"],
            to: "picked",
            required: ["by_whom"],
            set: { qty: { add: -1 }, price: { add: "0.10" } },
          },
          {
            key: "check",
            name: "Checked",
            from: ["picked"],
            to: "open",
            guard: { qty: { gte: 1 } },
            set: { last: { field: "by_whom" }, by_whom: null },
          },
          { key: "scrap", name: "Scrapped", from: ["open", "picked"], to: "gone", roles: ["admin"] },
        ],
      },
      [
        { key: "state", name: "State", type: "choice", choices: ["open", "picked", "gone"] },
        { key: "qty", name: "Quantity", type: "integer", min: 0, default: 2 },
        { key: "price", name: "Price", type: "money", currency: "EUR", default: "0.20" },
        { key: "by_whom", name: "By whom", type: "text" },
        { key: "last", name: "Last", type: "text" },
      ],
    );
    const { id } = await make(key, {});
    expect((await take(key, id, "pick")).body.error).toMatchObject({ code: "invalid_value", path: "values.by_whom" });
    expect((await take(key, id, "pick", { values: { by_whom: 5 } })).body.error).toMatchObject({ path: "values.by_whom" });
    expect((await take(key, id, "pick", { values: { last: "x" } })).body.error).toMatchObject({ path: "values.last" });
    expect((await take(key, id, "pick", { values: { by_whom: "Ana" } })).body.values).toMatchObject({
      qty: 1,
      price: "0.30",
      state: "picked",
    });
    expect((await take(key, id, "check")).body.values).toEqual({ state: "open", qty: 1, price: "0.30", last: "Ana" });
    await take(key, id, "pick", { values: { by_whom: "Bo" } });
    expect((await take(key, id, "check")).body.error).toMatchObject({ code: "conflict", current: { values: { qty: 0 } } });
    expect((await take(key, id, "scrap")).body.error).toMatchObject({ code: "forbidden" });
    const other = await make(key, { qty: 0 });
    // Less than the field allows: nothing of it is done.
    expect((await take(key, other.id, "pick", { values: { by_whom: "Ana" } })).body.error).toMatchObject({ code: "invalid_value" });
    expect((await ask(agent, "GET", `${entities(key)}/${other.id}`)).body).toMatchObject({ version: 1, values: { state: "open", qty: 0 } });
    expect((await take(key, id, "scrap", {}, admin)).body.values.state).toBe("gone");
  });

  it("happens once, however many ask at the same moment, and is taken back as a whole", async () => {
    const key = await blueprintOf();
    const { id } = await make(key);
    const all = await Promise.all(Array.from({ length: 10 }, () => take(key, id, "start")));
    expect(all.map(({ status }) => status).sort()).toEqual([200, ...Array.from({ length: 9 }, () => 409)]);
    const run = await agent.run(`${key}.deliver`, { entityId: id });
    await agent.run("run.undo", { run: run.id });
    const { values } = (await ask(agent, "GET", `${entities(key)}/${id}`)).body;
    expect([values.status, values.delivered_at]).toEqual(["IN_PROGRESS", undefined]);
    expect((await take(key, id, "deliver")).status).toBe(200);
  });

  it("may wait for somebody who agrees", async () => {
    const [start, deliver] = deliveryFlow.transitions;
    const key = await blueprintOf({ ...deliveryFlow, transitions: [{ ...start, approval: { by: "role:admin", quorum: 1 } }, deliver] });
    const { id } = await make(key);
    const asked = await take(key, id, "start");
    expect([asked.status, asked.body.error.code]).toEqual([409, "approval_needed"]);
    const run = /run ([0-9a-f-]{36})/.exec(asked.body.error.message)?.[1] ?? "";
    expect((await ask(agent, "GET", `${entities(key)}/${id}`)).body.values.status).toBe("PENDING");
    await admin.run("run.approve", { run });
    await expect.poll(async () => (await ask(agent, "GET", `${entities(key)}/${id}`)).body.values.status).toBe("IN_PROGRESS");
  });

  it("tells what it would do before it does it", async () => {
    const key = await blueprintOf();
    const { id } = await make(key);
    const plan = await ask(agent, "POST", `/commands/${key}.start/plans`, { args: { entityId: id } });
    expect(plan.body.changes).toMatchObject([
      { text: "Status", before: "PENDING", after: "IN_PROGRESS" },
      { text: "Started", before: null, after: expect.any(String) },
    ]);
    expect((await ask(agent, "GET", `${entities(key)}/${id}`)).body.version).toBe(1);
  });

  it("is refused where it doesn't fit its fields, with the path of what doesn't", async () => {
    const refused = async (flow: object) => {
      const { status, body } = await ask(admin, "POST", "/blueprints", { key: "fine", name: "X", fields: deliveryFields, flow });
      return [status, body.error?.path];
    };
    const [start] = deliveryFlow.transitions;
    const withOne = (transition: object) => ({ field: "status", transitions: [{ ...start, ...transition }] });
    expect(await refused({ field: "cargo", transitions: [] })).toEqual([422, "flow.field"]);
    expect(await refused({ field: "status", states: ["NEW"], transitions: [] })).toEqual([422, "flow.states.0"]);
    expect(await refused({ field: "status", states: ["DELIVERED"], transitions: [] })).toEqual([422, "flow.states"]);
    expect(await refused(withOne({ key: "Big Key" }))).toEqual([422, "flow.transitions.0.key"]);
    expect(await refused(withOne({ key: "create" }))).toEqual([422, "flow.transitions.0.key"]);
    expect(await refused(withOne({ from: [] }))).toEqual([422, "flow.transitions.0.from"]);
    expect(await refused(withOne({ from: ["PENDING", "LOST"] }))).toEqual([422, "flow.transitions.0.from.1"]);
    expect(await refused(withOne({ to: "LOST" }))).toEqual([422, "flow.transitions.0.to"]);
    expect(await refused(withOne({ set: { nope: 1 } }))).toEqual([422, "flow.transitions.0.set.nope"]);
    expect(await refused(withOne({ set: { status: "PENDING" } }))).toEqual([422, "flow.transitions.0.set.status"]);
    expect(await refused(withOne({ set: { id: "DEL-9" } }))).toEqual([422, "flow.transitions.0.set.id"]);
    expect(await refused(withOne({ set: { cargo: { now: true } } }))).toEqual([422, "flow.transitions.0.set.cargo"]);
    expect(await refused(withOne({ set: { cargo: { add: 1 } } }))).toEqual([422, "flow.transitions.0.set.cargo"]);
    expect(await refused(withOne({ set: { started_at: "soon" } }))).toEqual([422, "flow.transitions.0.set.started_at"]);
    expect(await refused(withOne({ set: { deliver_to: null } }))).toEqual([422, "flow.transitions.0.set.deliver_to"]);
    expect(await refused(withOne({ required: ["nope"] }))).toEqual([422, "flow.transitions.0.required.0"]);
    expect(await refused(withOne({ guard: { status: { gt: "A" } } }))).toEqual([422, "flow.transitions.0.guard.status.gt"]);
    expect(await refused({ ...deliveryFlow, transitions: [start, start] })).toEqual([422, "flow.transitions.1.key"]);
    expect(await refused(withOne({ approval: { by: "admin", quorum: 1 } }))).toEqual([422, "flow.transitions.0.approval.by"]);
    expect(await refused(withOne({ approval: { by: "role:admin", quorum: 0 } }))).toEqual([422, "flow.transitions.0.approval.quorum"]);
    expect(await refused(withOne({ colour: "red" }))).toEqual([422, "flow.transitions.0.colour"]);
  });

  it("is made in lines, follows a field that is renamed, and works for entities of before", async () => {
    const key = `line-${++names}`;
    await ask(admin, "POST", "/blueprints", { key, name: "Delivery", fields: deliveryFields });
    const { id } = await make(key);
    await admin.run("blueprint.add-transition", {
      blueprint: key,
      key: "begin",
      from: "PENDING",
      to: "IN_PROGRESS",
      set: "started_at=now, cargo=tea",
    });
    await admin.run("blueprint.add-transition", { blueprint: key, key: "end", from: "IN_PROGRESS", to: "DELIVERED" });
    await admin.run("blueprint.change-field", { blueprint: key, key: "started_at", newKey: "begun_at" });
    expect((await ask(admin, "GET", `/blueprints/${key}`)).body.flow.transitions[0].set).toEqual({ begun_at: { now: true }, cargo: "tea" });
    expect((await agent.run(`${key}.begin`, { entityId: id })).data).toMatchObject({
      entity: { blueprintVersion: 1, values: { status: "IN_PROGRESS", started_at: expect.any(String), cargo: "tea" } },
    });
    expect(await admin.refused("blueprint.drop-field", { blueprint: key, key: "cargo" })).toMatchObject({
      path: "args.flow.transitions.0.set.cargo",
    });
    await admin.run("blueprint.drop-transition", { blueprint: key, key: "end" });
    expect(await agent.refused(`${key}.end`, { entityId: id })).toMatchObject({ code: "unknown_command" });
    // A field that entities of before don't have can't be written by a transition.
    await admin.run("blueprint.add-field", { blueprint: key, key: "driver", type: "text" });
    await admin.run("blueprint.add-transition", {
      blueprint: key,
      key: "return",
      from: "IN_PROGRESS",
      to: "PENDING",
      set: "driver=nobody",
    });
    expect(await agent.refused(`${key}.return`, { entityId: id })).toMatchObject({ code: "conflict" });
    expect((await ask(admin, "PATCH", `/blueprints/${key}`, { flow: null })).body).not.toHaveProperty("flow");
  });

  it("is unknown where there is none, and by its short name where two have it", async () => {
    const [one, two] = [await blueprintOf(), await blueprintOf()];
    const { id } = await make(one);
    for (const transition of ["create", "nope", "delete"]) expect((await take(one, id, transition)).status).toBe(404);
    expect((await take(two, id, "start")).status).toBe(404);
    expect(await agent.refused("start", { entityId: id })).toMatchObject({ code: "unknown_command" });
    expect((await take(one, id, "start")).status).toBe(200);
  });
});

describe("what counts", () => {
  it("is adjusted by many at once, exactly, and not below what it may be", async () => {
    const key = `stock-${++names}`;
    const fields = [
      { key: "id", name: "Id", type: "sequence", prefix: "STO-" },
      { key: "qty", name: "Quantity", type: "decimal", places: 2, min: "0", default: "1.10" },
    ];
    await ask(admin, "POST", "/blueprints", { key, name: "Stock", fields });
    await make(key, {});
    await Promise.all([agent, admin].map((who) => who.run(`${key}.adjust`, { entityId: "STO-1", by: "0.10" })));
    const less = await agent.run(`${key}.adjust`, { entityId: "STO-1", by: "-1.3" });
    expect(less.messages).toMatchObject([{ text: "STO-1 has 0.00 of Quantity." }]);
    expect(await agent.refused(`${key}.adjust`, { entityId: "STO-1", by: "-0.01" })).toMatchObject({ path: "args.by" });
    await agent.run("run.undo", { run: less.id });
    expect((await ask(agent, "GET", `${entities(key)}/STO-1`)).body.values.qty).toBe("1.30");
  });
});
