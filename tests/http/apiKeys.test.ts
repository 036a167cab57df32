import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Agent, openProduct, type TestProduct } from "../fixtures/product.ts";

let product: TestProduct;
let admin: Agent;
beforeAll(async () => {
  product = await openProduct();
  admin = await product.agent("admin@demo.example");
});
afterAll(() => product.stop());

const make = async (args: object = {}): Promise<{ id: string; key: string }> => {
  const { data } = await admin.run("key.create", { name: "Reports", scopes: "conversations.read, commands.run", ...args });
  return JSON.parse(JSON.stringify(data));
};
const ask = async (key: string, path = "/api/v1/conversations", init: RequestInit = {}) => {
  const answer = await fetch(`${product.url}${path}`, {
    ...init,
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
  });
  return { status: answer.status, body: await answer.text() };
};
const run = (key: string, command: string, args: object = {}) =>
  ask(key, `/api/v1/commands/${command}/runs`, { method: "POST", body: JSON.stringify({ args }) });

describe("an API key", () => {
  it("does in its maker's name what its scopes allow, and nothing else", async () => {
    const { key } = await make();
    expect((await ask(key)).status).toBe(200);
    expect((await run(key, "reverse", { text: "a b" })).status).toBe(200);
    for (const command of [
      "team.create",
      "key.create",
      "key.list",
      "role.grant",
      "agent.deactivate",
      "me.password",
      "me.online",
      "me.undo-send",
    ])
      expect((await run(key, command)).body, command).toContain("unknown_command");
    expect((await ask(key, "/api/v1/session/ticket", { method: "POST" })).status).toBe(401);
    expect((await ask(key, "/api/v1/session", { method: "DELETE" })).status).toBe(401);
    expect((await ask(key, "/api/v1/audit")).status).toBe(403);
  });

  it("sees the runs that it asked for, and none of its maker's, whose answers may be of more than its scopes", async () => {
    const { key } = await make({ scopes: "commands.run" });
    const other = await make({ scopes: "commands.run" });
    const [own, makers] = [JSON.parse((await run(key, "reverse", { text: "a b" })).body).id, (await admin.run("audit.list")).id];
    const listed = async (who: string) =>
      JSON.parse((await ask(who, "/api/v1/runs")).body).items.map(({ command }: { command: string }) => command);
    expect([await listed(key), await listed(other.key)]).toEqual([["reverse"], []]);
    expect(await listed(admin.token)).toEqual(expect.arrayContaining(["reverse", "audit.list"]));
    const statuses = async (of: string) => [
      (await ask(key, `/api/v1/runs/${of}`)).status,
      (await run(key, "run.show", { run: of })).status,
    ];
    expect([await statuses(own), await statuses(makers)]).toEqual([
      [200, 200],
      [404, 404],
    ]);
    expect((await ask(key, `/api/v1/runs/${makers}/file`)).status).toBe(404);
  });

  it("confirms what can't be taken back as a person does: by a plan of its own, which no other key can use", async () => {
    await admin.run("tag.create", { name: "gone" });
    const [{ key }, other] = [await make({ scopes: "settings.manage" }), await make({ scopes: "settings.manage" })];
    const post = (by: string, verb: string, more = {}) =>
      ask(by, `/api/v1/commands/tag.delete/${verb}`, { method: "POST", body: JSON.stringify({ args: { tag: "gone" }, ...more }) });
    expect((await post(key, "runs")).body).toContain("confirmation_needed");
    const { hash: planHash } = JSON.parse((await post(key, "plans")).body);
    expect((await post(other.key, "runs", { planHash })).status).toBe(409);
    expect((await post(key, "runs", { planHash })).status).toBe(200);
  });

  it("sec/auth/31 is stored as a hash, shown once, and told nowhere else", async () => {
    const { id, key } = await make();
    expect(key).toMatch(/^sbk_[\w-]{43}$/);
    await ask(key);
    const listed = JSON.stringify(await admin.run("key.list"));
    expect(listed).toContain(id);
    expect(listed).toContain(key.slice(0, 12));
    expect(listed).not.toContain(key);
    expect(JSON.parse(listed).data.keys.find((each: { id: string }) => each.id === id).lastUsedAt).not.toBeNull();
    const tables = await product.database.acrossTenants.query<{ name: string }>(
      "select relname as name from pg_class where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace",
    );
    for (const { name } of tables) {
      const found = await product.database.acrossTenants.query(`select 1 from "${name}" t where t::text like $1 limit 1`, [
        `%${key.slice(12)}%`,
      ]);
      expect(found, name).toEqual([]);
    }
    expect(JSON.stringify(product.logged)).not.toContain(key.slice(12));
  });

  it("sec/auth/24 counts no more once it is revoked, is late, or its maker may not work here", async () => {
    const sql = product.database.acrossTenants;
    const { id, key } = await make();
    await admin.run("key.revoke", { key: id });
    expect((await ask(key)).status).toBe(401);
    expect(await admin.refused("key.revoke", { key: id })).toMatchObject({ code: "not_found", path: "args.key" });
    const late = await make();
    await sql.query("update api_key set expires_at = now() - interval '1 second' where id = $1", [late.id]);
    expect((await ask(late.key)).status).toBe(401);
    const other = await make();
    await sql.query("update membership set roles = '{employee}' where account_id = $1", [admin.id]);
    expect((await ask(other.key)).status).toBe(403);
    await sql.query("update membership set active = false where account_id = $1", [admin.id]);
    expect((await ask(other.key)).status).toBe(401);
    await sql.query("update membership set active = true, roles = '{admin}' where account_id = $1", [admin.id]);
    product.bus.publish(`tenant.${product.tenant}.access`, {});
    expect((await ask(other.key)).status).toBe(200);
  });

  it.each([
    ["no scope", { scopes: "," }, "invalid_value", "args.scopes"],
    ["a scope that isn't there", { scopes: "everything" }, "invalid_value", "args.scopes"],
    ["what no key may", { scopes: "people.manage" }, "forbidden", "args.scopes"],
    ["what the maker may not", { scopes: "tenant.manage" }, "forbidden", "args.scopes"],
    ["more than 90 days", { days: 91 }, "invalid_value", "args.days"],
  ])("is refused with %s", async (_name, args, code, path) => {
    expect(await admin.refused("key.create", { name: "x", scopes: "commands.run", ...args })).toMatchObject({ code, path });
  });

  it("that nobody gave is nobody's, and another tenant's is not to be ended", async () => {
    for (const false_ of ["sbk_", `sbk_${"a".repeat(43)}`, "sbk_' or 1=1"]) expect((await ask(false_)).status).toBe(401);
    const { id } = await make();
    const { email } = await product.addTenant("keys-elsewhere");
    await product.database.acrossTenants.query(
      "update membership set roles = '{admin}' where account_id = (select id from account where email = $1)",
      [email],
    );
    const stranger = await product.agent(email);
    expect(await stranger.refused("key.revoke", { key: id })).toMatchObject({ code: "not_found" });
    expect(JSON.stringify((await stranger.run("key.list")).data)).toBe('{"keys":[]}');
  });
});
