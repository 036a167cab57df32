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

/** Asks for a migration and follows its run to the end. */
async function migrate(key: string, body: object = {}) {
  const { status, body: run } = await ask(admin, "POST", `/blueprints/${key}/migrations`, body);
  expect([status, run.state]).toEqual([202, expect.stringMatching(/^(running|succeeded)$/)]);
  await expect.poll(async () => (await ask(admin, "GET", `/runs/${run.id}`)).body.state, { timeout: 20_000 }).not.toBe("running");
  return (await ask(admin, "GET", `/runs/${run.id}`)).body;
}
const change = (key: string, fields: object[]) => ask(admin, "PATCH", `/blueprints/${key}`, { fields });
const listed = async (key: string) => (await ask(agent, "GET", `${entities(key)}?limit=200&sort=entityId`)).body.items;
const first = [
  { key: "code", name: "Code", type: "text", unique: true },
  { key: "qty", name: "Quantity", type: "text" },
  { key: "note", name: "Note", type: "text" },
];
const second = [
  { key: "code", name: "Code", type: "text", unique: true },
  { key: "qty", name: "Quantity", type: "integer" },
  { key: "place", name: "Place", type: "choice", choices: ["A1", "A2"], default: "A1" },
];

describe("a migration", () => {
  it("brings all to the newest version and back, and loses nothing", async () => {
    const key = await blueprintOf(first);
    const items = Array.from({ length: 250 }, (_, n) => ({
      values: { code: `c${n}`, qty: n % 10 === 9 ? "many" : `${n}`, note: `note ${n}` },
    }));
    await ask(agent, "POST", `${entities(key)}/batch`, { items });
    const before = await listed(key);
    await change(key, second);
    const differences = (await ask(agent, "GET", `/blueprints/${key}/differences?from=1&to=2`)).body.items;
    expect(differences).toEqual([
      { kind: "changed", what: "field", key: "qty", option: "type", was: "text", is: "integer" },
      { kind: "added", what: "field", key: "place" },
      { kind: "removed", what: "field", key: "note" },
    ]);

    const plan = await ask(admin, "POST", "/commands/blueprint.migrate/plans", { args: { blueprint: key } });
    expect(plan.body.changes.slice(0, 4)).toMatchObject([
      { text: "225 come to version 2, 25 stay as they are", count: 250 },
      { text: '25 have no place in "qty": many', count: 25 },
      { text: "c0: note", before: "note 0", after: null },
      { text: "c0: place", before: null, after: "A1" },
    ]);
    const preview = await ask(admin, "POST", `/blueprints/${key}/migrations/preview`, {});
    expect([preview.status, preview.body]).toMatchObject([
      200,
      { to: 2, of: 250, lookedAt: 250, migrated: 225, skipped: 25, unfit: { qty: { count: 25, samples: ["many"] } } },
    ]);
    expect(preview.body.rows[0]).toEqual({ text: "c0: note", before: "note 0", after: null });
    const instead = await ask(admin, "POST", `/blueprints/${key}/migrations/preview`, { replace: { qty: { many: 99 } } });
    expect(instead.body).toMatchObject({ migrated: 250, unfit: {} });
    expect(await ask(admin, "POST", `/blueprints/${key}/migrations/preview`, { fill: { gone: 1 } })).toMatchObject({
      status: 422,
      body: { error: { path: "fill.gone" } },
    });
    expect((await ask(agent, "POST", `/blueprints/${key}/migrations/preview`, {})).status).toBe(403);
    expect((await listed(key))[0].blueprintVersion).toBe(1);

    const run = await migrate(key, { entities: "all" });
    expect([run.state, run.messages[0].text]).toEqual(["succeeded", '225 came to version 2. 25 stay as they are (25 for "qty").']);
    const half = await listed(key);
    expect(half[1]).toMatchObject({ blueprintVersion: 2, version: 2, values: { code: "c1", qty: 1, place: "A1" } });
    expect(half[9]).toMatchObject({ blueprintVersion: 1, version: 1, values: { code: "c9", qty: "many", note: "note 9" } });
    expect((await migrate(key, { unfit: "empty" })).messages[0].text).toBe("25 came to version 2.");
    expect((await listed(key))[9].values).toEqual({ code: "c9", place: "A1" });
    const history = await ask(agent, "GET", `${entities(key)}/${half[1].id}/history`);
    expect(history.body.items[0]).toMatchObject({ kind: "migrate", by: expect.any(String), after: { qty: 1, place: "A1" } });

    // What was changed meanwhile stays changed.
    await ask(agent, "PATCH", `${entities(key)}/c1`, { values: { qty: 77, place: "A2" } });
    expect((await migrate(key, { to: 1 })).messages[0].text).toBe("250 came to version 1.");
    const back = await listed(key);
    expect(back.map(({ values }: { values: object }) => values)).toEqual(
      before.map(({ values }: { values: { code: string } }) => (values.code === "c1" ? { ...values, qty: "77" } : values)),
    );
    // And there again is what was there.
    await migrate(key, { unfit: "empty" });
    expect((await listed(key))[1].values).toEqual({ code: "c1", qty: 77, place: "A2" });
  });

  it("is of chosen ones, with what stands in the place of what doesn't fit", async () => {
    const key = await blueprintOf([{ key: "status", name: "Status", type: "choice", choices: ["NEW", "PAUSED"] }]);
    const make = async (status: string) => (await ask(agent, "POST", entities(key), { values: { status } })).body.id;
    const [one, two, three] = [await make("PAUSED"), await make("PAUSED"), await make("NEW")];
    await change(key, [
      { key: "status", name: "Status", type: "choice", choices: ["NEW"], required: true },
      { key: "size", name: "Size", type: "integer", required: true },
    ]);
    expect((await migrate(key, { entities: [one, three] })).messages[0].text).toBe(
      '0 came to version 2. 2 stay as they are (1 for "status", 2 for "size").',
    );
    await migrate(key, { entities: [one, three], replace: { status: { PAUSED: "NEW" } }, fill: { size: 1 } });
    expect(
      (await listed(key)).map(({ blueprintVersion, values }: { blueprintVersion: number; values: object }) => [blueprintVersion, values]),
    ).toEqual([
      [2, { status: "NEW", size: 1 }],
      [1, { status: "PAUSED" }],
      [2, { status: "NEW", size: 1 }],
    ]);
    await migrate(key, { to: 1 });
    expect((await ask(agent, "GET", `${entities(key)}/${one}`)).body.values).toEqual({ status: "PAUSED" });
    expect((await ask(agent, "GET", `${entities(key)}/${two}`)).body.version).toBe(1);
  });

  it("leaves who has a value that another has, where it becomes unique", async () => {
    const key = await blueprintOf([{ key: "mail", name: "Mail", type: "text" }]);
    const items = ["a@b.example", "c@d.example", "A@B.example"].map((mail) => ({ values: { mail } }));
    await ask(agent, "POST", `${entities(key)}/batch`, { items });
    await change(key, [{ key: "mail", name: "Mail", type: "text", unique: true }]);
    expect((await migrate(key)).messages[0].text).toBe("2 came to version 2. 1 stay as they are.");
    expect((await ask(agent, "POST", entities(key), { values: { mail: "C@d.example" } })).body.error).toMatchObject({ code: "conflict" });
    expect((await ask(agent, "GET", `${entities(key)}/c@d.example`)).body.blueprintVersion).toBe(2);
  });

  it("takes with it what somebody changes in the same moment", async () => {
    const key = await blueprintOf([{ key: "n", name: "N", type: "integer" }]);
    await ask(agent, "POST", `${entities(key)}/batch`, { items: Array.from({ length: 500 }, (_, n) => ({ values: { n } })) });
    const all: { id: string }[] = [];
    for (let cursor = ""; ; ) {
      const { body } = await ask(agent, "GET", `${entities(key)}?limit=200${cursor}`);
      all.push(...body.items);
      if (body.nextCursor === null) break;
      cursor = `&cursor=${body.nextCursor}`;
    }
    await change(key, [
      { key: "n", name: "N", type: "integer" },
      { key: "m", name: "M", type: "integer" },
    ]);
    const changing = Promise.all(all.slice(0, 40).map(({ id }) => ask(agent, "PATCH", `${entities(key)}/${id}`, { values: { n: 1000 } })));
    const run = await migrate(key);
    const statuses = (await changing).map(({ status }) => status);
    expect(statuses).toEqual(statuses.map(() => 200));
    expect(run.messages[0].text).toBe("500 came to version 2.");
    const changed = await ask(agent, "GET", `${entities(key)}?limit=200&filter={"n":{"eq":1000}}`);
    expect(changed.body.items).toHaveLength(40);
    expect(new Set(changed.body.items.map(({ blueprintVersion }: { blueprintVersion: number }) => blueprintVersion))).toEqual(new Set([2]));
  });

  it("is refused where it can't be", async () => {
    const key = await blueprintOf(first);
    const refused = async (body: object, at = key) => {
      const { status, body: answer } = await ask(admin, "POST", `/blueprints/${at}/migrations`, body);
      return [status, answer.error?.code ?? answer.state];
    };
    expect(await refused({}, "nothing")).toEqual([404, "not_found"]);
    expect(await refused({ to: 9 })).toEqual([404, "not_found"]);
    expect(await refused({ to: 0 })).toEqual([422, "invalid_value"]);
    expect(await refused({ entities: ["x"] })).toEqual([422, "invalid_value"]);
    expect(await refused({ unfit: "throw away" })).toEqual([422, "invalid_value"]);
    expect((await migrate(key, { fill: { nope: 1 } })).error).toMatchObject({ code: "invalid_value", path: "args.fill.nope" });
    expect((await ask(agent, "POST", `/blueprints/${key}/migrations`, {})).status).toBe(403);
  });
});
