import { createServer } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createAskOutside } from "../../src/platform/outside/askOutside.ts";
import { outsideAddress } from "../../src/platform/outside/outsideAddress.ts";

const production = { stage: "production", allowHosts: new Set<string>() } as const;

describe("an address that somebody else wrote", () => {
  // Every spelling that a URL parser, a resolver or a kernel takes for a private place (advisory 62).
  it.each([
    ...[
      "127.0.0.1",
      "127.1",
      "2130706433",
      "0x7f000001",
      "0177.0.0.1",
      "0.0.0.0",
      "0",
      "10.1.2.3",
      "172.16.0.1",
      "192.168.1.1",
      "100.64.0.1",
    ],
    ...[
      "169.254.169.254",
      "192.0.0.8",
      "192.0.2.1",
      "198.18.0.1",
      "198.51.100.7",
      "203.0.113.9",
      "224.0.0.1",
      "240.0.0.1",
      "255.255.255.255",
    ],
    ...["[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[fc00::1]", "[fd12:3456::1]", "[fe80::1]", "[ff02::1]", "[2001:db8::1]"],
    ...["[64:ff9b::7f00:1]", "[64:ff9b::a00:1]", "[2002:7f00:1::]", "[2001:0:4136:e378:8000:63bf:3fff:fdd2]", "１２７.０.０.１"],
  ])("sec/sql/62 is refused where it is %s", (host) => {
    expect(() => outsideAddress(`https://${host}/`, production)).toThrow("private network");
  });

  it.each([
    "http://login.example.com",
    "ftp://login.example.com",
    "https://a:b@login.example.com",
    "login.example.com",
    "javascript:alert(1)",
  ])("is refused where it is %s", (address) => {
    expect(() => outsideAddress(address, production)).toThrow("https://");
  });

  it("is taken where it is one, where the operator allows it, and on this machine in development", () => {
    expect(outsideAddress("https://login.example.com/realm", production).pathname).toBe("/realm");
    expect(outsideAddress("https://[2606:4700::1111]/", production).protocol).toBe("https:");
    const allowed = { ...production, allowHosts: new Set(["10.0.0.7:8443", "[fd00::7]:443"]) };
    expect(outsideAddress("https://10.0.0.7:8443/", allowed).port).toBe("8443");
    expect(outsideAddress("https://[fd00::7]/", allowed).hostname).toBe("[fd00::7]");
    expect(() => outsideAddress("https://10.0.0.7:8444/", allowed)).toThrow("private network");
    expect(outsideAddress("http://localhost:3000/", { ...production, stage: "development" }).port).toBe("3000");
    expect(() => outsideAddress("http://10.0.0.7/", { ...production, stage: "development" })).toThrow("https://");
  });
});

describe("asking it", () => {
  const server = createServer((request, response) => {
    if (request.url === "/moved") response.writeHead(302, { location: "/secret" }).end();
    else if (request.url === "/large") response.end("x".repeat(1_100_000));
    else if (request.url === "/answer") response.end("an answer");
  });
  let url: string;
  beforeAll(async () => {
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    const address = server.address();
    url = `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  it("sec/sql/63 connects to no private address, though a name leads there", async () => {
    const ask = createAskOutside({ ...production, deadlineMs: 2000 });
    await expect(ask("https://localhost:9/", { method: "GET", headers: {} })).rejects.toMatchObject({
      code: "invalid_value",
      message: expect.stringContaining("private network"),
    });
  });

  it("follows nobody, reads 1 MB at most, and waits no longer than it may", async () => {
    const ask = createAskOutside({ stage: "development", allowHosts: new Set(), deadlineMs: 300 });
    const get = (path: string) => ask(`${url}${path}`, { method: "GET", headers: {} });
    expect(await (await get("/answer")).text()).toBe("an answer");
    expect((await get("/moved")).status).toBe(302);
    await expect(get("/large")).rejects.toMatchObject({ code: "unavailable" });
    await expect(get("/silence")).rejects.toMatchObject({ code: "unavailable" });
  });
});
