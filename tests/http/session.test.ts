import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { goodPassword } from "../fixtures/openHouse.ts";
import { type Http, openHttp } from "./openHttp.ts";

const email = "agent@example.com";
const credentials = { email, password: goodPassword };

describe("the session's addresses", () => {
  let http: Http;
  beforeAll(async () => {
    http = await openHttp();
    await http.house.addAccount(email);
  });
  afterAll(() => http.close());
  const signIn = () => http.api.post("/api/v1/session").send(credentials);
  const cookieOf = (answer: { get(name: "Set-Cookie"): string[] | undefined }) => (answer.get("Set-Cookie")?.[0] ?? "").split(";")[0] ?? "";

  it("sign in, with the refresh token where no script can read it", async () => {
    const answer = await signIn().expect(200);
    expect(Object.keys(answer.body).sort()).toEqual([
      "accessToken",
      "account",
      "expiresAt",
      "memberships",
      "next",
      "secondFactor",
      "tenant",
    ]);
    expect(answer.get("Set-Cookie")).toEqual([
      expect.stringMatching(/^switchboard_refresh=[\w-]{43}; Path=\/; Expires=[^;]+ GMT; HttpOnly; SameSite=Strict$/),
      expect.stringMatching(/^switchboard_device=[\w-]{22}\.[\w-]{43}; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Strict$/),
    ]);
    expect(answer.headers["cache-control"]).toBe("no-store");
    expect(JSON.stringify(answer.body)).not.toContain(cookieOf(answer).slice(20));
  });

  it("lead to nothing else until the address is confirmed, but to who one is and out", async () => {
    const { account } = await http.house.addAccount("new@example.com");
    await http.house.database.acrossTenants.query("update account set verified_at = null where id = $1", [account]);
    const { body } = await http.api
      .post("/api/v1/session")
      .send({ ...credentials, email: "new@example.com" })
      .expect(200);
    expect(body.next).toBe("verifyEmail");
    const bearer = { Authorization: `Bearer ${body.accessToken}` };
    for (const ask of [http.api.get("/api/v1/commands"), http.api.post("/api/v1/session/ticket"), http.api.get("/api/v1/runs")]) {
      const refused = await ask.set(bearer).expect(403);
      expect(refused.body.error).toMatchObject({ code: "forbidden", message: expect.stringContaining("Confirm your mail address") });
    }
    const me = await http.api.get("/api/v1/account").set(bearer).expect(200);
    expect(me.body).toMatchObject({ id: account, tenant: "house", next: "verifyEmail" });
    await http.api.delete("/api/v1/session").set(bearer).expect(204);
  });

  it("refresh by the cookie alone, and replace it", async () => {
    const first = await signIn();
    const second = await http.api.post("/api/v1/session/refresh").set("Cookie", cookieOf(first)).expect(200);
    expect(cookieOf(second)).not.toBe(cookieOf(first));
    expect(second.body.account.email).toBe(email);
    await http.api.get("/api/v1/commands").auth(second.body.accessToken, { type: "bearer" }).expect(200);
    for (const cookie of ["", "switchboard_refresh=", "switchboard_refresh=nonsense", "other=1", `__Host-${cookieOf(first)}`]) {
      const refused = await http.api.post("/api/v1/session/refresh").set("Cookie", cookie).expect(401);
      expect(refused.body.error.code).toBe("unauthenticated");
    }
  });

  it.each([
    ["post", "/api/v1/session"],
    ["post", "/api/v1/session/refresh"],
    ["delete", "/api/v1/session"],
  ] as const)("%s %s refuse pages of others", async (method, path) => {
    const cookie = cookieOf(await signIn());
    const { port } = http;
    for (const origin of [
      "https://evil.example",
      "null",
      `http://127.0.0.1:${port + 1}`,
      `http://127.0.0.1:${port}.evil.example`,
      `https://127.0.0.1:${port}`,
      "",
    ]) {
      const refused = await http.api[method](path).set("Cookie", cookie).set("Origin", origin).send(credentials);
      expect([origin, refused.status, refused.body.error?.code]).toEqual([origin, 403, "origin_refused"]);
      expect(refused.get("Set-Cookie")).toBeUndefined();
    }
    const own = await http.api[method](path).set("Cookie", cookie).set("Origin", http.publicUrl).send(credentials);
    expect(own.status).toBeLessThan(300);
  });

  it("sec/auth/32 believe no header about who, where or which method", async () => {
    const answer = await http.api
      .post("/api/v1/session/ticket")
      .set({ "X-Remote-User": email, "X-Forwarded-User": email, "X-HTTP-Method-Override": "DELETE", Host: "evil.example" })
      .expect(401);
    expect(answer.body.error.code).toBe("unauthenticated");
    expect(answer.headers["www-authenticate"]).toBe("Bearer");
  });

  it("end the session for good: tokens, cookie, ticket", async () => {
    const session = await signIn();
    const bearer = { Authorization: `Bearer ${session.body.accessToken}` };
    const { ticket } = (await http.api.post("/api/v1/session/ticket").set(bearer).expect(200)).body;
    expect(ticket).toMatch(/^[\w-]{43}$/);
    const ended = await http.api.delete("/api/v1/session").set("Cookie", cookieOf(session)).expect(204);
    expect(ended.get("Set-Cookie")?.[0]).toMatch(
      /^switchboard_refresh=; Path=\/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; SameSite=Strict$/,
    );
    await http.api.post("/api/v1/session/refresh").set("Cookie", cookieOf(session)).expect(401);
    await expect.poll(async () => (await http.api.get("/api/v1/commands").set(bearer)).status).toBe(401);
  });

  it("sign out with whichever of token and cookie is left, and with neither not", async () => {
    await http.api.delete("/api/v1/session").expect(401);
    await http.api.delete("/api/v1/session").auth("nonsense", { type: "bearer" }).expect(401);
    const one = await signIn();
    await http.api.delete("/api/v1/session").auth(one.body.accessToken, { type: "bearer" }).expect(204);
    await http.api.post("/api/v1/session/refresh").set("Cookie", cookieOf(one)).expect(401);
    const two = await signIn();
    await http.api.delete("/api/v1/session").auth("expired", { type: "bearer" }).set("Cookie", cookieOf(two)).expect(204);
  });

  it.each([
    ["no password", { email }, 422, "password"],
    ["no e-mail", { password: goodPassword }, 422, "email"],
    ["an unknown field", { ...credentials, role: "admin" }, 422, "role"],
    ["a tenant", { ...credentials, tenant: "demo" }, 422, "tenant"],
    ["e-mail as an object", { ...credentials, email: { contains: "@" } }, 422, "email"],
    ["e-mail as a list", { ...credentials, email: [email] }, 422, "email"],
    ["e-mail null", { ...credentials, email: null }, 422, "email"],
    ["password as a number", { ...credentials, password: 123456789012345 }, 422, "password"],
    ["password as an object", { ...credentials, password: { not: "" } }, 422, "password"],
    ["password true", { ...credentials, password: true }, 422, "password"],
    ["an empty e-mail", { ...credentials, email: "" }, 422, "email"],
    ["two @", { ...credentials, email: "a@b@example.com" }, 422, "email"],
    ["a line break in the e-mail", { ...credentials, email: "agent@example.com\r\nBcc: x@example.com" }, 422, "email"],
    ["a NUL in the e-mail", { ...credentials, email: "agent@example.com\0" }, 422, "email"],
    ["an e-mail of 255 characters", { ...credentials, email: `${"a".repeat(243)}@example.com` }, 422, "email"],
    ["an empty password", { ...credentials, password: "" }, 422, "password"],
    ["a password of 1,001 characters", { ...credentials, password: "x".repeat(1001) }, 422, "password"],
    ["a list", [credentials], 422, undefined],
    ["a text", '"hello"', 422, undefined],
    ["null", "null", 422, undefined],
    ["a number", "1e999", 422, undefined],
    ["not JSON", "{", 400, undefined],
    ["two documents", "{}{}", 400, undefined],
    ["nothing", "", 422, "email"],
    ["__proto__", `{"email":"${email}","password":"x","__proto__":{"role":"admin"}}`, 422, "__proto__"],
    ["constructor", `{"email":"${email}","password":"x","constructor":1}`, 422, "constructor"],
    ["deep nesting", `${"[".repeat(100_000)}${"]".repeat(100_000)}`, 422, undefined],
    ["a wrong password", { email, password: "wrong wrong wrong" }, 401, undefined],
    ["a long wrong password", { email, password: "🦊".repeat(500) }, 401, undefined],
    ["an address that nobody has", { email: "nobody@example.com", password: goodPassword }, 401, undefined],
    ["an address in another script", { email: "агент@пример.рф", password: goodPassword }, 401, undefined],
    ["an address with a plus", { email: "agent+1@example.com", password: goodPassword }, 401, undefined],
    ["an injection", { email: "'or'1'='1'--@example.com", password: goodPassword }, 401, undefined],
  ])("refuse %s", async (_name, body, status, path) => {
    const answer = await http.api
      .post("/api/v1/session")
      .set("Content-Type", "application/json")
      .send(typeof body === "string" ? body : JSON.stringify(body));
    expect([answer.status, answer.body.error.path]).toEqual([status, path]);
    expect(answer.body.error.message).toMatch(/^[A-Z"].*\.$/);
    expect(answer.body.error.requestId).toBe(answer.headers["x-request-id"]);
    expect(answer.get("Set-Cookie")).toBeUndefined();
  });

  it("know a domain of other letters however it is written", async () => {
    await http.house.addAccount("ada@xn--bcher-kva.example");
    for (const email of ["ada@bücher.example", "Ada@BÜCHER.example", "ada@xn--bcher-kva.example"])
      await http.api.post("/api/v1/session").send({ email, password: goodPassword }).expect(200);
  });

  it.each(["  AGENT@Example.COM ", "agent@EXAMPLE.com"])("know the address written as %j", async (written) => {
    await http.api.post("/api/v1/session").send({ email: written, password: goodPassword }).expect(200);
  });
});

describe("over HTTPS", () => {
  it("the cookie is bound to the host, and travels only so", async () => {
    const http = await openHttp({ config: { publicUrl: "https://chat.example.com", stage: "production" } });
    await http.house.addAccount(email);
    const answer = await http.api.post("/api/v1/session").set("Origin", "https://chat.example.com").send(credentials).expect(200);
    expect(answer.get("Set-Cookie")?.[0]).toMatch(
      /^__Host-switchboard_refresh=[\w-]{43}; Path=\/; Expires=[^;]+; HttpOnly; Secure; SameSite=Strict$/,
    );
    expect(answer.headers["strict-transport-security"]).toMatch(/max-age=\d{7,}/);
    await http.close();
  });
});

describe("with limits", () => {
  it("sec/auth/32 the sixth wrong password in a row has to wait, told in seconds, and a made-up address of origin changes nothing", async () => {
    const http = await openHttp({ limits: true });
    await http.house.addAccount(email);
    const wrong = (index: number) =>
      http.api.post("/api/v1/session").set("X-Forwarded-For", `198.51.100.${index}`).send({ email, password: "wrong wrong wrong" });
    for (let index = 0; index < 5; index += 1) await wrong(index).expect(401);
    const refused = await wrong(6).expect(429);
    expect(refused.body.error).toMatchObject({ code: "rate_limited", retryAfterMs: 30_000 });
    expect(refused.headers["retry-after"]).toBe("30");
    await http.api.post("/api/v1/session").send(credentials).expect(429);
    for (let index = 0; index < 15; index += 1) {
      await http.api
        .post("/api/v1/session")
        .set("X-Forwarded-For", `198.51.100.${index}`)
        .send({ email: `${index}@example.com`, password: "x" });
    }
    await http.api
      .post("/api/v1/session")
      .set("X-Forwarded-For", "198.51.100.77")
      .send({ email: "z@example.com", password: "x" })
      .expect(429);
    await http.close();
  });
});
