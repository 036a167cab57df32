import { afterAll, beforeAll, expect, it } from "vitest";
import { type ImportHouse, openImportHouse } from "./imports/importHouse.ts";

/** complaints.md, entities and blueprints: "No states with transitions by role". */
let house: ImportHouse;
beforeAll(async () => {
  house = await openImportHouse();
});
afterAll(() => house.product.stop());

const fields = [
  { key: "id", name: "Id", type: "sequence", prefix: "DEL-" },
  { key: "driver", name: "Driver", type: "text" },
  { key: "status", name: "Status", type: "choice", choices: ["PENDING", "IN_PROGRESS", "DELIVERED"], default: "PENDING" },
];
const flow = {
  field: "status",
  transitions: [
    { key: "begin", from: ["PENDING"], to: "IN_PROGRESS", required: ["driver"] },
    { key: "deliver", from: ["IN_PROGRESS"], to: "DELIVERED", roles: ["admin"] },
  ],
};

it("a step without its role or the field that it asks for is refused by every door, and so is its state written past it", async () => {
  const { ask, agent, admin, product } = house;
  const key = await house.blueprintOf(fields);
  expect((await ask(admin, "PATCH", `/blueprints/${key}`, { flow })).status).toBe(200);
  const path = `/blueprints/${key}/entities`;
  for (const driver of [null, "Ana"]) await ask(agent, "POST", path, { values: driver === null ? {} : { driver } });
  expect((await ask(agent, "POST", `${path}/DEL-2/transitions/begin`, { values: {} })).status).toBe(200);
  const states = async () => {
    const { items } = (await ask(agent, "GET", `${path}?sort=entityId`)).body;
    return items.map(({ values }: { values: { status: string } }) => values.status);
  };
  const before = await states();
  expect(before).toEqual(["PENDING", "IN_PROGRESS"]);

  // DEL-1 has no driver, and DEL-2 is delivered by an admin.
  const run = async (command: string, args: object) => (await ask(agent, "POST", `/commands/${command}/runs`, { args })).status;
  const plan = async (command: string, args: object) => (await ask(agent, "POST", `/commands/${command}/plans`, { args })).status;
  const one = async (id: string, step: string) => [
    (await ask(agent, "POST", `${path}/${id}/transitions/${step}`, { values: {} })).status,
    await run(`${key}.${step}`, { entityId: id }),
    await plan(`${key}.${step}`, { entityId: id }),
  ];
  expect(await one("DEL-1", "begin")).toEqual([422, 422, 422]);
  expect(await one("DEL-2", "deliver")).toEqual([403, 403, 403]);
  expect(await one("DEL-1", "deliver")).toEqual([409, 409, 409]);
  for (const step of ["begin", "deliver"]) {
    const { body } = await ask(agent, "POST", `/commands/${key}.step-all/runs`, { args: { step, where: "all" } });
    expect([step, body.data]).toMatchObject([step, { changed: 0, refused: 2 }]);
  }
  // Past the steps: by hand, in a line, for many, and in a file.
  const [first, second] = [
    { id: "DEL-1", status: "IN_PROGRESS" },
    { id: "DEL-2", status: "DELIVERED" },
  ];
  for (const { id, status } of [first, second]) {
    expect((await ask(agent, "PATCH", `${path}/${id}`, { values: { status } })).status).toBe(409);
    expect(await run(`${key}.update`, { entityId: id, status })).toBe(409);
  }
  const many = await ask(agent, "POST", `/commands/${key}.update-all/runs`, { args: { where: "all", status: "DELIVERED" } });
  expect(many.body.data).toMatchObject({ changed: 0, refused: 2 });
  const file = await house.bring(key, "Id,Status\nDEL-1,IN_PROGRESS\nDEL-2,DELIVERED\n", { key: "id", errors: "fitting" });
  expect(file.counts).toMatchObject({ changed: 0, failed: 2 });
  expect(await states()).toEqual(before);
  expect(await product.database.acrossTenants.query("select from entity_change where after::text like '%DELIVERED%'")).toEqual([]);

  expect((await ask(admin, "POST", `${path}/DEL-2/transitions/deliver`, { values: {} })).status).toBe(200);
});
