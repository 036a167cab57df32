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

const trip = { deliver_from: "Porto", deliver_to: "Lyon" };
const make = async (key: string) => (await ask(agent, "POST", entities(key), { values: trip })).body;
const trash = async (query = "") => (await ask(agent, "GET", `/trash?limit=3${query}`)).body;
/** As a person confirms what can't be taken back. */
async function purge(who: typeof admin, command: string, args: object) {
  const plan = await ask(who, "POST", `/commands/${command}/plans`, { args });
  if (plan.status !== 200) return plan;
  const done = await ask(who, "POST", `/commands/${command}/runs`, { args, planHash: plan.body.hash });
  return { ...done, changes: plan.body.changes };
}

describe("the trash", () => {
  /** complaints.md, entities and blueprints: "Deleted rows and history are gone". */
  it("and histories stay whole when who made and deleted is gone for good", async () => {
    const key = await blueprintOf(deliveryFields);
    const author = await product.agent("agent2@demo.example");
    const [stays, goes] = [
      await ask(author, "POST", entities(key), { values: trip }),
      await ask(author, "POST", entities(key), { values: trip }),
    ];
    await ask(author, "PATCH", `${entities(key)}/${stays.body.id}`, { values: { cargo: "Glass" } });
    await ask(author, "DELETE", `${entities(key)}/${goes.body.id}`);
    const gone = await ask(author, "POST", "/account/deletion", { password: "a quiet heron at dawn" });
    expect([gone.status, gone.body]).toEqual([204, undefined]);
    const { items } = (await ask(agent, "GET", `${entities(key)}/${stays.body.id}/history`)).body;
    expect(items).toMatchObject([{ kind: "change", by: "somebody who left", after: { cargo: "Glass" } }]);
    expect((await trash()).items.map(({ id }: { id: string }) => id)).toContain(goes.body.id);
    const back = await ask(agent, "POST", `${entities(key)}/${goes.body.id}/restore`);
    expect([back.status, back.body.values]).toMatchObject([200, trip]);
    expect((await ask(agent, "GET", `${entities(key)}/${goes.body.id}/history`)).body.items).toMatchObject([
      { kind: "restore", by: agent.name },
      { kind: "trash", by: "somebody who left" },
    ]);
  });

  it("lists what went into it, the newest first, page by page, and lets it be read, restored or taken away for good", async () => {
    const key = await blueprintOf(deliveryFields);
    const made = [await make(key), await make(key), await make(key), await make(key)];
    for (const { id } of made) await ask(agent, "DELETE", `${entities(key)}/${id}`);
    const first = await trash();
    expect(first.items).toMatchObject(
      ["DEL-4", "DEL-3", "DEL-2"].map((title) => ({ kind: "entity", blueprint: key, title, blueprintVersion: 1, trashedBy: "Agent One" })),
    );
    expect((await trash(`&cursor=${first.nextCursor}`)).items).toMatchObject([{ title: "DEL-1" }]);
    const [one, two] = made;
    expect((await ask(agent, "GET", `${entities(key)}/${one.id}`)).body).toMatchObject({ trashed: true, values: trip });
    await ask(agent, "POST", `${entities(key)}/${one.id}/restore`);
    expect(
      (await trash(`&filter={"blueprint":{"eq":"${key}"}}&sort=trashedAt`)).items.map(({ title }: { title: string }) => title),
    ).toEqual(["DEL-2", "DEL-3", "DEL-4"]);

    expect((await ask(agent, "POST", `/commands/${key}.purge/runs`, { args: { entityId: two.id } })).body.error.code).toBe(
      "confirmation_needed",
    );
    expect((await purge(agent, `${key}.purge`, { entityId: two.id })).body).toMatchObject({ state: "succeeded" });
    expect((await ask(agent, "GET", `${entities(key)}/${two.id}`)).status).toBe(404);
    expect((await purge(agent, `${key}.purge`, { entityId: one.id })).body.error).toMatchObject({ code: "conflict" });
    expect((await ask(agent, "GET", `${entities(key)}/${one.id}`)).status).toBe(200);
    expect((await trash("&sort=title")).error).toMatchObject({ code: "invalid_value", path: "sort" });
  });

  it("takes a blueprint away for good only from there, says before what goes, and leaves nothing", async () => {
    const key = await blueprintOf(deliveryFields);
    const other = await blueprintOf(deliveryFields);
    const kept = await make(other);
    for (let n = 0; n < 3; n++) await make(key);
    await ask(agent, "PATCH", `${entities(key)}/DEL-1`, { values: { cargo: "tea" } });
    expect((await purge(admin, "blueprint.purge", { blueprint: key })).body.error).toMatchObject({ code: "conflict" });
    await ask(admin, "DELETE", `/blueprints/${key}`);
    expect((await trash('&filter={"kind":{"eq":"blueprint"}}')).items).toMatchObject([
      { kind: "blueprint", blueprint: key, title: "Delivery" },
    ]);
    expect((await ask(agent, "POST", "/commands/blueprint.purge/runs", { args: { blueprint: key } })).status).toBe(404);
    const gone = await purge(admin, "blueprint.purge", { blueprint: key });
    expect(gone.body).toMatchObject({ state: "succeeded", data: { entities: 3 } });
    expect("changes" in gone ? gone.changes : []).toMatchObject([{ count: 3 }, { count: 1 }, { count: 1 }]);
    expect((await ask(agent, "GET", `/blueprints/${key}`)).status).toBe(404);
    const [left] = await product.database.acrossTenants.query<{ count: number }>(
      `select (select count(*) from entity) + (select count(*) from entity_change) + (select count(*) from entity_unique)
         - (select count(*) from entity where blueprint_id in (select id from blueprint))
         - (select count(*) from entity_change where blueprint_id in (select id from blueprint))
         - (select count(*) from entity_unique where blueprint_id in (select id from blueprint)) as count`,
    );
    expect(Number(left?.count)).toBe(0);
    expect((await ask(agent, "GET", `${entities(other)}/${kept.id}`)).body.values).toMatchObject(trip);
    // Its key is free again, and what is made begins anew.
    await ask(admin, "POST", "/blueprints", { key, name: "Delivery", fields: deliveryFields });
    expect((await make(key)).values.id).toBe("DEL-1");
  });

  it("shows nobody what isn't theirs", async () => {
    const key = await blueprintOf(deliveryFields);
    const { id } = await make(key);
    await ask(agent, "DELETE", `${entities(key)}/${id}`);
    const elsewhere = await product.addTenant("elsewhere");
    const stranger = await product.agent(elsewhere.email);
    expect((await ask(stranger, "GET", "/trash")).body.items).toEqual([]);
  });
});
