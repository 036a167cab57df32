import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mayGive } from "../../src/access/policy.ts";
import { predefinedRoles } from "../../src/access/roles/roles.ts";
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

const setRoles = async (email: string, roles: readonly string[]) => {
  await product.database.acrossTenants.query(
    "update membership set roles = $2, changed_at = null where account_id = (select id from account where email = $1)",
    [email, roles],
  );
  product.bus.publish(`tenant.${product.tenant}.access`, {});
};
const rolesOf = async (email: string) =>
  (
    await product.database.acrossTenants.query<{ roles: string[] }>(
      "select roles from membership where account_id = (select id from account where email = $1)",
      [email],
    )
  )[0]?.roles;
const mayRun = async ({ token }: Agent, command: string) => {
  const answer = await fetch(`${product.url}/api/v1/commands?limit=200`, { headers: { authorization: `Bearer ${token}` } });
  const { items }: { items: { name: string }[] } = JSON.parse(await answer.text());
  return items.some(({ name }) => name === command);
};

describe("roles", () => {
  it("sec/auth/26 a role given and taken counts at once, in requests and in open sockets", async () => {
    const desk = await agent.desk();
    expect(await mayRun(agent, "team.create")).toBe(false);
    await admin.run("role.grant", { email: agent.email, role: "admin" });
    expect(await mayRun(agent, "team.create")).toBe(true);
    await admin.run("role.revoke", { email: agent.email, role: "admin" });
    expect(await agent.refused("team.create", { key: "x", name: "X" })).toMatchObject({ code: "unknown_command" });
    const begun = performance.now();
    const last = await admin.run("role.revoke", { email: agent.email, role: "agent" });
    expect(last.messages?.[0]?.text).toContain("It was their last one");
    expect(await desk.ended).toMatchObject({ code: 4401 });
    expect(performance.now() - begun).toBeLessThan(1000);
    await admin.run("role.grant", { email: agent.email, role: "agent" });
  });

  it("sec/tenancy/6 by the door, each role gives exactly those that it holds", async () => {
    const other = await product.agent("agent2@demo.example");
    for (const giver of predefinedRoles) {
      for (const given of predefinedRoles) {
        await setRoles(other.email, [giver.key]);
        await setRoles(agent.email, []);
        const manages = giver.grants.some(({ permission }) => permission === "roles.manage");
        const granted = () => other.run("role.grant", { email: agent.email, role: given.key });
        if (manages && mayGive(giver.grants, given.grants)) await granted();
        else
          expect(await other.refused("role.grant", { email: agent.email, role: given.key })).toMatchObject({
            code: manages ? "forbidden" : "unknown_command",
          });
        expect(await rolesOf(agent.email)).toEqual(manages && mayGive(giver.grants, given.grants) ? [given.key] : []);
      }
    }
    await setRoles(agent.email, ["agent"]);
    await setRoles(other.email, ["agent"]);
  }, 15_000);

  it("nobody changes a colleague who may do more", async () => {
    await setRoles("agent2@demo.example", ["owner"]);
    for (const [command, args] of [
      ["agent.deactivate", {}],
      ["role.revoke", { role: "owner" }],
      ["role.grant", { role: "agent" }],
    ] as const)
      expect(await admin.refused(command, { email: "agent2@demo.example", ...args })).toMatchObject({
        code: "forbidden",
        path: "args.email",
      });
    expect(await rolesOf("agent2@demo.example")).toEqual(["owner"]);
    await setRoles("agent2@demo.example", ["agent"]);
  });

  it("the last admin stays one", async () => {
    expect(await admin.refused("role.revoke", { email: admin.email, role: "admin" })).toMatchObject({
      code: "conflict",
      path: "args.email",
    });
    expect(await rolesOf(admin.email)).toEqual(["admin"]);
  });

  it("of two admins who change a colleague in the same second the second is told who was first", async () => {
    await setRoles("agent2@demo.example", ["admin"]);
    const other = await product.agent("agent2@demo.example");
    const change = (by: Agent) =>
      fetch(`${product.url}/api/v1/commands/role.grant/runs`, {
        method: "POST",
        headers: { authorization: `Bearer ${by.token}`, "content-type": "application/json" },
        body: JSON.stringify({ args: { email: agent.email, role: "sales" } }),
      });
    const answers = await Promise.all([change(admin), change(other)]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409]);
    const late = answers.find(({ status }) => status === 409);
    expect(await late?.text()).toMatch(/"message":"(Admin|Agent Two) changed Agent One in this moment/);
    await setRoles("agent2@demo.example", ["agent"]);
    await setRoles(agent.email, ["agent"]);
  });

  it("of one's own: made, given, changed for all who have it, and deleted when nobody has it", async () => {
    await admin.run("role.create", {
      key: "night",
      name: "Night shift",
      permissions: "conversations.read, teams.manage",
      inboxes: "website",
    });
    await admin.run("role.grant", { email: agent.email, role: "night" });
    expect(await mayRun(agent, "team.create")).toBe(true);
    await admin.run("role.update", { role: "night", permissions: "conversations.read", version: 1 });
    expect(await mayRun(agent, "team.create")).toBe(false);
    expect(await admin.refused("role.update", { role: "night", name: "Late", version: 1 })).toMatchObject({
      code: "stale",
      current: { version: 2 },
    });
    expect(await admin.refused("role.delete", { role: "night" })).toMatchObject({ code: "conflict", path: "args.role" });
    await admin.run("role.revoke", { email: agent.email, role: "night" });
    await admin.run("role.delete", { role: "night" });
    const listed = JSON.stringify((await admin.run("role.list")).data);
    expect(listed).toContain('"key":"owner"');
    expect(listed).not.toContain("night");
  });

  it("down to an operation: whoever has it runs that one where it is shared, and nothing else that others publish", async () => {
    const message = { by: "note", conversation: "{{me.email}}", text: "Hello" };
    for (const name of ["refund", "late-orders"]) {
      await admin.run("operation.create", { name, kind: "message", summary: "Says hello.", message });
      await admin.run("operation.publish", { name });
      await admin.run("operation.share", { name, roles: "everyone" });
    }
    await admin.run("role.create", { key: "refunds", name: "Refunds", permissions: "commands.run", operations: "Refund" });
    await setRoles(agent.email, ["refunds"]);
    const runs = async () => [await mayRun(agent, "refund"), await mayRun(agent, "late-orders"), await mayRun(agent, "reverse")];
    expect([...(await runs()), await mayRun(agent, "me.password")]).toEqual([true, false, false, true]);
    expect(await agent.refused("late-orders")).toMatchObject({ code: "unknown_command" });
    await admin.run("operation.share", { name: "refund", roles: "" });
    expect(await runs()).toEqual([false, false, false]);
    await admin.run("operation.share", { name: "refund", roles: "refunds" });
    expect(await runs()).toEqual([true, false, false]);
    expect(JSON.stringify((await admin.run("role.list")).data)).toContain('"operation":["refund"]');
    await setRoles(agent.email, ["refunds", "agent"]);
    expect(await runs()).toEqual([true, true, true]);
    await setRoles(agent.email, ["agent"]);
    // One of the same name that somebody makes later is another one.
    expect(await admin.refused("operation.delete", { name: "refund" })).toMatchObject({
      code: "conflict",
      path: "args.name",
      message: 'The role Refunds is for "refund"; take it from there first.',
    });
    await admin.run("role.update", { role: "refunds", permissions: "commands.run", operations: "late-orders" });
    await admin.run("operation.delete", { name: "refund" });
  });

  it("a change that says what limits a role says which permissions it limits", async () => {
    await admin.run("role.create", { key: "desk", name: "Desk", permissions: "conversations.read", teams: "support" });
    for (const limit of [{ teams: "sales" }, { inboxes: "" }, { records: "own" }, { operations: "late-orders" }])
      expect(await admin.refused("role.update", { role: "desk", ...limit })).toMatchObject({
        code: "invalid_value",
        path: "args.permissions",
      });
    await admin.run("role.update", { role: "desk", name: "The desk" });
    expect(JSON.stringify((await admin.run("role.list")).data)).toContain(
      '"on":{"inbox":[],"team":["support"],"operation":[],"blueprint":[]}',
    );
    await admin.run("role.delete", { role: "desk" });
  });

  it("sec/tenancy/6 whoever sees their teams' only brings nobody into another, themself least", async () => {
    await admin.run("role.create", { key: "lead", name: "Lead", permissions: "conversations.read, teams.manage", records: "team" });
    await setRoles("agent2@demo.example", ["lead"]);
    const lead = await product.agent("agent2@demo.example");
    expect(await lead.refused("team.add", { team: "sales", email: lead.email })).toMatchObject({ code: "forbidden", path: "args.team" });
    await lead.run("team.add", { team: "support", email: agent.email });
    await setRoles("agent2@demo.example", ["agent"]);
    await admin.run("role.delete", { role: "lead" });
  });

  it.each([
    ["a permission that isn't there", { key: "a", name: "A", permissions: "everything" }, "invalid_value", "args.permissions"],
    ["a key of the house", { key: "owner", name: "A", permissions: "commands.run" }, "invalid_value", "args.key"],
    ["a key with other letters", { key: "аdmin", name: "A", permissions: "commands.run" }, "invalid_value", "args.key"],
    [
      "an inbox of nobody",
      { key: "a", name: "A", permissions: "conversations.read", inboxes: "elsewhere" },
      "invalid_value",
      "args.inboxes",
    ],
    ["a team of nobody", { key: "a", name: "A", permissions: "conversations.read", teams: "elsewhere" }, "invalid_value", "args.teams"],
    [
      "an operation of nobody",
      { key: "a", name: "A", permissions: "commands.run", operations: "absent" },
      "invalid_value",
      "args.operations",
    ],
    [
      "an operation that the role couldn't run",
      { key: "a", name: "A", permissions: "conversations.read", operations: "late-orders" },
      "invalid_value",
      "args.operations",
    ],
    [
      "a team where nothing is of a team",
      { key: "a", name: "A", permissions: "commands.run", teams: "support" },
      "invalid_value",
      "args.teams",
    ],
    ["records where there are none", { key: "a", name: "A", permissions: "teams.manage", records: "own" }, "invalid_value", "args.records"],
    ["more than the maker holds", { key: "a", name: "A", permissions: "tenant.manage" }, "forbidden", "args.permissions"],
    ["a tenant named", { key: "a", name: "A", permissions: "commands.run", tenantId: "x" }, "invalid_value", "args.tenantId"],
  ])("is refused: %s", async (_name, args, code, path) => {
    expect(await admin.refused("role.create", args)).toMatchObject({ code, path });
  });

  it("a role of another tenant's is none here", async () => {
    const elsewhere = await product.addTenant("roles-elsewhere");
    await product.database.acrossTenants.query(
      "insert into role (tenant_id, key, name, grants, changed_by) values ($1, 'theirs', 'Theirs', '[{\"permission\":\"commands.run\"}]', 'x')",
      [elsewhere.tenant],
    );
    for (const role of ["theirs", "absent"])
      expect(await admin.refused("role.grant", { email: agent.email, role })).toMatchObject({ code: "invalid_value", path: "args.role" });
  });
});
