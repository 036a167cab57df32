import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { boundTo, checkSecret } from "../../../src/operations/requests/credential.ts";
import { defineRequest } from "../../../src/operations/requests/defineRequest.ts";
import { redactionOf } from "../../../src/operations/requests/redact.ts";
import type { Credential, FilledRequest } from "../../../src/operations/requests/request.ts";
import { createSendRequest } from "../../../src/operations/requests/sendRequest.ts";
import { createMovableClock } from "../../fixtures/movableClock.ts";
import { type StrangeHost, startStrangeHost } from "../../fixtures/strangeHost.ts";

const development = { stage: "development", allowHosts: new Set<string>() } as const;
const clock = createMovableClock();
const send = createSendRequest({ clock }, development);
const secret = "p/ä\"s+s&w<ö>r'd=1";
const sending = { tenant: "t1", key: "run-1", secret };

describe("a secret", () => {
  let host: StrangeHost;
  beforeAll(async () => {
    // Echoes what came, in every form in which something is echoed.
    host = await startStrangeHost((request, response) => {
      const came = { url: request.url, headers: request.headers, raw: request.rawHeaders.join(" ") };
      const proof = `${request.headers["x-api-key"] ?? new URL(request.url ?? "", "http://x").searchParams.get("key") ?? ""}`;
      const given = Buffer.from(request.headers.authorization?.split(" ")[1] ?? "", "base64").toString();
      const plain = [proof, given, given.split(":").slice(1).join(":")].filter((each) => each !== "");
      const forms = plain.flatMap((each) => [
        each,
        encodeURIComponent(each),
        Buffer.from(each).toString("base64"),
        Buffer.from(`ab${each}cd`).toString("base64url"),
        Buffer.from(each).toString("hex"),
        JSON.stringify({ each }),
      ]);
      if (request.url?.startsWith("/text"))
        response
          .writeHead(400, { "content-type": "text/plain", "x-echo": encodeURIComponent(proof) })
          .end(`${JSON.stringify(came)} ${forms.join(" ")}`);
      else
        response
          .writeHead(200, { "content-type": "application/json" })
          .end(
            JSON.stringify({ came, forms, [proof]: 1 }).replace(
              /[\u007f-\uffff]/g,
              (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
            ),
          );
    });
  });
  afterAll(() => host.stop());

  const forms = (text: string) => [
    text,
    encodeURIComponent(text),
    Buffer.from(text).toString("base64").replace(/=+$/, ""),
    Buffer.from(text).toString("hex"),
    JSON.stringify(text).slice(1, -1),
  ];

  it.each<[Credential, string]>([
    [{ kind: "basic", user: "ada" }, secret],
    [{ kind: "basic" }, "sk_of_somebody_1"],
    [{ kind: "bearer" }, "a-token-of-24-characters"],
    [{ kind: "key", in: "header", name: "X-Api-Key" }, "key-1234-of-ours"],
    [{ kind: "key", in: "query", name: "key" }, secret],
  ])("4.6 is sent as %j, and nowhere in the answer, whatever form it is echoed in", async (credential, given) => {
    for (const path of ["/json", "/text"]) {
      const filled: FilledRequest = { method: "POST", url: `${host.url}${path}?a=1`, headers: {}, credential };
      const outcome = await send(filled, { ...sending, secret: given });
      expect(outcome).toMatchObject({ kind: "answered", tries: 1 });
      const told = JSON.stringify(outcome);
      expect(told).toContain("••••");
      for (const form of forms(given)) expect(told).not.toContain(form);
      const got = host.got.at(-1);
      const sent = {
        basic: `Basic ${Buffer.from("user" in credential ? `ada:${given}` : `${given}:`).toString("base64")}`,
        bearer: `Bearer ${given}`,
      };
      if (credential.kind === "basic" || credential.kind === "bearer") expect(got?.headers.authorization).toBe(sent[credential.kind]);
      else if (credential.kind === "key" && credential.in === "header") expect(got?.headers["x-api-key"]).toBe(given);
      else expect(got?.url).toBe(`${path}?a=1&key=${encodeURIComponent(given).replaceAll("'", "%27")}`);
    }
  });

  it("isn't asked for by a call without one, and missing for one with it", async () => {
    expect(
      await send({ method: "GET", url: `${host.url}/json`, headers: {}, credential: { kind: "bearer" } }, { tenant: "t1", key: "1" }),
    ).toMatchObject({ kind: "notSent", code: "invalid_value", tries: 1 });
  });

  it("is found in each of its forms, and leaves the rest as it is", () => {
    const { text, json } = redactionOf(["abcd1234"]);
    expect(text("x ABCD1234 y 6162636431323334 z")).toBe("x •••• y •••• z");
    expect(json({ a: ["abcd1234"], b: 5, abcd1234: null, ["__proto__"]: "abcd1234" })).toEqual(
      JSON.parse('{"a":["••••"],"b":5,"••••":null,"__proto__":"••••"}'),
    );
    expect(redactionOf(["12345678"]).json([12345678, 87654321])).toEqual(["••••", 87654321]);
  });

  it("can be sent and found, or is refused without being told", () => {
    for (const [credential, given] of [
      [{ kind: "bearer" }, "abc"],
      [{ kind: "bearer" }, "two words"],
      [{ kind: "bearer" }, "line\nbreak"],
      [{ kind: "key", in: "header", name: "X" }, "caf\u00e9-1234"],
      [{ kind: "basic", user: "a" }, "line\r\nbreak"],
    ] as [Credential, string][]) {
      expect(() => checkSecret(credential, given)).toThrow(
        expect.objectContaining({ code: "invalid_value", path: "secret", message: expect.not.stringContaining(given) }),
      );
    }
    expect(() => checkSecret({ kind: "basic" }, secret)).not.toThrow();
  });
});

describe("sec/sql/61 a secret is bound to where it was given for", () => {
  const define = (url: string, credential: Credential | undefined = { kind: "bearer" }) =>
    defineRequest({ url, credential }, [], { stage: "production", allowHosts: new Set(["a.example.com:80"]) });
  const before = define("https://a.example.com/v1/orders");

  it.each([
    ["another path", "https://a.example.com/v2?x=1", true],
    ["the same port, written", "https://a.example.com:443/", true],
    ["other letters of the same name", "HTTPS://A.Example.com/", true],
    ["another host", "https://b.example.com/v1/orders", false],
    ["a host within", "https://x.a.example.com/v1/orders", false],
    ["another port", "https://a.example.com:8443/v1/orders", false],
    ["another scheme", "http://a.example.com/v1/orders", false],
  ])("%s: %s keeps it: %s", (_, url, kept) => {
    expect(boundTo(define(url)) === boundTo(before)).toBe(kept);
  });

  it("is cleared where it would be sent in another way, or to another giver of tokens", () => {
    const url = "https://a.example.com/";
    const token = (tokenUrl: string) => define(url, { kind: "clientCredentials", tokenUrl, clientId: "x" });
    expect(boundTo(define(url, { kind: "key", in: "query", name: "q" }))).toBe("key in query https://a.example.com");
    expect(boundTo({ method: "GET", url, headers: {} })).toBeUndefined();
    expect(boundTo(token("https://id.example.com/token"))).toBe(boundTo(token("https://id.example.com/other")));
    expect(boundTo(token("https://id.example.com/token"))).not.toBe(boundTo(token("https://evil.example.com/token")));
    expect(boundTo(before)).toBe("bearer https://a.example.com");
  });
});

describe("OAuth 2 client credentials", () => {
  let giver: StrangeHost;
  let host: StrangeHost;
  let given = 0;
  let good = "";
  let refuse = false;
  beforeAll(async () => {
    giver = await startStrangeHost((request, response) => {
      if (request.url === "/html") return void response.writeHead(200, { "content-type": "text/html" }).end("<html>");
      if (request.url === "/silent") return;
      if (refuse) return void response.writeHead(401, { "content-type": "application/json" }).end('{"error":"invalid_client"}');
      given++;
      good = `token-${given}-of-the-giver`;
      response
        .writeHead(200, { "content-type": "application/json" })
        .end(JSON.stringify({ access_token: good, token_type: "Bearer", expires_in: 3600 }));
    });
    host = await startStrangeHost((request, response) => {
      const known = request.headers.authorization === `Bearer ${good}`;
      response
        .writeHead(known ? 200 : 401, { "content-type": "application/json" })
        .end(JSON.stringify({ echo: request.headers.authorization }));
    });
  });
  afterAll(async () => {
    await giver.stop();
    await host.stop();
  });

  const call = (tokenPath = "/token"): FilledRequest => ({
    method: "POST",
    url: `${host.url}/orders`,
    headers: {},
    credential: { kind: "clientCredentials", tokenUrl: `${giver.url}${tokenPath}`, clientId: "our id", scope: "orders", audience: "shop" },
  });

  it("are changed into a token that is kept until it ends, once for 50 calls at once", async () => {
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => send(call(), sending)));
    expect(outcomes.every((outcome) => outcome.kind === "answered" && outcome.ok)).toBe(true);
    expect(giver.got).toHaveLength(1);
    expect(giver.got[0]?.body).toBe("scope=orders&audience=shop&grant_type=client_credentials");
    expect(giver.got[0]?.headers.authorization).toMatch(/^Basic /);
    expect(JSON.stringify(outcomes)).not.toContain(good);
    clock.advance(3_560_000);
    await send(call(), sending);
    expect(giver.got).toHaveLength(1);
    clock.advance(20_000);
    await send(call(), sending);
    expect(giver.got).toHaveLength(2);
    await send(call(), { ...sending, tenant: "t2" });
    expect(giver.got).toHaveLength(3);
  });

  it("are renewed once where the host refuses the token, and each of 50 calls is made again once", async () => {
    await send(call(), { ...sending, tenant: "t3" });
    good = "the host forgot";
    const [asked, came] = [giver.got.length, host.got.length];
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => send(call(), { ...sending, tenant: "t3" })));
    expect(outcomes.every((outcome) => outcome.kind === "answered" && outcome.ok)).toBe(true);
    expect(giver.got).toHaveLength(asked + 1);
    expect(host.got.length - came).toBeLessThanOrEqual(100);
  });

  it("say why there is no token, without what is secret, and ask again the next time", async () => {
    const other = { ...sending, tenant: "t4" };
    refuse = true;
    const refused = await send(call(), other);
    expect(refused).toMatchObject({ kind: "notSent", code: "invalid_credentials", tries: 1 });
    refuse = false;
    expect(await send(call(), other)).toMatchObject({ kind: "answered", ok: true });
    const html = send(call("/html"), other);
    await expect.poll(() => giver.got.filter(({ url }) => url === "/html").length).toBe(1);
    // Its pauses are the clock's.
    const asked = () => {
      clock.advance(1000);
      return giver.got.filter(({ url }) => url === "/html").length;
    };
    await expect.poll(asked).toBe(3);
    expect(await html).toMatchObject({ kind: "notSent", code: "unavailable" });
    const hurried = createSendRequest({ clock }, { ...development, deadlineMs: 300 });
    const late = await hurried(call("/silent"), other);
    expect(late).toMatchObject({ kind: "notSent" });
    expect(JSON.stringify([refused, late])).not.toContain(secret);
  });
});
