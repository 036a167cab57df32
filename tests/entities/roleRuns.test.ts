import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Agent } from "../fixtures/product.ts";
import { deliveryFields, type EntityHouse, entities, openEntityHouse } from "./entityHouse.ts";

let house: EntityHouse;
let admin: Agent;
let limited: Agent;
let theirs: string;
let other: string;
const trip = { deliver_from: "Porto", deliver_to: "a secret place" };
beforeAll(async () => {
  house = await openEntityHouse();
  admin = house.admin;
  limited = await house.product.agent("agent2@demo.example");
  theirs = await house.blueprintOf(deliveryFields);
  other = await house.blueprintOf(deliveryFields);
  const flow = {
    field: "status",
    transitions: [{ key: "lose", from: ["PENDING"], to: "DELIVERED", approval: { by: "permission:runs.read", quorum: 1 } }],
  };
  for (const key of [theirs, other]) expect((await house.ask(admin, "PATCH", `/blueprints/${key}`, { flow })).status).toBe(200);
  await admin.run("role.create", {
    key: "reader",
    name: "Reader",
    permissions: "commands.run, runs.read, entities.read, entities.change",
    blueprints: theirs,
  });
  await admin.run("role.grant", { email: limited.email, role: "reader" });
  await admin.run("role.revoke", { email: limited.email, role: "agent" });
});
afterAll(() => house.product.stop());

const get = (path: string, who = limited) => house.ask(who, "GET", path);

describe("runs about entities beyond one's roles", () => {
  it("aren't told to who may read everybody's: neither listed, nor by their id, nor what is about them", async () => {
    const hidden = await admin.run(`${other}.create`, trip);
    const changed = await admin.run(`${other}.update`, { entityId: "DEL-1", deliver_to: "another" });
    const undone = await admin.run("run.undo", { run: changed.id });
    const made = await admin.run("blueprint.add-field", { blueprint: other, key: "secret", type: "text" });
    const seen = await admin.run(`${theirs}.create`, trip);
    const own = await limited.run(`${theirs}.list`);
    const { items } = (await get("/runs?limit=200")).body;
    const ids = items.map(({ id }: { id: string }) => id);
    expect(ids).toEqual(expect.arrayContaining([seen.id, own.id]));
    for (const { id } of [hidden, changed, undone, made]) {
      expect(ids).not.toContain(id);
      expect((await get(`/runs/${id}`)).status).toBe(404);
      expect((await get(`/runs/${id}`, admin)).status).toBe(200);
    }
    expect(JSON.stringify(items)).not.toMatch(/another|"secret"/);
    const desk = await limited.desk();
    const runs = await desk.watch("runs");
    expect([...runs.items.values()].map(({ id }) => id)).not.toContain(hidden.id);
    await desk.close();
  });

  it("aren't theirs to agree to, and others do; what they ask for themselves they see", async () => {
    await admin.run(`${other}.create`, trip);
    const { id, status } = (await house.ask(admin, "POST", `/commands/${other}.lose/runs`, { args: { entityId: "DEL-1" } })).body;
    expect([status, (await get(`/runs/${id}`)).status]).toEqual([undefined, 404]);
    const decision = { decision: "approve", reason: "" };
    expect((await house.ask(limited, "POST", `/runs/${id}/approvals`, decision)).status).toBe(404);
    expect((await house.ask(limited, "POST", `/runs/${id}/cancel`)).status).toBe(404);
    expect(JSON.stringify((await get("/notices", limited)).body ?? {})).not.toContain(other);

    await admin.run(`${theirs}.create`, trip);
    const asked = (await house.ask(admin, "POST", `/commands/${theirs}.lose/runs`, { args: { entityId: "DEL-1" } })).body;
    expect((await house.ask(limited, "POST", `/runs/${asked.id}/approvals`, decision)).body).toMatchObject({ state: "succeeded" });
  });

  it("sec/tenancy/21 a blueprint beyond one's roles is as one that isn't there, by every door and whatever is asked of it", async () => {
    await admin.run(`${other}.create`, trip);
    const { id } = (await get(`${entities(other)}/DEL-1`, admin)).body;
    const same = async (method: string, path: string, body?: object) => {
      const [hidden, absent] = await Promise.all([
        house.ask(limited, method, path, body),
        house.ask(limited, method, path.replaceAll(other, "nothings"), body),
      ]);
      const { requestId: _, ...told } = hidden.body.error;
      const { requestId: __, ...toldOfAbsent } = absent.body.error;
      expect([path, hidden.status, JSON.stringify(told).replaceAll(other, "nothings")]).toEqual([
        path,
        absent.status,
        JSON.stringify(toldOfAbsent),
      ]);
      expect([path, hidden.status >= 400]).toEqual([path, true]);
    };
    for (const path of [
      "",
      "/versions",
      "/indexes",
      "/differences?from=1&to=2",
      "?version=1",
      "/entities",
      `/entities/${id}`,
      "/entities/DEL-1/history",
    ])
      await same("GET", `/blueprints/${other}${path}`);
    await same("POST", entities(other), { values: trip });
    await same("POST", `${entities(other)}/batch`, { items: [{ values: trip }] });
    await same("PATCH", `${entities(other)}/${id}`, { values: trip });
    await same("DELETE", `${entities(other)}/${id}`);
    await same("POST", `${entities(other)}/${id}/restore`);
    await same("POST", `${entities(other)}/${id}/transitions/lose`, {});
    await same("GET", `/commands/${other}.show/choices/entityId?q=`);
    await same("POST", `/commands/${other}.show/runs`, { args: { entityId: "DEL-1" } });
    await same("POST", `/commands/${other}.lose/plans`, { args: { entityId: "DEL-1" } });
    await same("POST", "/commands/blueprint.show/runs", { args: { blueprint: other } });
    expect(JSON.stringify((await get("/blueprints")).body)).not.toContain(other);
    expect(JSON.stringify((await get("/trash")).body)).not.toContain(other);
    expect(JSON.stringify((await get("/commands?limit=200")).body)).not.toContain(other);
  });

  it("the preview of a migration is for who makes blueprints and may see all of its entities", async () => {
    await admin.run(`${theirs}.create`, { ...trip, cargo: "a secret" });
    await admin.run("blueprint.drop-field", { blueprint: theirs, key: "cargo" });
    const preview = (who: Agent) => house.ask(who, "POST", "/commands/blueprint.migrate/plans", { args: { blueprint: theirs } });
    expect((await preview(limited)).body.error).toMatchObject({ code: "unknown_command" });
    expect((await house.ask(limited, "POST", `/blueprints/${theirs}/migrations`, {})).status).toBe(403);
    await admin.run("role.create", {
      key: "maker",
      name: "Maker",
      permissions: "commands.run, blueprints.manage, entities.read, entities.change",
      blueprints: theirs,
      limits: { [theirs]: { filter: { deliver_to: { eq: "nowhere" } } } },
    });
    await admin.run("role.grant", { email: limited.email, role: "maker" });
    await admin.run("role.revoke", { email: limited.email, role: "reader" });
    const refused = await preview(limited);
    expect([refused.status, refused.body.error.code]).toEqual([403, "forbidden"]);
    expect(JSON.stringify(refused.body)).not.toContain("secret");
    expect((await preview(admin)).body.changes.length).toBeGreaterThan(0);
  });
});
