import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Agent } from "../fixtures/product.ts";
import { entities } from "./entityHouse.ts";
import { openReachHouse, type ReachHouse } from "./reachHouse.ts";
import {
  keys,
  type Limit,
  limitArbitrary,
  oneValue,
  passes,
  readable,
  shown,
  sorted,
  type Thing,
  union,
  type Values,
  valuesArbitrary,
  within,
  writable,
} from "./reachModel.ts";

/** complaints.md, entities and blueprints: "No roles down to row and field". Generated roles, entities and filters: every door shows and takes what a naive look at all rows says. */

let house: ReachHouse;
let limited: Agent;
beforeAll(async () => {
  house = await openReachHouse();
  ({ limited } = house);
});
afterAll(() => house.product.stop());

it("what somebody sees, counts, finds, watches and writes is what their roles give, in every door", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(limitArbitrary, { minLength: 1, maxLength: 2 }),
      fc.array(fc.tuple(valuesArbitrary, fc.nat({ max: 2 }), fc.boolean()), { minLength: 6, maxLength: 12 }),
      fc.array(fc.tuple(fc.nat({ max: 20 }), fc.oneof(valuesArbitrary, oneValue)), { minLength: 8, maxLength: 16 }),
      async (limits, rows, writes) => {
        const key = await house.makeBlueprint();
        const things = await house.makeThings(key, rows);
        await house.limit(key, limits);
        await compareReads(key, limits, things);
        await compareNews(key, limits, things);
        await compareWrites(key, limits, things, writes);
        await compareReads(key, limits, things);
      },
    ),
    { numRuns: 20, endOnFailure: true },
  );
}, 300_000);

async function compareReads(key: string, limits: readonly Limit[], things: readonly Thing[]): Promise<void> {
  const get = async (path: string) => await house.ask(limited, "GET", path);
  const there = things.filter(({ trashed }) => !trashed);
  const seen = (list: readonly Thing[]) => list.filter((thing) => within(limits, thing).length > 0);
  const anywhere = union(
    keys,
    limits.map(({ read }) => read),
  );

  for (const trashed of [false, true]) {
    const { items } = (await get(`${entities(key)}?limit=200&trashed=${trashed}`)).body;
    const expected = seen(things.filter((thing) => thing.trashed === trashed));
    expect(Object.fromEntries(items.map((item: Thing) => [item.id, item.values]))).toEqual(
      Object.fromEntries(expected.map((thing) => [thing.id, shown(limits, thing)])),
    );
  }
  expect((await get(`${entities(key)}/count`)).body.count).toBe(seen(there).length);
  const inTrash = (await get("/trash?limit=200")).body.items.map(({ id }: Thing) => id);
  expect(sorted(inTrash)).toEqual(sorted(seen(things.filter(({ trashed }) => trashed)).map(({ id }) => id)));

  for (const condition of [
    { qty: { gte: 4 } },
    { qty: { empty: true } },
    { not: { state: { eq: "new" } } },
    { name: { contains: "red" } },
  ]) {
    const [name = ""] = Object.keys("not" in condition ? condition.not : condition);
    const { status, body } = await get(`${entities(key)}?limit=200&filter=${encodeURIComponent(JSON.stringify(condition))}`);
    expect([condition, status]).toEqual([condition, anywhere.includes(name) ? 200 : 422]);
    if (status !== 200) continue;
    const fitting = seen(there).filter((thing) => passes(condition, { ...thing, values: shown(limits, thing) }));
    expect(sorted(body.items.map(({ id }: Thing) => id))).toEqual(sorted(fitting.map(({ id }) => id)));
  }
  for (const name of ["qty", "state"]) {
    const { status, body } = await get(`${entities(key)}?limit=200&sort=${name}`);
    expect(status).toBe(anywhere.includes(name) ? 200 : 422);
    if (status !== 200) continue;
    const held = body.items.map(({ values }: Thing) => values[name] ?? null);
    const filled = held.filter((one: unknown) => one !== null);
    expect(held).toEqual([...[...filled].sort(), ...Array(held.length - filled.length).fill(null)]);
    const groups = await get(`${entities(key)}/groups?by=${name}`);
    const counted = groups.body.items.map(({ by, count }: { by: Values; count: number }) => [by[name] ?? null, Number(count)]);
    const naive = new Map<unknown, number>();
    for (const thing of seen(there))
      naive.set(shown(limits, thing)[name] ?? null, (naive.get(shown(limits, thing)[name] ?? null) ?? 0) + 1);
    expect(new Map(counted)).toEqual(naive);
  }
  const offered = (await get(`/commands/${key}.show/choices/entityId?q=`)).body.items;
  // The first of them: 20 at most are offered.
  expect(offered).toHaveLength(Math.min(20, seen(there).length));
  const listed = await limited.run(`${key}.list`);
  expect(
    Object(listed.data)
      ["items"].map(({ id }: Thing) => id)
      .sort(),
  ).toEqual(sorted(seen(there).map(({ id }) => id)));

  for (const thing of things) {
    const one = await get(`${entities(key)}/${thing.id}`);
    const history = await get(`${entities(key)}/${thing.id}/history`);
    const reached = within(limits, thing).length > 0;
    expect([one.status, history.status]).toEqual(reached ? [200, 200] : [404, 404]);
    if (!reached) continue;
    expect(one.body.values).toEqual(shown(limits, thing));
    for (const { before, after } of history.body.items)
      expect(readable(limits, thing)).toEqual(expect.arrayContaining([...Object.keys(before), ...Object.keys(after)]));
    const named = await get(`${entities(key)}/${thing.values["id"]}`);
    expect(named.status).toBe(readable(limits, thing).includes("id") && !thing.trashed ? 200 : 404);
  }
}

/** What is told live is told of theirs, and of no others. */
async function compareNews(key: string, limits: readonly Limit[], things: readonly Thing[]): Promise<void> {
  const desk = await limited.desk();
  const news = await desk.watch(`entities:${key}`);
  const there = things.filter(({ trashed }) => !trashed);
  for (const thing of there) {
    await house.ask(house.admin, "PATCH", `${entities(key)}/${thing.id}`, { values: { name: "told" } });
    thing.values["name"] = "told";
  }
  const theirs = there.filter((thing) => within(limits, thing).length > 0).map(({ id }) => id);
  await news.until(({ items }) => theirs.every((id) => items.has(id)));
  expect(sorted([...news.items.keys()])).toEqual(sorted(theirs));
  await desk.close();
}

async function compareWrites(key: string, limits: readonly Limit[], things: Thing[], writes: readonly [number, Values][]): Promise<void> {
  const anywhere = union(
    keys,
    limits.map(({ read }) => read),
  );
  const expectedStatus = (before: Pick<Thing, "maker" | "values"> | undefined, after: Pick<Thing, "maker" | "values">, said: Values) => {
    if (before !== undefined && within(limits, before).length === 0) return 404;
    if (Object.keys(said).some((name) => !anywhere.includes(name))) return 422;
    const looked = before === undefined ? [after] : [before, after];
    const mine = looked.every((one) => within(limits, one).length > 0);
    return mine && looked.every((one) => Object.keys(said).every((name) => writable(limits, one).includes(name))) ? 200 : 403;
  };
  for (const [index, said] of writes) {
    // Mostly one of theirs, so that what is refused is the writing.
    const theirs = things.filter((one) => index % 5 === 0 || within(limits, one).length > 0);
    const thing = theirs[index % theirs.length];
    if (thing === undefined || thing.trashed) continue;
    const after = { ...thing, values: { ...thing.values, ...said } };
    const { status } = await house.ask(limited, "PATCH", `${entities(key)}/${thing.id}`, { values: said });
    const changed = Object.entries(said).some(([name, one]) => thing.values[name] !== one);
    const expected = changed ? expectedStatus(thing, after, said) : expectedStatus(thing, thing, said);
    expect([said, thing.values, status]).toEqual([said, thing.values, expected]);
    if (status === 200) Object.assign(thing.values, said);

    const made = { maker: limited.id, values: said };
    const answer = await house.ask(limited, "POST", entities(key), { values: said });
    const wanted = expectedStatus(undefined, made, said);
    expect([said, answer.status]).toEqual([said, wanted === 200 ? 201 : wanted]);
    if (answer.status !== 201) continue;
    const { values } = (await house.ask(house.admin, "GET", `${entities(key)}/${answer.body.id}`)).body;
    things.push({ id: answer.body.id, maker: limited.id, trashed: false, values });
    expect(answer.body.values).toEqual(shown(limits, { id: "", maker: limited.id, trashed: false, values }));
  }
  for (const thing of things)
    expect((await house.ask(house.admin, "GET", `${entities(key)}/${thing.id}`)).body.values).toEqual(thing.values);
}
