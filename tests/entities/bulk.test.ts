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

const stockFields = [
  { key: "id", name: "Id", type: "sequence", prefix: "STO-" },
  { key: "code", name: "Code", type: "text", unique: true },
  { key: "type", name: "Type", type: "choice", choices: ["bolt", "nut", "pipe"] },
  { key: "qty", name: "Quantity", type: "integer", min: 0, max: 1000 },
];
const fill = async (key: string, count: number, of: (index: number) => object) => {
  for (let from = 0; from < count; from += 1000) {
    const items = Array.from({ length: Math.min(1000, count - from) }, (_, index) => ({ values: of(from + index) }));
    expect((await ask(agent, "POST", `${entities(key)}/batch`, { items })).status).toBe(201);
  }
};
const counted = async (key: string, filter: object, trashed = false) =>
  (await ask(agent, "GET", `${entities(key)}/count?trashed=${trashed}&filter=${encodeURIComponent(JSON.stringify(filter))}`)).body.count;
const plan = async (command: string, args: object) => (await ask(agent, "POST", `/commands/${command}/plans`, { args })).body;
/** Runs a command, and follows it to its end. */
const run = async (command: string, args: object, who = agent) => {
  const begun = (await ask(who, "POST", `/commands/${command}/runs`, { args }, { prefer: "wait=1" })).body;
  if (begun.id === undefined) return begun;
  await expect.poll(async () => (await ask(who, "GET", `/runs/${begun.id}`)).body.state, { timeout: 60_000 }).not.toBe("running");
  return (await ask(who, "GET", `/runs/${begun.id}`)).body;
};

describe("many entities in one run", () => {
  /** complaints.md, entities and blueprints: "Bulk changes go row by row". */
  it("10,000 are changed: planned with counts and samples, one line in each history, and taken back", async () => {
    const key = await blueprintOf(stockFields, "Stock");
    await fill(key, 10_000, (index) => ({ code: `c${index}`, type: ["bolt", "nut"][index % 2], qty: index % 500 }));
    const planned = await plan(`${key}.update-all`, { where: "type=bolt, qty>=10", qty: 999 });
    expect(planned.changes.slice(0, 2)).toMatchObject([
      { text: "4,900 of 4,900 get Quantity", count: 4900 },
      { text: "STO-11: Quantity", before: "10", after: "999" },
    ]);
    expect(planned.facts).toEqual({ entities: 4900 });
    expect(await counted(key, { qty: { eq: 999 } })).toBe(0);

    const began = performance.now();
    const done = await run(`${key}.update-all`, { where: "all", qty: 999 });
    expect(done).toMatchObject({ state: "succeeded", messages: [{ text: "10,000 of 10,000 get Quantity." }], data: { changed: 10_000 } });
    expect(performance.now() - began).toBeLessThan(30_000);
    expect(await counted(key, { qty: { eq: 999 } })).toBe(10_000);
    const { items } = (await ask(agent, "GET", `${entities(key)}/STO-5000/history`)).body;
    expect(items).toMatchObject([{ kind: "change", by: agent.name, before: { qty: 499 }, after: { qty: 999 } }]);

    // What somebody changed since stays.
    await ask(admin, "PATCH", `${entities(key)}/STO-7`, { values: { qty: 1 } });
    const back = await run("run.undo", { run: done.id });
    expect(back.messages[0].text).toBe("9,999 are as they were. 1 were changed since, and stay.");
    expect(await counted(key, { qty: { eq: 999 } })).toBe(0);
    expect((await ask(agent, "GET", `${entities(key)}/STO-5000`)).body).toMatchObject({ version: 3, values: { qty: 499 } });
    expect((await ask(agent, "GET", `${entities(key)}/STO-7`)).body.values.qty).toBe(1);
    expect((await run("run.undo", { run: done.id })).error.code).toBe("conflict");
  }, 120_000);

  it("what one is refused for is its own, or stops all, as is said before", async () => {
    const key = await blueprintOf(deliveryFields);
    await admin.run("blueprint.add-transition", {
      blueprint: key,
      key: "begin",
      from: "PENDING",
      to: "IN_PROGRESS",
      set: "started_at=now",
    });
    await fill(key, 30, (index) => ({ deliver_from: "Porto", deliver_to: `To ${index}` }));
    for (const one of [3, 4, 5]) await ask(agent, "POST", `${entities(key)}/DEL-${one}/transitions/begin`, { values: {} });
    const planned = await plan(`${key}.step-all`, { step: "begin", where: "deliver_from=Porto", errors: "nothing" });
    expect(planned.changes).toMatchObject([
      { text: "27 of 30 go to IN_PROGRESS" },
      { text: '3 can\'t be, so nothing is changed, like DEL-3: "Status" is IN_PROGRESS; "Begin" begins at PENDING.', count: 3 },
      { text: "DEL-1: Status", before: "PENDING", after: "IN_PROGRESS" },
      ...Array.from({ length: planned.changes.length - 3 }, () => expect.anything()),
    ]);
    const none = await run(`${key}.step-all`, { step: "begin", where: "all", errors: "nothing" });
    expect(none.error.message).toMatch(/^Nothing is changed, since 3 can't be. DEL-3: "Status" is IN_PROGRESS/);
    expect(await counted(key, { status: { eq: "IN_PROGRESS" } })).toBe(3);
    const some = await run(`${key}.step-all`, { step: "begin", where: "all" });
    expect(some).toMatchObject({ state: "succeeded", data: { changed: 27, refused: 3, problems: [{ title: "DEL-3" }, {}, {}] } });
    expect((await ask(agent, "GET", `${entities(key)}/DEL-9`)).body.values.started_at).toEqual(expect.any(String));
    await run("run.undo", { run: some.id });
    expect(await counted(key, { status: { eq: "PENDING" } })).toBe(27);
    expect((await ask(agent, "GET", `${entities(key)}/DEL-9`)).body.values.started_at).toBeUndefined();
  });

  it("goes into the trash and comes out of it, but for a value that another has by then", async () => {
    const key = await blueprintOf(stockFields, "Stock");
    await fill(key, 20, (index) => ({ code: `c${index}`, qty: index }));
    const gone = await run(`${key}.delete-all`, { where: "qty<10" });
    expect(gone.messages[0].text).toBe("10 of 10 go into the trash.");
    expect(await counted(key, {}, true)).toBe(10);
    await ask(agent, "POST", entities(key), { values: { code: "C3" } });
    const planned = await plan("run.undo", { run: gone.id });
    expect(planned.changes[0].text).toBe("10 are as they were before");
    const back = await run("run.undo", { run: gone.id });
    expect(back.messages[0].text).toBe("9 are as they were.\nSTO-4 stays: Another has a value of it that must be unique.");
    expect(await counted(key, {}, true)).toBe(1);
    const restored = await run(`${key}.restore-all`, { where: "all" });
    expect(restored).toMatchObject({ state: "succeeded", data: { changed: 0, refused: 1 }, undoableUntil: null });
    const again = await run(`${key}.update-all`, { where: "qty=12", qty: 12 });
    expect(again.data).toMatchObject({ of: 1, changed: 0, same: 1, refused: 0 });
  });

  it("says what is wrong with what it is asked", async () => {
    const key = await blueprintOf(stockFields, "Stock");
    await fill(key, 3, (index) => ({ code: `c${index}`, qty: index }));
    const refused = async (verb: string, args: object) => {
      const { status, body } = await ask(agent, "POST", `/commands/${key}.${verb}/runs`, { args });
      return [status, body.error.path, body.error.message];
    };
    expect(await refused("update-all", { qty: 1 })).toEqual([422, "args.where", "Say which: by what they have, by their ids, or all."]);
    expect(await refused("update-all", { where: "all" })).toEqual([422, undefined, "Say what shall stand there: one of type, qty."]);
    expect(await refused("update-all", { where: "qty five", qty: 1 })).toEqual([
      422,
      "args.where",
      '"qty five" must be like status=PENDING or qty>=5.',
    ]);
    expect((await refused("update-all", { where: "gone=5", qty: 1 }))[0]).toBe(422);
    expect((await refused("update-all", { where: "qty=many", qty: 1 }))[0]).toBe(422);
    expect(await refused("update-all", { entityIds: ["x"], qty: 1 })).toEqual([
      422,
      "args.entityIds",
      expect.stringContaining("must be ids"),
    ]);
    const many = Array.from({ length: 5_001 }, (_, index) => `00000000-0000-7000-8000-${String(index).padStart(12, "0")}`);
    expect((await refused("update-all", { entityIds: many, qty: 1 }))[2]).toContain("5,000 at most");
    const out = await run(`${key}.update-all`, { where: "all", qty: 1001 });
    expect(out.data).toMatchObject({ changed: 0, refused: 3, problems: [{ message: expect.stringContaining("1000") }, {}, {}] });
  });

  it("needs whom the same with one needs", async () => {
    const key = await blueprintOf(stockFields, "Stock");
    await fill(key, 3, (index) => ({ code: `c${index}`, qty: index }));
    await admin.run("approval.require", { command: `${key}.update`, by: "admin" });
    const waits = await ask(agent, "POST", `/commands/${key}.update-all/runs`, { args: { where: "all", qty: 5 } });
    expect(waits.body.state).toBe("waiting");
    expect(await counted(key, { qty: { eq: 5 } })).toBe(0);
    expect((await ask(admin, "POST", `/runs/${waits.body.id}/approvals`, { decision: "approve" })).status).toBeLessThan(300);
    await expect.poll(async () => await counted(key, { qty: { eq: 5 } })).toBe(3);
  });
});
