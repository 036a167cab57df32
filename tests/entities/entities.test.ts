import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Agent } from "../fixtures/product.ts";
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

describe("an entity", () => {
  it("has unique values, whatever their case, and gives them up in the trash", async () => {
    const key = await blueprintOf([{ key: "code", name: "Code", type: "text", unique: true }], "Article");
    const make = (code: string) => ask(agent, "POST", entities(key), { values: { code } });
    const first = (await make("Äx-1")).body;
    const again = await make("ÄX-1");
    expect([again.status, again.body.error]).toMatchObject([409, { code: "conflict", path: "values.code", current: { id: first.id } }]);
    const other = (await make("b")).body;
    expect((await ask(agent, "PATCH", `${entities(key)}/b`, { values: { code: "äx-1" } })).body.error).toMatchObject({ code: "conflict" });
    expect((await ask(agent, "PATCH", `${entities(key)}/${first.id}`, { values: { code: "äx-1" } })).body.values.code).toBe("äx-1");
    await ask(agent, "DELETE", `${entities(key)}/${first.id}`);
    expect((await ask(agent, "PATCH", `${entities(key)}/${other.id}`, { values: { code: "äx-1" } })).status).toBe(200);
    const back = await ask(agent, "POST", `${entities(key)}/${first.id}/restore`);
    expect(back.body.error).toMatchObject({ code: "conflict", path: "values.code", current: { id: other.id } });
    const race = await Promise.all(Array.from({ length: 20 }, () => make("same")));
    expect(race.filter(({ status }) => status === 201)).toHaveLength(1);
  });

  /** complaints.md, entities and blueprints: "The last writer wins"; "lists aren't live": `tests/sockets/entities.test.ts`. */
  it("is changed by two at once, field by field; the same field only by who saw what stands there", async () => {
    const key = await blueprintOf(deliveryFields);
    const { id } = (await ask(agent, "POST", entities(key), { values: { deliver_from: "A", deliver_to: "B" } })).body;
    const change = (who: Agent, values: object, version?: number) => ask(who, "PATCH", `${entities(key)}/${id}`, { values, version });
    expect((await change(agent, { cargo: "beans" }, 1)).body).toMatchObject({ version: 2 });
    expect((await change(admin, { deliver_to: "C" }, 1)).body).toMatchObject({ version: 3, values: { cargo: "beans", deliver_to: "C" } });
    const stale = await change(admin, { cargo: "peas" }, 1);
    expect([stale.status, stale.body.error]).toMatchObject([
      409,
      { code: "stale", path: "values.cargo", current: { version: 3, values: { cargo: "beans" } } },
    ]);
    expect((await change(admin, { cargo: "peas" }, 9)).body.error).toMatchObject({ code: "stale" });
    const many = await Promise.all(Array.from({ length: 8 }, (_, n) => change(agent, { cargo: `load ${n}` })));
    expect(many.map(({ status }) => status).filter((status) => status !== 200 && status !== 409)).toEqual([]);
    const { body } = await ask(agent, "GET", `${entities(key)}/${id}/history`);
    const versions = body.items.map(({ version }: { version: number }) => version);
    expect(versions).toEqual(Array.from({ length: versions.length }, (_, n) => versions.length + 1 - n));
    expect(body.items.at(-1)).toMatchObject({ version: 2, kind: "change", by: "Agent One", before: {}, after: { cargo: "beans" } });
  });

  it("is taken back from the answer, where nothing newer stands on it", async () => {
    const key = await blueprintOf(deliveryFields);
    const made = await agent.run(`${key}.create`, { deliver_from: "A", deliver_to: "B" });
    const changed = await agent.run(`${key}.update`, { entityId: "DEL-1", deliver_to: "C", cargo: "beans" });
    await agent.run("run.undo", { run: changed.id });
    expect((await ask(agent, "GET", `${entities(key)}/DEL-1`)).body).toMatchObject({ version: 3, values: { deliver_to: "B" } });
    expect((await ask(agent, "GET", `${entities(key)}/DEL-1`)).body.values).not.toHaveProperty("cargo");
    const later = await agent.run(`${key}.update`, { entityId: "DEL-1", deliver_to: "D" });
    await agent.run(`${key}.update`, { entityId: "DEL-1", deliver_to: "E" });
    expect(await agent.refused("run.undo", { run: later.id })).toMatchObject({ code: "stale" });
    await agent.run("run.undo", { run: made.id });
    expect((await ask(agent, "GET", `${entities(key)}?trashed=true`)).body.items).toMatchObject([{ values: { id: "DEL-1" } }]);
  });

  it("is made with others, all or none, and once for each key", async () => {
    const key = await blueprintOf([
      { key: "code", name: "Code", type: "text", unique: true },
      { key: "qty", name: "Quantity", type: "integer" },
    ]);
    const batch = (items: object[]) => ask(agent, "POST", `${entities(key)}/batch`, { items });
    expect((await batch([{ values: { code: "a" } }, { values: { code: "b", qty: "x" } }])).body.error).toMatchObject({
      path: "items.1.values.qty",
    });
    expect((await batch([{ values: { code: "a" } }, { values: { code: "A" } }])).body.error).toMatchObject({ path: "items.1.values.code" });
    expect((await ask(agent, "GET", entities(key))).body.items).toEqual([]);
    expect((await batch([{ values: { code: "a", qty: 1 } }, { values: { code: "b" } }])).body.items).toMatchObject([
      { version: 1 },
      { version: 1 },
    ]);
    expect((await batch(Array.from({ length: 1001 }, () => ({ values: {} })))).status).toBe(422);

    const once = { "idempotency-key": randomUUID() };
    const twice = [
      await ask(agent, "POST", entities(key), { values: { code: "c" } }, once),
      await ask(agent, "POST", entities(key), { values: { code: "c" } }, once),
    ];
    expect(twice.map(({ status, body }) => [status, body.id])).toEqual([
      [201, twice[0]?.body.id],
      [201, twice[0]?.body.id],
    ]);
    expect((await ask(agent, "POST", entities(key), { values: { code: "d" } }, once)).body.error).toMatchObject({
      code: "idempotency_key_reused",
    });
    // What is wrong is told as it is without a key.
    const wrong = (headers: object) => ask(agent, "POST", entities(key), { values: { code: 5 } }, { ...headers });
    const [bare, keyed] = await Promise.all([wrong({}), wrong({ "idempotency-key": randomUUID() })]);
    expect([keyed.status, keyed.body.error.path, keyed.body.error.message]).toEqual([422, "values.code", bare.body.error.message]);
  });

  it("is found by typed filters, in typed order, page by page", async () => {
    const key = await blueprintOf([
      { key: "n", name: "N", type: "integer" },
      { key: "price", name: "Price", type: "money", currency: "EUR" },
      { key: "due", name: "Due", type: "date" },
      { key: "at", name: "At", type: "instant" },
      { key: "done", name: "Done", type: "boolean" },
      { key: "what", name: "What", type: "text" },
    ]);
    const items = Array.from({ length: 25 }, (_, n) => ({
      values: {
        n: (n * 7) % 25,
        ...(n % 5 === 0 ? {} : { price: `${n}.5`, due: `2026-01-${String(n + 1).padStart(2, "0")}` }),
        at: `2026-01-01T00:00:${String(n).padStart(2, "0")}Z`,
        done: n % 2 === 0,
        what: `Thing ${n}`,
      },
    }));
    await ask(agent, "POST", `${entities(key)}/batch`, { items });
    const found = async (query: string) => {
      const seen: number[] = [];
      for (let cursor = ""; ; ) {
        const { status, body } = await ask(agent, "GET", `${entities(key)}?limit=4&${query}${cursor}`);
        expect([query, status]).toEqual([query, 200]);
        seen.push(...body.items.map(({ values }: { values: { n: number } }) => values.n));
        if (body.nextCursor === null) return seen;
        cursor = `&cursor=${body.nextCursor}`;
      }
    };
    expect(await found("sort=n")).toEqual(Array.from({ length: 25 }, (_, n) => n));
    expect(await found("sort=-at")).toEqual(items.map(({ values }) => values.n).reverse());
    expect(await found('sort=n&filter={"price":{"gte":"9.50","lt":"12.50"}}')).toEqual([2, 13].sort((a, b) => a - b));
    expect((await found('filter={"price":{"empty":true}}')).length).toBe(5);
    expect((await found("sort=-due")).length).toBe(25);
    expect((await found('filter={"due":{"lte":"2026-01-03"}}')).length).toBe(2);
    expect((await found('filter={"at":{"gt":"2026-01-01T01:00:20%2B01:00"},"done":{"eq":true}}')).length).toBe(2);
    expect((await found('filter={"what":{"contains":"THING 1"}}')).length).toBe(11);
    const refused = async (query: string) => {
      const { status, body } = await ask(agent, "GET", `${entities(key)}?${query}`);
      return [status, body.error?.path];
    };
    expect(await refused('filter={"nope":{"eq":1}}')).toEqual([422, "filter.nope"]);
    expect(await refused('filter={"n":{"contains":"1"}}')).toEqual([422, "filter.n.contains"]);
    expect(await refused('filter={"n":{"eq":"one"}}')).toEqual([422, "filter.n.eq"]);
    expect(await refused("sort=content")).toEqual([422, "sort"]);
    expect(await refused("sort=n&cursor=Zm9v")).toEqual([422, "cursor"]);
    expect(await refused("limit=1000000000")).toEqual([422, "limit"]);
  });

  it("is another tenant's as if it weren't there", async () => {
    const key = await blueprintOf(deliveryFields);
    const { id } = (await ask(agent, "POST", entities(key), { values: { deliver_from: "A", deliver_to: "B" } })).body;
    const elsewhere = await product.addTenant("elsewhere");
    const stranger = await product.agent(elsewhere.email);
    const theirs = await ask(stranger, "GET", `${entities(key)}/${id}`);
    const none = await ask(stranger, "GET", `${entities("nothing")}/${id}`);
    expect(theirs.status).toBe(404);
    expect(theirs.body.error.message).toBe(none.body.error.message);
  });
});
