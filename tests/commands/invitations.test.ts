import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inviteCommands } from "../../src/commands/inviteCommands.ts";
import type { OutgoingMail } from "../../src/platform/mail/mail.ts";
import type { InvitationView } from "../../src/protocol/people.ts";
import { type Agent, openProduct, type TestProduct } from "../fixtures/product.ts";
import { openHttp } from "../http/openHttp.ts";

let product: TestProduct;
let admin: Agent;
/** What was handed over: once it is, nothing of it is left in the database. */
const sent: OutgoingMail[] = [];
beforeAll(async () => {
  product = await openProduct({
    mail: {
      off: undefined,
      from: { name: "Switchboard", address: "chat@switchboard.example" },
      send: async (mail) => {
        sent.push(mail);
      },
      close: async () => {},
    },
  });
  admin = await product.agent("admin@demo.example");
});
afterAll(() => product.stop());

const password = "seven owls over water";
const post = async (path: string, body: object) => {
  const answer = await fetch(`${product.url}/api/v1/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  return { status: answer.status, text, body: JSON.parse(text) };
};
/** Of the mail that comes next to this address. */
const nextToken = async (email: string, before: number) => {
  const mails = () => sent.slice(before).filter(({ to }) => to === email);
  await expect.poll(() => mails().length, { timeout: 8000, interval: 10 }).toBe(1);
  return /#\/link\/invitation\/(\S+)/.exec(mails()[0]?.text ?? "")?.[1] ?? "";
};
const invite = async (email: string, args: object = {}) => {
  const before = sent.length;
  await admin.run("agent.invite", { email, ...args });
  return await nextToken(email, before);
};
const placesOf = (email: string) =>
  product.database.acrossTenants.query(
    "select m.tenant_id as tenant, m.roles, array(select team from team_member t where t.tenant_id = m.tenant_id and t.account_id = m.account_id) as teams from membership m join account a on a.id = m.account_id where a.email = $1",
    [email],
  );
const badLink = { status: 422, body: { error: { code: "invalid_value", path: "token" } } };

describe("an invitation", () => {
  it("sec/tenancy/14 lets the one address in, once, with its role and team, by a password of their own", async () => {
    const token = await invite("new@example.com", { role: "sales", team: "support" });
    expect((await post("invitation", { token })).body).toEqual({ email: "new@example.com", tenant: "Demo", hasAccount: false });
    expect(await post("invitation/acceptance", { token, name: "Nina New", password: "short" })).toMatchObject({
      status: 422,
      body: { error: { path: "password" } },
    });
    expect(await post("invitation/acceptance", { token, password })).toMatchObject({ status: 422, body: { error: { path: "name" } } });
    for (const field of ["tenant", "tenantId", "role", "roles", "email"])
      expect(await post("invitation/acceptance", { token, name: "Nina New", password, [field]: "admin" })).toMatchObject({
        status: 422,
        body: { error: { path: field } },
      });
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => post("invitation/acceptance", { token, name: "Nina New", password })),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 422, 422, 422, 422]);
    expect(await placesOf("new@example.com")).toEqual([{ tenant: product.tenant, roles: ["sales"], teams: ["support"] }]);
    expect(await post("invitation", { token })).toMatchObject(badLink);
    expect((await post("session", { email: "new@example.com", password })).status).toBe(200);
    expect(await admin.refused("agent.invite", { email: "new@example.com" })).toMatchObject({ code: "conflict", path: "args.email" });
  });

  it("sec/tenancy/14 opens no other tenant, whoever holds it there", async () => {
    const { email } = await product.addTenant("invited-elsewhere");
    const token = await invite(email);
    expect((await post("invitation/acceptance", { token })).body).toMatchObject({ tenant: "Demo", hasAccount: true });
    expect((await placesOf(email)).map(({ tenant, roles }) => [tenant === product.tenant, roles])).toContainEqual([true, ["agent"]]);
  });

  it("sec/tenancy/15 has a secret that nobody sees but who reads the mail", async () => {
    const before = sent.length;
    const { data, messages } = await admin.run("agent.invite", { email: "secret@example.com" });
    const token = await nextToken("secret@example.com", before);
    expect(token).toMatch(/^[\w-]{43}$/);
    const seen = JSON.stringify([data, messages, await admin.run("invitation.list"), await admin.run("mail.list"), product.logged]);
    expect(seen).toContain("secret@example.com");
    expect(seen).not.toContain(token);
    const tables = await product.database.acrossTenants.query<{ name: string }>(
      "select relname as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace",
    );
    for (const { name } of tables) {
      const found = await product.database.acrossTenants.query(`select 1 from "${name}" t where t::text like $1 limit 1`, [`%${token}%`]);
      expect(found, name).toEqual([]);
    }
    await admin.run("invitation.revoke", { email: "secret@example.com" });
    expect(await post("invitation", { token })).toMatchObject(badLink);
    expect(await admin.refused("invitation.revoke", { email: "secret@example.com" })).toMatchObject({ code: "not_found" });
  });

  it("ends after 72 h, with the next one to the same address, and with the rights of whoever wrote it", async () => {
    const sql = product.database.acrossTenants;
    const late = await invite("late@example.com");
    await sql.query("update account_link set expires_at = now() where email = 'late@example.com'");
    expect(await post("invitation/acceptance", { token: late, name: "Late", password })).toMatchObject(badLink);
    const first = await invite("twice@example.com");
    await invite("twice@example.com");
    expect(await post("invitation", { token: first })).toMatchObject(badLink);
    const [life] = await sql.query<{ hours: number }>(
      "select extract(epoch from expires_at - created_at)::int / 3600 as hours from account_link where email = 'twice@example.com'",
    );
    expect(life?.hours).toBe(72);
    const token = await invite("orphan@example.com");
    await sql.query("update membership set roles = '{agent}' where account_id = $1", [admin.id]);
    expect(await post("invitation/acceptance", { token, name: "Orphan", password })).toMatchObject(badLink);
    expect(await placesOf("orphan@example.com")).toEqual([]);
    await sql.query("update membership set roles = '{admin}' where account_id = $1", [admin.id]);
    expect((await post("invitation/acceptance", { token, name: "Orphan", password })).status).toBe(200);
  });

  it("is mailed again as it was, by a link that ends the one before, and is listed with who sent it until when", async () => {
    const first = await invite("slow@example.com", { role: "sales", team: "support" });
    const before = sent.length;
    await admin.run("invitation.resend", { email: "SLOW@example.com" });
    const second = await nextToken("slow@example.com", before);
    expect(await post("invitation", { token: first })).toMatchObject(badLink);
    const { invitations }: { invitations: InvitationView[] } = JSON.parse(JSON.stringify((await admin.run("invitation.list")).data));
    const mine = invitations.filter(({ email }) => email === "slow@example.com");
    expect(mine).toMatchObject([{ role: "sales", team: "support", by: expect.stringContaining("Admin") }]);
    const [lifeMs] = mine.map(({ createdAt, expiresAt }) => Date.parse(expiresAt) - Date.parse(createdAt));
    expect(lifeMs).toBe(72 * 3_600_000);
    expect((await post("invitation/acceptance", { token: second, name: "Slow", password })).status).toBe(200);
    expect(await placesOf("slow@example.com")).toEqual([{ tenant: product.tenant, roles: ["sales"], teams: ["support"] }]);
    expect(await admin.refused("invitation.resend", { email: "slow@example.com" })).toMatchObject({
      code: "not_found",
      path: "args.email",
    });
  });

  it("sec/auth/22 takes an account that somebody made for the address before from them", async () => {
    const sql = product.database.acrossTenants;
    await sql.query(
      "insert into account (id, email, name, password_hash, verified_at) select gen_random_uuid(), 'prey@example.com', 'Thief', password_hash, null from account where email = 'admin@demo.example'",
    );
    const token = await invite("prey@example.com");
    expect(await post("invitation/acceptance", { token })).toMatchObject({ status: 422 });
    expect((await post("invitation/acceptance", { token, name: "Prey", password })).status).toBe(200);
    expect((await post("session", { email: "prey@example.com", password: "a quiet heron at dawn" })).status).toBe(401);
    expect((await post("session", { email: "prey@example.com", password })).status).toBe(200);
  });

  it.each([
    ["a role above one's own", { email: "x@example.com", role: "owner" }, "forbidden", "args.role"],
    ["a role that isn't there", { email: "x@example.com", role: "king" }, "invalid_value", "args.role"],
    ["a team that isn't there", { email: "x@example.com", team: "nowhere" }, "invalid_value", "args.team"],
    ["two addresses", { email: "x@example.com, y@example.com" }, "invalid_value", "args.email"],
    ["a line more", { email: "x@example.com\r\nBcc: y@example.com" }, "invalid_value", "args.email"],
    ["no address", { email: "x" }, "invalid_value", "args.email"],
  ])("is refused for %s", async (_name, args, code, path) => {
    expect(await admin.refused("agent.invite", args)).toMatchObject({ code, path });
  });

  it("is written by whoever manages people, and by nobody else", async () => {
    const agent = await product.agent();
    for (const command of ["agent.invite", "admin.invite", "invitation.list", "invitation.resend", "invitation.revoke"])
      expect(await agent.refused(command, { email: "x@example.com" })).toMatchObject({ code: "unknown_command" });
  });
});

describe("without mail", () => {
  const door = (mailOff: string | undefined) =>
    openHttp({ commandsOf: (house) => inviteCommands({ ...house, publicUrl: "https://chat.example.com", mailOff }) });

  it("sec/tenancy/7 an invitation asks for the same rights, makes nothing, and answers no password", async () => {
    const [on, off] = [await door(undefined), await door("No mail can be sent: set MAIL_URL.")];
    const answers = [];
    for (const http of [on, off]) {
      for (const role of ["agent", "admin"]) {
        await http.house.addAccount(`${role}@example.com`, { roles: [role] });
        const asked = http.api
          .post("/api/v1/commands/admin.invite/runs")
          .auth(await http.tokenOf(`${role}@example.com`), { type: "bearer" });
        const { status, text } = await asked.send({ args: { email: "new@example.com" } });
        expect(text).not.toMatch(/"password"|[\w-]{40,}/);
        answers.push([role, status]);
      }
    }
    expect(answers).toEqual([
      ["agent", 404],
      ["admin", 200],
      ["agent", 404],
      ["admin", 503],
    ]);
    const made = "select (select count(*) from account_link)::int as links, (select count(*) from account)::int as accounts";
    expect(await on.house.database.acrossTenants.query(made)).toEqual([{ links: 1, accounts: 2 }]);
    expect(await off.house.database.acrossTenants.query(made)).toEqual([{ links: 0, accounts: 2 }]);
    await Promise.all([on.close(), off.close()]);
  });
});
