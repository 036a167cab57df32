import { Agent as Connections, request } from "node:http";
import { createPasswords } from "../../src/access/accounts/passwords.ts";
import { createKey } from "../../src/access/apiKeys/apiKeys.ts";
import { permissionsOf } from "../../src/access/roles/roles.ts";
import { addSuperAdmin } from "../../src/access/super/superAdmins.ts";
import { addJob } from "../../src/platform/jobs/jobs.ts";
import type { CommandListing } from "../../src/protocol/commands.ts";
import { listAll } from "../fixtures/listAll.ts";
import { type Agent, openProduct, type TestProduct } from "../fixtures/product.ts";
import { upload } from "../fixtures/uploads.ts";

export interface Operation {
  method: string;
  path: string;
  id: string;
  needs: string;
  security: Record<string, string[]>[];
  params: string[];
  queries: string[];
}

/** Who asks, by the headers that they send, and what they hold; those who hold nothing are refused at the door. */
export interface Actor {
  headers: Record<string, string>;
  permissions: ReadonlySet<string>;
  kind: "nobody" | "visitor" | "account" | "apiKey" | "inactive" | "super";
}

export interface Answered {
  status: number;
  text: string;
  code: string | undefined;
}

/** The product with one of everybody, and another tenant with something of everything that a tenant can have. */
export interface World {
  product: TestProduct;
  actors: ReadonlyMap<string, Actor>;
  people: { owner: Agent; admin: Agent; agent: Agent; stranger: Agent };
  /** Of our tenant, and of the other one: every id of theirs that stands in a table, and words that name things. */
  ours: Things;
  theirs: Things;
  operations: Operation[];
  commands: CommandListing[];
  ask(actor: Actor | string, method: string, path: string, body?: object): Promise<Answered>;
  close(): Promise<void>;
}

export interface Things {
  ids: string[];
  words: Record<string, string>;
  conversation: string;
  file: string;
}

/** An id that nobody has. */
export const absent = "01890a5d-ac96-774b-bcce-b302099a8057";

export async function openWorld(): Promise<World> {
  const product = await openProduct();
  const sql = product.database.acrossTenants;
  const ask = openAsk(product);
  const addPerson = async (email: string, roles: string[]) => {
    await sql.query("insert into account (id, email, name, factor_exempt) values (gen_random_uuid(), $1, $1, true)", [email]);
    await sql.query("insert into membership (tenant_id, account_id, roles) select $1, id, $3 from account where email = $2", [
      product.tenant,
      email,
      roles,
    ]);
    return await product.agent(email);
  };
  const [admin, agent, owner] = [
    await product.agent("admin@demo.example"),
    await product.agent(),
    await addPerson("owner@demo.example", ["owner"]),
  ];
  const [inactiveAgent, inactiveAdmin] = [await product.agent("agent2@demo.example"), await addPerson("second@demo.example", ["admin"])];
  const elsewhere = await product.addTenant("elsewhere");
  await sql.query("update membership set roles = '{admin}' where tenant_id = $1", [elsewhere.tenant]);
  const stranger = await product.agent(elsewhere.email);

  const theirs = await thingsOf(product, stranger, elsewhere.tenant, elsewhere.inbox, "their");
  const { visitor, ...ours } = await thingsOf(product, owner, product.tenant, product.inbox, "our");
  const scoped = await createKey(product, asPrincipal(admin, product.tenant, ["admin"]), {
    name: "Little",
    scopes: ["commands.run"],
    days: 1,
  });
  await sql.query("update membership set active = false where account_id = any($1)", [[inactiveAgent.id, inactiveAdmin.id]]);
  product.bus.publish(`tenant.${product.tenant}.access`, {});

  const nothing = new Set<string>();
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
  const account = ({ token }: Agent, roles: string[]): Actor => ({
    kind: "account",
    headers: bearer(token),
    permissions: permissionsOf(roles),
  });
  const actors = new Map<string, Actor>([
    ["nobody", { kind: "nobody", headers: {}, permissions: nothing }],
    ["visitor", { kind: "visitor", headers: { authorization: visitor }, permissions: nothing }],
    ["agent", account(agent, ["agent"])],
    ["inactive agent", { ...account(inactiveAgent, []), kind: "inactive" }],
    ["admin", account(admin, ["admin"])],
    ["inactive admin", { ...account(inactiveAdmin, []), kind: "inactive" }],
    ["owner", account(owner, ["owner"])],
    ["super admin", { kind: "super", headers: { cookie: await superCookie(product) }, permissions: nothing }],
    ["API key without scope", { kind: "apiKey", headers: bearer(scoped.key), permissions: new Set(["commands.run"]) }],
    ["member of another tenant", account(stranger, ["admin"])],
  ]);
  const known = (actor: Actor | string) => {
    const found = typeof actor === "string" ? actors.get(actor) : actor;
    if (found === undefined) throw new Error(`nobody is called ${String(actor)}`);
    return found;
  };
  const asked: World["ask"] = (actor, method, path, body) => ask(known(actor), method, path, body);
  const listed = await listAll<CommandListing>("/api/v1/commands", async (address) => (await asked("owner", "get", address)).text);
  return {
    product,
    actors,
    people: { owner, admin, agent, stranger },
    ours,
    theirs,
    operations: await operationsOf(asked),
    commands: listed,
    ask: asked,
    close: async () => {
      ask.close();
      await product.stop();
    },
  };
}

/** Asks over connections that stay open: `fetch` takes three times as long for what is as short as this. */
function openAsk({ port }: TestProduct) {
  const agent = new Connections({ keepAlive: true, maxSockets: 12 });
  const ask = (actor: Actor, method: string, path: string, body?: object): Promise<Answered> =>
    new Promise((resolve, reject) => {
      const payload = method === "get" ? undefined : JSON.stringify(body ?? {});
      const headers = {
        ...actor.headers,
        ...(payload === undefined ? {} : { "content-type": "application/json", "content-length": Buffer.byteLength(payload) }),
      };
      const asking = request({ host: "127.0.0.1", port, path, method: method.toUpperCase(), agent, headers }, (answer) => {
        let read = "";
        answer.setEncoding("utf8").on("data", (part: string) => {
          read += part;
        });
        answer.on("end", () => {
          const text = read.replace(/,?"requestId":"[^"]*"/, "");
          const status = answer.statusCode ?? 0;
          resolve({ status, text, code: status < 400 || !text.startsWith("{") ? undefined : JSON.parse(text).error?.code });
        });
      });
      asking.on("error", reject).end(payload);
    });
  return Object.assign(ask, { close: () => agent.destroy() });
}

/** One of everything, made by somebody of the tenant through the doors. */
async function thingsOf(
  product: TestProduct,
  who: Agent,
  tenant: string,
  inbox: string,
  whose: string,
): Promise<Things & { visitor: string }> {
  await who.run("role.create", { key: `${whose}-role`, name: `${whose} role`, permissions: "commands.run" });
  await who.run("team.create", { key: `${whose}-team`, name: `${whose} team` });
  await who.run("tag.create", { name: `${whose}-tag` });
  const source = { kind: "postgresql", host: "db.example.com", database: "reports", user: "reader", password: "of their database" };
  await who.run("data-source.create", { name: `${whose}-source`, ...source });
  const message = { by: "note", conversation: "{{me.email}}", text: "Hello" };
  await who.run("operation.create", { name: `${whose}-operation`, kind: "message", summary: "Says hello.", message });
  const request = { url: "https://api.example.com/", credential: { kind: "bearer" } };
  await who.run("operation.create", { name: `${whose}-request`, kind: "request", summary: "Asks a host.", request });
  await who.run("operation.secret", { name: `${whose}-request`, secret: `of their host, ${whose}`.replaceAll(/[ ,]+/g, "-") });
  await who.run("operation.publish", { name: `${whose}-operation` });
  await who.run("operation.share", { name: `${whose}-operation`, roles: "everyone" });
  await who.run("blueprint.create", { key: `${whose}-things`, name: "Thing" });
  await who.run("blueprint.add-field", { blueprint: `${whose}-things`, key: "status", type: "choice", choices: "open, over" });
  await who.run("blueprint.add-transition", { blueprint: `${whose}-things`, key: "end", from: "open", to: "over" });
  await who.run(`${whose}-things.create`, { name: `${whose} thing` });
  await who.run(`${whose}-things.update`, { entityId: `${whose.slice(0, 3).toUpperCase()}-1`, name: `${whose} other thing` });
  await fetch(`${product.url}/api/v1/blueprints/${whose}-things/imports?name=some.csv`, {
    method: "POST",
    headers: { "content-type": "application/octet-stream", authorization: `Bearer ${who.token}` },
    body: "Name\nsomething\n",
  });
  const at = new Date(Date.now() + 300 * 86_400_000).toISOString();
  const later = { by: "notice", to: [who.email], text: "Hello", at };
  await who.run("operation.create", { name: `${whose}-message`, kind: "message", summary: "Says hello later.", message: later });
  await who.run("operation.publish", { name: `${whose}-message` });
  await who.run(`${whose}-message`);
  // What it scheduled stays.
  await who.run("operation.delete", { name: `${whose}-message` });
  const schedule = { name: `${whose} schedule`, operation: `${whose}-operation`, when: "every day at 9" };
  await who.run("schedule.create", schedule);
  const [begun] = await product.database.acrossTenants.query<{ id: string }>("select id from schedule where tenant_id = $1", [tenant]);
  await product.database.acrossTenants.query(
    "insert into schedule_time (tenant_id, schedule_id, due_at, version, begun_at, run_id, state, ended_at) values ($1, $2, now(), 1, now(), gen_random_uuid(), 'failed', now())",
    [tenant, begun?.id],
  );
  await createKey(product, asPrincipal(who, tenant, ["admin"]), { name: whose, scopes: ["commands.run"], days: 1 });
  await product.database.forTenant(tenant).transaction((tx) => addJob(tx, { kind: "matrix.nobody-does-it", data: {} }));
  const page = await product.openVisitor();
  page.send({ type: "hello", inbox, locale: "en", page: `${product.url}/` });
  const { token, conversation } = await page.until("welcome");
  const visitor = `Visitor ${inbox}:${token}`;
  const file = await upload(product.url, visitor, "something");
  page.send({ type: "message", clientId: "a", text: "hello", files: [file.id] });
  await page.until("ack");
  await page.close();
  const ids = new Set<string>([tenant, conversation, file.id]);
  const columns = await product.database.acrossTenants.query<{ name: string; column: string }>(
    `select c.relname as name, a.attname as column from pg_class c
       join pg_attribute t on t.attrelid = c.oid and t.attname = 'tenant_id' join pg_attribute a on a.attrelid = c.oid and a.atttypid = 'uuid'::regtype
      where c.relkind in ('r', 'p') and not c.relispartition and c.relnamespace = 'public'::regnamespace and a.attname <> 'tenant_id'`,
  );
  for (const { name, column } of columns) {
    const rows = await product.database.acrossTenants.query<{ id: string | null }>(
      `select "${column}"::text as id from "${name}" where tenant_id = $1 limit 1`,
      [tenant],
    );
    for (const { id } of rows) if (id !== null) ids.add(id);
  }
  const words = {
    team: `${whose}-team`,
    role: `${whose}-role`,
    email: who.email,
    to: who.email,
    tag: `${whose}-tag`,
    operation: `${whose}-operation`,
    blueprint: `${whose}-things`,
  };
  return { ids: [...ids], words, conversation, file: file.id, visitor };
}

export function asPrincipal({ id: account, name, email }: Agent, tenant: string, roles: string[]) {
  return {
    kind: "account",
    tenant,
    account,
    name,
    email,
    session: absent,
    permissions: permissionsOf(roles),
    grants: [],
    roles: [],
    teams: [],
  } as const;
}

/** Of a super admin who has been through all steps. */
async function superCookie(product: TestProduct): Promise<string> {
  const passwords = createPasswords({ memoryKiB: 1024, passes: 1 });
  const given = { email: "root@example.org", name: "Root", password: "a quiet heron at dawn" };
  await addSuperAdmin({ ...product, passwords }, { user: "root", most: 1 }, given);
  await product.database.acrossTenants.query(
    "update super_admin set password_hash = secret_hash, secret_hash = null, secret_expires_at = null, verified_at = now(), factor_enrolled_at = now()",
  );
  const signedIn = await fetch(`${product.url}/super/sign-in`, {
    method: "POST",
    redirect: "manual",
    headers: { origin: product.url },
    body: new URLSearchParams({ email: given.email, password: given.password }),
  });
  await product.database.acrossTenants.query("update super_session set factor_at = now()");
  return signedIn.headers.get("set-cookie")?.split(";")[0] ?? "";
}

interface Described {
  operationId: string;
  "x-needs": string;
  security: Record<string, string[]>[];
  parameters?: { in: string; name: string }[];
}

async function operationsOf(ask: World["ask"]): Promise<Operation[]> {
  const document: {
    paths: Record<string, Record<string, Described>>;
  } = JSON.parse((await ask("nobody", "get", "/api/openapi.json")).text);
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId: id, "x-needs": needs, security, parameters = [] }]) => ({
      method,
      path,
      id,
      needs,
      security,
      params: [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name),
      queries: parameters.filter((each) => each.in === "query").map(({ name }) => name),
    })),
  );
}
