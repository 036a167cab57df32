import { once } from "node:events";
import { createServer } from "node:net";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { FilledRequest, RequestOutcome } from "../../../src/operations/requests/request.ts";
import { createSendRequest } from "../../../src/operations/requests/sendRequest.ts";
import { systemClock } from "../../../src/platform/clock/clock.ts";
import { startNameServer } from "../../fixtures/nameServer.ts";
import { authority, type StrangeHost, startStrangeHost } from "../../fixtures/strangeHost.ts";
import { namesLeadingInside, refusedAddresses } from "./addresses.ts";

const development = { stage: "development", allowHosts: new Set<string>() } as const;
const production = { stage: "production", allowHosts: new Set<string>() } as const;
const sending = { tenant: "t1", key: "run-1" };
const send = createSendRequest({ clock: systemClock }, development);
const hurried = createSendRequest({ clock: systemClock }, { ...development, deadlineMs: 700 });

/** What the host answers at each path, the first time, the second and so on. */
const seen = new Map<string, number>();
let sentBytes = 0;
let host: StrangeHost;
beforeAll(async () => {
  host = await startStrangeHost((request, response) => {
    const path = request.url ?? "";
    const time = (seen.get(path) ?? 0) + 1;
    seen.set(path, time);
    const json = (body: string | Buffer, status = 200, headers = {}): void => {
      response.writeHead(status, { "content-type": "application/json", ...headers }).end(body);
    };
    const status = /^\/status\/(\d+)$/.exec(path)?.[1];
    if (status !== undefined) return json('{"error":"no"}', Number(status));
    switch (path) {
      case "/json":
        return json('{"id":12345678901234567890,"price":12.5}');
      case "/headers-then-silence":
        response.writeHead(200, { "content-type": "application/json" }).write("{");
        return;
      case "/slow-loris": {
        response.writeHead(200);
        const drip = setInterval(() => response.write("."), 20);
        response.once("close", () => clearInterval(drip));
        return;
      }
      case "/gigabyte": {
        response.writeHead(200, { "content-type": "text/plain" });
        const pour = (): void => {
          while (!response.destroyed && sentBytes < 1e9) {
            sentBytes += 65_536;
            if (!response.write(Buffer.alloc(65_536, "x"))) return void response.once("drain", pour);
          }
        };
        return pour();
      }
      case "/announced":
        response.writeHead(200, { "content-length": "1000000000" }).write("x");
        return;
      case "/bomb":
        return json(gzipSync(Buffer.alloc(50_000_000)), 200, { "content-encoding": "gzip" });
      case "/loop":
        return void response.writeHead(302, { location: "/loop" }).end();
      case "/inside":
        return void response.writeHead(307, { location: "http://169.254.169.254/latest/meta-data" }).end();
      case "/empty":
        return void response.writeHead(204).end();
      case "/nothing":
        return json("");
      case "/wrong-json":
        return json('{"a":');
      case "/deep":
        return json("[".repeat(100_000) + "]".repeat(100_000));
      case "/wrong-utf8":
        return json(Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]));
      case "/latin1":
        return void response.writeHead(200, { "content-type": "text/plain; charset=iso-8859-1" }).end(Buffer.from("caf\u00e9", "latin1"));
      case "/html":
        return void response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><h1>Sign in</h1>");
      case "/html-as-json":
        return json("<html><body>Bad gateway</body></html>");
      case "/text-as-json":
        return void response.writeHead(200, { "content-type": "text/plain" }).end(' {"a":1}');
      case "/picture":
        return void response.writeHead(200, { "content-type": "image/png" }).end(Buffer.from([137, 80, 78, 71]));
      case "/odd-status":
        return void response.socket?.end("HTTP/1.1 999 Odd\r\nContent-Length: 2\r\n\r\nok");
      case "/no-http":
        return void response.socket?.end("220 mail.example.com ESMTP\r\n");
      case "/hang-up":
        return void response.socket?.destroy();
      case "/hang-up-once":
        return time === 1 ? void response.socket?.destroy() : json("[1]");
      case "/busy-once":
        return time === 1 ? json("{}", 503, { "retry-after": "0" }) : json("[1]");
      case "/busy-long":
        return json("{}", 429, { "retry-after": "3600" });
      case "/gateway":
        return json("{}", 504);
    }
  });
});
afterAll(() => host.stop());

const at = (path: string, more: Partial<FilledRequest> = {}): FilledRequest => ({
  method: "GET",
  url: `${host.url}${path}`,
  headers: {},
  ...more,
});
const post = (path: string, more: Partial<FilledRequest> = {}) => at(path, { method: "POST", body: "{}", ...more });
const cameTo = (path: string) => host.got.filter(({ url }) => url === path).length;

describe("45 a host that answers strangely", () => {
  it("reads JSON, with numbers as exact as they came", async () => {
    expect(await send(at("/json"), sending)).toMatchObject({
      kind: "answered",
      ok: true,
      status: 200,
      tries: 1,
      body: { json: { id: "12345678901234567890", price: 12.5 } },
    });
  });

  it.each<[string, Partial<RequestOutcome>]>([
    ["/empty", { ok: true, status: 204, body: { kind: "none" } }],
    ["/nothing", { ok: true, body: { kind: "none" } }],
    ["/wrong-json", { ok: true, body: { kind: "unreadable", why: expect.stringContaining("isn't") } }],
    ["/deep", { ok: true, body: { kind: "unreadable", why: expect.stringContaining("isn't") } }],
    ["/wrong-utf8", { ok: true, body: { kind: "unreadable", why: expect.stringContaining("isn't text") } }],
    ["/latin1", { ok: true, body: { kind: "text", text: "café" } }],
    ["/html", { ok: true, body: { kind: "unreadable", why: expect.stringContaining("web page") } }],
    ["/html-as-json", { ok: true, body: { kind: "unreadable", why: expect.stringContaining("web page") } }],
    ["/text-as-json", { ok: true, body: { kind: "json", json: { a: 1 } } }],
    ["/picture", { ok: true, body: { kind: "unreadable", why: expect.stringContaining("image/png") } }],
    ["/announced", { ok: true, body: { kind: "unreadable", why: expect.stringContaining("1 MB") } }],
    ["/bomb", { ok: true, body: { kind: "unreadable", why: expect.stringContaining("1 MB") } }],
    ["/loop", { ok: false, status: 302, message: expect.stringContaining("nobody is followed") }],
    ["/inside", { ok: false, status: 307, message: expect.stringContaining("nobody is followed") }],
    ["/status/401", { ok: false, message: expect.stringContaining("401: it doesn't know who asks") }],
    ["/status/403", { ok: false, message: expect.stringContaining("403") }],
    ["/status/404", { ok: false, message: expect.stringContaining("404") }],
    [
      "/status/422",
      { ok: false, message: expect.stringContaining("refuses what was sent"), body: { kind: "json", json: { error: "no" } } },
    ],
    ["/status/500", { ok: false, message: expect.stringContaining("failed by itself"), tries: 1 }],
    ["/odd-status", { ok: false, status: 999 }],
  ])("tells what %s is", async (path, expected) => {
    expect(await send(at(path), sending)).toMatchObject({ kind: "answered", ...expected });
    expect(cameTo(path)).toBe(1);
  });

  it("stops a gigabyte after its first", async () => {
    expect(await send(at("/gigabyte"), sending)).toMatchObject({
      kind: "answered",
      body: { kind: "unreadable", why: expect.stringContaining("1 MB") },
    });
    // What the systems between hold back belongs to it.
    expect(sentBytes).toBeLessThan(30_000_000);
  });

  it("waits for nobody longer than it may, and knows that it was answered", async () => {
    for (const path of ["/headers-then-silence", "/slow-loris"])
      expect(await hurried(post(path), sending)).toMatchObject({
        kind: "answered",
        ok: true,
        status: 200,
        body: { kind: "unreadable", why: expect.stringContaining("in time") },
      });
  });
});

describe("whether it happened", () => {
  it("4.6 is uncertain where something that can't be repeated got no answer, and it is sent once", async () => {
    for (const [path, by] of [
      ["/silence", hurried],
      ["/hang-up", send],
      ["/no-http", send],
      ["/gateway", send],
    ] as const) {
      expect(await by(post(path), sending), path).toMatchObject({
        kind: "uncertain",
        repeatable: false,
        tries: 1,
        message: expect.stringContaining("look there"),
      });
      expect(cameTo(path), path).toBe(1);
    }
  });

  it("is known not to have happened where nothing left, and tried again then", async () => {
    const closed = createServer().listen(0, "127.0.0.1");
    await once(closed, "listening");
    const address = closed.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    closed.close();
    await once(closed, "close");
    expect(await send(post("", { url: `http://127.0.0.1:${port}/` }), sending)).toMatchObject({
      kind: "notSent",
      code: "unavailable",
      tries: 3,
    });
  });

  it("tries again what may be repeated: reads, what is the same twice, and what the host knows by its key", async () => {
    expect(await send(at("/hang-up-once"), sending)).toMatchObject({ kind: "answered", ok: true, tries: 2 });
    seen.delete("/hang-up-once");
    expect(await send(post("/hang-up-once", { method: "PUT" }), sending)).toMatchObject({ kind: "answered", tries: 2 });
    seen.delete("/hang-up-once");
    const before = host.got.length;
    expect(await send(post("/hang-up-once", { repeatHeader: "Idempotency-Key" }), sending)).toMatchObject({ kind: "answered", tries: 2 });
    expect(host.got.slice(before).map(({ headers }) => headers["idempotency-key"])).toEqual(["run-1", "run-1"]);
    expect(await send(at("/busy-once"), sending)).toMatchObject({ kind: "answered", status: 200, tries: 2 });
    seen.delete("/busy-once");
    expect(await send(post("/busy-once"), sending)).toMatchObject({ kind: "answered", status: 503, tries: 1 });
  });

  it("waits no hour for a host, and says how long that asked for", async () => {
    expect(await send(at("/busy-long"), sending)).toMatchObject({
      kind: "answered",
      status: 429,
      tries: 1,
      retryAfterMs: 3_600_000,
      message: expect.stringContaining("3600 s"),
    });
  });

  it("tells a read without an answer from a change without one", async () => {
    expect(await hurried(at("/silence-of-a-read"), sending)).toMatchObject({ kind: "unanswered" });
    expect(await hurried(post("/silence-of-a-put", { method: "PUT" }), sending)).toMatchObject({ kind: "uncertain", repeatable: true });
  });

  it("ends when its run is cancelled", async () => {
    const cancelled = new AbortController();
    const outcome = send(post("/silence-until-cancelled"), { ...sending, signal: cancelled.signal });
    await expect.poll(() => cameTo("/silence-until-cancelled")).toBe(1);
    cancelled.abort();
    expect(await outcome).toMatchObject({ kind: "uncertain", message: expect.stringContaining("cancelled") });
    const never = AbortSignal.abort();
    expect(await send(post("/never"), { ...sending, signal: never })).toMatchObject({ kind: "notSent" });
    expect(cameTo("/never")).toBe(0);
  });
});

describe("certificates", () => {
  it.each([
    ["expired", "expired"],
    ["otherHost", "another host"],
    ["selfSigned", "self-signed"],
  ] as const)("sends nothing to a host whose certificate is %s", async (certificate, why) => {
    const strange = await startStrangeHost((_, response) => response.end("[]"), certificate);
    const trusting = createSendRequest({ clock: systemClock }, { ...development, authorities: [authority] });
    const outcome = await trusting(post("/", { url: `${strange.url}/`, credential: { kind: "bearer" } }), {
      ...sending,
      secret: "a secret of ours",
    });
    expect(outcome).toMatchObject({ kind: "notSent", message: expect.stringContaining(why) });
    expect(strange.got).toEqual([]);
    await strange.stop();
  });

  it("sends to one whose certificate is good", async () => {
    const strange = await startStrangeHost((_, response) => response.end("[]"), "good");
    const trusting = createSendRequest({ clock: systemClock }, { ...development, authorities: [authority] });
    expect(await trusting(post("/", { url: `${strange.url}/` }), sending)).toMatchObject({ kind: "answered", ok: true });
    await strange.stop();
  });
});

describe("sec/sql/64 addresses that may not be asked", () => {
  it("are refused as they are run, in one sentence, and nothing is connected to", async () => {
    const names = await startNameServer();
    const sendOut = createSendRequest({ clock: systemClock }, { ...production, nameServers: [names.address] });
    for (const { name, addresses } of namesLeadingInside) names.names.set(name, [[...addresses]]);
    const leadInside = namesLeadingInside.map(({ name }) => `https://${name}:${host.host.split(":")[1]}/json`);
    const before = host.connections();
    const told = new Set<string>();
    for (const url of [...refusedAddresses.filter((address) => !/#|\u0430/.test(address)), ...leadInside]) {
      const outcome = await sendOut(post("", { url }), sending);
      expect(outcome, url).toMatchObject({ kind: "notSent", code: "invalid_value", tries: 1 });
      told.add(outcome.message.replace(/Port \d+/, "Port"));
    }
    expect(told.size).toBe(4);
    expect(host.connections()).toBe(before);
    await names.stop();
  });

  it("are let through by name: the door of the operator", async () => {
    const allowing = createSendRequest({ clock: systemClock }, { ...production, allowHosts: new Set([host.host]) });
    expect(await allowing(at("/json"), sending)).toMatchObject({ kind: "answered", ok: true });
  });
});

it("one request is one request, whatever stands in its values", async () => {
  const before = host.got.length;
  await send(post("/framed", { body: "a\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n", headers: { "X-A": "b" } }), {
    ...sending,
    signal: AbortSignal.timeout(300),
  });
  expect(host.got.slice(before).map(({ url, headers }) => [url, headers["content-length"]])).toEqual([["/framed", "40"]]);
});
