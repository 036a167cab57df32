import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Lie } from "../fixtures/lyingProvider.ts";
import { openSso, type Sso } from "./openSso.ts";

describe("a workspace's single sign-on with a provider that lies", () => {
  let place: string;
  let door: Sso;
  beforeAll(async () => {
    door = await openSso();
    const { http, liar, signIn, set } = door;
    place = await http.house.addTenant("evil");
    await http.house.addAccount("eve@evil.example", { tenant: place, roles: ["owner"] });
    const eve = (await signIn("eve@evil.example")).body.accessToken;
    await set(eve, { issuer: liar.issuer, client: liar.clientId, secret: "x", domains: "acme.example" });
  });
  afterAll(() => door.close());

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
    ["a used code", { token: { status: 400, body: '{"error":"invalid_grant"}' } }, "invalid_credentials", "used already, or came too late"],
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
    const { cookie, state, nonce } = await door.begin("evil");
    door.liar.say(nonce, lie);
    const query = new URLSearchParams({ code: "a code", state, iss: door.liar.issuer, ...answer });
    for (const [name, value] of [...query]) if (value === "") query.delete(name);
    const refused = await door.bring(cookie, query.toString(), place);
    expect([refused.body.error?.code, refused.body.error?.message]).toEqual([code, expect.stringContaining(words)]);
    expect(refused.body.error.message).not.toMatch(/555|<|OAUTH|undefined/);
  });

  it("lets in nobody whom it names, though it speaks the truth: they are not invited", async () => {
    const { cookie, state, nonce } = await door.begin("evil");
    door.liar.say(nonce, { claims: { email: "olga@acme.example", email_verified: true } });
    const query = new URLSearchParams({ code: "a code", state, iss: door.liar.issuer });
    expect((await door.bring(cookie, query.toString(), place)).body.error.message).toContain("no place in evil");
  });

  it("says where it is silent, or is another than it was set as", async () => {
    const change = async (lie: Lie) => {
      door.liar.say("", lie);
      const eve = (await door.signIn("eve@evil.example")).body.accessToken;
      return (await door.run(eve, "tenant.sso-set", { client: door.liar.clientId }).expect(422)).body.error;
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
    expect(JSON.stringify(door.http.house.logged)).not.toMatch(/a code|an access token of theirs/);
  });

  it("leaves an entry in that workspace's audit for each that was refused", async () => {
    const entries = await door.http.house.database.acrossTenants.query<{ code: string }>(
      "select detail::jsonb->>'error' as code from audit_entry where tenant_id = $1 and action = 'session.refuse' and detail::jsonb->>'by' = 'sso'",
      [place],
    );
    expect(entries).toHaveLength(lies.length + 1);
    expect(new Set(entries.map(({ code }) => code))).toEqual(new Set(["invalid_credentials", "unavailable", "forbidden"]));
  });
});
