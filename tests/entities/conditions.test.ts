import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CommandMessage } from "../../src/protocol/commands.ts";
import { type EntityHouse, entities, openEntityHouse } from "./entityHouse.ts";

let house: EntityHouse;
let ask: EntityHouse["ask"];
let admin: EntityHouse["admin"];
let agent: EntityHouse["agent"];
beforeAll(async () => {
  house = await openEntityHouse();
  ({ ask, admin, agent } = house);
});
afterAll(() => house.product.stop());

const company = { kind: { eq: "company" } };
const fields = [
  { key: "id", name: "Id", type: "sequence", prefix: "CUS-" },
  { key: "name", name: "Name", type: "text", required: true },
  { key: "kind", name: "Kind", type: "choice", choices: ["person", "company"], default: "person" },
  { key: "vat", name: "VAT number", type: "text", required: true, shownWhen: company },
  { key: "employees", name: "Employees", type: "integer", shownWhen: company },
  { key: "council", name: "Works council", type: "text", shownWhen: { employees: { gte: 5 } } },
];
const blueprintOf = (all: object[] = fields) => house.blueprintOf(all, "Customer");
const make = (key: string, values: object) => ask(agent, "POST", entities(key), { values });
const change = (key: string, id: string, values: object) => ask(agent, "PATCH", `${entities(key)}/${id}`, { values });
const save = (key: string, body: object) => ask(admin, "PATCH", `/blueprints/${key}`, body);

describe("a field that is shown only where a condition holds", () => {
  it("isn't required while it is hidden, is asked for by what brings it to light, and keeps its value", async () => {
    const key = await blueprintOf();
    expect((await make(key, { name: "Ana" })).status).toBe(201);
    expect(await make(key, { name: "Acme", kind: "company" })).toMatchObject({
      status: 422,
      body: { error: { code: "invalid_value", path: "values.vat", message: '"VAT number" is missing; it is required.' } },
    });
    expect(await change(key, "CUS-1", { kind: "company" })).toMatchObject({ status: 422, body: { error: { path: "values.vat" } } });
    const grown = await change(key, "CUS-1", { kind: "company", vat: "PT1", employees: 7, council: "Rui" });
    expect(grown.body.values).toMatchObject({ vat: "PT1", employees: 7, council: "Rui" });
    expect((await change(key, "CUS-1", { vat: null })).status).toBe(422);
    const back = await change(key, "CUS-1", { kind: "person" });
    expect(back.body.values).toMatchObject({ kind: "person", vat: "PT1", council: "Rui" });
    // It is there, and may be emptied where nobody needs it.
    expect((await change(key, "CUS-1", { kind: "company" })).status).toBe(200);
    await change(key, "CUS-1", { kind: "person" });
    expect((await change(key, "CUS-1", { vat: null })).status).toBe(200);
  });

  it("is left out where the chat shows one, with what hangs on it, and the form of its command knows the condition", async () => {
    const key = await blueprintOf();
    const run = await agent.run(`${key}.create`, { name: "Acme", kind: "company", vat: "PT1", employees: "9", council: "Rui" });
    const labels = ({ messages }: { messages: CommandMessage[] }) =>
      (messages[0]?.blocks ?? []).flatMap((block) => (block.type === "fields" ? block.fields.map(({ label }) => label) : []));
    expect(labels(run)).toEqual(["Id", "Name", "Kind", "VAT number", "Employees", "Works council"]);
    await change(key, "CUS-1", { employees: 3 });
    const few = await agent.run(`${key}.show`, { entityId: "CUS-1" });
    expect(labels(few)).toEqual(["Id", "Name", "Kind", "VAT number", "Employees"]);
    await change(key, "CUS-1", { employees: 9, kind: "person" });
    const person = await agent.run(`${key}.show`, { entityId: "CUS-1" });
    expect(labels(person)).toEqual(["Id", "Name", "Kind"]);
    const listing = (await ask(agent, "GET", "/commands?limit=200")).body.items.find(
      ({ name }: { name: string }) => name === `${key}.create`,
    );
    expect(listing.args.required).toEqual(["name"]);
    expect(listing.args.properties.vat.shownWhen).toEqual(company);
    expect(listing.args.properties.kind.default).toBe("person");
  });

  it("is checked when the blueprint is saved", async () => {
    const key = await blueprintOf();
    const saved = async (shownWhen: object, place = 4) => {
      const { status, body } = await save(key, { fields: fields.map((field, at) => (at === place ? { ...field, shownWhen } : field)) });
      return [status, body.error?.path, body.error?.message];
    };
    expect(await saved({ gone: { eq: 1 } })).toEqual([
      422,
      "fields.4.shownWhen.gone",
      '"Employees" is shown by what doesn\'t fit: There is no field "gone" in this list; there are name, kind, vat, employees, council.',
    ]);
    expect(await saved({ kind: { eq: "club" } })).toEqual([
      422,
      "fields.4.shownWhen.kind.eq",
      '"Employees" is shown by what doesn\'t fit: "kind.eq" must be one of person, company; "club" isn\'t.',
    ]);
    expect((await saved({ kind: { gte: "company" } })).slice(0, 2)).toEqual([422, "fields.4.shownWhen.kind.gte"]);
    expect(await saved({ id: { eq: "CUS-1" } })).toEqual([
      422,
      "fields.4.shownWhen.id",
      '"Employees" can\'t hang on "Id": it is a sequence, which nothing compares.',
    ]);
    expect(await saved({ employees: { gte: 1 } })).toEqual([
      422,
      "fields.4.shownWhen",
      '"Employees" would hang on itself: "Employees", which hangs on "Employees".',
    ]);
    expect(await saved({ council: { empty: false } })).toEqual([
      422,
      "fields.4.shownWhen",
      '"Employees" would hang on itself: "Employees", which hangs on "Works council", which hangs on "Employees".',
    ]);
    expect((await saved({ or: [{ kind: { eq: "company" } }, { name: { startsWith: "a" } }] }))[0]).toBe(200);
    expect((await saved({}))[0]).toBe(200);
    expect((await ask(admin, "GET", `/blueprints/${key}`)).body.fields[4].shownWhen).toBeUndefined();
  });

  it("follows a field that is called otherwise, refuses to lose it, and is told where versions differ", async () => {
    const key = await blueprintOf();
    const stored = (await ask(admin, "GET", `/blueprints/${key}`)).body.fields;
    await admin.run("blueprint.change-field", { blueprint: key, key: "kind", newKey: "sort", name: "Sort" });
    const renamed = (await ask(admin, "GET", `/blueprints/${key}`)).body.fields;
    expect(renamed.map((field: { shownWhen?: object }) => field.shownWhen)).toEqual([
      ...[undefined, undefined, undefined],
      ...[{ sort: { eq: "company" } }, { sort: { eq: "company" } }, { employees: { gte: 5 } }],
    ]);
    const gone = await save(key, { fields: stored.filter((field: { key: string }) => field.key !== "kind") });
    expect([gone.status, gone.body.error.path]).toEqual([422, "fields.2.shownWhen.kind"]);
    await admin.run("blueprint.change-field", { blueprint: key, key: "vat", shownWhere: "sort<>person, name!=" });
    await admin.run("blueprint.change-field", { blueprint: key, key: "employees", shownWhere: "" });
    const told = (await ask(agent, "GET", `/blueprints/${key}/differences?from=2&to=4`)).body.items;
    expect(told).toEqual([
      {
        ...{ kind: "changed", what: "field", key: "vat", option: "shownWhen" },
        ...{ was: "Sort is company", is: "Sort is not person and Name is not empty" },
      },
      { kind: "changed", what: "field", key: "employees", option: "shownWhen", was: "Sort is company", is: "" },
    ]);
    const shown = await admin.run("blueprint.show", { blueprint: key });
    expect(JSON.stringify(shown.messages)).toContain("only where Sort is not person and Name is not empty");
  });

  it("isn't missed by a migration where it is hidden", async () => {
    const key = await blueprintOf(fields.slice(0, 3));
    await make(key, { name: "Ana" });
    await make(key, { name: "Acme", kind: "company" });
    await save(key, { fields });
    const preview = await ask(admin, "POST", `/blueprints/${key}/migrations/preview`, {});
    expect(preview.body).toMatchObject({ of: 2, migrated: 1, skipped: 1, unfit: { vat: { count: 1 } } });
    await admin.run("blueprint.migrate", { blueprint: key });
    const items = (await ask(agent, "GET", `${entities(key)}?sort=id`)).body.items;
    expect(items.map(({ blueprintVersion }: { blueprintVersion: number }) => blueprintVersion)).toEqual([2, 1]);
  });

  it("tells nobody of a field that is hidden from them", async () => {
    const key = await blueprintOf();
    await make(key, { name: "Acme", kind: "company", vat: "PT1" });
    const limited = await house.product.agent("agent2@demo.example");
    const permissions = "conversations.read, commands.run, entities.read, entities.change";
    const limits = { [key]: { read: ["id", "name", "vat"], write: ["name", "vat"] } };
    await admin.run("role.create", { key: "without-kind", name: "Without kind", permissions, blueprints: key, limits });
    await admin.run("role.grant", { email: limited.email, role: "without-kind" });
    await admin.run("role.revoke", { email: limited.email, role: "agent" });
    const seen = (await ask(limited, "GET", `/blueprints/${key}`)).body.fields;
    expect(seen.map((field: { key: string; shownWhen?: object }) => [field.key, field.shownWhen])).toEqual([
      ["id", undefined],
      ["name", undefined],
      ["vat", undefined],
    ]);
    // Whether it may be empty would say of which kind it is.
    const path = `${entities(key)}/CUS-1`;
    await ask(agent, "PATCH", path, { values: { kind: "person" } });
    expect((await ask(limited, "PATCH", path, { values: { vat: null } })).status).toBe(422);
    expect((await ask(agent, "PATCH", path, { values: { vat: null } })).status).toBe(200);
  });
});
