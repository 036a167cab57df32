import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Agent } from "../fixtures/product.ts";
import { entities } from "./entityHouse.ts";
import { openReachHouse, type ReachHouse } from "./reachHouse.ts";
import {
  fields,
  keys,
  type Limit,
  limitArbitrary,
  shown,
  type Thing,
  union,
  type Values,
  valuesArbitrary,
  within,
  writable,
  written,
} from "./reachModel.ts";

/** Generated roles and entities: what is done with many, steps of a flow, undo, files that go out and files that come in reach what the roles give. */

let house: ReachHouse;
let limited: Agent;
beforeAll(async () => {
  house = await openReachHouse();
  ({ limited } = house);
});
afterAll(() => house.product.stop());

const flow = { field: "state", transitions: [{ key: "begin", from: ["new"], to: "open" }] };
const bulkArbitrary = fc.constantFrom<Values>({ qty: 0 }, { qty: 9 }, { name: "many" }, { owner: "somebody@example.org" });

it("what is done with many, taken back, exported and imported is what somebody's roles give, and no more", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(limitArbitrary, { minLength: 1, maxLength: 2 }),
      fc.array(fc.tuple(valuesArbitrary, fc.nat({ max: 2 })), { minLength: 6, maxLength: 10 }),
      bulkArbitrary,
      async (limits, rows, said) => {
        const key = await house.makeBlueprint({ flow });
        const things = await house.makeThings(key, rows);
        await house.limit(key, limits);
        await compareExport(key, limits, things);
        await compareImport(key, limits);
        await compareChange(key, limits, things, said);
        await compareSteps(key, limits, things);
      },
    ),
    { numRuns: 50, endOnFailure: true },
  );
}, 300_000);

const seenAnywhere = (limits: readonly Limit[]) =>
  union(
    keys,
    limits.map(({ read }) => read),
  );
const writtenAnywhere = (limits: readonly Limit[]) =>
  union(
    written,
    limits.map(({ read, write }) => write ?? read),
  ).filter((key) => seenAnywhere(limits).includes(key));
const isMine = (limits: readonly Limit[], thing: Pick<Thing, "maker" | "values">) => within(limits, thing).length > 0;
const storedValues = async (key: string) => {
  const { items } = (await house.ask(house.admin, "GET", `${entities(key)}?limit=200`)).body;
  return Object.fromEntries(items.map(({ id, values }: Thing) => [id, values]));
};
const valuesOf = (things: readonly Thing[]) => Object.fromEntries(things.map(({ id, values }) => [id, values]));
const runAs = async (command: string, args: object) => {
  const { status, body } = await house.ask(limited, "POST", `/commands/${command}/runs`, { args });
  return { status, body };
};

/** The file has the rows and the cells that the list has. */
async function compareExport(key: string, limits: readonly Limit[], things: readonly Thing[]): Promise<void> {
  const response = await fetch(`${house.product.url}/api/v1/commands/${key}.export/runs`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${limited.token}`, accept: "text/csv" },
    body: JSON.stringify({ args: {} }),
  });
  expect(response.status).toBe(200);
  const [head = "", ...lines] = (await response.text())
    .replace(/^\uFEFF/, "")
    .trimEnd()
    .split(/\r?\n/);
  const columns = fields.filter(({ key: called }) => seenAnywhere(limits).includes(called));
  expect(head.split(",").map((cell) => cell.replace(/^"(.*)"$/, "$1"))).toEqual(columns.map(({ name }) => name));
  const expected = things
    .filter((thing) => isMine(limits, thing))
    .map((thing) => columns.map(({ key: called }) => String(shown(limits, thing)[called] ?? "")).join(","));
  expect(lines.map((line) => line.replaceAll('"', "")).sort()).toEqual(expected.sort());
}

/** A file may say anything of any entity. */
async function compareImport(key: string, limits: readonly Limit[]): Promise<void> {
  const response = await fetch(`${house.product.url}/api/v1/blueprints/${key}/imports?name=parts.csv`, {
    method: "POST",
    headers: { "content-type": "application/octet-stream", authorization: `Bearer ${limited.token}` },
    body: "Name\nred\n",
  });
  const isWhole = limits.some(
    ({ read, write, records, filter }) => read === null && write === null && records === "all" && filter === null,
  );
  expect([limits, response.status < 300]).toEqual([limits, isWhole]);
  if (!isWhole) expect([403, 404]).toContain(response.status);
}

async function compareChange(key: string, limits: readonly Limit[], things: Thing[], said: Values): Promise<void> {
  const [name = ""] = Object.keys(said);
  const { status, body } = await runAs(`${key}.update-all`, { where: "all", ...said });
  if (!writtenAnywhere(limits).includes(name)) {
    expect([limits, status >= 400]).toEqual([limits, true]);
    expect(await storedValues(key)).toEqual(valuesOf(things));
    return;
  }
  const before = things.map((thing) => ({ ...thing }));
  for (const thing of things) {
    const after = { ...thing, values: { ...thing.values, ...said } };
    const may = [thing, after].every((one) => isMine(limits, one) && writable(limits, one).includes(name));
    if (may) thing.values = after.values;
  }
  const changed = things.filter((thing, index) => JSON.stringify(thing.values) !== JSON.stringify(before[index]?.values)).length;
  expect([limits, status, body.data?.changed]).toEqual([limits, 200, changed]);
  expect(await storedValues(key)).toEqual(valuesOf(things));
  // What is refused tells nothing of what isn't theirs.
  for (const { id } of body.data.problems)
    expect(isMine(limits, before.find((one) => one.id === id) ?? { maker: "", values: {} })).toBe(true);
  if (changed === 0) return;
  expect((await runAs("run.undo", { run: body.id })).status).toBe(200);
  things.forEach((thing, index) => {
    const was = before[index];
    const may = was !== undefined && [thing, was].every((one) => isMine(limits, one) && writable(limits, one).includes(name));
    if (may) thing.values = was.values;
  });
  expect(await storedValues(key)).toEqual(valuesOf(things));
}

/** A step writes what whoever takes it may not write by hand, and may take it out of their reach: it isn't theirs to take back then. */
async function compareSteps(key: string, limits: readonly Limit[], things: Thing[]): Promise<void> {
  const alone = things.find(({ values }) => values["state"] === "new");
  if (alone !== undefined) {
    const { status } = await house.ask(limited, "POST", `${entities(key)}/${alone.id}/transitions/begin`, { values: {} });
    const may = isMine(limits, alone) && seenAnywhere(limits).includes("state");
    expect([limits, status < 300]).toEqual([limits, may]);
    if (may) alone.values = { ...alone.values, state: "open" };
  }
  const { status, body } = await runAs(`${key}.step-all`, { step: "begin", where: "all" });
  if (!seenAnywhere(limits).includes("state")) {
    expect([limits, status]).toEqual([limits, 404]);
    return;
  }
  const before = things.map((thing) => ({ ...thing }));
  for (const thing of things)
    if (isMine(limits, thing) && thing.values["state"] === "new") thing.values = { ...thing.values, state: "open" };
  expect([limits, status]).toEqual([limits, 200]);
  expect(await storedValues(key)).toEqual(valuesOf(things));
  if (body.data.changed === 0) return;
  const back = await runAs("run.undo", { run: body.id });
  const isAnyLeft = things.some((thing, index) => thing.values["state"] !== before[index]?.values["state"] && isMine(limits, thing));
  expect([limits, back.status < 300]).toEqual([limits, isAnyLeft]);
  things.forEach((thing, index) => {
    const was = before[index];
    if (was !== undefined && isMine(limits, thing)) thing.values = was.values;
  });
  expect(await storedValues(key)).toEqual(valuesOf(things));
}
