import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { goodPassword } from "../fixtures/openHouse.ts";
import { openIdClient } from "../fixtures/openIdServer.ts";
import { openSso, type Sso } from "./openSso.ts";

const password = "seven owls over water";

describe("a workspace's single sign-on", () => {
  let door: Sso;
  beforeAll(async () => {
    door = await openSso();
  });
  afterAll(() => door.close());

  it("is set by its owner after a step-up, with a provider that is there, and its secret is never shown again", async () => {
    const member = (await door.signIn("mem@acme.example").expect(200)).body.accessToken;
    expect((await door.run(member, "tenant.sso-set", { issuer: door.provider.issuer })).body.error.code).toBe("unknown_command");
    const shown = await door.run(door.owner, "tenant.sso", {}).expect(200);
    expect(shown.body.data).toEqual({
      redirect: `http://127.0.0.1:1/desk/signed-in/${door.acme}`,
      sso: {
        issuer: door.provider.issuer,
        clientId: openIdClient.clientId,
        domains: ["acme.example"],
        enforced: false,
        proven: ["acme.example"],
        record: { name: "_switchboard.", text: door.names.texts.get("_switchboard.acme.example") },
      },
    });
    const sql = door.http.house.database.acrossTenants;
    const rows = await sql.query<{ row: string }>(
      "select to_jsonb(s)::text as row from tenant_sso s union all select to_jsonb(r)::text from run r union all select to_jsonb(e)::text from audit_entry e",
    );
    expect(rows.map(({ row }) => row).join()).not.toContain(openIdClient.clientSecret);
    expect(JSON.stringify(door.http.house.logged)).not.toContain(openIdClient.clientSecret);
    const refused = async (args: object, path: string) =>
      expect((await door.run(door.owner, "tenant.sso-set", args).expect(422)).body.error.path).toBe(`args.${path}`);
    for (const issuer of [
      "https://10.0.0.1",
      "https://[::ffff:169.254.169.254]",
      "https://0x7f.1.2.3.4",
      "http://login.example.com",
      "javascript:alert(1)",
      "https://user:word@login.example.com",
      door.liar.issuer.replace("127.0.0.1", "localhost"),
      "http://127.0.0.1:9",
    ])
      await refused({ issuer, secret: "x" }, "issuer");
    await refused({ domains: "not a domain" }, "domains");
    door.http.house.clock.advance(6 * 60_000);
    expect((await door.run(door.owner, "tenant.sso-set", { domains: "acme.example" })).body.error.code).toBe("step_up_needed");
    await door.post("session/step-up", { password: goodPassword }, door.owner).expect(200);
    await door.set(door.owner, { domains: "acme.example, sub.acme.example" });
  });

  it("sec/sql/61 keeps the secret for the provider that it was given with alone", async () => {
    const moved = await door.run(door.owner, "tenant.sso-set", { issuer: door.liar.issuer }).expect(422);
    expect(moved.body.error).toMatchObject({ path: "args.secret", message: expect.stringContaining("given with alone") });
    expect((await door.run(door.owner, "tenant.sso", {})).body.data.sso.issuer).toBe(door.provider.issuer);
  });

  it("lets in who is invited and new at once, to that workspace alone, and nobody else", async () => {
    await door.invite("new@acme.example");
    door.provider.people.set("s1", { email: "new@acme.example", email_verified: true, name: "Neva New" });
    door.provider.people.set("s2", { email: "uninvited@acme.example", email_verified: true });
    door.provider.people.set("s3", { email: "new@elsewhere.example", email_verified: true });
    expect((await door.come("s2")).body.error).toMatchObject({ code: "forbidden", message: expect.stringContaining("no place in acme") });
    expect((await door.come("s3")).body.error).toMatchObject({
      code: "forbidden",
      message: expect.stringContaining("new@elsewhere.example"),
    });
    const { session } = (await door.come("s1", "ana@acme.example")).body;
    expect(session).toMatchObject({
      tenant: "acme",
      next: "none",
      account: { name: "Neva New" },
      memberships: [{ tenant: "acme", roles: ["agent"] }],
    });
    expect((await door.come("s1")).body.session.account).toEqual(session.account);
    const tenant = { name: "Mine", slug: "mine", timeZone: "Europe/Lisbon", language: "en" };
    await door.post("tenants", tenant, session.accessToken).expect(403);
    const [made] = (await door.get("account/identities", session.accessToken)).body.identities;
    expect(made).toMatchObject({ provider: "sso", name: "single sign-on" });
  });

  it("sec/auth/23 an account that it made has no other way in: no password by mail, no provider, no old link", async () => {
    await door.post("account/password/link", { email: "new@acme.example" }).expect(202);
    expect(await door.lastMail("new@acme.example")).toMatchObject({ subject: "Your account has no password", token: undefined });
    await door.post("account", { email: "new@acme.example", password, name: "New" }).expect(202);
    await door.signIn("new@acme.example", password).expect(401);
    expect((await door.lastMail("new@acme.example"))?.subject).toBe("You already have an account");
    const { accessToken } = (await door.come("s1")).body.session;
    await door.http.house.database.acrossTenants.query("update account set password_hash = $1 where email = 'new@acme.example'", [
      await door.http.house.passwords.hash(password),
    ]);
    await door.signIn("new@acme.example", password).expect(401);
    await door.get("commands", accessToken).expect(200);
    // A session of any other kind would not count either.
    await door.http.house.database.acrossTenants.query(
      "update session set sso_tenant_id = null where account_id = (select id from account where email = 'new@acme.example')",
    );
    door.http.house.bus.publish(`tenant.${door.acme}.access`, {});
    await expect.poll(async () => (await door.get("commands", accessToken)).status).toBe(401);
  });

  it("an account that is there already is linked by a mailed link alone, and its person's own things need their own password", async () => {
    door.provider.people.set("s4", { email: "mem@acme.example", email_verified: true });
    expect((await door.come("s4")).body).toEqual({ done: "mailed", back: "desk", session: null });
    const { token, subject } = (await door.lastMail("mem@acme.example")) ?? {};
    expect(subject).toBe("Sign in to acme by its single sign-on");
    await door.post("account/identities/confirmation", { token }).expect(200, { email: "mem@acme.example" });
    await door.post("account/identities/confirmation", { token }).expect(422);
    const side = await door.http.house.addTenant("side");
    await door.http.house.database.acrossTenants.query(
      "insert into membership (tenant_id, account_id, roles) select $1, id, '{owner}' from account where email = 'mem@acme.example'",
      [side],
    );
    const { session } = (await door.come("s4")).body;
    expect(session.memberships).toEqual([{ tenant: "acme", roles: ["agent"] }]);
    await door.post("session/tenant", { tenant: "side" }, session.accessToken).expect(404);
    for (const asked of [door.get("account/export", session.accessToken), door.post("account/second-factor", {}, session.accessToken)])
      expect((await asked.expect(403)).body.error.code).toBe("step_up_needed");
    await door.post("session/step-up", { password: goodPassword }, session.accessToken).expect(200);
    await door.get("account/export", session.accessToken).expect(200);
  });

  it("sec/auth/23 where it is enforced members have no other way in, from that moment; owners still have, to mend it", async () => {
    const before = (await door.signIn("mem@acme.example").expect(200)).body;
    expect(before.tenant).toBe("acme");
    await door.set(door.owner, { enforced: true });
    await expect.poll(async () => (await door.get("commands", before.accessToken)).status).toBe(401);
    const elsewhere = (await door.signIn("mem@acme.example").expect(200)).body;
    expect(elsewhere).toMatchObject({ tenant: "side", memberships: [{ tenant: "side" }] });
    await door.post("session/tenant", { tenant: "acme" }, elsewhere.accessToken).expect(404);
    await door.http.house.addAccount("only@acme.example", { tenant: door.acme });
    const refused = (await door.signIn("only@acme.example").expect(403)).body.error;
    expect(refused.message).toContain("single sign-on only");
    expect((await door.signIn("only@acme.example", "not the password at all").expect(401)).body.error.code).toBe("invalid_credentials");
    expect((await door.come("s4")).body.session.tenant).toBe("acme");
    await door.signIn("olga@acme.example").expect(200);
    await door.set(door.owner, { enforced: false });
  });

  it("is found by the short name or an address of its domain, and says of none what it says of one without", async () => {
    const answers = await Promise.all(
      ["side", "absent", "somebody@absent.example", "x@y@acme.example"].map((workspace) =>
        door.post("session/sso", { workspace }).expect(404),
      ),
    );
    expect(new Set(answers.map(({ body }) => body.error.message)).size).toBe(1);
    // A stranger's workspace that names the domain draws nobody there.
    const evil = await door.http.house.addTenant("evil");
    await door.http.house.addAccount("eve@evil.example", { tenant: evil, roles: ["owner"] });
    const eve = (await door.signIn("eve@evil.example")).body.accessToken;
    await door.set(eve, { issuer: door.liar.issuer, client: door.liar.clientId, secret: "x", domains: "acme.example" });
    const refused = await door.run(eve, "tenant.sso-prove", {}).expect(200);
    expect(refused.body.data.sso.proven).toEqual([]);
    expect(refused.body.messages[0].text).toMatch(/^Not yet: acme\.example, whose TXT record _switchboard\.acme\.example must say /);
    expect((await door.begin("ana@acme.example")).address.startsWith(door.provider.issuer)).toBe(true);
  });

  it("asks again for the record of a domain that was taken away, and tells of name servers that are silent", async () => {
    await door.post("session/step-up", { password: goodPassword }, door.owner).expect(200);
    expect((await door.set(door.owner, { domains: "sub.acme.example" })).sso.proven).toEqual([]);
    await door.post("session/sso", { workspace: "ana@acme.example" }).expect(404);
    expect((await door.set(door.owner, { domains: "acme.example, sub.acme.example" })).sso.proven).toEqual([]);
    const proven = await door.run(door.owner, "tenant.sso-prove", {}).expect(200);
    expect(proven.body.messages[0].text).toMatch(/^Proven: acme\.example\.\nNot yet: sub\.acme\.example/);
    await door.begin("ana@acme.example");
    door.names.silent.add("_switchboard.acme.example");
    expect((await door.run(door.owner, "tenant.sso-prove", {}).expect(503)).body.error.code).toBe("unavailable");
    await door.begin("ana@acme.example");
  });

  it("taken away, ends its sessions, and frees the accounts that it made for a password", async () => {
    const { accessToken } = (await door.come("s4")).body.session;
    await door.run(door.owner, "tenant.sso-remove", {}).expect(200);
    await expect.poll(async () => (await door.get("commands", accessToken)).status).toBe(401);
    await door.post("session/sso", { workspace: "acme" }).expect(404);
    await door.post("account/password/link", { email: "new@acme.example" }).expect(202);
    await door.post("account/password", { token: (await door.lastMail("new@acme.example"))?.token, password }).expect(204);
    expect((await door.signIn("new@acme.example", password).expect(200)).body.tenant).toBe("acme");
  });
});
