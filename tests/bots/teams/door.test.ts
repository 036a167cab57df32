import { createHmac, createPublicKey, generateKeyPairSync } from "node:crypto";
import { connect } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Refusal } from "../../../src/protocol/refusal.ts";
import { openTeamsHouse, type TeamsHouse } from "../../fixtures/teamsHouse.ts";
import type { TeamsChange } from "../../fixtures/teamsService.ts";

let here: TeamsHouse;
beforeAll(async () => {
  here = await openTeamsHouse();
});
afterAll(() => here.close());
beforeEach(() => {
  here.heard.length = 0;
});

const unauthenticated = { error: { code: "unauthenticated", message: expect.any(String), requestId: expect.any(String) } };
const now = () => Math.floor(Date.now() / 1000);

async function tryIt(change: TeamsChange) {
  const { status, body } = await here.teams.send(here.teams.shape("message", "ann", "personal", { text: "help" }), change);
  return { status, body };
}

describe("4.3 who speaks", () => {
  it("is heard with a token of the Bot Framework", async () => {
    expect(await tryIt({})).toEqual({ status: 200, body: {} });
    expect(here.heard).toHaveLength(1);
  });

  const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const claims = () => ({
    iss: "https://api.botframework.com",
    aud: here.teams.app.appId,
    exp: now() + 3600,
    serviceurl: here.teams.cloud.serviceUrl,
  });

  it.each([
    ["no bearer", () => ({ authorization: null })],
    ["an empty bearer", () => ({ authorization: "Bearer " })],
    ["another scheme", () => ({ authorization: `Basic ${here.teams.server.sign(claims())}` })],
    ["no token at all", () => ({ authorization: "Bearer a.b.c" })],
    ["alg none", () => ({ authorization: `Bearer ${base64({ alg: "none", kid: "x" })}.${base64(claims())}.` })],
    ["alg none in the header", () => ({ header: { alg: "none" } })],
    ["another app's audience", () => ({ claims: { aud: "00000000-0000-0000-0000-000000000000" } })],
    ["no audience", () => ({ claims: { aud: undefined } })],
    ["another issuer", () => ({ claims: { iss: "https://api.botframework.com.evil.example" } })],
    ["the emulator's issuer v1", () => ({ claims: { iss: "https://sts.windows.net/d6d49420-f39b-4df7-a1dc-d59a935871db/" } })],
    [
      "the emulator's issuer v2",
      () => ({ claims: { iss: "https://login.microsoftonline.com/d6d49420-f39b-4df7-a1dc-d59a935871db/v2.0" } }),
    ],
    ["the government emulator's issuer", () => ({ claims: { iss: "https://sts.windows.net/cab8a31a-1906-4287-a0d8-4eef66b95f6e/" } })],
    ["expired 6 min", () => ({ claims: { exp: now() - 360 } })],
    ["no end", () => ({ claims: { exp: undefined } })],
    ["future nbf", () => ({ claims: { nbf: now() + 360 } })],
    ["unknown kid", () => ({ header: { kid: "another" } })],
    ["no kid", () => ({ header: { kid: undefined } })],
    ["no serviceurl", () => ({ claims: { serviceurl: undefined } })],
    ["serviceurl of another", () => ({ claims: { serviceurl: "https://smba.trafficmanager.net/emea/" } })],
  ] as [string, () => TeamsChange][])("bad/4.3/token: %s", async (_, change) => {
    expect(await tryIt(change())).toMatchObject({ status: 401, body: unauthenticated });
    expect(here.heard).toEqual([]);
  });

  it("bad/4.3/token: HS256 with the public key", async () => {
    const answer = await fetch(`${here.teams.server.url}/openid/keys`);
    const { keys } = JSON.parse(await answer.text());
    const pem = createPublicKey({ key: keys[0], format: "jwk" }).export({ type: "spki", format: "pem" });
    const content = `${base64({ alg: "HS256", kid: keys[0].kid })}.${base64(claims())}`;
    const signature = createHmac("sha256", pem).update(content).digest("base64url");
    expect(await tryIt({ authorization: `Bearer ${content}.${signature}` })).toMatchObject({ status: 401, body: unauthenticated });
  });

  it("bad/4.3/token: signed by a key of their own, which its header brings", async () => {
    const jwk = generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey.export({ format: "jwk" });
    expect(await tryIt({ header: { kid: "own", jwk, jku: "https://evil.example/keys" } })).toMatchObject({ status: 401 });
  });

  it.each([
    ["expired 4 min", () => ({ claims: { exp: now() - 240 } })],
    ["nbf in 4 min", () => ({ claims: { nbf: now() + 240 } })],
  ] as [string, () => TeamsChange][])("takes what clocks differ by: %s", async (_, change) => {
    expect(await tryIt(change())).toMatchObject({ status: 200 });
  });

  it("advisory 36: the address alone grants nothing, and an app that isn't there answers as one that is", async () => {
    const there = await tryIt({ authorization: "Bearer a.b.c" });
    here.teams.callAt(`${here.http.publicUrl}/channels/teams/messages?app=another`);
    const answers = [await tryIt({}), await tryIt({ authorization: "Bearer a.b.c" })];
    here.teams.callAt(`${here.http.publicUrl}/channels/teams/messages`);
    answers.push(await tryIt({}));
    here.teams.callAt(`${here.http.publicUrl}/channels/teams/messages?app=${here.app.id}`);
    for (const { status, body } of answers) {
      expect({ status, body }).toEqual({ status: 401, body: { error: { ...errorOf(there.body), requestId: expect.any(String) } } });
    }
  });

  it.each([
    ["", "secret"],
    ["  ", "secret"],
    ["app", ""],
    ["app", " \t"],
    ["app", undefined],
  ])("advisory 35: an app with the id %j and the secret %j speaks to nobody", async (appId, password) => {
    const app = here.house.app;
    here.house.app = async () => ({ ...here.app, appId, secrets: password === undefined ? {} : { password } });
    const { status } = await tryIt({ claims: { aud: appId } });
    const to = { installation: { ...here.installation, app: { ...here.app, appId, secrets: password === undefined ? {} : { password } } } };
    const place = { room: "a:ann", scope: "personal" as const };
    const posted = here.chat.post({ ...to, place }, { text: "x" }, "m");
    here.house.app = app;
    expect(status).toBe(401);
    await expect(posted).rejects.toMatchObject({ kind: "broken" });
  });

  it("advisory 38: a secret that was changed counts no more, at once", async () => {
    const place = { room: "a:ann", scope: "personal" as const, service: { serviceUrl: here.teams.cloud.serviceUrl } };
    await here.chat.post({ installation: here.installation, place }, { text: "before" }, "m");
    const app = { ...here.app, secrets: { password: "withdrawn" } };
    await expect(here.chat.post({ installation: { ...here.installation, app }, place }, { text: "after" }, "m")).rejects.toMatchObject({
      kind: "broken",
    });
    const kept = here.house.app;
    here.house.app = async () => undefined;
    const { status } = await tryIt({});
    here.house.app = kept;
    expect(status).toBe(401);
  });
});

describe("advisory 34: the body", () => {
  it.each([
    ["1 MB", 1024 * 1024],
    ["2 MB", 2 * 1024 * 1024],
  ])("bad/4.3/%s before a token is refused unread", async (_, bytes) => {
    expect(await beginBody(here.http.port, `/channels/teams/messages?app=${here.app.id}`, "Bearer a.b.c", bytes)).toBe(401);
  });

  it("of more than 256 KB is refused with a token too", async () => {
    const { status, body } = await tryIt({ body: JSON.stringify({ text: "x".repeat(257 * 1024) }) });
    expect({ status, body }).toMatchObject({ status: 413, body: { error: { code: "payload_too_large" } } });
  });

  const without = (name: string) => () => ({ ...here.teams.shape("message", "ann", "personal"), [name]: undefined });
  const withIt = (more: object) => () => ({ ...here.teams.shape("message", "ann", "personal"), ...more });
  it.each([
    ["without from", without("from"), "from"],
    ["without conversation", without("conversation"), "conversation"],
    ["without id", without("id"), "id"],
    ["without type", without("type"), "type"],
    ["without serviceUrl", without("serviceUrl"), "serviceUrl"],
    ["from as text", withIt({ from: "ann" }), "from"],
    ["conversation.id as a number", withIt({ conversation: { id: 7 } }), "conversation.id"],
    ["text as an object", withIt({ text: { $gt: "" } }), "text"],
    ["attachments as an object", withIt({ attachments: {} }), "attachments"],
    ["entities of numbers", withIt({ entities: [1] }), "entities.0"],
    ["a timestamp that is none", withIt({ timestamp: "yesterday" }), "timestamp"],
    ["another channel", withIt({ channelId: "emulator" }), "channelId"],
    ["a list", () => [1, 2], ""],
    ["null", () => null, ""],
  ] as [string, () => object, string][])("bad/4.3/activity: %s", async (_, activity, path) => {
    const { status, body } = await here.teams.send(activity() ?? [], { body: JSON.stringify(activity()) });
    expect(status).toBe(400);
    expect(body).toEqual({ error: { code: "invalid_frame", message: expect.any(String), path, requestId: expect.any(String) } });
    expect(here.heard).toEqual([]);
  });

  it("bad/4.3/activity: no JSON", async () => {
    expect(await tryIt({ body: "{" })).toMatchObject({ status: 400, body: { error: { code: "invalid_json" } } });
  });

  it("fault 43: a serviceUrl counts from a verified activity alone, and of Microsoft's hosts", async () => {
    for (const serviceUrl of [
      "https://evil.example/",
      "https://smba.trafficmanager.net.evil.example/",
      "http://smba.trafficmanager.net/",
    ]) {
      const activity = { ...here.teams.shape("message", "ann", "personal"), serviceUrl };
      expect(await here.teams.send(activity, { claims: { serviceurl: serviceUrl } })).toMatchObject({ status: 403 });
      expect(await here.teams.send(activity)).toMatchObject({ status: 401 });
      const place = { room: "a:ann", scope: "personal" as const, service: { serviceUrl } };
      await expect(here.chat.post({ installation: here.installation, place }, { text: "x" }, "m")).rejects.toMatchObject({
        kind: "refused",
      });
    }
    expect(here.heard).toEqual([]);
  });
});

describe("fault 42: the keys", () => {
  afterEach(() => here.teams.server.keysAreDown(false));

  it("that are down count for 24 h more, then nothing is believed; a new one is found, at most once in 5 minutes", async () => {
    const { server } = here.teams;
    server.keysAreDown(true);
    here.advance(13 * 3_600_000);
    const long = { claims: { exp: now() + 90 * 3600 } };
    const asked = server.keysAsked();
    expect(await tryIt(long)).toMatchObject({ status: 200 });
    expect(server.keysAsked()).toBe(asked + 1);
    expect(await tryIt(long)).toMatchObject({ status: 200 });
    expect(server.keysAsked()).toBe(asked + 1);

    here.advance(12 * 3_600_000);
    expect(await tryIt(long)).toMatchObject({ status: 503, body: { error: { code: "unavailable" } } });
    expect(await tryIt({ authorization: "Bearer a.b.c" })).toMatchObject({ status: 401 });
    server.keysAreDown(false);
    here.advance(3_000);
    expect(await tryIt(long)).toMatchObject({ status: 200 });

    server.rotate();
    const before = server.keysAsked();
    expect(await tryIt(long)).toMatchObject({ status: 401 });
    expect(server.keysAsked()).toBe(before);
    here.advance(5 * 60_000);
    expect(await tryIt(long)).toMatchObject({ status: 200 });
    for (let index = 0; index < 5; index++) expect(await tryIt({ header: { kid: `unknown-${index}` } })).toMatchObject({ status: 401 });
    expect(server.keysAsked()).toBe(before + 2);
  });

  it("bad/4.3/token: key without endorsement", async () => {
    here.teams.server.rotate(["webchat"]);
    here.advance(5 * 60_000);
    const long = { claims: { exp: now() + 90 * 3600 } };
    expect(await tryIt(long)).toMatchObject({ status: 401 });
    here.teams.server.rotate();
    here.advance(5 * 60_000);
    expect(await tryIt(long)).toMatchObject({ status: 200 });
  });
});

describe("what is told", () => {
  const long = () => ({ claims: { exp: now() + 90 * 3600 } });

  it("is answered with 503 where it could not be written down, and without a stack", async () => {
    const kept = here.house.heard;
    here.house.heard = async () => {
      throw new Refusal("unavailable", "The database is away; try again.");
    };
    const answer = await tryIt(long());
    here.house.heard = kept;
    expect(answer).toMatchObject({ status: 503, body: { error: { code: "unavailable" } } });
    expect(JSON.stringify(answer.body)).not.toMatch(/\bat .*:\d+/);
  });
});

function errorOf(body: unknown): object {
  return typeof body === "object" && body !== null && "error" in body && typeof body.error === "object" ? (body.error ?? {}) : {};
}

/** Announces a body and sends nothing of it: the status that is answered all the same. */
function beginBody(port: number, path: string, authorization: string, bytes: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.write(
        `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nAuthorization: ${authorization}\r\nContent-Length: ${bytes}\r\n\r\n`,
      );
    });
    socket.setTimeout(5000, () => reject(new Error("It waits for the body.")));
    socket.once("data", (data) => {
      resolve(Number(data.toString().split(" ")[1]));
      socket.destroy();
    });
    socket.once("error", reject);
  });
}
