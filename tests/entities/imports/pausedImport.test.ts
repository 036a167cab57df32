import { afterAll, beforeAll, expect, it } from "vitest";
import { type ImportHouse, openImportHouse } from "./importHouse.ts";

let house: ImportHouse;
beforeAll(async () => {
  house = await openImportHouse();
});
afterAll(() => house.product.stop());

const rows = 20_000;

it("an import that runs is paused, stays where it is, and goes on from there: each row once", async () => {
  const key = await house.blueprintOf(
    [
      { key: "code", name: "Code", type: "text", unique: true, required: true },
      { key: "qty", name: "Quantity", type: "integer" },
    ],
    "Part",
  );
  const lines = Array.from({ length: rows }, (_, n) => `code-${n},${n}`);
  const { body: draft } = await house.upload(key, `Code,Quantity\n${lines.join("\n")}\n`);
  expect((await house.ask(house.agent, "PATCH", house.at(draft), { settings: { errors: "fitting" } })).body.settings.errors).toBe(
    "fitting",
  );
  await house.ask(house.agent, "POST", house.at(draft, "/start"));
  const now = async () => (await house.ask(house.agent, "GET", house.at(draft))).body;
  await expect.poll(async () => (await now()).position, { interval: 10 }).toBeGreaterThan(0);
  const paused = await house.ask(house.agent, "POST", house.at(draft, "/pause"));
  expect([paused.status, paused.body.state]).toEqual([200, "paused"]);
  const { position } = await now();
  expect(position).toBeLessThan(rows);
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(await now()).toMatchObject({ state: "paused", position });
  const counted = async () => (await house.ask(house.agent, "GET", `/blueprints/${key}/entities/groups`)).body.items[0]?.count ?? 0;
  expect(await counted()).toBe(position);

  expect((await house.ask(house.agent, "POST", house.at(draft, "/start"))).status).toBe(202);
  const ended = await house.ended(draft);
  expect(ended).toMatchObject({ state: "done", position: rows, counts: { created: rows, changed: 0, failed: 0 } });
  expect(await counted()).toBe(rows);
}, 60_000);
