import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type EntityHouse, entities, openEntityHouse } from "./entityHouse.ts";

let product: EntityHouse["product"];
let admin: EntityHouse["admin"];
let agent: EntityHouse["agent"];
let ask: EntityHouse["ask"];
beforeAll(async () => {
  ({ product, admin, agent, ask } = await openEntityHouse());
});
afterAll(() => product.stop());

const fields = [
  { key: "id", name: "Id", type: "sequence", prefix: "JOB-" },
  { key: "state", name: "State", type: "choice", choices: ["open", "held", "done"] },
  { key: "qty", name: "Quantity", type: "integer", min: 0, default: 2 },
  { key: "by_whom", name: "By whom", type: "text" },
  { key: "ended_at", name: "Ended", type: "instant" },
];
const flow = {
  field: "state",
  transitions: [
    { key: "hold", name: "Held", from: ["open"], to: "held", required: ["by_whom"], set: { qty: { add: -1 } } },
    { key: "resume", name: "Resumed", from: ["held"], to: "open", guard: { qty: { gte: 1 } }, set: { by_whom: null } },
    {
      key: "end",
      name: "Ended",
      from: ["open", "held"],
      to: "done",
      set: { ended_at: { now: true } },
      approval: { by: "role:admin", quorum: 2 },
    },
    { key: "scrap", name: "Scrapped", from: ["open"], to: "done", roles: ["owner"] },
  ],
};
let names = 0;
async function blueprintOf(): Promise<string> {
  const key = `jobs-${++names}`;
  expect((await ask(admin, "POST", "/blueprints", { key, name: "Job", fields, flow })).status).toBe(201);
  return key;
}
const make = async (key: string, values: object = {}) => (await ask(agent, "POST", entities(key), { values })).body;
const read = async (key: string, id: string) => (await ask(agent, "GET", `${entities(key)}/${id}`)).body;
const simulated = (key: string, body: object) => ask(admin, "POST", `/blueprints/${key}/simulations`, body);
const held = { transition: "hold", values: { by_whom: "Ana" } };

describe("a flow that is tried", () => {
  it("tells what each step changes, what could follow and why something couldn't, and does nothing", async () => {
    const key = await blueprintOf();
    const made = await make(key, { qty: 1 });
    const first = await simulated(key, { entityId: "JOB-1" });
    expect([first.status, first.body]).toMatchObject([
      200,
      {
        state: "open",
        values: { id: "JOB-1", qty: 1 },
        steps: [],
        next: [
          { transition: "hold", to: "held", asks: ["by_whom"] },
          { transition: "end", asks: [], approval: { by: "role:admin", quorum: 2 } },
          { transition: "scrap", refused: { code: "forbidden", message: '"Scrapped" is done by owner.' } },
        ],
      },
    ]);
    expect(first.body.next[0]).not.toHaveProperty("refused");
    const second = await simulated(key, { entityId: made.id, steps: [held] });
    expect(second.body).toMatchObject({
      state: "held",
      steps: [{ transition: "hold", name: "Held", before: { state: "open", qty: 1 }, after: { state: "held", qty: 0, by_whom: "Ana" } }],
      next: [
        { transition: "resume", refused: { code: "conflict", message: '"Resumed" is done where Quantity is at least 1.' } },
        { transition: "end" },
      ],
    });
    const asOwner = await simulated(key, { entityId: made.id, roles: ["owner"] });
    expect(asOwner.body.next[2]).not.toHaveProperty("refused");
    expect(await read(key, made.id)).toEqual(made);
    expect(await admin.run("blueprint.simulate", { blueprint: key, entityId: "JOB-1", steps: [held] })).toMatchObject({
      state: "succeeded",
      messages: [{ text: expect.stringContaining("Held: state held, qty 0, by_whom Ana.\nIt is held.") }],
    });
  });

  it("may be a draft with fields of its own, of an entity that is there or of a new one", async () => {
    const key = await blueprintOf();
    await make(key);
    const draft = {
      fields: [...fields, { key: "why", name: "Why", type: "text" }],
      flow: { field: "state", transitions: [{ key: "stop", name: "Stopped", from: ["open"], to: "held", set: { why: "asked" } }] },
    };
    const fresh = await simulated(key, { ...draft, values: { qty: 7 }, steps: [{ transition: "stop" }] });
    expect(fresh.body).toMatchObject({ state: "held", values: { qty: 7, why: "asked" }, next: [] });
    // As it would be with what exists: it stays of its version, which has no such field.
    const stays = await ask(admin, "PATCH", `/blueprints/${key}`, { fields: draft.fields });
    expect(stays.status).toBe(200);
    const old = await simulated(key, { flow: draft.flow, entityId: "JOB-1" });
    expect(old.body.next).toMatchObject([{ refused: { code: "conflict", message: /older version/ } }]);
    expect((await ask(admin, "GET", `/blueprints/${key}`)).body).toMatchObject({ version: 2, flow: { transitions: flow.transitions } });
  });

  it("goes the way that it then really goes", async () => {
    const key = await blueprintOf();
    for (const [number, steps] of [
      [held],
      [held, { transition: "resume" }],
      [held, { transition: "resume" }, held],
      [held, held],
    ].entries()) {
      const made = await make(key, { qty: 2 + number });
      const tried = await simulated(key, { entityId: made.id, steps });
      let refused: unknown;
      for (const { transition, ...rest } of steps) {
        const done = await ask(agent, "POST", `${entities(key)}/${made.id}/transitions/${transition}`, rest);
        if (done.status !== 200) refused = done.body.error.code;
      }
      if (refused !== undefined) expect([tried.status, tried.body.error.code]).toEqual([409, refused]);
      else expect((await read(key, made.id)).values).toEqual(tried.body.values);
    }
  });

  it("is refused with the place of what is wrong", async () => {
    const key = await blueprintOf();
    const { id } = await make(key);
    const cases: [object, number, object][] = [
      [{ steps: [{ transition: "fly" }] }, 422, { code: "invalid_value", path: "steps.0.transition" }],
      [{ entityId: id, steps: [{ transition: "hold" }] }, 422, { code: "invalid_value", path: "steps.0.values.by_whom" }],
      [{ steps: [held, { transition: "hold" }] }, 409, { code: "conflict", path: "steps.1" }],
      [{ entityId: "JOB-99" }, 404, { code: "not_found" }],
      [{ entityId: id, values: { qty: 1 } }, 422, { code: "invalid_value", path: "values" }],
      [{ values: { qty: -1 } }, 422, { code: "invalid_value", path: "values.qty" }],
      [{ values: { constructor: 1 } }, 422, { code: "invalid_value", path: "values.constructor" }],
      [{ flow: { ...flow, transitions: [{ key: "x", from: ["open"], to: "gone" }] } }, 422, { path: "flow.transitions.0.to" }],
      [{ steps: Array(51).fill(held) }, 422, { code: "invalid_value", path: "steps" }],
      [{ roles: [5] }, 422, { code: "invalid_value", path: "roles.0" }],
    ];
    for (const [body, status, error] of cases) expect(await simulated(key, body)).toMatchObject({ status, body: { error } });
    expect((await ask(agent, "POST", `/blueprints/${key}/simulations`, {})).status).toBe(403);
    expect((await simulated("nothing-here", {})).status).toBe(404);
  });
});

describe("a flow that leaves a state out", () => {
  const left = { field: "state", states: ["open", "done"], transitions: [{ key: "end", name: "Ended", from: ["open"], to: "done" }] };
  const save = (key: string, body: object) => ask(admin, "PATCH", `/blueprints/${key}`, body);
  const holdOne = async (key: string) => {
    const made = await make(key);
    return (await ask(agent, "POST", `${entities(key)}/${made.id}/transitions/hold`, { values: held.values })).body;
  };

  it("asks where those go on that are there, also in the trash, and takes them there as it is saved", async () => {
    const key = await blueprintOf();
    const [one, other] = [await holdOne(key), await holdOne(key)];
    await make(key);
    await ask(agent, "DELETE", `${entities(key)}/${other.id}`);
    expect(await save(key, { flow: left })).toMatchObject({
      status: 409,
      body: { error: { code: "conflict", path: "moved", message: /2 are at held/, current: { states: { held: 2 } } } },
    });
    expect(await save(key, { flow: left, moved: { held: "gone" } })).toMatchObject({
      status: 422,
      body: { error: { path: "moved.held" } },
    });
    expect((await ask(admin, "GET", `/blueprints/${key}`)).body.version).toBe(1);
    expect(await save(key, { flow: left, moved: { held: "open" } })).toMatchObject({ status: 200, body: { version: 2 } });
    expect(await read(key, one.id)).toMatchObject({ version: one.version + 1, values: { state: "open" }, updatedBy: "Admin" });
    const history = await ask(agent, "GET", `${entities(key)}/${one.id}/history`);
    expect(history.body.items[0]).toMatchObject({ kind: "change", before: { state: "held" }, after: { state: "open" } });
    expect((await ask(agent, "POST", `${entities(key)}/${other.id}/restore`)).body.values.state).toBe("open");
    expect((await ask(agent, "POST", `${entities(key)}/${one.id}/transitions/end`)).body.values.state).toBe("done");
  });

  it("asks nothing where nobody is, and takes along who was in no state when it is the first", async () => {
    const key = await blueprintOf();
    await make(key);
    expect((await save(key, { flow: left })).status).toBe(200);
    expect((await save(key, { flow: null })).status).toBe(200);
    const { id } = await make(key);
    expect((await read(key, id)).values).not.toHaveProperty("state");
    expect((await save(key, { flow: left })).body.error).toMatchObject({ current: { states: { "": 1 } }, message: /1 is in none/ });
    expect(await admin.run("blueprint.update", { blueprint: key, flow: left, moved: { "": "done" } })).toMatchObject({
      state: "succeeded",
    });
    expect((await read(key, id)).values.state).toBe("done");
  });
});
