import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Agent } from "../fixtures/product.ts";
import { deliveryFields, type EntityHouse, openEntityHouse } from "./entityHouse.ts";

let house: EntityHouse;
let admin: Agent;
let agent: Agent;
let other: Agent;
beforeAll(async () => {
  house = await openEntityHouse();
  ({ admin, agent } = house);
  other = await house.product.agent("agent2@demo.example");
});
afterAll(() => house.product.stop());

const look = {
  face: "table",
  sort: ["-created_at", "id"],
  filters: [{ field: "status", operator: "eq", value: "PENDING" }],
  widths: { deliver_to: 220 },
  pinned: ["id"],
  hidden: ["cargo"],
  group: "created_at:month",
  aggregates: { created_at: "max" },
};
const views = (key: string) => `/blueprints/${key}/views`;
const namesFor = async (who: Agent, key: string) =>
  (await house.ask(who, "GET", views(key))).body.items.map(({ name }: { name: string }) => name);

describe("a saved view", () => {
  it("is one's own, or everyone's where somebody who makes blueprints says so; and is what was saved", async () => {
    const key = await house.blueprintOf(deliveryFields);
    const mine = await house.ask(agent, "POST", views(key), { name: "Mine", look });
    expect([mine.status, mine.body]).toMatchObject([201, { name: "Mine", shared: false, version: 1, look }]);
    expect((await house.ask(agent, "POST", views(key), { name: "Ours", look, shared: true })).body.error).toMatchObject({
      code: "forbidden",
      path: "shared",
    });
    const ours = (await house.ask(admin, "POST", views(key), { name: "Ours", look, shared: true })).body;
    expect(await Promise.all([agent, other, admin].map((who) => namesFor(who, key)))).toEqual([["Mine", "Ours"], ["Ours"], ["Ours"]]);
    expect((await house.ask(agent, "POST", views(key), { name: "mine", look })).body.error).toMatchObject({
      code: "conflict",
      path: "name",
    });
    expect((await house.ask(other, "POST", views(key), { name: "Mine", look })).status).toBe(201);
    const theirs = `${views(key)}/${mine.body.id}`;
    const none = `${views(key)}/0190a000-0000-7000-8000-000000000000`;
    for (const method of ["PATCH", "DELETE"]) {
      const asked = async (path: string) =>
        (await house.ask(other, method, path, method === "PATCH" ? { name: "Yours" } : undefined)).body.error.message;
      expect(await asked(theirs)).toBe(await asked(none));
      expect((await house.ask(agent, method, `${views(key)}/${ours.id}`, method === "PATCH" ? { name: "x" } : undefined)).status).toBe(403);
    }
    const changed = await house.ask(agent, "PATCH", theirs, { look: { ...look, sort: ["id"] }, version: 1 });
    expect(changed.body).toMatchObject({ version: 2, name: "Mine", look: { sort: ["id"] } });
    expect((await house.ask(agent, "PATCH", theirs, { name: "Late", version: 1 })).body.error).toMatchObject({
      code: "stale",
      path: "version",
    });
    expect((await house.ask(agent, "DELETE", theirs)).status).toBe(204);
    expect(await namesFor(agent, key)).toEqual(["Ours"]);
    expect((await agent.run(`${key}.views`)).messages[0]?.text).toBe("Ours (everyone's)");
  });

  it("names fields that there are, and tells nobody of those that they don't see", async () => {
    const key = await house.blueprintOf(deliveryFields);
    const refused = async (said: object) => {
      const { status, body } = await house.ask(admin, "POST", views(key), { name: "X", look: { ...look, ...said } });
      return [status, body.error?.path];
    };
    expect(await refused({ sort: ["nope"] })).toEqual([422, "look"]);
    expect(await refused({ filters: [{ field: "nope", operator: "eq", value: 1 }] })).toEqual([422, "look"]);
    expect(await refused({ sort: "id" })).toEqual([422, "look.sort"]);
    expect(await refused({ widths: { id: "wide" } })).toEqual([422, "look.widths.id"]);
    expect(await refused({ more: 1 })).toEqual([422, "look.more"]);
    expect(await refused({ face: "pie" })).toEqual([422, "look.face"]);
    expect(await refused({ face: "calendar", days: "nope" })).toEqual([422, "look"]);
    expect(await refused({ face: "calendar", days: "created_at", span: "year" })).toEqual([422, "look.span"]);
    const calendar = { ...look, face: "calendar", days: "created_at", span: "week", order: ["cargo", "gone", "id"] };
    const kept = await house.ask(admin, "POST", views(key), { name: "Calendar", look: calendar });
    expect([kept.status, kept.body.look]).toEqual([201, { ...calendar, order: ["cargo", "id"] }]);
    await house.ask(admin, "POST", views(key), {
      name: "By cargo",
      look: { ...look, hidden: [], filters: [{ field: "deliver_to", operator: "eq", value: "Lyon" }] },
      shared: true,
    });
    await house.ask(admin, "POST", views(key), { name: "Days", look: { ...look, face: "calendar", days: "deliver_to" }, shared: true });
    await house.ask(admin, "POST", views(key), { name: "Plain", look, shared: true });
    await admin.run("role.create", {
      key: "viewer",
      name: "Viewer",
      permissions: "conversations.read, commands.run, entities.read",
      blueprints: key,
      limits: { [key]: { read: ["id", "status", "created_at"] } },
    });
    await admin.run("role.grant", { email: other.email, role: "viewer" });
    await admin.run("role.revoke", { email: other.email, role: "agent" });
    const { body } = await house.ask(other, "GET", views(key));
    expect(body.items.map(({ name }: { name: string }) => name)).toEqual(["Plain"]);
    expect(JSON.stringify(body)).not.toMatch(/deliver_to|cargo|Lyon/);
    expect((await house.ask(other, "POST", views(key), { name: "X", look: { ...look, sort: ["deliver_to"] } })).body.error.message).toBe(
      (await house.ask(other, "POST", views(key), { name: "X", look: { ...look, sort: ["nowhere_xx"] } })).body.error.message.replace(
        "nowhere_xx",
        "deliver_to",
      ),
    );
  });

  it("is taken back when it was saved, changed or deleted, where nobody changed it since", async () => {
    const key = await house.blueprintOf(deliveryFields);
    const undo = async (run: { id: string }) => await agent.run("run.undo", { run: run.id });
    const list = async () => (await house.ask(agent, "GET", views(key))).body.items;
    await undo(await agent.run(`${key}.save-view`, { name: "Mine", look }));
    expect(await list()).toEqual([]);
    const saved = await agent.run(`${key}.save-view`, { name: "Mine", look });
    const changed = await agent.run(`${key}.change-view`, { view: "Mine", name: "Ours", look: { ...look, sort: ["id"] } });
    expect((await agent.refused("run.undo", { run: saved.id })).message).toBe("It can't be taken back: the view “Ours” was changed since.");
    await undo(changed);
    expect(await list()).toMatchObject([{ name: "Mine", look, version: 3 }]);
    const gone = await agent.run(`${key}.delete-view`, { view: "Mine" });
    expect(await list()).toEqual([]);
    await undo(gone);
    expect(await list()).toMatchObject([{ name: "Mine", look, shared: false }]);
  });
});
