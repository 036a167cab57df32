import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { verifyAudit } from "../../src/access/audit/verifyAudit.ts";
import { createRegistry } from "../../src/commands/registry.ts";
import { endForgottenRuns } from "../../src/commands/runs/lostRuns.ts";
import type { AuditItem, AuditPage } from "../../src/protocol/audit.ts";
import { type Agent, openProduct, type TestProduct } from "../fixtures/product.ts";

let product: TestProduct;
let admin: Agent;
let agent: Agent;
beforeAll(async () => {
  product = await openProduct();
  admin = await product.agent("admin@demo.example");
  agent = await product.agent();
});
afterAll(() => product.stop());

const get = (path: string, { token } = admin) => fetch(`${product.url}${path}`, { headers: { authorization: `Bearer ${token}` } });
const list = async (query = ""): Promise<AuditItem[]> => {
  const page: AuditPage = JSON.parse(await (await get(`/api/v1/audit?${query}`)).text());
  return page.items;
};
const signIn = (body: object) =>
  fetch(`${product.url}/api/v1/session`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });

it("has every command that changes something, once, with who, from where and in which request", async () => {
  await admin.run("tag.create", { name: "vip" });
  const [entry, ...more] = await list("action=tag");
  expect(more).toEqual([]);
  expect(entry).toMatchObject({
    action: "tag.create",
    actor: { kind: "account", id: admin.id, name: "Admin", address: expect.stringContaining("127.0.0.1") },
    object: { kind: "tag", id: "vip" },
    detail: { outcome: "succeeded", args: { name: "vip" } },
    requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
  await admin.run("tag.list");
  await admin.run("agent.deactivate", { email: "agent2@demo.example" });
  await admin.run("agent.activate", { email: "agent2@demo.example" });
  expect((await list()).slice(0, 3).map(({ action }) => action)).toEqual(["agent.activate", "agent.deactivate", "tag.create"]);
});

it("has what was refused, and what was tried without the right; never a password", async () => {
  await admin.refused("agent.deactivate", { email: "nobody@demo.example" });
  expect((await agent.refused("agent.deactivate", { email: "admin@demo.example" })).status).toBe(404);
  expect(await list("action=agent.deactivate&limit=2")).toMatchObject([
    { actor: { id: agent.id }, detail: { outcome: "refused", error: "forbidden", args: {} } },
    { actor: { id: admin.id }, detail: { outcome: "refused", error: "invalid_value", args: { email: "nobody@demo.example" } } },
  ]);
  await agent.refused("me.password", { current: "a wrong secret heron", new: "another secret heron" });
  const [entry] = await list("action=me.password");
  expect(entry).toMatchObject({ detail: { outcome: "refused", args: {} } });
  expect(JSON.stringify(entry)).not.toContain("heron");
});

it("has nothing of a secret that was pasted into an argument, nor has any other place", async () => {
  const key = `sbk_${"Q7".repeat(20)}`;
  const pasted: [string, object, string][] = [
    ["tag.create", { name: key }, "args.name"],
    ["tag.delete", { tag: `password: ${key}` }, "args.tag"],
    ["macro.create", { name: "Note", actions: [{ do: "note", value: `token ${key}` }] }, "args.actions"],
    ["agent.invite", { email: `${key}@example.org` }, "args.email"],
    ["audit.list", { person: key }, "args.person"],
  ];
  for (const [command, args, path] of pasted)
    expect(await admin.refused(command, args)).toMatchObject({ status: 422, code: "invalid_value", path });
  const tables = await product.database.acrossTenants.query<{ name: string }>(
    "select relname::text as name from pg_class where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace",
  );
  for (const { name } of tables) {
    const found = await product.database.acrossTenants.query(`select 1 from "${name}" t where strpos(t::text, $1) > 0 limit 1`, [key]);
    expect([name, found]).toEqual([name, []]);
  }
  expect(JSON.stringify(product.logged)).not.toContain(key);
});

it("has sign-ins, sign-outs and refused ones, the unknown in the installation's chain without what was written", async () => {
  expect((await signIn({ email: "agent1@demo.example", password: "a wrong secret heron" })).status).toBe(401);
  expect((await signIn({ email: "my-secret-heron@demo.example", password: "x" })).status).toBe(401);
  const begun = await signIn({ email: "agent1@demo.example", password: "a quiet heron at dawn" });
  const { accessToken } = JSON.parse(await begun.text());
  await fetch(`${product.url}/api/v1/session`, { method: "DELETE", headers: { authorization: `Bearer ${accessToken}` } });
  expect(await list("action=session&limit=3")).toMatchObject([
    { action: "session.end", actor: { id: agent.id } },
    { action: "session.begin", actor: { id: agent.id, name: "Agent One" } },
    { action: "session.refuse", actor: { kind: "nobody", id: null }, object: { id: agent.id, name: "Agent One" } },
  ]);
  const own = await product.database.acrossTenants.query(
    "select to_jsonb(e)::text as row from audit_entry e where tenant_id = '00000000-0000-0000-0000-000000000000'",
  );
  expect(own).toHaveLength(1);
  expect(JSON.stringify(own)).not.toContain("heron");
});

it("is filtered by person, object and day, and read page by page", async () => {
  expect(await list("person=admin@demo.example&action=tag")).toHaveLength(1);
  expect(await list(`person=${admin.id}&object=vip`)).toHaveLength(1);
  expect(await list("person=Agent One&object=tag")).toHaveLength(0);
  expect(await list("from=2026-01-01&action=tag")).toHaveLength(1);
  expect(await list("to=2020-02-29")).toHaveLength(0);
  const first: AuditPage = JSON.parse(await (await get("/api/v1/audit?limit=2")).text());
  const second: AuditPage = JSON.parse(await (await get(`/api/v1/audit?limit=2&cursor=${first.nextCursor}`)).text());
  expect(second.items[0]?.seq).toBe((first.items[0]?.seq ?? 0) - 2);
  const data = JSON.parse(JSON.stringify((await admin.run("audit.list", { limit: 2 })).data));
  expect(data.items.map(({ seq }: AuditItem) => seq)).toEqual(first.items.map(({ seq }) => seq));
});

it.each([
  ["from=2026-02-30", "from"],
  ["to=yesterday", "to"],
  ["cursor=1e3", "cursor"],
  ["cursor=-1", "cursor"],
  ["limit=0", "limit"],
  ["limit=1e9", "limit"],
  ["person=", "person"],
  ["role=a", "role"],
])("refuses %s and names the field", async (query, path) => {
  const answer = await get(`/api/v1/audit?${query}`);
  expect(answer.status).toBe(422);
  expect(await answer.json()).toMatchObject({ error: { code: "invalid_value", path } });
});

it("is exported as CSV that no spreadsheet runs, and as JSON; that is an entry too", async () => {
  await admin.run("tag.create", { name: '=cmd|"x",y' });
  const csv = await get("/api/v1/audit/export?action=tag");
  expect(csv.headers.get("content-type")).toContain("text/csv");
  expect(csv.headers.get("cache-control")).toBe("no-store");
  const [head, line] = (await csv.text()).split("\r\n");
  expect(head).toBe("seq,at,action,actorKind,actorId,actorName,address,objectKind,objectId,objectName,detail,requestId,hash");
  expect(line).toContain(`,tag,"'=cmd|""x"",y",`);
  const lines = (await (await get("/api/v1/audit/export?format=json")).text()).trim().split("\n");
  const items: AuditItem[] = lines.map((each) => JSON.parse(each));
  expect(items[0]).toMatchObject({ action: "audit.export", actor: { id: admin.id }, detail: { format: "json" } });
  expect(items.map(({ seq }) => seq)).toEqual(items.map((_, index) => items.length - index));
});

it("is read by those who may, and each tenant's is its own", async () => {
  for (const path of ["/api/v1/audit", "/api/v1/audit/export"]) {
    expect((await get(path, agent)).status).toBe(403);
    expect((await fetch(`${product.url}${path}`)).status).toBe(401);
  }
  expect((await agent.refused("audit.list")).code).toBe("unknown_command");
  const { tenant, email } = await product.addTenant("other");
  await product.database.acrossTenants.query("update membership set roles = '{admin}' where tenant_id = $1", [tenant]);
  const other = await product.agent(email);
  const page: AuditPage = JSON.parse(await (await get("/api/v1/audit", other)).text());
  expect(page.items.map(({ actor, action }) => [actor.id, action])).toEqual([[other.id, "session.begin"]]);
});

it("tells of a run whose process died, once, and of erased contacts nothing but that", async () => {
  const run = randomUUID();
  await product.database.acrossTenants.query(
    `insert into run (tenant_id, id, command, args, principal_kind, principal_id, state, created_at)
     values ($1, $2, 'tag.create', '{"name": "lost"}', 'account', $3, 'running', now() - interval '11 minutes')`,
    [product.tenant, run, admin.id],
  );
  const registry = createRegistry([lostCommand]);
  await Promise.all([endForgottenRuns(product, registry), endForgottenRuns(product, registry)]);
  expect(await list("object=lost")).toMatchObject([{ actor: { name: "Admin" }, detail: { run, outcome: "uncertain" } }]);

  const { page, conversation } = await product.visit();
  await page.say("hello");
  await admin.run("conversation.take", { conversation });
  const [contact] = await product.database.acrossTenants.query<{ id: string }>("select contact_id as id from conversation where id = $1", [
    conversation,
  ]);
  expect(await list(`object=${conversation}`)).toHaveLength(1);
  await admin.run("contact.export", { contact: contact?.id });
  await admin.run("contact.erase", { contact: contact?.id });
  expect(await list(`object=${conversation}`)).toEqual([]);
  expect((await list("action=contact")).map(({ action, object }) => [action, object?.id])).toEqual([
    ["contact.erase", contact?.id],
    ["contact.export", null],
  ]);
  await page.close();
});

it("is still whole after all of this", async () => {
  expect((await verifyAudit(product)).flaws).toEqual([]);
  const { data } = await admin.run("audit.verify");
  expect(data).toMatchObject({ flaws: [], entries: expect.any(Number) });
});

const lostCommand = {
  name: "tag.create",
  summary: "",
  risk: "write",
  audience: "staff",
  source: "built-in",
  permission: "settings.manage",
  args: { type: "object", properties: { name: { type: "string" } } },
  run: () => Promise.resolve({ messages: [] }),
} as const;
