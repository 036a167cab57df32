import { once } from "node:events";
import { get } from "node:http";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Http, openHttp } from "./openHttp.ts";

describe("the pages", () => {
  let http: Http;
  beforeAll(async () => {
    http = await openHttp();
  });
  afterAll(() => http.close());
  afterEach(() => {
    expect(http.house.logged.filter(({ level }) => level === "error")).toEqual([]);
  });

  it("have the demo at / with the inbox's key", async () => {
    const answer = await http.api.get("/").expect(200);
    expect(answer.text).toBe(`<script src="${http.publicUrl}/widget.js" data-inbox="demo-key" async></script>`);
    expect(answer.headers["content-type"]).toBe("text/html; charset=utf-8");
    expect(answer.headers["content-security-policy"]).toContain("default-src 'self'");
    expect(answer.headers["content-security-policy"]).toContain(`connect-src 'self' ws://127.0.0.1:${http.port}`);
  });

  it("have the desk at every place of it, and no file that isn't there", async () => {
    for (const path of ["/desk", "/desk/", "/desk/conversations/0198", "/desk?x=1"]) {
      const answer = await http.api.get(path).expect(200);
      expect(answer.text).toBe("<title>Desk</title>");
      expect(answer.headers).toMatchObject({ "cache-control": "no-cache", "x-content-type-options": "nosniff" });
      expect(answer.headers["content-security-policy"]).toContain("frame-ancestors 'none'");
      expect(answer.headers["content-security-policy"]).not.toMatch(/script-src[^;]*unsafe/);
    }
    for (const path of ["/desk/favicon.png", "/desk/assets/index-old.js", "/desk/assets/"]) await http.api.get(path).expect(404);
  });

  it("let hashed files be kept for a year, and the rest be asked for again", async () => {
    const asset = await http.api.get("/desk/assets/index-1a2b3c.js").expect(200);
    expect(asset.headers["cache-control"]).toBe("public, max-age=31536000, immutable");
    const script = await http.api.get("/widget.js").expect(200);
    expect(script.headers["cache-control"]).toBe("no-cache");
    await http.api
      .get("/widget.js")
      .set("If-None-Match", script.get("ETag") ?? "")
      .expect(304);
    for (const path of ["/widget/chat-1a2B_c-4.js", "/widget/again/1/chat-1a2B_c-4.js"])
      expect((await http.api.get(path).expect(200)).headers["cache-control"]).toBe("public, max-age=31536000, immutable");
    expect((await http.api.get("/widget/chat.js")).headers["cache-control"]).toBe("no-cache");
    expect((await http.api.get("/widget/gone-1a2b3c4d.js").expect(404)).headers["cache-control"]).toBe("no-store");
  });

  it("give a page that stood open over an upgrade the chat of now", async () => {
    for (const path of ["/widget/chat-00000000.js", "/widget/again/2/chat-00000000.js"]) {
      const answer = await http.api.get(path).expect(200);
      expect([answer.text, answer.headers["cache-control"]]).toEqual(["// the chat of now", "no-cache"]);
    }
  });

  it("come compressed to whoever takes that, and what is somebody's own never", async () => {
    const file = await http.api.get("/api/openapi.json").set("Accept-Encoding", "gzip").expect(200);
    expect(file.headers).toMatchObject({ "content-encoding": "gzip", vary: expect.stringContaining("Accept-Encoding") });
    const plain = await http.api.get("/api/openapi.json").set("Accept-Encoding", "identity").expect(200);
    expect(plain.headers["content-encoding"]).toBeUndefined();
    expect(plain.body).toEqual(file.body);
    const own = await http.api.get(`/api/v1/${"long".repeat(500)}`).set("Accept-Encoding", "gzip");
    expect(own.headers["content-encoding"]).toBeUndefined();
  });

  it("are no larger by Brotli, which browsers prefer, than by gzip", async () => {
    const sizeBy = async (encoding: string) => {
      const [answer] = await once(get(`${http.publicUrl}/api/openapi.json`, { headers: { "accept-encoding": encoding } }), "response");
      expect(answer.headers["content-encoding"]).toBe(encoding);
      let size = 0;
      for await (const chunk of answer) size += chunk.length;
      return size;
    };
    expect(await sizeBy("br")).toBeLessThanOrEqual(await sizeBy("gzip"));
  });

  it("let any website load the embed script and the chat, and nothing else", async () => {
    for (const path of ["/widget.js", "/widget/chat.js"]) {
      const { headers } = await http.api.get(path).set("Origin", "https://shop.example").expect(200);
      expect(headers).toMatchObject({ "access-control-allow-origin": "*", "cross-origin-resource-policy": "cross-origin" });
      expect(headers["content-type"]).toMatch(/^text\/javascript/);
    }
    for (const path of ["/", "/desk", "/api/openapi.json", "/api/v1/commands", "/healthz"]) {
      const { headers } = await http.api.get(path).set("Origin", "https://shop.example");
      expect(headers["access-control-allow-origin"]).toBeUndefined();
      expect(headers["cross-origin-resource-policy"]).toBe("same-origin");
    }
  });

  it("send whoever uses another name of the machine to the public address", async () => {
    for (const path of ["/", "/desk", "/desk/conversations/1?x=%0d%0aSet-Cookie:x", "//evil.example/desk"]) {
      const answer = await http.api.get(path).set("Host", `localhost:${http.port}`);
      if (answer.status === 404) continue;
      expect(answer.status).toBe(302);
      expect(answer.get("Location")).toBe(`${http.publicUrl}${path}`);
    }
    await http.api.get("/widget.js").set("Host", "localhost").expect(200);
    await http.api.get("/healthz").set("Host", "localhost").expect(200);
  });

  it("in production have no demo, and answer under any name", async () => {
    const production = await openHttp({ config: { stage: "production", publicUrl: "https://chat.example.com" } });
    await production.api.get("/").expect(404);
    await production.api.get("/desk").expect(200);
    await production.close();
  });

  it("answer in the one shape where they were not built", async () => {
    const empty = await openHttp({ deps: { pagesDir: "/nowhere" } });
    for (const path of ["/", "/desk", "/widget.js", "/widget/chat.js"]) {
      expect([path, (await empty.api.get(path)).body.error?.code]).toEqual([path, "not_found"]);
    }
    await empty.close();
  });
});

describe("health", () => {
  it("is constant, tells what isn't ready, and is asked at most once a second", async () => {
    let missing: string[] = [];
    let asked = 0;
    const http = await openHttp({
      deps: {
        readiness: async () => {
          asked += 1;
          return missing;
        },
      },
    });
    expect((await http.api.get("/healthz").expect(200)).body).toEqual({ status: "ok" });
    expect((await http.api.get("/readyz").expect(200)).body).toEqual({ status: "ready" });
    missing = ["database"];
    await http.api.get("/readyz").expect(200);
    http.house.clock.advance(1000);
    await Promise.all(
      Array.from({ length: 5 }, async () =>
        expect((await http.api.get("/readyz").expect(503)).body).toEqual({ status: "not ready", missing }),
      ),
    );
    expect(asked).toBe(2);
    await http.close();
  });

  it("shows its figures to loopback, not to what a proxy passes on, or to whoever has the token", async () => {
    const http = await openHttp();
    expect((await http.api.get("/metrics").expect(200)).text).toContain("process_cpu_user_seconds_total");
    await http.api.get("/metrics").set("X-Forwarded-For", "127.0.0.1").expect(404);
    await http.close();
    const guarded = await openHttp({ config: { metricsToken: "token-for-the-figures" } });
    await guarded.api.get("/metrics").expect(404);
    await guarded.api.get("/metrics").set("Authorization", "Bearer token-for-the-figures").expect(200);
    await guarded.api.get("/metrics").set("Authorization", "Bearer another").expect(404);
    await guarded.close();
  });
});
