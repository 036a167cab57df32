import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createKey } from "../../src/access/apiKeys.ts";
import { isPermission } from "../../src/access/permissions.ts";
import { permissionsOf } from "../../src/access/roles.ts";
import type { CommandListing } from "../../src/protocol/commands.ts";
import type { DeskFrame } from "../../src/protocol/desk.ts";
import { type Agent, openProduct, type TestProduct } from "../fixtures/product.ts";

/**
 * Every door × everybody × own, another tenant's, absent. The doors come from the product's own declarations: a new operation, command or frame
 * is asked without anybody writing it here, and one that doesn't say what it needs doesn't compile.
 */
interface Operation {
  method: string;
  path: string;
  id: string;
  needs: string;
  security: Record<string, string[]>[];
  params: string[];
}

/** Who asks, by the header that they send, and what they hold; those who hold nothing are refused at the door. */
interface Actor {
  authorization: string | undefined;
  permissions: ReadonlySet<string>;
  kind: "nobody" | "visitor" | "account" | "apiKey" | "inactive";
}

const absent = "01890a5d-ac96-774b-bcce-b302099a8057";
let product: TestProduct;
let admin: Agent;
let agent: Agent;
let operations: Operation[];
let commands: CommandListing[];
let actors: Map<string, Actor>;
let theirs: { ids: string[]; words: Record<string, string> };

const ask = async (actor: Actor, method: string, path: string, body?: object) => {
  const answer = await fetch(`${product.url}${path}`, {
    method: method.toUpperCase(),
    headers: {
      ...(actor.authorization === undefined ? {} : { authorization: actor.authorization }),
      ...(method === "get" ? {} : { "content-type": "application/json" }),
    },
    ...(method === "get" ? {} : { body: JSON.stringify(body ?? {}) }),
  });
  const text = (await answer.text()).replace(/,?"requestId":"[^"]*"/, "");
  const code: string | undefined = answer.status < 400 ? undefined : JSON.parse(text).error?.code;
  return { status: answer.status, text, code };
};
const holder = (name: string): Actor => {
  const found = actors.get(name);
  if (found === undefined) throw new Error(`nobody is called ${name}`);
  return found;
};
/** What an answer says, without what was asked. */
const without = (text: string, ...asked: string[]) => asked.reduce((rest, word) => rest.replaceAll(word, "…"), text);

/** A few at once: each request is short. */
async function each<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const left = [...items];
  await Promise.all(
    Array.from({ length: 12 }, async () => {
      for (let next = left.shift(); next !== undefined; next = left.shift()) await work(next);
    }),
  );
}

beforeAll(async () => {
  product = await openProduct();
  const sql = product.database.acrossTenants;
  const setRoles = (email: string, roles: string[]) =>
    sql.query("update membership set roles = $2 where account_id = (select id from account where email = $1)", [email, roles]);
  admin = await product.agent("admin@demo.example");
  agent = await product.agent();
  const { page, welcome, conversation } = await product.visit();
  await page.say("hello");

  // Another tenant with something of everything that a tenant can have here.
  const elsewhere = await product.addTenant("elsewhere");
  await setRoles(elsewhere.email, ["admin"]);
  const stranger = await product.agent(elsewhere.email);
  await stranger.run("role.create", { key: "their-role", name: "Their role", permissions: "commands.run" });
  await stranger.run("team.create", { key: "their-team", name: "Their team" });
  await stranger.run("tag.create", { name: "their-tag" });
  const key = await createKey(
    { database: product.database, clock: product.clock },
    { ...asPrincipal(stranger, elsewhere.tenant) },
    {
      name: "Theirs",
      scopes: ["commands.run"],
      days: 1,
    },
  );
  const tables = await sql.query<{ name: string; column: string }>(
    `select c.relname as name, a.attname as column from pg_class c
       join pg_attribute t on t.attrelid = c.oid and t.attname = 'tenant_id' join pg_attribute a on a.attrelid = c.oid and a.atttypid = 'uuid'::regtype
      where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and a.attname not in ('tenant_id')`,
  );
  const ids = new Set<string>([key.id, elsewhere.tenant]);
  for (const { name, column } of tables) {
    const rows = await sql.query<{ id: string | null }>(`select "${column}"::text as id from "${name}" where tenant_id = $1 limit 1`, [
      elsewhere.tenant,
    ]);
    for (const { id } of rows) if (id !== null) ids.add(id);
  }
  // A conversation with its contact, of theirs.
  const [made] = await sql.query<{ conversation: string; contact: string }>(
    `with k as (insert into contact (tenant_id, id, name) values ($1, gen_random_uuid(), 'Theirs') returning id)
     insert into conversation (tenant_id, id, inbox_id, contact_id, team)
       select $1, gen_random_uuid(), (select id from inbox where tenant_id = $1 limit 1), k.id, 'support' from k
       returning id as conversation, contact_id as contact`,
    [elsewhere.tenant],
  );
  for (const id of [made?.conversation, made?.contact]) if (id !== undefined) ids.add(id);
  theirs = {
    ids: [...ids],
    words: { team: "their-team", role: "their-role", email: elsewhere.email, to: elsewhere.email, tag: "their-tag" },
  };

  const [inactiveAgent, inactiveAdmin] = [await product.agent("agent2@demo.example"), await addAdmin("second@demo.example")];
  const owner = await addAdmin("owner@demo.example");
  await setRoles(owner.email, ["owner"]);
  const scoped = await createKey({ database: product.database, clock: product.clock }, asPrincipal(admin, product.tenant), {
    name: "Nothing much",
    scopes: ["commands.run"],
    days: 1,
  });
  await sql.query("update membership set active = false where account_id = any($1)", [[inactiveAgent.id, inactiveAdmin.id]]);
  product.bus.publish(`tenant.${product.tenant}.access`, {});
  const account = ({ token }: Agent, roles: string[]): Actor => ({
    kind: "account",
    authorization: `Bearer ${token}`,
    permissions: permissionsOf(roles),
  });
  const nothing = new Set<string>();
  actors = new Map<string, Actor>([
    ["nobody", { kind: "nobody", authorization: undefined, permissions: nothing }],
    ["visitor", { kind: "visitor", authorization: `Visitor ${product.inbox}:${welcome.token}`, permissions: nothing }],
    ["agent", account(agent, ["agent"])],
    ["admin", account(admin, ["admin"])],
    ["owner", account(owner, ["owner"])],
    ["inactive agent", { ...account(inactiveAgent, []), kind: "inactive" }],
    ["inactive admin", { ...account(inactiveAdmin, []), kind: "inactive" }],
    ["API key without scope", { kind: "apiKey", authorization: `Bearer ${scoped.key}`, permissions: new Set(["commands.run"]) }],
    ["member of another tenant", account(stranger, ["admin"])],
  ]);

  const document: {
    paths: Record<string, Record<string, { operationId: string; "x-needs": string; security: Record<string, string[]>[] }>>;
  } = JSON.parse(await (await fetch(`${product.url}/api/openapi.json`)).text());
  operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId: id, "x-needs": needs, security }]) => ({
      method,
      path,
      id,
      needs,
      security,
      params: [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name),
    })),
  );
  const listed = await ask(holder("owner"), "get", "/api/v1/commands?limit=200");
  commands = JSON.parse(listed.text).items;
  await page.close();
  expect(conversation).not.toBe(absent);
}, 30_000);
afterAll(() => product.stop());

function asPrincipal({ id: account, name, email }: Agent, tenant: string) {
  const permissions = permissionsOf(["admin"]);
  return { kind: "account", tenant, account, name, email, session: absent, permissions, grants: [], teams: [] } as const;
}

async function addAdmin(email: string): Promise<Agent> {
  const sql = product.database.acrossTenants;
  await sql.query("insert into account (id, email, name, factor_exempt) values (gen_random_uuid(), $1, $1, true)", [email]);
  await sql.query("insert into membership (tenant_id, account_id, roles) select $1, id, '{admin}' from account where email = $2", [
    product.tenant,
    email,
  ]);
  return await product.agent(email);
}

const reaches = ({ security }: Operation, kind: Actor["kind"]) => {
  if (security.length === 0) return true;
  const scheme = { nobody: undefined, inactive: undefined, visitor: "visitorToken", account: "accessToken", apiKey: "apiKey" }[kind];
  return scheme !== undefined && security.some((each) => Object.hasOwn(each, scheme));
};
const addressed = ({ path, params }: Operation, value: string) =>
  params.reduce((address, name) => address.replace(`{${name}}`, value), path);
/** Ends the session of whoever asks: it would change who they are for all others. */
const endsSession = ({ method, path }: Operation) => method === "delete" && path === "/api/v1/session";

// Thousands of requests: more than the usual time where the machine is busy.
describe("the matrix", { timeout: 60_000 }, () => {
  it("has every operation, and each says what it needs", () => {
    expect(operations.length).toBeGreaterThan(15);
    for (const { id, needs, security } of operations) {
      expect(needs === "own" || needs === "anybody" || isPermission(needs), id).toBe(true);
      if (needs !== "anybody") expect(security, id).not.toEqual([]);
    }
    expect(commands.length).toBeGreaterThan(80);
    for (const { name, permission } of commands) expect(isPermission(permission), name).toBe(true);
  });

  it("sec/tenancy/8 HTTP: who isn't known is nobody at every door, and who lacks what it needs is refused there", async () => {
    const cells = operations
      .filter((each) => !endsSession(each))
      .flatMap((operation) => [...actors].map(([name, actor]) => ({ operation, name, actor })));
    await each(cells, async ({ operation, name, actor }) => {
      const cell = `${name}: ${operation.method} ${operation.path}`;
      const { status, code } = await ask(actor, operation.method, addressed(operation, absent));
      if (!reaches(operation, actor.kind)) expect([cell, status, code]).toEqual([cell, 401, "unauthenticated"]);
      else if (actor.kind !== "visitor" && isPermission(operation.needs) && !actor.permissions.has(operation.needs))
        expect([cell, status, code]).toEqual([cell, 403, "forbidden"]);
      else expect([cell, status < 500 || code === "unavailable"]).toEqual([cell, true]);
    });
  });

  it("sec/tenancy/1 HTTP: what is another tenant's answers as what isn't there, whatever it is", async () => {
    const named = operations.filter(({ params }) => params.length > 0);
    expect(named.length).toBeGreaterThan(4);
    const cells = named.flatMap((operation) =>
      ["owner", "API key without scope", "visitor"].flatMap((name) => theirs.ids.map((id) => ({ operation, name, id }))),
    );
    const missing = new Map<string, Promise<{ status: number; text: string }>>();
    await each(cells, async ({ operation, name, id }) => {
      const cell = `${name}: ${operation.method} ${operation.path}`;
      const known = missing.get(cell) ?? ask(holder(name), operation.method, addressed(operation, absent));
      missing.set(cell, known);
      const [foreign, gone] = [await ask(holder(name), operation.method, addressed(operation, id)), await known];
      expect([cell, foreign.status, without(foreign.text, id)]).toEqual([cell, gone.status, without(gone.text, absent)]);
    });
  });

  it("sec/tenancy/8 commands: each actor is shown, and may run, exactly what their permissions say; the rest is unknown to them", async () => {
    for (const [name, actor] of actors) {
      if (actor.kind !== "account" && actor.kind !== "apiKey") continue;
      const { text } = await ask(actor, "get", "/api/v1/commands?limit=200");
      const shown: string[] = JSON.parse(text).items.map((command: CommandListing) => command.name);
      const expected = commands.filter(({ permission }) => actor.permissions.has(permission)).map((command) => command.name);
      if (actor.kind === "account") expect([name, shown]).toEqual([name, expected]);
      else expect(shown.filter((each) => !expected.includes(each))).toEqual([]);
    }
    const cells = commands.flatMap((command) =>
      ["agent", "API key without scope", "visitor", "nobody", "inactive agent", "inactive admin"].map((name) => ({ command, name })),
    );
    const nowhere = new Map<string, Promise<{ status: number; text: string }>>();
    await each(cells, async ({ command, name }) => {
      const actor = holder(name);
      if (actor.permissions.has(command.permission)) return;
      // A plan is asked for by the same lines: one actor is enough.
      for (const verb of name === "agent" ? ["runs", "plans"] : ["runs"]) {
        const unknown = nowhere.get(`${name} ${verb}`) ?? ask(actor, "post", `/api/v1/commands/nothing.there/${verb}`, { args: {} });
        nowhere.set(`${name} ${verb}`, unknown);
        const { status, text } = await ask(actor, "post", `/api/v1/commands/${command.name}/${verb}`, { args: {} });
        const expected = await unknown;
        expect([name, command.name, status, without(text, command.name)]).toEqual([
          name,
          command.name,
          expected.status,
          without(expected.text, "nothing.there"),
        ]);
      }
    });
  });

  it("sec/tenancy/1 commands: an argument that names another tenant's thing answers as one that names nothing", async () => {
    const before = await fingerprint();
    const cells = commands.flatMap((command) =>
      Object.entries(command.args.properties).flatMap(([argument, { format }]) => {
        const word = theirs.words[argument];
        const values = format === "uuid" ? theirs.ids : word === undefined ? [] : [word];
        return values.map((value) => ({
          command,
          argument,
          value,
          // As long as the other, for an error may tell the length.
          none: format === "uuid" ? absent : `${value.slice(0, -1)}q`,
        }));
      }),
    );
    expect(cells.length).toBeGreaterThan(200);
    const answers = new Map<string, Promise<{ status: number; text: string }>>();
    const run = ({ command, argument }: (typeof cells)[number], value: string) =>
      ask(holder("owner"), "post", `/api/v1/commands/${command.name}/runs`, { args: { ...filled(command, argument), [argument]: value } });
    await each(cells, async (cell) => {
      const key = `${cell.command.name} ${cell.argument}`;
      const known = answers.get(key) ?? run(cell, cell.none);
      answers.set(key, known);
      const plain = ({ text }: { text: string }, asked: string) =>
        without(text, asked)
          .replace(/"id":"[^"]*"/g, "")
          .replace(/"createdAt":"[^"]*"/, "");
      const [foreign, gone] = [await run(cell, cell.value), await known];
      expect([key, foreign.status, plain(foreign, cell.value)]).toEqual([key, gone.status, plain(gone, cell.none)]);
    });
    expect(await fingerprint()).toEqual(before);
  }, 20_000);

  it("sec/tenancy/2 a write that brings the tenant, an id or rights along is refused", async () => {
    for (const field of ["tenant", "tenantId", "tenant_id", "id", "createdAt", "role", "roles", "active", "permissions", "__proto__"]) {
      const { status } = await ask(
        holder("admin"),
        "post",
        "/api/v1/commands/tag.create/runs",
        JSON.parse(`{"args":{"name":"x"},"${field}":"${absent}"}`),
      );
      expect([field, status]).toEqual([field, 422]);
      const inside = await ask(
        holder("admin"),
        "post",
        "/api/v1/commands/tag.create/runs",
        JSON.parse(`{"args":{"name":"x","${field}":"${absent}"}}`),
      );
      expect([field, inside.status]).toEqual([field, 422]);
    }
  });

  it("sockets: every frame of the desk answers for another tenant's conversation as for none", async () => {
    const desk = await agent.desk();
    const conversation = theirs.ids.at(-2) ?? "";
    // A new frame has no row here until somebody writes it: then this doesn't compile.
    const frames: Record<DeskFrame["type"], ((id: string) => object) | undefined> = {
      hello: undefined,
      ping: undefined,
      unwatch: undefined,
      watch: (id) => ({ topic: `conversation:${id}` }),
      message: (id) => ({ conversation: id, text: "x" }),
      note: (id) => ({ conversation: id, text: "x" }),
      typing: (id) => ({ conversation: id, on: true }),
      read: (id) => ({ conversation: id, seq: 1 }),
      look: (id) => ({ conversation: id }),
    };
    const silent = new Set(["typing", "read", "look"]);
    const heard: string[] = [];
    desk.each((frame) => heard.push(JSON.stringify(frame)));
    for (const [type, make] of Object.entries(frames)) {
      if (make === undefined) continue;
      const said = [];
      for (const id of [conversation, absent]) {
        heard.length = 0;
        desk.send({ type, ...(type === "watch" ? {} : { clientId: "c" }), ...make(id) });
        // What nobody is told takes as long as what would have been told.
        await expect.poll(() => heard.length > 0 || silent.has(type), { interval: 10 }).toBe(true);
        if (silent.has(type)) await new Promise((resolve) => setTimeout(resolve, 80));
        said.push(heard.map((frame) => without(frame, id)));
      }
      expect([type, said[0]]).toEqual([type, said[1]]);
    }
    desk.send({ type: "watch", topic: "queue:their-team" });
    await expect(desk.until("snapshot", ({ topic }) => topic === "queue:their-team")).resolves.toMatchObject({ items: [] });
  });
});

/** Something for each other argument that must be there. */
function filled({ args }: CommandListing, but: string): Record<string, unknown> {
  return Object.fromEntries(
    (args.required ?? []).flatMap((name): [string, unknown][] => {
      const schema = args.properties[name];
      if (name === but || schema === undefined) return [];
      if (schema.format === "uuid") return [[name, absent]];
      if (schema.enum !== undefined) return [[name, schema.enum[0]]];
      if (schema.type === "integer" || schema.type === "number") return [[name, schema.minimum ?? 1]];
      if (schema.type === "boolean") return [[name, true]];
      if (schema.type === "object") return [[name, {}]];
      if (schema.type === "array") return [[name, []]];
      return [[name, "nothing"]];
    }),
  );
}

/** Everything of the other tenant, as one text: what no door may have changed. */
async function fingerprint(): Promise<unknown> {
  const sql = product.database.acrossTenants;
  // The search is filled behind: nothing of it is left to be done when the rows are compared.
  await expect.poll(() => sql.query("select from contact where not searched"), { timeout: 20_000 }).toEqual([]);
  const tables = await sql.query<{ name: string }>(
    `select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
      where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace order by 1`,
  );
  const found: Record<string, unknown> = {};
  for (const { name } of tables) {
    const [row] = await sql.query<{ print: string | null }>(
      `select md5(string_agg(t::text, '|' order by t::text)) as print from "${name}" t where tenant_id = (select id from tenant where slug = 'elsewhere')`,
    );
    found[name] = row?.print;
  }
  return found;
}
