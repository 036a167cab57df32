import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inviteCommands } from "../../src/commands/inviteCommands.ts";
import { ssoCommands } from "../../src/commands/ssoCommands.ts";
import { accountMails } from "../fixtures/accountMail.ts";
import { type Lie, type LyingProvider, startLyingProvider } from "../fixtures/lyingProvider.ts";
import { type NameServer, startNameServer } from "../fixtures/nameServer.ts";
import { goodPassword } from "../fixtures/openHouse.ts";
import { type OpenIdServer, openIdClient, signInThere, startOpenIdServer } from "../fixtures/openIdServer.ts";
import { type Http, openHttp } from "./openHttp.ts";

const password = "seven owls over water";

describe("a workspace's single sign-on", () => {
  let http: Http;
  let provider: OpenIdServer;
  let liar: LyingProvider;
  let names: NameServer;
  let acme: string;
  let owner: string;
  beforeAll(async () => {
    [provider, liar, names] = await Promise.all([startOpenIdServer(), startLyingProvider(), startNameServer()]);
    const publicUrl = "http://127.0.0.1:1";
    http = await openHttp({
      config: { publicUrl },
      providers: { rules: { stage: "development", allowHosts: new Set() }, deadlineMs: 400, nameServers: [names.address] },
      commandsOf: (house) => [...ssoCommands(house, publicUrl), ...inviteCommands({ ...house, publicUrl, mailOff: undefined })],
    });
    acme = await http.house.addTenant("acme");
    provider.serve([`${publicUrl}/desk/signed-in/${acme}`]);
    await http.house.addAccount("olga@acme.example", { tenant: acme, roles: ["owner"] });
    await http.house.addAccount("mem@acme.example", { tenant: acme });
    owner = (await signIn("olga@acme.example").expect(200)).body.accessToken;
    const { sso } = await set(owner, {
      issuer: provider.issuer,
      client: openIdClient.clientId,
      secret: openIdClient.clientSecret,
      domains: "acme.example",
    });
    await post("session/sso", { workspace: "ana@acme.example" }).expect(404);
    names.texts.set("_switchboard.acme.example", sso.record.text);
    await run(owner, "tenant.sso-prove", {}).expect(200);
  });
  afterAll(async () => {
    await Promise.all([provider.stop(), liar.stop(), names.stop()]);
    await http.close();
  });

  const post = (path: string, body: object, token?: string) => {
    const asked = http.api.post(`/api/v1/${path}`);
    return (token === undefined ? asked : asked.auth(token, { type: "bearer" })).send(body);
  };
  const get = (path: string, token: string) => http.api.get(`/api/v1/${path}`).auth(token, { type: "bearer" });
  const signIn = (email: string, written = goodPassword) => post("session", { email, password: written });
  const run = (token: string, command: string, args: object) => post(`commands/${command}/runs`, { args }, token);
  const set = async (token: string, args: object) => (await run(token, "tenant.sso-set", args).expect(200)).body.data;
  const begin = async (workspace: string) => {
    const begun = await post("session/sso", { workspace }).expect(200);
    const query = new URL(begun.body.address).searchParams;
    const cookie = begun.get("Set-Cookie")?.[0]?.split(";")[0] ?? "";
    return { address: String(begun.body.address), cookie, state: query.get("state") ?? "", nonce: query.get("nonce") ?? "" };
  };
  const bring = (cookie: string, answer: string, place = acme) =>
    http.api.post("/api/v1/session/provider/return").set("Cookie", cookie).send({ place, answer });
  const come = async (subject: string, workspace = "acme") => {
    const { address, cookie } = await begin(workspace);
    return await bring(cookie, (await signInThere(address, subject)).search);
  };
  const lastMail = async (email: string) => (await accountMails(http.house, email)).at(-1);
  const invite = (email: string) => run(owner, "agent.invite", { email }).expect(200);

  it("is set by its owner after a step-up, with a provider that is there, and its secret is never shown again", async () => {
    const member = (await signIn("mem@acme.example").expect(200)).body.accessToken;
    expect((await run(member, "tenant.sso-set", { issuer: provider.issuer })).body.error.code).toBe("unknown_command");
    const shown = await run(owner, "tenant.sso", {}).expect(200);
    expect(shown.body.data).toEqual({
      redirect: `http://127.0.0.1:1/desk/signed-in/${acme}`,
      sso: {
        issuer: provider.issuer,
        clientId: openIdClient.clientId,
        domains: ["acme.example"],
        enforced: false,
        proven: ["acme.example"],
        record: { name: "_switchboard.", text: names.texts.get("_switchboard.acme.example") },
      },
    });
    const sql = http.house.database.acrossTenants;
    const rows = await sql.query<{ row: string }>(
      "select to_jsonb(s)::text as row from tenant_sso s union all select to_jsonb(r)::text from run r union all select to_jsonb(e)::text from audit_entry e",
    );
    expect(rows.map(({ row }) => row).join()).not.toContain(openIdClient.clientSecret);
    expect(JSON.stringify(http.house.logged)).not.toContain(openIdClient.clientSecret);
    const refused = async (args: object, path: string) =>
      expect((await run(owner, "tenant.sso-set", args).expect(422)).body.error.path).toBe(`args.${path}`);
    for (const issuer of [
      "https://10.0.0.1",
      "https://[::ffff:169.254.169.254]",
      "https://0x7f.1.2.3.4",
      "http://login.example.com",
      "javascript:alert(1)",
      "https://user:word@login.example.com",
      liar.issuer.replace("127.0.0.1", "localhost"),
      "http://127.0.0.1:9",
    ])
      await refused({ issuer, secret: "x" }, "issuer");
    await refused({ domains: "not a domain" }, "domains");
    http.house.clock.advance(6 * 60_000);
    expect((await run(owner, "tenant.sso-set", { domains: "acme.example" })).body.error.code).toBe("step_up_needed");
    await post("session/step-up", { password: goodPassword }, owner).expect(200);
    await set(owner, { domains: "acme.example, sub.acme.example" });
  });

  it("sec/sql/61 keeps the secret for the provider that it was given with alone", async () => {
    const moved = await run(owner, "tenant.sso-set", { issuer: liar.issuer }).expect(422);
    expect(moved.body.error).toMatchObject({ path: "args.secret", message: expect.stringContaining("given with alone") });
    expect((await run(owner, "tenant.sso", {})).body.data.sso.issuer).toBe(provider.issuer);
  });

  it("lets in who is invited and new at once, to that workspace alone, and nobody else", async () => {
    await invite("new@acme.example");
    provider.people.set("s1", { email: "new@acme.example", email_verified: true, name: "Neva New" });
    provider.people.set("s2", { email: "uninvited@acme.example", email_verified: true });
    provider.people.set("s3", { email: "new@elsewhere.example", email_verified: true });
    expect((await come("s2")).body.error).toMatchObject({ code: "forbidden", message: expect.stringContaining("no place in acme") });
    expect((await come("s3")).body.error).toMatchObject({ code: "forbidden", message: expect.stringContaining("new@elsewhere.example") });
    const { session } = (await come("s1", "ana@acme.example")).body;
    expect(session).toMatchObject({
      tenant: "acme",
      next: "none",
      account: { name: "Neva New" },
      memberships: [{ tenant: "acme", roles: ["agent"] }],
    });
    expect((await come("s1")).body.session.account).toEqual(session.account);
    const tenant = { name: "Mine", slug: "mine", timeZone: "Europe/Lisbon", language: "en" };
    await post("tenants", tenant, session.accessToken).expect(403);
    const [made] = (await get("account/identities", session.accessToken)).body.identities;
    expect(made).toMatchObject({ provider: "sso", name: "single sign-on" });
  });

  it("sec/auth/23 an account that it made has no other way in: no password by mail, no provider, no old link", async () => {
    await post("account/password/link", { email: "new@acme.example" }).expect(202);
    expect(await lastMail("new@acme.example")).toMatchObject({ subject: "Your account has no password", token: undefined });
    await post("account", { email: "new@acme.example", password, name: "New" }).expect(202);
    await signIn("new@acme.example", password).expect(401);
    expect((await lastMail("new@acme.example"))?.subject).toBe("You already have an account");
    const { accessToken } = (await come("s1")).body.session;
    await http.house.database.acrossTenants.query("update account set password_hash = $1 where email = 'new@acme.example'", [
      await http.house.passwords.hash(password),
    ]);
    await signIn("new@acme.example", password).expect(401);
    await get("commands", accessToken).expect(200);
    // A session of any other kind would not count either.
    await http.house.database.acrossTenants.query(
      "update session set sso_tenant_id = null where account_id = (select id from account where email = 'new@acme.example')",
    );
    http.house.bus.publish(`tenant.${acme}.access`, {});
    await expect.poll(async () => (await get("commands", accessToken)).status).toBe(401);
  });

  it("an account that is there already is linked by a mailed link alone, and its person's own things need their own password", async () => {
    provider.people.set("s4", { email: "mem@acme.example", email_verified: true });
    expect((await come("s4")).body).toEqual({ done: "mailed", back: "desk", session: null });
    const { token, subject } = (await lastMail("mem@acme.example")) ?? {};
    expect(subject).toBe("Sign in to acme by its single sign-on");
    await post("account/identities/confirmation", { token }).expect(200, { email: "mem@acme.example" });
    await post("account/identities/confirmation", { token }).expect(422);
    const side = await http.house.addTenant("side");
    await http.house.database.acrossTenants.query(
      "insert into membership (tenant_id, account_id, roles) select $1, id, '{owner}' from account where email = 'mem@acme.example'",
      [side],
    );
    const { session } = (await come("s4")).body;
    expect(session.memberships).toEqual([{ tenant: "acme", roles: ["agent"] }]);
    await post("session/tenant", { tenant: "side" }, session.accessToken).expect(404);
    for (const asked of [get("account/export", session.accessToken), post("account/second-factor", {}, session.accessToken)])
      expect((await asked.expect(403)).body.error.code).toBe("step_up_needed");
    await post("session/step-up", { password: goodPassword }, session.accessToken).expect(200);
    await get("account/export", session.accessToken).expect(200);
  });

  it("sec/auth/23 where it is enforced members have no other way in, from that moment; owners still have, to mend it", async () => {
    const before = (await signIn("mem@acme.example").expect(200)).body;
    expect(before.tenant).toBe("acme");
    await set(owner, { enforced: true });
    await expect.poll(async () => (await get("commands", before.accessToken)).status).toBe(401);
    const elsewhere = (await signIn("mem@acme.example").expect(200)).body;
    expect(elsewhere).toMatchObject({ tenant: "side", memberships: [{ tenant: "side" }] });
    await post("session/tenant", { tenant: "acme" }, elsewhere.accessToken).expect(404);
    await http.house.addAccount("only@acme.example", { tenant: acme });
    const refused = (await signIn("only@acme.example").expect(403)).body.error;
    expect(refused.message).toContain("single sign-on only");
    expect((await signIn("only@acme.example", "not the password at all").expect(401)).body.error.code).toBe("invalid_credentials");
    expect((await come("s4")).body.session.tenant).toBe("acme");
    await signIn("olga@acme.example").expect(200);
    await set(owner, { enforced: false });
  });

  it("is found by the short name or an address of its domain, and says of none what it says of one without", async () => {
    const answers = await Promise.all(
      ["side", "absent", "somebody@absent.example", "x@y@acme.example"].map((workspace) => post("session/sso", { workspace }).expect(404)),
    );
    expect(new Set(answers.map(({ body }) => body.error.message)).size).toBe(1);
    // A stranger's workspace that names the domain draws nobody there.
    const evil = await http.house.addTenant("evil");
    await http.house.addAccount("eve@evil.example", { tenant: evil, roles: ["owner"] });
    const eve = (await signIn("eve@evil.example")).body.accessToken;
    await set(eve, { issuer: liar.issuer, client: liar.clientId, secret: "x", domains: "acme.example" });
    const refused = await run(eve, "tenant.sso-prove", {}).expect(200);
    expect(refused.body.data.sso.proven).toEqual([]);
    expect(refused.body.messages[0].text).toMatch(/^Not yet: acme\.example, whose TXT record _switchboard\.acme\.example must say /);
    expect((await begin("ana@acme.example")).address.startsWith(provider.issuer)).toBe(true);
  });

  it("asks again for the record of a domain that was taken away, and tells of name servers that are silent", async () => {
    await post("session/step-up", { password: goodPassword }, owner).expect(200);
    expect((await set(owner, { domains: "sub.acme.example" })).sso.proven).toEqual([]);
    await post("session/sso", { workspace: "ana@acme.example" }).expect(404);
    expect((await set(owner, { domains: "acme.example, sub.acme.example" })).sso.proven).toEqual([]);
    const proven = await run(owner, "tenant.sso-prove", {}).expect(200);
    expect(proven.body.messages[0].text).toMatch(/^Proven: acme\.example\.\nNot yet: sub\.acme\.example/);
    await begin("ana@acme.example");
    names.silent.add("_switchboard.acme.example");
    expect((await run(owner, "tenant.sso-prove", {}).expect(503)).body.error.code).toBe("unavailable");
    await begin("ana@acme.example");
  });

  describe("with a provider that lies", () => {
    let place: string;
    beforeAll(async () => {
      const [found] = await http.house.database.acrossTenants.query<{ id: string }>("select id from tenant where slug = 'evil'");
      place = found?.id ?? "";
    });
    const lies: [what: string, lie: Lie, code: string, words: string, answer?: Record<string, string>][] = [
      ["another nonce", { claims: { nonce: "x" } }, "invalid_credentials", "made for another sign-in"],
      ["no nonce", { claims: { nonce: undefined } }, "invalid_credentials", "can't be trusted"],
      ["an expired token", { claims: { exp: 1_700_000_000 } }, "invalid_credentials", "it has expired"],
      ["a foreign audience", { claims: { aud: "somebody else" } }, "invalid_credentials", "made for another program"],
      ["a foreign issuer", { claims: { iss: "https://accounts.google.com" } }, "invalid_credentials", "somebody else made it"],
      ["no subject", { claims: { sub: undefined } }, "invalid_credentials", "can't be trusted"],
      ["a subject that nobody can keep", { claims: { sub: "a\u0000b" } }, "invalid_credentials", "it names nobody"],
      ["a subject without an end", { claims: { sub: "x".repeat(256) } }, "invalid_credentials", "it names nobody"],
      ["an address that is none", { claims: { email: "a\u0000@acme.example" } }, "forbidden", "tells no mail address"],
      ["alg none", { header: { alg: "none", kid: undefined }, signature: "none" }, "invalid_credentials", "signed as it must be"],
      ["no signature", { signature: "none" }, "invalid_credentials", "signed as it must be"],
      ["the signature of another key", { signature: "another key" }, "invalid_credentials", "signed as it must be"],
      ["a symmetric algorithm", { header: { alg: "HS256" } }, "invalid_credentials", "signed as it must be"],
      ["a key that isn't there", { header: { kid: "2" } }, "invalid_credentials", "signed with a key that isn't there"],
      [
        "a used code",
        { token: { status: 400, body: '{"error":"invalid_grant"}' } },
        "invalid_credentials",
        "used already, or came too late",
      ],
      ["a client that it doesn't know", { token: { status: 401, body: '{"error":"invalid_client"}' } }, "unavailable", "set wrongly here"],
      ["a page", { token: { status: 200, body: "<html>", type: "text/html" } }, "unavailable", "no proper answer"],
      ["a failure", { token: { status: 500, body: "oh" } }, "unavailable", "no proper answer"],
      ["more than anybody reads", { token: { status: 200, body: "x".repeat(1_100_000) } }, "unavailable", "doesn't answer"],
      ["nothing at all", { silent: "token" }, "unavailable", "doesn't answer"],
      ["the answer of another provider", {}, "invalid_credentials", "can't be trusted", { iss: "https://accounts.google.com" }],
      ["an answer without its issuer", {}, "invalid_credentials", "can't be trusted", { iss: "" }],
      ["a refusal", {}, "forbidden", "You didn't let evil", { error: "access_denied" }],
      ["an error in its own words", {}, "forbidden", "begin again", { error: "<b>call 555</b>" }],
    ];
    it.each(lies)("refuses %s, and says why", async (_what, lie, code, words, answer = {}) => {
      const { cookie, state, nonce } = await begin("evil");
      liar.say(nonce, lie);
      const query = new URLSearchParams({ code: "a code", state, iss: liar.issuer, ...answer });
      for (const [name, value] of [...query]) if (value === "") query.delete(name);
      const refused = await bring(cookie, query.toString(), place);
      expect([refused.body.error?.code, refused.body.error?.message]).toEqual([code, expect.stringContaining(words)]);
      expect(refused.body.error.message).not.toMatch(/555|<|OAUTH|undefined/);
    });

    it("lets in nobody whom it names, though it speaks the truth: they are not invited", async () => {
      const { cookie, state, nonce } = await begin("evil");
      liar.say(nonce, { claims: { email: "olga@acme.example", email_verified: true } });
      const query = new URLSearchParams({ code: "a code", state, iss: liar.issuer });
      expect((await bring(cookie, query.toString(), place)).body.error.message).toContain("no place in evil");
    });

    it("says where it is silent, or is another than it was set as", async () => {
      const change = async (lie: Lie) => {
        liar.say("", lie);
        const eve = (await signIn("eve@evil.example")).body.accessToken;
        return (await run(eve, "tenant.sso-set", { client: liar.clientId }).expect(422)).body.error;
      };
      expect(await change({ silent: "discovery" })).toMatchObject({
        path: "args.issuer",
        message: expect.stringContaining("doesn't answer"),
      });
      expect(await change({ metadata: { issuer: "https://accounts.google.com" } })).toMatchObject({
        message: expect.stringContaining("is another's"),
      });
      expect(await change({ metadata: { authorization_endpoint: "javascript:alert(1)" } })).toMatchObject({ path: "args.issuer" });
      expect(await change({ metadata: { authorization_endpoint: undefined } })).toMatchObject({
        message: expect.stringContaining("set up wrongly"),
      });
      expect(JSON.stringify(http.house.logged)).not.toMatch(/a code|an access token of theirs/);
    });

    it("leaves an entry in that workspace's audit for each that was refused", async () => {
      const entries = await http.house.database.acrossTenants.query<{ code: string }>(
        "select detail::jsonb->>'error' as code from audit_entry where tenant_id = $1 and action = 'session.refuse' and detail::jsonb->>'by' = 'sso'",
        [place],
      );
      expect(entries).toHaveLength(lies.length + 1);
      expect(new Set(entries.map(({ code }) => code))).toEqual(new Set(["invalid_credentials", "unavailable", "forbidden"]));
    });
  });

  it("taken away, ends its sessions, and frees the accounts that it made for a password", async () => {
    const { accessToken } = (await come("s4")).body.session;
    await run(owner, "tenant.sso-remove", {}).expect(200);
    await expect.poll(async () => (await get("commands", accessToken)).status).toBe(401);
    await post("session/sso", { workspace: "acme" }).expect(404);
    await post("account/password/link", { email: "new@acme.example" }).expect(202);
    await post("account/password", { token: (await lastMail("new@acme.example"))?.token, password }).expect(204);
    expect((await signIn("new@acme.example", password).expect(200)).body.tenant).toBe("acme");
  });
});
