import { randomUUID } from "node:crypto";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { operationsOf } from "../../src/http/httpApp.ts";
import { type Http, openHttp } from "./openHttp.ts";

describe("what browsers are told", () => {
  let http: Http;
  let production: Http;
  beforeAll(async () => {
    http = await openHttp({ config: { publicUrl: "http://chat.example.com" } });
    production = await openHttp({ config: { publicUrl: "https://chat.example.com", stage: "production" } });
    await http.house.addAccount("admin@example.com", { roles: ["admin"] });
  });
  afterAll(async () => {
    await production.close();
    await http.close();
  });

  it.each(["/", "/desk", "/desk/settings", "/super", "/api/docs", "/api/v1/session", "/nothing", "/healthz"])(
    "%s runs nothing of others, no inline script or style, and stands in nobody's frame",
    async (path) => {
      const { headers } = await http.api.get(path).set("Host", "chat.example.com");
      const policy = String(headers["content-security-policy"]);
      expect(policy).not.toMatch(/unsafe-|\*|https?:\/\/(?!chat)/);
      expect(policy).toMatch(/default-src '(self|none)'/);
      expect(policy).toContain("frame-ancestors 'none'");
      expect(headers).toMatchObject({ "x-frame-options": "DENY", "x-content-type-options": "nosniff" });
    },
  );

  it("the chat may be embedded by any page; HTTPS is demanded in production and nowhere else", async () => {
    for (const path of ["/widget.js", "/widget/chat.js"])
      expect((await production.api.get(path)).headers).toMatchObject({ "cross-origin-resource-policy": "cross-origin" });
    expect((await production.api.get("/desk")).headers["strict-transport-security"]).toMatch(/max-age=\d{7,}; includeSubDomains/);
    expect((await http.api.get("/desk").set("Host", "chat.example.com")).headers["strict-transport-security"]).toBeUndefined();
  });

  it("sec/tenancy/17 no answer to somebody who is known is kept by anybody, and none takes JSON that says it is something else", async () => {
    const operations = operationsOf(http.deps);
    expect(operations.length).toBeGreaterThan(20);
    for (const { method, path, body, reads, id, security } of operations) {
      // Some of them end the session.
      const own = await http.tokenOf("admin@example.com");
      const address = path.replaceAll(/\{\w+\}/g, randomUUID());
      const answer = await http.api[method](address).auth(own, { type: "bearer" }).set("Content-Type", "text/plain").send("{}");
      if (security.length > 0) expect([id, answer.headers["cache-control"]]).toEqual([id, "no-store"]);
      const takesJson = !("undefined" === body.type) && reads === undefined;
      if (takesJson) expect([id, answer.status >= 400, answer.status === 500]).toEqual([id, true, false]);
      if (takesJson && answer.status !== 403 && answer.status !== 401) expect([id, answer.status]).toEqual([id, 415]);
    }
  });

  it.each([
    "https://evil.example",
    "http://chat.example.com.evil.example",
    "http://chat.example.com:81",
    "null",
    "http://CHAT.example.com\t",
  ])("sec/auth/csrf: the cookie is not used for a page of %s", async (origin) => {
    const credentials = { email: "admin@example.com", password: "a quiet heron at dawn" };
    const signedIn = await http.api.post("/api/v1/session").send(credentials).expect(200);
    const cookie = String(signedIn.headers["set-cookie"]);
    expect(cookie).toMatch(/HttpOnly/i);
    expect(cookie).toMatch(/SameSite=Strict/i);
    for (const [method, path] of [
      ["post", "/api/v1/session/refresh"],
      ["delete", "/api/v1/session"],
    ] as const) {
      const refused = await http.api[method](path)
        .set("Cookie", cookie.split(";")[0] ?? "")
        .set("Origin", origin);
      expect([refused.status, refused.body.error.code]).toEqual([403, "origin_refused"]);
      expect(refused.headers["set-cookie"]).toBeUndefined();
    }
    await http.api
      .post("/api/v1/session/refresh")
      .set("Cookie", cookie.split(";")[0] ?? "")
      .expect(200);
  });

  it("a method in a header, a value given twice and a name given twice are not guessed at", async () => {
    const token = await http.tokenOf("admin@example.com");
    const asked = http.api.get("/api/v1/session").set("X-HTTP-Method-Override", "DELETE").auth(token, { type: "bearer" });
    expect((await asked).status).not.toBe(204);
    await http.api.get("/api/v1/audit").auth(token, { type: "bearer" }).expect(200);
    const twice = await http.api.get("/api/v1/audit?limit=1&limit=2").auth(token, { type: "bearer" });
    expect([twice.status, twice.body.error.path]).toEqual([422, "limit"]);
  });

  it.each([
    ["two lengths", "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}"],
    ["a length and chunks", "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"],
    ["an unknown coding", "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n"],
    ["2,000 fields", `${Array.from({ length: 2000 }, (_, n) => `x-${n}: aaaaaaaaaaaaaaaa`).join("\r\n")}\r\n\r\n`],
  ])("a request with %s is refused, and nothing behind it is read", async (_what, rest) => {
    const socket = connect(http.port, "127.0.0.1");
    socket.write(
      `POST /api/v1/session HTTP/1.1\r\nHost: chat.example.com\r\nContent-Type: application/json\r\n${rest}GET /healthz HTTP/1.1\r\n\r\n`,
    );
    const said = await new Promise<string>((resolve) => {
      let text = "";
      socket.on("data", (chunk) => {
        text += String(chunk);
      });
      socket.on("error", () => resolve(text));
      socket.on("close", () => resolve(text));
    });
    expect(said).toMatch(/^HTTP\/1\.1 (400|431) /);
    expect(said.match(/HTTP\/1\.1/g)).toHaveLength(1);
    expect(said).not.toMatch(/ at |node:/);
  });
});
