import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createAskOutside } from "../../src/platform/outside/askOutside.ts";
import { outsideAddress } from "../../src/platform/outside/outsideAddress.ts";
import { resolveOutside } from "../../src/platform/outside/resolveOutside.ts";
import { type NameServer, startNameServer } from "../fixtures/nameServer.ts";
import { type StrangeHost, startStrangeHost } from "../fixtures/strangeHost.ts";
import { allowedAddresses, namesLeadingInside, refusedAddresses } from "../operations/requests/addresses.ts";

const production = { stage: "production", allowHosts: new Set<string>() } as const;
const development = { stage: "development", allowHosts: new Set<string>() } as const;
const get = { method: "GET", headers: {} };

describe("an address that somebody else wrote", () => {
  // What only a definition refuses, which is written by hand: a fragment, and letters that look like others.
  const mended = /#|\u0430/;
  it.each(refusedAddresses.filter((address) => !mended.test(address)))("sec/sql/62 is refused where it is %s", (address) => {
    expect(() => outsideAddress(address, production)).toThrow(/may not be asked|https:\/\/|no port of a web server/);
  });

  it("is taken where it is one, where the operator allows it, and on this machine in development", () => {
    for (const address of allowedAddresses) expect(outsideAddress(address, production).protocol).toBe("https:");
    const allowed = { ...production, allowHosts: new Set(["10.0.0.7:8443", "[fd00::7]:443", "erp.internal:443", "10.0.0.7:5432"]) };
    expect(outsideAddress("https://10.0.0.7:8443/", allowed).port).toBe("8443");
    expect(outsideAddress("https://[fd00::7]/", allowed).hostname).toBe("[fd00::7]");
    expect(outsideAddress("https://erp.internal/", allowed).hostname).toBe("erp.internal");
    expect(outsideAddress("https://10.0.0.7:5432/", allowed).port).toBe("5432");
    expect(() => outsideAddress("https://10.0.0.7:8444/", allowed)).toThrow("private network");
    expect(outsideAddress("http://localhost:3000/", development).port).toBe("3000");
    expect(() => outsideAddress("http://10.0.0.7/", development)).toThrow("https://");
  });
});

describe("asking it", () => {
  const large = Buffer.alloc(1_100_000, "x");
  let host: StrangeHost;
  let names: NameServer;
  beforeAll(async () => {
    names = await startNameServer();
    host = await startStrangeHost((request, response) => {
      const packed = (coding: string, bytes: Buffer) => response.writeHead(200, { "content-encoding": coding }).end(bytes);
      if (request.url === "/moved") response.writeHead(302, { location: "/answer" }).end();
      else if (request.url === "/large") response.end(large);
      else if (request.url === "/answer") response.end("an answer");
      else if (request.url === "/gzip") packed("gzip", gzipSync("an answer"));
      else if (request.url === "/br") packed("br", brotliCompressSync("an answer"));
      else if (request.url === "/deflate") packed("deflate", deflateSync("an answer"));
      else if (request.url === "/twice") packed("gzip, gzip", gzipSync(gzipSync("an answer")));
      else if (request.url === "/reset") response.writeHead(205).end();
      else if (request.url === "/bomb-gzip") packed("gzip", gzipSync(Buffer.alloc(50_000_000)));
      else if (request.url === "/bomb-br") packed("br", brotliCompressSync(Buffer.alloc(3_000_000)));
      else if (request.url === "/bomb-deflate") packed("deflate", deflateSync(Buffer.alloc(3_000_000)));
      else if (request.url === "/broken") packed("gzip", Buffer.from("no gzip at all"));
    });
  });
  afterAll(async () => {
    await host.stop();
    await names.stop();
  });

  it("sec/sql/63 connects to no private address, though a name leads there", async () => {
    const ask = createAskOutside({ ...production, nameServers: [names.address], deadlineMs: 2000 });
    const told = new Set<string>();
    for (const { name, addresses } of namesLeadingInside) {
      names.names.set(name, [[...addresses]]);
      const refusal: unknown = await ask(`https://${name}/`, get).catch((error: unknown) => error);
      expect(refusal, name).toMatchObject({ code: "invalid_value", reach: { kind: "notSent" } });
      told.add(String(refusal));
    }
    // sec/sql/64: the same of a name that nobody knows and of a number, so that the answer says nothing of what is inside.
    for (const address of ["https://unknown.example.com/", "https://10.0.0.7/", "https://localhost/"])
      told.add(String(await ask(address, get).catch((error: unknown) => error)));
    expect([...told]).toEqual([expect.stringContaining("private network")]);
  });

  it("sec/sql/63 connects to what was checked, though the name leads elsewhere the next time", async () => {
    const ask = createAskOutside({ ...production, nameServers: [names.address], deadlineMs: 1000 });
    const port = host.host.split(":")[1];
    // The first address is public, and nobody has it; from the second question on it is this machine.
    names.names.set("rebinding.example.com", [["2000::1"], ["127.0.0.1", "::1"]]);
    const before = host.connections();
    await expect(ask(`https://rebinding.example.com:${port}/`, get)).rejects.toMatchObject({ reach: { kind: "notSent" } });
    expect(names.asked.get("rebinding.example.com")).toBe(2);
    expect(host.connections()).toBe(before);
    await expect(ask(`https://rebinding.example.com:${port}/`, get)).rejects.toMatchObject({ code: "invalid_value" });
    expect(host.connections()).toBe(before);
  });

  it("says where a name leads, for connections of other kinds too", async () => {
    names.names.set("public.example.com", [["8.8.8.8", "2606:4700::1111"]]);
    expect(await resolveOutside("public.example.com", { nameServers: [names.address] })).toEqual([
      { address: "8.8.8.8", family: 4 },
      { address: "2606:4700::1111", family: 6 },
    ]);
  });

  it("sec/sql/64 follows nobody, reads 1 MB at most, unpacked, and waits no longer than it may", async () => {
    const ask = createAskOutside({ ...development, deadlineMs: 2000 });
    const text = async (path: string) => await (await ask(`${host.url}${path}`, get)).text();
    for (const path of ["/answer", "/gzip", "/br", "/deflate"]) expect(await text(path), path).toBe("an answer");
    expect(await text("/reset")).toBe("");
    expect((await ask(`${host.url}/moved`, get)).status).toBe(302);
    for (const path of ["/large", "/bomb-gzip", "/bomb-br", "/bomb-deflate"])
      await expect(ask(`${host.url}${path}`, get), path).rejects.toMatchObject({
        message: expect.stringContaining("larger than 1 MB"),
        reach: { status: 200 },
      });
    for (const path of ["/twice", "/broken"])
      await expect(ask(`${host.url}${path}`, get), path).rejects.toMatchObject({
        message: expect.stringContaining("packed"),
        reach: { status: 200 },
      });
    const hurried = createAskOutside({ ...development, deadlineMs: 200 });
    await expect(hurried(`${host.url}/silence`, get)).rejects.toMatchObject({ code: "unavailable", reach: { kind: "maybe" } });
  });

  it("keeps its connection, but for what must not meet one that is closing", async () => {
    const ask = createAskOutside({ ...development, deadlineMs: 2000 });
    await (await ask(`${host.url}/answer`, get)).text();
    const kept = host.connections();
    await (await ask(`${host.url}/answer`, get)).text();
    expect(host.connections()).toBe(kept);
    await (await ask(`${host.url}/answer`, { ...get, alone: true })).text();
    expect(host.connections()).toBe(kept + 1);
  });
});
