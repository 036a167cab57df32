import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { accountMails } from "../fixtures/accountMail.ts";
import { type FacebookServer, facebookApp, startFacebookServer } from "../fixtures/facebookServer.ts";
import { goodPassword } from "../fixtures/openHouse.ts";
import { type OpenIdServer, openIdClient, signInThere, startOpenIdServer } from "../fixtures/openIdServer.ts";
import { type Http, openHttp } from "./openHttp.ts";

const password = "seven owls over water";

describe("signing in by a provider", () => {
  let http: Http;
  let google: OpenIdServer;
  let facebook: FacebookServer;
  beforeAll(async () => {
    [google, facebook] = await Promise.all([startOpenIdServer(), startFacebookServer()]);
    http = await openHttp({
      providers: {
        settings: {
          google: { ...openIdClient, issuer: google.issuer },
          facebook: { ...facebookApp, dialogUrl: facebook.url, graphUrl: facebook.url },
        },
        rules: { stage: "development", allowHosts: new Set() },
      },
    });
    google.serve([`${http.publicUrl}/desk/signed-in/google`]);
  });
  afterAll(async () => {
    await Promise.all([google.stop(), facebook.stop()]);
    await http.close();
  });

  const post = (path: string, body: object, token?: string) => {
    const asked = http.api.post(`/api/v1/${path}`);
    return (token === undefined ? asked : asked.auth(token, { type: "bearer" })).send(body);
  };
  const get = (path: string, token: string) => http.api.get(`/api/v1/${path}`).auth(token, { type: "bearer" });
  /** Begins, in a browser of its own. */
  const begin = async (body: object, path = "session/provider", token?: string) => {
    const begun = await post(path, body, token).expect(200);
    const cookie = begun.get("Set-Cookie")?.[0]?.split(";")[0] ?? "";
    return { address: String(begun.body.address), cookie, state: new URL(begun.body.address).searchParams.get("state") ?? "" };
  };
  const bring = (cookie: string, answer: string, place = "google") =>
    http.api.post("/api/v1/session/provider/return").set("Cookie", cookie).send({ place, answer });
  const byGoogle = async (subject: string, purpose: "signIn" | "register" = "signIn") => {
    const { address, cookie } = await begin({ provider: "google", purpose });
    return await bring(cookie, (await signInThere(address, subject)).search);
  };
  const byFacebook = async (person: { id: string; name?: string; email?: string }, purpose: "signIn" | "register" = "signIn") => {
    const { cookie, state } = await begin({ provider: "facebook", purpose });
    const code = facebook.allow(person, `${http.publicUrl}/desk/signed-in/facebook`);
    return await bring(cookie, new URLSearchParams({ code, state }).toString(), "facebook");
  };
  const link = async (token: string, subject: string) => {
    const { address, cookie } = await begin({ provider: "google" }, "account/identities", token);
    return await bring(cookie, (await signInThere(address, subject)).search);
  };
  const lastMail = async (email: string) => (await accountMails(http.house, email)).at(-1);

  it("lists those that are set up, and sends the browser there with a challenge, a nonce and a state of its own", async () => {
    const { body } = await http.api.get("/api/v1/session/providers").expect(200);
    expect(body.items).toEqual([
      { provider: "google", name: "Google" },
      { provider: "facebook", name: "Facebook" },
    ]);
    const [first, second] = [
      await begin({ provider: "google", purpose: "signIn" }),
      await begin({ provider: "google", purpose: "signIn" }),
    ];
    const query = Object.fromEntries(new URL(first.address).searchParams);
    expect(query).toMatchObject({ response_type: "code", code_challenge_method: "S256", client_id: openIdClient.clientId });
    for (const name of ["state", "nonce", "code_challenge"]) {
      expect(query[name]).toMatch(/^[\w-]{43}$/);
      expect(query[name]).not.toBe(new URL(second.address).searchParams.get(name));
    }
    await post("session/provider", { provider: "openid", purpose: "signIn" }).expect(404);
  });

  it("makes a confirmed account with a place to make a tenant, and finds it again by issuer and subject though the address changed", async () => {
    google.people.set("g1", { email: "Gina@Example.com", email_verified: true, name: "Gina Green" });
    expect((await byGoogle("g1")).body.error.code).toBe("not_found");
    const registered = await byGoogle("g1", "register");
    expect(registered.body).toMatchObject({
      done: "signedIn",
      back: "desk",
      session: { next: "none", tenant: null, account: { name: "Gina Green", email: "gina@example.com" } },
    });
    expect(registered.get("Set-Cookie")?.join()).toMatch(/switchboard_refresh=[\w-]{43};.*HttpOnly/);
    google.people.set("g1", { email: "somebody.else@example.com", email_verified: true });
    const again = await byGoogle("g1");
    expect(again.body.session.account).toEqual(registered.body.session.account);
    await post("session", { email: "gina@example.com", password }).expect(401);
    const ways = (await get("account/identities", again.body.session.accessToken).expect(200)).body;
    expect(ways).toMatchObject({ password: false, identities: [{ provider: "google", name: "Google", email: "gina@example.com" }] });
    expect(JSON.stringify(ways)).not.toContain("g1");
  });

  it("sec/auth/22 a confirmed account is never entered by its address alone: its person signs in and links", async () => {
    await http.house.addAccount("known@example.com");
    google.people.set("g2", { email: "known@example.com", email_verified: true });
    for (const purpose of ["signIn", "register"] as const) {
      const refused = await byGoogle("g2", purpose);
      expect([refused.status, refused.body.error.code, refused.body.error.message]).toEqual([
        409,
        "conflict",
        expect.stringContaining("link Google in the settings"),
      ]);
    }
    const mine = (await post("session", { email: "known@example.com", password: goodPassword }).expect(200)).body;
    expect((await link(mine.accessToken, "g2")).body).toEqual({ done: "linked", back: "account", session: null });
    expect((await lastMail("known@example.com"))?.subject).toBe("Google was linked with your account");
    expect((await byGoogle("g2")).body.session.account.email).toBe("known@example.com");
    await post("session", { email: "known@example.com", password: goodPassword }).expect(200);
    const [entry] = await http.house.database.acrossTenants.query<{ provider: string }>(
      "select detail::jsonb->>'provider' as provider from audit_entry where action = 'account.identity.link' order by seq desc limit 1",
    );
    expect(entry).toEqual({ provider: "google" });
  });

  it("sec/auth/22 an account that a stranger registered and nobody confirmed is its owner's, without the stranger's password and sessions", async () => {
    await post("account", { email: "victim@example.com", password, name: "Not Victim" }).expect(202);
    const stranger = (await post("session", { email: "victim@example.com", password }).expect(200)).body;
    const { token } = (await lastMail("victim@example.com")) ?? {};
    google.people.set("g3", { email: "victim@example.com", email_verified: true, name: "Vic Tim" });
    const owner = await byGoogle("g3");
    expect(owner.body.session).toMatchObject({ next: "none", account: { email: "victim@example.com" } });
    await post("session", { email: "victim@example.com", password }).expect(401);
    await expect.poll(async () => (await get("account", stranger.accessToken)).status).toBe(401);
    await post("account/confirmation", { token }).expect(422);
    expect((await get("account", owner.body.session.accessToken)).body.name).toBe("Vic Tim");
  });

  it("sec/auth/22 an address that the provider doesn't vouch for opens nothing before a mailed link, and says the same for one that is taken", async () => {
    google.people.set("g4", { email: "known@example.com", email_verified: false });
    expect((await byGoogle("g4")).body.error.code).toBe("not_found");
    const taken = await byFacebook({ id: "f1", name: "Fay", email: "known@example.com" }, "register");
    const free = await byFacebook({ id: "f2", name: "Fred Free", email: "fred@example.com" }, "register");
    expect(taken.body).toEqual({ done: "mailed", back: "desk", session: null });
    expect(free.body).toEqual(taken.body);
    expect((await lastMail("known@example.com"))?.subject).toBe("You already have an account");
    expect((await byFacebook({ id: "f2", email: "fred@example.com" })).body.error.code).toBe("not_found");
    await post("account/confirmation", { token: (await lastMail("fred@example.com"))?.token }).expect(200);
    expect((await byFacebook({ id: "f2" })).body.session).toMatchObject({ next: "none", account: { name: "Fred Free" } });
    expect((await byFacebook({ id: "f1", email: "known@example.com" })).body.error.code).toBe("not_found");
    expect((await byFacebook({ id: "f3", name: "No Address" }, "register")).body.error.message).toContain("tells no mail address");
    expect(facebook.asked.join("\n")).not.toContain(encodeURIComponent(facebookApp.clientSecret));
  });

  it("sec/auth/33 goes on to a place of its own and never to an address, and comes back to the configured one alone", async () => {
    const bad = { provider: "google", purpose: "signIn", back: "https://evil.example" };
    expect((await post("session/provider", bad).expect(422)).body.error.path).toBe("back");
    await post("session/provider", { provider: "google", purpose: "signIn", returnTo: "https://evil.example" }).expect(422);
    const forged = { Host: "evil.example", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https" };
    const begun = await post("session/provider", { provider: "google", purpose: "signIn" }).set(forged).expect(200);
    expect(new URL(begun.body.address).searchParams.get("redirect_uri")).toBe(`${http.publicUrl}/desk/signed-in/google`);
    await post("session/provider", { provider: "google", purpose: "signIn" }).set("Origin", "https://evil.example").expect(403);
    const { address, cookie } = await begin({ provider: "google", purpose: "signIn", back: "account" });
    expect((await bring(cookie, (await signInThere(address, "g1")).search)).body.back).toBe("account");
  });

  it("takes an answer once, in the browser where it began, within ten minutes, at its own address, and only where the person said yes", async () => {
    const used = "was used already, took too long, or began in another browser";
    const refusedAs = async (asked: ReturnType<typeof bring>, code: string, words: string) => {
      const { status, body } = await asked;
      expect([status >= 400, body.error?.code, body.error?.message]).toEqual([true, code, expect.stringContaining(words)]);
    };
    const first = await begin({ provider: "google", purpose: "signIn" });
    const back = (await signInThere(first.address, "g1")).search;
    await refusedAs(bring(`switchboard_sign_in=${"x".repeat(43)}`, back), "invalid_value", used);
    await refusedAs(bring("", back), "invalid_value", used);
    await refusedAs(bring(first.cookie, back, "facebook"), "invalid_value", used);
    const second = await begin({ provider: "google", purpose: "signIn" });
    const answer = (await signInThere(second.address, "g1")).search;
    const both = await Promise.all([bring(second.cookie, answer), bring(second.cookie, answer)]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 422]);
    // The code once more, with the state of another way that is still open.
    const third = await begin({ provider: "google", purpose: "signIn" });
    const replayed = new URLSearchParams(answer);
    replayed.set("state", third.state);
    await refusedAs(bring(third.cookie, replayed.toString()), "invalid_credentials", "used already, or came too late");
    const late = await begin({ provider: "google", purpose: "signIn" });
    http.house.clock.advance(10 * 60_000);
    await refusedAs(bring(late.cookie, (await signInThere(late.address, "g1")).search), "invalid_value", used);
    const denied = await begin({ provider: "google", purpose: "signIn" });
    const no = new URLSearchParams({ error: "access_denied", state: denied.state, iss: google.issuer });
    await refusedAs(bring(denied.cookie, no.toString()), "forbidden", "You didn't let Google");
    const mixed = await begin({ provider: "google", purpose: "signIn" });
    const elsewhere = new URLSearchParams({ code: "x", state: mixed.state, iss: "https://evil.example" });
    await refusedAs(bring(mixed.cookie, elsewhere.toString()), "invalid_credentials", "can't be trusted");
    const facebookNo = await begin({ provider: "facebook", purpose: "signIn" });
    const denial = new URLSearchParams({ error: "access_denied", error_reason: "user_denied", state: facebookNo.state });
    await refusedAs(bring(facebookNo.cookie, denial.toString(), "facebook"), "forbidden", "You didn't let Facebook");
    const facebookOld = await begin({ provider: "facebook", purpose: "signIn" });
    const old = new URLSearchParams({ code: "used", state: facebookOld.state });
    await refusedAs(bring(facebookOld.cookie, old.toString(), "facebook"), "invalid_credentials", "Facebook doesn't know this sign-in");
  });

  it("links after a step-up only, what is nobody else's, and unlinks anything but the last way in", async () => {
    await http.house.addAccount("lin@example.com");
    google.people.set("g5", { email: "other@example.org" });
    const mine = (await post("session", { email: "lin@example.com", password: goodPassword }).expect(200)).body.accessToken;
    http.house.clock.advance(6 * 60_000);
    expect((await post("account/identities", { provider: "google" }, mine).expect(403)).body.error.code).toBe("step_up_needed");
    await post("session/step-up", { password: goodPassword }, mine).expect(200);
    expect((await link(mine, "g1")).body.error.code).toBe("conflict");
    expect((await link(mine, "g5")).body.done).toBe("linked");
    const [identity] = (await get("account/identities", mine)).body.identities;
    const gina = (await byGoogle("g1")).body.session.accessToken;
    const unlink = (id: string, token: string) => http.api.delete(`/api/v1/account/identities/${id}`).auth(token, { type: "bearer" });
    const [foreign, absent] = [await unlink(identity.id, gina), await unlink("nothing", gina)];
    expect([foreign.status, foreign.body.error.message]).toEqual([404, absent.body.error.message]);
    const [only] = (await get("account/identities", gina)).body.identities;
    expect((await unlink(only.id, gina).expect(409)).body.error.message).toContain("only way in");
    await unlink(identity.id, mine).expect(204);
    expect((await lastMail("lin@example.com"))?.subject).toBe("Google was unlinked from your account");
    expect((await byGoogle("g5")).body.error.code).toBe("not_found");
    // A session that ended meanwhile links nothing.
    const begun = await begin({ provider: "google" }, "account/identities", mine);
    await http.api.delete("/api/v1/session").auth(mine, { type: "bearer" }).expect(204);
    expect((await bring(begun.cookie, (await signInThere(begun.address, "g5")).search)).body.error.path).toBe("answer");
  });

  it("asks for the second factor as always; without a password its code is enough to step up, and signing in again counts too", async () => {
    const { account } = await http.house.addAccount("two@example.com", { secondFactor: "asked for" });
    google.people.set("g6", { email: "two@example.com", email_verified: true });
    const mine = (await post("session", { email: "two@example.com", password: goodPassword }).expect(200)).body;
    expect((await link(mine.accessToken, "g6")).body.done).toBe("linked");
    expect((await byGoogle("g6")).body.session.next).toBe("none");
    await http.house.database.acrossTenants.query(
      "insert into second_factor (account_id, secret, confirmed_at) values ($1, 'not a secret that opens', now())",
      [account],
    );
    expect((await byGoogle("g6")).body.session.next).toBe("secondFactor");

    const gina = (await byGoogle("g1")).body.session.accessToken;
    await get("account/export", gina).expect(200);
    http.house.clock.advance(6 * 60_000);
    expect((await get("account/export", gina).expect(403)).body.error.code).toBe("step_up_needed");
    for (const body of [{}, { password: "anything" }, { code: "123456" }])
      expect((await post("session/step-up", body, gina).expect(422)).body.error.message).toContain("no password");
    const again = await begin({ provider: "google", purpose: "signIn", back: "account", again: true });
    expect(new URL(again.address).searchParams.get("prompt")).toBe("login");
    const fresh = (await bring(again.cookie, (await signInThere(again.address, "g1")).search)).body.session.accessToken;
    const exported = (await get("account/export", fresh).expect(200)).body;
    expect(exported.tables.account_identity).toMatchObject([{ provider: "google", subject: "g1" }]);
    await post("account/deletion", {}, fresh).expect(204);
    expect((await byGoogle("g1")).body.error.code).toBe("not_found");
  });
});
