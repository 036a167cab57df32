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

const made = async () => {
  const key = await blueprintOf(deliveryFields);
  await ask(agent, "POST", entities(key), { values: { deliver_from: "Porto", deliver_to: "Lyon" } });
  return { key, path: `${entities(key)}/DEL-1` };
};

describe("notes about an entity", () => {
  it("are written, read by colleagues, and deleted by whoever wrote them; deleted, they come back", async () => {
    const { key, path } = await made();
    const written = await ask(agent, "POST", `${path}/notes`, { text: "  Left with the neighbour.\nCalled twice. " });
    expect([written.status, written.body]).toMatchObject([
      201,
      { text: "Left with the neighbour.\nCalled twice.", by: agent.name, mine: true },
    ]);
    await admin.run(`${key}.add-note`, { entityId: "DEL-1", text: "Paid." });
    const { items } = (await ask(agent, "GET", `${path}/notes`)).body;
    expect(items).toMatchObject([
      { text: "Paid.", by: admin.name, mine: false },
      { text: expect.stringContaining("neighbour"), mine: true },
    ]);
    expect((await ask(agent, "DELETE", `${path}/notes/${items[0].id}`)).status).toBe(403);
    const gone = await agent.run(`${key}.delete-note`, { entityId: "DEL-1", note: items[1].id });
    expect((await ask(agent, "GET", `${path}/notes`)).body.items).toHaveLength(1);
    await agent.run("run.undo", { run: gone.id });
    expect((await ask(agent, "GET", `${path}/notes`)).body.items).toEqual(items);
    expect((await agent.run(`${key}.notes`, { entityId: "DEL-1" })).messages[0]?.text).toContain("Paid.");
    expect((await ask(agent, "GET", path)).body.version).toBe(1);
  });

  it("are refused where they don't fit, and go with what they are about", async () => {
    const { key, path } = await made();
    for (const text of ["   ", "a\0b"])
      expect(await ask(agent, "POST", `${path}/notes`, { text })).toMatchObject({ status: 422, body: { error: { path: "text" } } });
    expect((await ask(agent, "POST", `${entities(key)}/DEL-9/notes`, { text: "x" })).status).toBe(404);
    expect((await ask(agent, "DELETE", `${path}/notes/nothing`)).status).toBe(404);
    const note = (await ask(agent, "POST", `${path}/notes`, { text: "Of no use." })).body.id;
    const { id } = (await ask(agent, "GET", path)).body;
    await ask(agent, "DELETE", path);
    await agent.run(`${key}.purge`, { entityId: id });
    expect(await product.database.acrossTenants.query("select from entity_note where id = $1", [note])).toEqual([]);
  });

  it("are for who sees all of it", async () => {
    const { key, path } = await made();
    await ask(agent, "POST", `${path}/notes`, { text: "The price is 12." });
    const part = await product.agent("agent2@demo.example");
    const permissions = "conversations.read, commands.run, entities.read, entities.change";
    const limits = { [key]: { read: ["id", "deliver_to"], write: ["deliver_to"] } };
    await admin.run("role.create", { key: "part", name: "Part", permissions, blueprints: key, limits });
    await admin.run("role.grant", { email: part.email, role: "part" });
    await admin.run("role.revoke", { email: part.email, role: "agent" });
    expect((await ask(part, "GET", path)).body.values).toEqual({ id: "DEL-1", deliver_to: "Lyon" });
    for (const [method, body] of [["GET"], ["POST", { text: "x" }]] as const) {
      const refused = await ask(part, method, `${path}/notes`, body);
      expect([refused.status, refused.body.error.message]).toEqual([
        403,
        "You see a part of this delivery; its notes are for who sees all of it.",
      ]);
    }
    expect((await ask(part, "GET", `${path}/conversations`)).body.items).toEqual([]);
  });
});

describe("conversations in which something was done with an entity", () => {
  it("are kept by the run that was asked there, and shown to who may read them", async () => {
    const { key, path } = await made();
    const { conversation } = await product.visit();
    const asked = await ask(agent, "POST", `/commands/${key}.update/runs`, { args: { entityId: "DEL-1", cargo: "Glass" }, conversation });
    expect(asked.status).toBe(200);
    await ask(agent, "POST", `/commands/${key}.update/runs`, { args: { entityId: "DEL-1", cargo: "More glass" } });
    const nowhere = "00000000-0000-7000-8000-000000000000";
    await ask(agent, "POST", `/commands/${key}.update/runs`, { args: { entityId: "DEL-1", cargo: "x" }, conversation: nowhere });
    const talks = (await ask(agent, "GET", `${path}/conversations`)).body.items;
    expect(talks).toMatchObject([{ conversation, command: `${key}.update`, by: agent.name }]);
    expect((await agent.run(`${key}.conversations`, { entityId: "DEL-1" })).messages[0]?.text).toContain(`${key}.update by ${agent.name}`);
    const wrong = await ask(agent, "POST", `/commands/${key}.update/runs`, { args: { entityId: "DEL-1" }, conversation: "there" });
    expect(wrong.status).toBe(422);
  });
});
