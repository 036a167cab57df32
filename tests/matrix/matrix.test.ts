import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isPermission } from "../../src/access/permissions.ts";
import { predefinedRoles } from "../../src/access/roles/roles.ts";
import type { CommandListing } from "../../src/protocol/commands.ts";
import { each, once, without } from "./asking.ts";
import { commandRows } from "./commandRows.ts";
import { socketRows } from "./socketRows.ts";
import { type Actor, type Answered, absent, type Operation, openWorld, type World } from "./world.ts";

/**
 * Every door × everybody × own, another tenant's, absent. The doors come from the product's own declarations: a new operation, command or frame
 * is asked without anybody writing it here, and one that doesn't say what it needs, or has no row, doesn't compile or fails.
 */
let world: World;
let operations: Operation[];
let commands: CommandListing[];
beforeAll(async () => {
  world = await openWorld();
  ({ operations, commands } = world);
}, 90_000);
afterAll(() => world.close());

const reaches = ({ security }: Operation, kind: Actor["kind"]) => {
  if (security.length === 0) return true;
  const scheme = {
    nobody: undefined,
    super: undefined,
    inactive: undefined,
    visitor: "visitorToken",
    account: "accessToken",
    apiKey: "apiKey",
  }[kind];
  return scheme !== undefined && security.some((each) => Object.hasOwn(each, scheme));
};
const addressed = ({ path, params }: Operation, value: string) =>
  params.reduce((address, name) => address.replace(`{${name}}`, name === "transition" ? "end" : value), path);
/** What is named by a key, and things within it, which have ids. */
const isKeyed = ({ params }: Operation) => params.includes("key");
const isWithin = (operation: Operation) => isKeyed(operation) && operation.params.includes("id");
/** What an operation is asked besides, or it would refuse that before it looks. */
const queries: Record<string, string> = { compareBlueprintVersions: "?from=1&to=1" };
/** With the things of a tenant: of what stands within another thing, our own of those. */
const addressedTo = (operation: Operation, value: string) =>
  `${addressed(
    isWithin(operation) ? { ...operation, path: operation.path.replace("{key}", world.ours.words["blueprint"] ?? "") } : operation,
    value,
  )}${queries[operation.id] ?? ""}`;
const valuesFor = (operation: Operation, { ids, words }: World["ours"]) =>
  isKeyed(operation) && !isWithin(operation) ? [words["blueprint"] ?? ""] : ids;
/** Ends the session of whoever asks, or others of theirs: it would change who they are for all others. */
const endsSession = ({ method, path }: Operation) => method === "delete" && /^\/api\/v1\/sessions?$/.test(path);

// Thousands of requests: more than the usual time where the machine is busy.
describe("the matrix", { timeout: 60_000 }, () => {
  it("has every operation, and each says what it needs", () => {
    expect(operations.length).toBeGreaterThan(40);
    for (const { id, needs, security } of operations) {
      expect(needs === "own" || needs === "anybody" || isPermission(needs), id).toBe(true);
      if (needs !== "anybody") expect(security, id).not.toEqual([]);
    }
    expect(commands.length).toBeGreaterThan(80);
    for (const { name, permission } of commands) expect(isPermission(permission), name).toBe(true);
  });

  it("sec/tenancy/10 who may change or delete a kind of thing needs one permission, and nobody needs less than who makes it", () => {
    const of = (verbs: string[]) => {
      const needed = new Map<string, string[]>();
      for (const { name, permission } of commands) {
        const [kind = "", verb = ""] = name.split(".");
        if (verbs.includes(verb)) needed.set(kind, [...new Set([...(needed.get(kind) ?? []), permission])]);
      }
      return needed;
    };
    const [making, changing] = [of(["create", "add"]), of(["set", "update", "rename", "delete", "remove", "revoke"])];
    expect(making.size).toBeGreaterThan(4);
    for (const [kind, made] of making) {
      const changed = changing.get(kind) ?? made;
      expect([kind, changed]).toEqual([kind, changed.slice(0, 1)]);
      const holders = (permission = "") => predefinedRoles.filter(({ grants }) => grants.some((grant) => grant.permission === permission));
      // Whoever may change it may make it: agents make tags by using them, which admins tidy up.
      for (const role of holders(changed[0])) expect([kind, role.key, holders(made[0]).includes(role)]).toEqual([kind, role.key, true]);
    }
  });

  it("sec/tenancy/8 sec/tenancy/13 HTTP: who isn't known is nobody at every door, and who lacks what it needs is refused there", async () => {
    const cells = operations
      .filter((each) => !endsSession(each))
      .flatMap((operation) => [...world.actors].map(([name, actor]) => ({ operation, name, actor })));
    await each(cells, async ({ operation, name, actor }) => {
      const cell = `${name}: ${operation.method} ${operation.path}`;
      const { status, code } = await world.ask(actor, operation.method, addressed(operation, absent));
      if (!reaches(operation, actor.kind)) expect([cell, status, code]).toEqual([cell, 401, "unauthenticated"]);
      else if (actor.kind !== "visitor" && isPermission(operation.needs) && !actor.permissions.has(operation.needs))
        expect([cell, status, code]).toEqual([cell, 403, "forbidden"]);
      else expect([cell, status < 500 || code === "unavailable"]).toEqual([cell, true]);
    });
  });

  it("sec/tenancy/1 sec/tenancy/11 HTTP: what is another tenant's answers as what isn't there, whatever it is, and one's own doesn't", async () => {
    const named = operations.filter(({ params }) => params.length > 0 && !params.includes("name"));
    expect(named.length).toBeGreaterThan(4);
    const kept = once<Answered>();
    const isOwn = new Set<string>();
    const cells = named.flatMap((operation) =>
      ["owner", "admin", "agent", "API key without scope", "visitor"].flatMap((name) =>
        valuesFor(operation, world.theirs).map((id) => ({ operation, name, id })),
      ),
    );
    const gone = (name: string, operation: Operation) =>
      kept(`${name} ${operation.id}`, () => world.ask(name, operation.method, addressedTo(operation, absent)));
    await each(cells, async ({ operation, name, id }) => {
      const cell = `${name}: ${operation.method} ${operation.path}`;
      const [foreign, none] = [await world.ask(name, operation.method, addressedTo(operation, id)), await gone(name, operation)];
      expect([cell, foreign.status, without(foreign.text, id)]).toEqual([cell, none.status, without(none.text, absent)]);
    });
    // The same with what is there: a door that answers everything alike would pass by being shut.
    const reads = named.filter(({ method, needs }) => method === "get" && needs !== "anybody");
    await each(
      reads.flatMap((operation) => valuesFor(operation, world.ours).map((id) => ({ operation, id }))),
      async ({ operation, id }) => {
        const own = await world.ask("owner", "get", addressedTo(operation, id));
        if (own.status !== (await gone("owner", operation)).status) isOwn.add(operation.id);
      },
    );
    expect([...isOwn].sort()).toEqual(reads.map(({ id }) => id).sort());
  });

  it("HTTP: an address that no row can have is refused at every operation, by each of its parts", async () => {
    const cells = operations.flatMap((operation) => [
      ...(operation.params.length === 0 ? [] : [{ operation, address: addressed(operation, "%00") }]),
      ...operation.queries.map((query) => ({ operation, address: `${addressed(operation, absent)}?${query}=%00` })),
    ]);
    expect(cells.length).toBeGreaterThan(40);
    await each(cells, async ({ operation: { method }, address }) => {
      const { status } = await world.ask("owner", method, address);
      expect([method, address, status, [401, 404, 422].includes(status)]).toEqual([method, address, status, true]);
    });
  });

  it("sec/tenancy/2 a write that brings the tenant, an id or rights along is refused", async () => {
    const cells = ["tenant", "tenantId", "tenant_id", "id", "createdAt", "role", "roles", "active", "permissions", "__proto__"].flatMap(
      (field) => [`{"args":{"name":"x"},"${field}":"${absent}"}`, `{"args":{"name":"x","${field}":"${absent}"}}`],
    );
    await each(cells, async (body) => {
      const { status } = await world.ask("admin", "post", "/api/v1/commands/tag.create/runs", JSON.parse(body));
      expect([body, status]).toEqual([body, 422]);
    });
  });

  it("sec/sql/53 an object, a list or a number where a text belongs is refused at every operation and every argument, and breaks nothing", async () => {
    const { paths, components } = JSON.parse((await world.ask("owner", "get", "/api/openapi.json")).text);
    const textsOf = (properties: Record<string, { type?: string }> = {}) =>
      Object.keys(properties).filter((name) => properties[name]?.type === "string");
    const asked = operations.filter((operation) => operation.security.length === 0 || reaches(operation, "account"));
    const inBodies = asked.flatMap((operation) => {
      const schema = paths[operation.path][operation.method].requestBody?.content["application/json"]?.schema ?? {};
      const named = schema.$ref === undefined ? schema : components.schemas[schema.$ref.split("/").at(-1)];
      const texts = textsOf(named.properties);
      // The others fit, mostly, so that it is this one that is refused.
      const others = Object.fromEntries(texts.map((text) => [text, "someone@example.org"]));
      return texts.map((field) => ({
        method: operation.method,
        address: addressed(operation, absent),
        body: (value: unknown) => ({ ...others, [field]: value }),
      }));
    });
    const inArguments = commands.flatMap(({ name, args }) =>
      textsOf(args.properties).map((argument) => ({
        method: "post",
        address: `/api/v1/commands/${name}/plans`,
        body: (value: unknown) => ({ args: { [argument]: value } }),
      })),
    );
    expect(inBodies.length).toBeGreaterThan(10);
    expect(inArguments.length).toBeGreaterThan(100);
    await each([...inBodies, ...inArguments], async ({ method, address, body }) => {
      for (const value of [{ gt: "" }, [""], 7]) {
        const { status, code } = await world.ask("owner", method, address, body(value));
        expect([address, body(value), status, code]).toEqual([address, body(value), 422, "invalid_value"]);
      }
    });
  });

  commandRows(() => world);
  socketRows(() => world);
});
