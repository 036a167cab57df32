import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { closeCodes } from "../../src/protocol/visitor.ts";
import { type Agent, openProduct, type TestProduct } from "../fixtures/product.ts";
import { without } from "./asking.ts";

/**
 * Somebody whose role is for the entities of one blueprint: at every door that the document and the registry name, the others answer as what isn't
 * there.
 */
let product: TestProduct;
let admin: Agent;
let clerk: Agent;
let entity: string;
const theirs = "salaries";
/** As long, for an error may tell the length. */
const absent = "salariez";

beforeAll(async () => {
  product = await openProduct();
  admin = await product.agent("admin@demo.example");
  clerk = await product.agent("agent2@demo.example");
  for (const key of ["parcels", theirs]) {
    await admin.run("blueprint.create", { key, name: "Thing" });
    await admin.run(`${key}.create`, { name: `a thing of ${key}` });
    await admin.run(`${key}.update`, { entityId: `${key.slice(0, 3).toUpperCase()}-1`, name: `another thing of ${key}` });
  }
  const [found] = await product.database.acrossTenants.query<{ id: string }>(
    "select e.id from entity e join blueprint b on b.id = e.blueprint_id where b.key = $1",
    [theirs],
  );
  entity = found?.id ?? "";
  await admin.run("role.create", {
    key: "clerk",
    name: "Clerk",
    permissions: "entities.read, entities.change, commands.run, presence.declare",
    blueprints: "parcels",
  });
  await only("clerk");
});
afterAll(() => product.stop());

async function only(role: string): Promise<void> {
  await product.database.acrossTenants.query("update membership set roles = $2 where account_id = $1", [clerk.id, [role]]);
  product.bus.publish(`tenant.${product.tenant}.access`, {});
}

async function ask(method: string, path: string, body?: object, token = clerk.token): Promise<{ status: number; text: string }> {
  const answer = await fetch(`${product.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { "content-type": "application/json" }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, text: (await answer.text()).replace(/,?"requestId":"[^"]*"/, "") };
}

const stored = () =>
  product.database.acrossTenants.query(
    "select id, version, content, trashed_at from entity where blueprint_id = (select id from blueprint where key = $1)",
    [theirs],
  );

describe("a role for some blueprints", () => {
  it("opens the entities of those, and at every operation of HTTP no others: they answer as what isn't there", async () => {
    const { paths }: { paths: Record<string, Record<string, { "x-needs": string; requestBody?: object }>> } = JSON.parse(
      (await ask("GET", "/api/openapi.json")).text,
    );
    const cells = Object.entries(paths).flatMap(([path, methods]) =>
      path.includes("{key}")
        ? Object.entries(methods).map(([method, { requestBody }]) => ({ path, method: method.toUpperCase(), requestBody }))
        : [],
    );
    expect(cells.length).toBeGreaterThan(10);
    const before = await stored();
    let opened = 0;
    for (const { path, method, requestBody } of cells) {
      const bodies =
        requestBody === undefined ? [undefined] : [{ values: { name: "x" } }, { items: [{ values: { name: "x" } }] }, { values: {} }];
      for (const body of bodies) {
        for (const id of [entity, "SAL-1"]) {
          for (const query of method === "GET"
            ? ["", "?version=1", "?from=1&to=1", '?filter={"name":{"eq":"x"}}', "?sort=name", "?trashed=true"]
            : [""]) {
            const asked = (key: string) =>
              ask(method, `${path.replace("{key}", key).replace("{id}", id).replace("{transition}", "deliver")}${query}`, body);
            const [foreign, none] = [await asked(theirs), await asked(absent)];
            const cell = `${method} ${path}${query}`;
            expect([cell, foreign.status, without(foreign.text, theirs)]).toEqual([cell, none.status, without(none.text, absent)]);
          }
        }
      }
      const own = await ask(method, path.replace("{key}", "parcels").replace("{id}", "PAR-1"), bodies[0]);
      if (own.status < 400) opened += 1;
    }
    // Read, listed, its history and versions, made, changed, deleted.
    expect(opened).toBeGreaterThan(5);
    expect(await stored()).toEqual(before);
  });

  it("lists no other blueprint, whatever is asked of the list, and tells of none", async () => {
    for (const query of ["", "?sort=-key", "?limit=1", `?filter={"key":{"eq":"${theirs}"}}`, '?filter={"trashedAt":{"empty":true}}']) {
      const { status, text } = await ask("GET", `/api/v1/blueprints${query}`);
      expect([query, status, text.includes(theirs)]).toEqual([query, 200, false]);
    }
    expect(JSON.stringify(await clerk.run("blueprint.list"))).not.toContain(theirs);
    expect(JSON.stringify(await clerk.run("blueprint.list"))).toContain("parcels");
    const shown = async (key: string) =>
      without(JSON.stringify(await clerk.refused("blueprint.show", { blueprint: key })).replace(/"requestId":"[^"]*"/, ""), key);
    expect(await shown(theirs)).toBe(await shown(absent));
  });

  it("has their commands, and those of no other: not listed, not completed, not run, not planned", async () => {
    const listed = async (token?: string) => {
      const all: { name: string }[] = [];
      for (let cursor: string | null = ""; cursor !== null; ) {
        const path: string = `/api/v1/commands?limit=200${cursor === "" ? "" : `&cursor=${cursor}`}`;
        const page = JSON.parse((await ask("GET", path, undefined, token)).text);
        all.push(...page.items);
        cursor = page.nextCursor;
      }
      return all;
    };
    const all = await listed(admin.token);
    const foreign = all.map(({ name }) => name).filter((name) => name.startsWith(`${theirs}.`));
    expect(foreign.length).toBeGreaterThan(6);
    const mine = await listed();
    const names = mine.map(({ name }) => name);
    expect(names.filter((name) => name.startsWith("parcels."))).toHaveLength(foreign.length);
    expect(names.filter((name) => name.includes(theirs))).toEqual([]);
    const before = await stored();
    for (const name of foreign) {
      const none = name.replace(theirs, absent);
      for (const verb of ["runs", "plans"]) {
        const asked = (command: string) => ask("POST", `/api/v1/commands/${command}/${verb}`, { args: { entityId: entity, name: "x" } });
        const [refused, unknown] = [await asked(name), await asked(none)];
        expect([name, verb, refused.status, without(refused.text, name)]).toEqual([
          name,
          verb,
          unknown.status,
          without(unknown.text, none),
        ]);
      }
      expect((await ask("GET", `/api/v1/commands/${name}`)).status).toBe((await ask("GET", `/api/v1/commands/${none}`)).status);
    }
    expect(await stored()).toEqual(before);
    expect((await clerk.run("parcels.list")).messages?.[0]?.text).toMatch(/parcels/);
  });

  it("offers no entity of another where one is an argument, nor takes one", async () => {
    for (const blueprint of ["parcels", theirs]) {
      const parameters = [{ name: "thing", type: "entity", blueprint, required: true }];
      const name = `about-${blueprint}`;
      const body = { name, summary: "Asks.", kind: "request", parameters, request: { url: "https://api.example.com/{{thing}}" } };
      expect((await ask("POST", "/api/v1/operations", body, admin.token)).status).toBe(201);
      await admin.run("operation.publish", { name });
      await admin.run("operation.share", { name, roles: "everyone" });
    }
    const offered = async (name: string) => JSON.parse((await ask("GET", `/api/v1/commands/about-${name}/choices/thing?q=`)).text);
    expect((await offered("parcels")).items.length).toBeGreaterThan(0);
    expect(await offered(theirs)).toEqual({ items: [], truncated: false });
    const run = async (thing: string) => await ask("POST", `/api/v1/commands/about-${theirs}/runs`, { args: { thing } });
    const told = async (thing: string) => {
      const { status, text } = await run(thing);
      return [status, without(JSON.stringify(JSON.parse(text).error), thing)];
    };
    expect(await told("SAL-1")).toEqual(await told("SAL-9"));
    expect((await told("SAL-1"))[0]).toBe(422);
  });

  it("is as narrow for a key of theirs", async () => {
    const grants = await product.database.acrossTenants.query<{ grants: unknown }>("select grants from role where key = 'clerk'");
    expect(JSON.stringify(grants)).toContain('"blueprint":["parcels"]');
    await admin.run("role.create", {
      key: "clerk-keys",
      name: "Clerk with keys",
      permissions: "entities.read, commands.run, keys.manage",
      blueprints: "parcels",
    });
    await only("clerk-keys");
    const { data } = await clerk.run("key.create", { name: "Little", scopes: "entities.read, commands.run" });
    const { key }: { key: string } = JSON.parse(JSON.stringify(data));
    const asked = (blueprint: string) => ask("GET", `/api/v1/blueprints/${blueprint}/entities`, undefined, key);
    expect((await asked("parcels")).status).toBe(200);
    expect(await asked(theirs)).toEqual(await asked(absent));
    await only("clerk");
  });

  it("watches no other, and hears no more of one that it lost", async () => {
    const told = async (key: string) => {
      const desk = await clerk.desk();
      desk.send({ type: "watch", topic: `entities:${key}` });
      const { error } = await desk.until("error");
      await desk.close();
      return [error.code, error.path, error.message.replaceAll(key, "")];
    };
    expect(await told(theirs)).toEqual(await told(absent));
    const desk = await clerk.desk();
    await desk.watch("entities:parcels");
    const permissions = "entities.read, entities.change, commands.run, presence.declare";
    await admin.run("role.update", { role: "clerk", permissions, blueprints: theirs });
    // It is led anew, and finds what it may see then.
    expect((await desk.ended).code).toBeOneOf([4401, closeCodes.tryLater]);
    expect(await told("parcels")).toEqual(await told(absent));
    await admin.run("role.update", { role: "clerk", permissions, blueprints: "parcels" });
  });

  it("is given by nobody who doesn't hold as much, and says what it limits", async () => {
    const shape = { key: "odd", name: "Odd" };
    expect(await admin.refused("role.create", { ...shape, permissions: "entities.read", blueprints: absent })).toMatchObject({
      code: "invalid_value",
      path: "args.blueprints",
      message: expect.stringContaining(`no blueprint "${absent}"`),
    });
    expect(await admin.refused("role.create", { ...shape, permissions: "commands.run", blueprints: "parcels" })).toMatchObject({
      code: "invalid_value",
      path: "args.blueprints",
    });
    expect(await admin.refused("role.update", { role: "clerk", blueprints: theirs })).toMatchObject({ path: "args.permissions" });
    await admin.run("role.create", {
      key: "clerk-roles",
      name: "Clerk of roles",
      permissions: "entities.read, commands.run, roles.manage, people.manage",
      blueprints: "parcels",
    });
    await only("clerk-roles");
    for (const more of [{}, { blueprints: theirs }, { blueprints: `parcels, ${theirs}` }])
      await expect
        .poll(() => clerk.refused("role.create", { ...shape, permissions: "entities.read", ...more }))
        .toMatchObject({ code: "forbidden" });
    await clerk.run("role.create", { ...shape, permissions: "entities.read", blueprints: "parcels" });
    const { roles }: { roles: { key: string; grants: { on: { blueprint: string[] } }[] }[] } = JSON.parse(
      JSON.stringify((await admin.run("role.list")).data),
    );
    expect(roles.find(({ key }) => key === "odd")?.grants.map(({ on }) => on.blueprint)).toEqual([["parcels"]]);
    await only("clerk");
  });
});
