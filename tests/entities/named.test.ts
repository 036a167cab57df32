import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { forgetUnsentFiles } from "../../src/files/forgetFiles.ts";
import { onePixel, upload } from "../fixtures/uploads.ts";
import { type EntityHouse, entities, openEntityHouse } from "./entityHouse.ts";

let product: EntityHouse["product"];
let admin: EntityHouse["admin"];
let agent: EntityHouse["agent"];
let ask: EntityHouse["ask"];
let blueprintOf: EntityHouse["blueprintOf"];
beforeAll(async () => {
  ({ product, admin, agent, ask, blueprintOf } = await openEntityHouse());
});
afterAll(() => product.stop());

const make = async (key: string, values: object, who = agent) => await ask(who, "POST", entities(key), { values });
const change = async (key: string, id: string, values: object, who = agent) =>
  await ask(who, "PATCH", `${entities(key)}/${id}`, { values });
const upFor = async (who: typeof agent, name = "photo.png") => await upload(product.url, `Bearer ${who.token}`, onePixel, { name });

describe("a person in a field", () => {
  const fields = [
    { key: "name", name: "Name", type: "text" },
    { key: "owner", name: "Owner", type: "account", default: "me" },
    { key: "helper", name: "Helper", type: "account" },
  ];

  it("is whoever makes it by default, or named by e-mail, and read by name", async () => {
    const key = await blueprintOf(fields);
    const made = (await make(key, { name: "a", helper: "ADMIN@demo.example" })).body;
    const { owner, helper } = made.values;
    expect(made.named).toMatchObject({ [owner]: { title: "Agent One" }, [helper]: { title: expect.any(String) } });
    expect(owner).not.toBe(helper);
    expect((await change(key, made.id, { helper: "me" })).body.values.helper).toBe(owner);
    const { body } = await ask(agent, "GET", `${entities(key)}/${made.id}/history`);
    expect(Object.keys(body.named).sort()).toEqual([helper, owner].sort());
    const told = await ask(agent, "POST", `/commands/${key}.history/runs`, { args: { entityId: made.id } });
    expect(JSON.stringify(told.body)).toMatch(/Helper from .+ to Agent One/);
    expect(JSON.stringify(told.body.messages)).not.toContain(helper);
  });

  it("narrows a list to me, whoever that is", async () => {
    const key = await blueprintOf(fields);
    const mine = (await make(key, { name: "mine" })).body.id;
    const theirs = (await make(key, { name: "theirs" }, admin)).body.id;
    const ids = async (who: typeof agent, filter: object) =>
      (await ask(who, "GET", `${entities(key)}?filter=${encodeURIComponent(JSON.stringify(filter))}`)).body.items?.map(
        ({ id }: { id: string }) => id,
      );
    expect(await ids(agent, { owner: { eq: "me" } })).toEqual([mine]);
    expect(await ids(admin, { owner: { eq: "me" } })).toEqual([theirs]);
    expect(await ids(admin, { not: { or: [{ owner: { in: ["me"] } }] } })).toEqual([mine]);
    expect(await ids(admin, { owner: { ne: "admin@demo.example" } })).toEqual([mine]);
    const wrong = await ask(agent, "GET", `${entities(key)}?filter=${encodeURIComponent('{"and":[{"owner":{"eq":"nobody@x.example"}}]}')}`);
    expect([wrong.status, wrong.body.error]).toMatchObject([422, { code: "invalid_value", path: "filter.and.0.owner.eq" }]);
    const listed = await ask(agent, "POST", `/commands/${key}.list/runs`, { args: { owner: "me" } });
    expect(listed.body.data.items).toMatchObject([{ id: mine }]);
  });

  it("is nobody of another tenant, nor nobody at all: both are refused in the same words", async () => {
    const key = await blueprintOf(fields);
    const elsewhere = await product.addTenant("elsewhere");
    const stranger = await product.agent(elsewhere.email);
    const answers = await Promise.all(
      [elsewhere.email, "nobody@demo.example", stranger.id, "0198c000-0000-7000-8000-000000000001"].map((owner) => make(key, { owner })),
    );
    for (const { status, body } of answers)
      expect([status, body.error]).toMatchObject([422, { code: "invalid_value", path: "values.owner" }]);
    const words = answers.map(({ body }) => body.error.message.replace(/"[^"]*" is nobody/, ""));
    expect(new Set(words).size).toBe(1);
    expect((await make(key, { owner: ["me"] })).body.error).toMatchObject({ path: "values.owner" });
  });

  it("is offered as one types, and set by a step", async () => {
    const key = await blueprintOf([...fields, { key: "state", name: "State", type: "choice", choices: ["NEW", "TAKEN"] }]);
    const flow = { field: "state", transitions: [{ key: "take", name: "Take", from: ["NEW"], to: "TAKEN", set: { helper: "me" } }] };
    expect((await ask(admin, "PATCH", `/blueprints/${key}`, { flow })).status).toBe(200);
    const offered = async (command: string, q: string) =>
      (await ask(agent, "GET", `/commands/${command}/choices/helper?q=${q}`)).body.items;
    expect((await offered(`${key}.create`, ""))[0]).toEqual({ value: "me", label: "Agent One (you)" });
    expect(await offered(`${key}.list`, "ADMIN@")).toMatchObject([{ value: "admin@demo.example" }]);
    const made = (await make(key, { name: "a", owner: "admin@demo.example" })).body;
    const taken = (await ask(agent, "POST", `${entities(key)}/${made.id}/transitions/take`, {})).body;
    expect(taken.named[taken.values.helper]).toEqual({ title: "Agent One" });
    const set = { ...flow, transitions: [{ ...flow.transitions[0], set: { helper: "0198c000-0000-7000-8000-000000000001" } }] };
    expect((await ask(admin, "PATCH", `/blueprints/${key}`, { flow: set })).body.error).toMatchObject({
      path: "flow.transitions.0.set.helper",
    });
  });
});

describe("a file in a field", () => {
  const fields = [
    { key: "name", name: "Name", type: "text" },
    { key: "photos", name: "Photos", type: "file", most: 2, accepts: ["image/*"] },
  ];

  it("belongs to the entity: read by whoever reads it, with addresses, and gone with it", async () => {
    const key = await blueprintOf(fields);
    const [one, two] = [await upFor(agent), await upFor(agent, "second.png")];
    const made = (await make(key, { photos: [one.id, two.id] })).body;
    expect(made.values.photos).toEqual([one.id, two.id]);
    const seen = (await ask(admin, "GET", `${entities(key)}/${made.id}`)).body.named[one.id];
    expect(seen).toMatchObject({ title: "photo.png", type: "image/png", size: expect.any(Number), previewUrl: expect.any(String) });
    expect((await fetch(seen.url)).status).toBe(200);
    expect((await ask(admin, "GET", `/files/${one.id}`)).status).toBe(200);
    // It is no upload any more: neither taken back nor given away.
    expect((await ask(agent, "DELETE", `/files/${one.id}`)).status).toBe(404);
    expect((await make(key, { photos: one.id })).body.error).toMatchObject({ code: "invalid_value", path: "values.photos" });
    expect((await change(key, made.id, { photos: [two.id] })).status).toBe(200);
    // What stood there before can stand there again, also by somebody else.
    expect((await change(key, made.id, { photos: [one.id, two.id] }, admin)).body.values.photos).toEqual([one.id, two.id]);

    await ask(agent, "DELETE", `${entities(key)}/${made.id}`);
    expect((await ask(admin, "GET", `/files/${one.id}`)).status).toBe(200);
    const plan = (await ask(agent, "POST", `/commands/${key}.purge/plans`, { args: { entityId: made.id } })).body;
    const gone = await ask(agent, "POST", `/commands/${key}.purge/runs`, { args: { entityId: made.id }, planHash: plan.hash });
    expect(gone.body.state).toBe("succeeded");
    for (const { id } of [one, two]) expect((await ask(agent, "GET", `/files/${id}`)).status).toBe(404);
    expect((await fetch(seen.url)).status).toBe(404);
    const left = await product.database.acrossTenants.query("select id from file where id = any($1)", [[one.id, two.id]]);
    expect(left).toEqual([]);
  });

  it("is refused where there are too many, where it is of another type, somebody else's or nowhere, and stays free then", async () => {
    const key = await blueprintOf(fields);
    const [one, two, three, theirs] = [await upFor(agent), await upFor(agent), await upFor(agent), await upFor(admin)];
    const text = await upload(product.url, `Bearer ${agent.token}`, "words", { name: "a.txt" });
    const refusal = async (photos: unknown) => {
      const { status, body } = await make(key, { photos });
      expect([status, body.error.code]).toEqual([422, "invalid_value"]);
      return body.error;
    };
    expect((await refusal([one.id, two.id, three.id])).message).toMatch(/at most 2/);
    expect(await refusal([one.id, text.id])).toMatchObject({
      path: "values.photos.1",
      message: expect.stringMatching(/image\/\*.*text\/plain/),
    });
    const absent = await refusal("0198c000-0000-7000-8000-000000000001");
    expect(await refusal(theirs.id)).toMatchObject({ ...absent, requestId: expect.anything() });
    expect((await refusal("photo.png")).path).toBe("values.photos");
    expect((await make(key, { photos: one.id, name: 5 })).status).toBe(422);
    expect((await make(key, { photos: one.id })).status).toBe(201);
  });

  it("isn't swept as unsent while an entity holds it, and is where the entity was never written", async () => {
    const key = await blueprintOf(fields);
    const [held, lost, told] = [await upFor(agent), await upFor(agent), await upFor(agent)];
    const made = (await make(key, { photos: [held.id, told.id] })).body;
    const { database } = product;
    // One whose process died before it could say that the entity is there, and one whose entity never came.
    await database.acrossTenants.query("update file set unsent_since = now() - interval '2 hours' where id = $1", [told.id]);
    await database.acrossTenants.query(
      `update file set held_blueprint = $2, held_entity = '0198c000-0000-7000-8000-000000000009', unsent_since = now() - interval '25 hours' where id = $1`,
      [lost.id, key],
    );
    await forgetUnsentFiles(product);
    const rows = await database.acrossTenants.query<{ id: string; unsent: boolean }>(
      "select id, unsent_since is not null as unsent from file where id = any($1)",
      [[held.id, lost.id, told.id]],
    );
    expect(rows.sort((a, b) => a.id.localeCompare(b.id))).toEqual([
      { id: held.id, unsent: false },
      { id: told.id, unsent: false },
    ]);
    expect((await ask(agent, "GET", `${entities(key)}/${made.id}`)).body.values.photos).toHaveLength(2);
  });

  it("is read by nobody who may not read the entity, though they uploaded it", async () => {
    const key = await blueprintOf(fields);
    const other = await blueprintOf(fields);
    const upload = await upFor(agent);
    await make(key, { photos: upload.id });
    const permissions = "entities.read, entities.change, commands.run";
    await admin.run("role.create", { key: "narrow", name: "Narrow", permissions, blueprints: other });
    await product.database.acrossTenants.query("update membership set roles = '{narrow}' where account_id = $1", [agent.id]);
    product.bus.publish(`tenant.${product.tenant}.access`, {});
    expect((await ask(agent, "GET", `/files/${upload.id}`)).status).toBe(404);
    expect((await ask(admin, "GET", `/files/${upload.id}`)).status).toBe(200);
  });
});
