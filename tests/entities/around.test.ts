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

  it("are 1,000 at most, and read page by page; one that can't come back says why", async () => {
    const { key, path } = await made();
    await product.database.acrossTenants.query(
      `insert into entity_note (tenant_id, blueprint_id, entity_id, id, text, written_by, written_at)
       select e.tenant_id, e.blueprint_id, e.id, ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 'Note ' || n, e.created_by, now()
       from entity e join blueprint b on b.id = e.blueprint_id, generate_series(1, 999) n where b.key = $1`,
      [key],
    );
    expect((await ask(agent, "POST", `${path}/notes`, { text: "The last." })).status).toBe(201);
    const full = [409, "1,000 notes are the limit; delete some first."];
    const more = await ask(agent, "POST", `${path}/notes`, { text: "One more." });
    expect([more.status, more.body.error.message]).toEqual(full);
    const texts: string[] = [];
    for (let cursor: string | null = ""; cursor !== null; ) {
      const { status, body } = await ask(agent, "GET", `${path}/notes${cursor === "" ? "" : `?cursor=${cursor}`}`);
      expect([status, body.items.length]).toEqual([200, 200]);
      texts.push(...body.items.map(({ text }: { text: string }) => text));
      cursor = body.nextCursor;
    }
    expect(texts).toEqual(["The last.", ...Array.from({ length: 999 }, (_, index) => `Note ${999 - index}`)]);
    expect((await ask(agent, "GET", `${path}/notes?cursor=1`)).body.error).toMatchObject({ code: "invalid_value", path: "cursor" });

    const [{ id: last }] = (await ask(agent, "GET", `${path}/notes`)).body.items;
    const gone = await agent.run(`${key}.delete-note`, { entityId: "DEL-1", note: last });
    expect((await ask(agent, "POST", `${path}/notes`, { text: "Instead." })).status).toBe(201);
    const back = await ask(agent, "POST", "/commands/run.undo/runs", { args: { run: gone.id } });
    expect([back.status, back.body.error.message]).toEqual(full);
  });

  it.each([
    ["before it is gone", "select from entity where id = $1 for key share", 201, 1],
    ["while it goes", "select from entity_note where entity_id = $1 for update", 404, 2],
  ])("outlive nothing that is taken away for good at the same moment: written %s", async (_, holding, expected, waiting) => {
    const { key, path } = await made();
    const { id } = (await ask(agent, "GET", path)).body;
    await ask(agent, "POST", `${path}/notes`, { text: "In time." });
    await ask(agent, "DELETE", path);
    const { database } = product;
    const held = async (count: number) => {
      const locks = "select from pg_locks l join pg_stat_activity a using (pid) where not l.granted and a.datname = current_database()";
      await expect.poll(async () => (await database.acrossTenants.query(locks)).length).toBe(count);
    };
    const { purging, writing } = await database.acrossTenants.transaction(async (tx) => {
      await tx.query(holding, [id]);
      const begun = { purging: agent.run(`${key}.purge`, { entityId: id }), writing: Promise.resolve({ status: 0 }) };
      await held(1);
      begun.writing = ask(agent, "POST", `${entities(key)}/${id}/notes`, { text: "At the same moment." });
      if (waiting === 1) await begun.writing;
      else await held(waiting);
      return begun;
    });
    await purging;
    expect((await writing).status).toBe(expected);
    expect(await database.acrossTenants.query("select from entity_note where entity_id = $1", [id])).toEqual([]);
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

  it("are kept by what a sequence does there, step by step", async () => {
    const { key, path } = await made();
    const { conversation } = await product.visit();
    const sequence = { steps: [{ command: `${key}.update`, args: { entityId: "DEL-1", cargo: "Glass" } }] };
    const saved = await ask(admin, "POST", "/operations", { name: "glass-there", kind: "sequence", summary: "Glass.", sequence });
    expect([saved.status, saved.body.error]).toEqual([201, undefined]);
    expect((await ask(admin, "POST", "/operations/glass-there/publish")).status).toBeLessThan(300);
    const { status, body } = await ask(admin, "POST", "/commands/glass-there/runs", { args: {}, conversation });
    expect([status, body.state]).toEqual([200, "succeeded"]);
    expect((await ask(admin, "GET", `${path}/conversations`)).body.items).toMatchObject([{ conversation, command: `${key}.update` }]);
  });
});
