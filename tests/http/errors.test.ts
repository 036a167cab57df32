import { once } from "node:events";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Http, openHttp } from "./openHttp.ts";

const big = JSON.stringify({ args: { text: "x".repeat(256 * 1024) } });

describe("an error", () => {
  let http: Http;
  let token: string;
  beforeAll(async () => {
    http = await openHttp();
    await http.house.addAccount("agent@example.com");
    token = await http.tokenOf("agent@example.com");
  });
  afterAll(() => http.close());

  it.each([
    ["GET", "/nothing", 404, "not_found"],
    ["GET", "/api/v1/nothing", 404, "not_found"],
    ["POST", "/api/v1/nothing", 404, "not_found"],
    ["GET", "/api/v1/Commands", 404, "not_found"],
    ["GET", "/api/v1/commands/", 404, "not_found"],
    ["GET", "/api/v1/runs/%zz", 404, "not_found"],
    ["GET", "/api/v1/runs/..%2f..%2fsession", 404, "not_found"],
    ["GET", "/%00", 404, "not_found"],
    ["GET", "/widget/../secret.txt", 404, "not_found"],
    ["GET", "/widget/..%2fsecret.txt", 404, "not_found"],
    ["GET", "/widget/%2e%2e/secret.txt", 404, "not_found"],
    ["GET", "/desk/assets/..%2f..%2fsecret.txt", 404, "not_found"],
    ["GET", "/widget/demo.html", 404, "not_found"],
    ["PUT", "/api/v1/session", 405, "method_not_allowed"],
    ["GET", "/api/v1/session", 405, "method_not_allowed"],
    ["PATCH", "/api/v1/commands", 405, "method_not_allowed"],
    ["OPTIONS", "/api/v1/commands", 405, "method_not_allowed"],
    ["POST", "/healthz", 405, "method_not_allowed"],
    ["POST", "/desk", 405, "method_not_allowed"],
    ["DELETE", "/widget.js", 405, "method_not_allowed"],
    ["POST", "/api/openapi.json", 405, "method_not_allowed"],
  ])("%s %s: %i %s", async (method, path, status, code) => {
    const response = await raw(
      http.port,
      `${method} ${path} HTTP/1.1\r\nHost: 127.0.0.1:${http.port}\r\nAuthorization: Bearer ${token}\r\nConnection: close\r\n\r\n`,
    );
    expect([response.status, response.body.error.code]).toEqual([status, code]);
    expect(Object.keys(response.body)).toEqual(["error"]);
    expect(response.body.error.requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(response.head).toContain(response.body.error.requestId);
    expect(response.head).toMatch(/content-type: application\/json/i);
    if (status === 405) expect(response.head).toMatch(/\r\nAllow: [A-Z, ]+\r\n/);
  });

  it.each([
    ["text", "text/plain", "{}", 415, "unsupported_media_type"],
    ["a form", "application/x-www-form-urlencoded", "args=1", 415, "unsupported_media_type"],
    ["a multipart form", "multipart/form-data; boundary=x", "--x--", 415, "unsupported_media_type"],
    ["JSON in Latin-1", "application/json; charset=iso-8859-1", "{}", 415, "unsupported_media_type"],
    ["256 KB and more", "application/json", big, 413, "payload_too_large"],
  ])("answers %s", async (_name, type, body, status, code) => {
    const answer = await http.api
      .post("/api/v1/commands/me.password/runs")
      .auth(token, { type: "bearer" })
      .set("Content-Type", type)
      .send(body);
    expect([answer.status, answer.body.error.code]).toEqual([status, code]);
  });

  it("answers a body that is packed in an unknown way", async () => {
    const answer = await http.api
      .post("/api/v1/session")
      .set({ "Content-Type": "application/json", "Content-Encoding": "x-unknown" })
      .send("{}");
    expect([answer.status, answer.body.error.code]).toEqual([415, "unsupported_media_type"]);
  });

  it("answers who is not signed in before reading what they send", async () => {
    const head = `POST /api/v1/commands/me.password/runs HTTP/1.1\r\nHost: 127.0.0.1:${http.port}\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n{`;
    const response = await raw(http.port, head, { untilAnswer: true });
    expect([response.status, response.body.error.code]).toEqual([401, "unauthenticated"]);
  });

  it.each([
    ["what is not HTTP", "\x16\x03\x01\x02 hello\r\n\r\n", 400],
    ["headers of 20 kB", `GET / HTTP/1.1\r\nHost: x\r\nX-Filling: ${"y".repeat(20_000)}\r\n\r\n`, 431],
    ["two lengths", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx", 400],
    ["a length beside chunks", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400],
  ])("answers %s in the same shape", async (_name, bytes, status) => {
    const response = await raw(http.port, bytes);
    expect(response.status).toBe(status);
    expect(response.body.error.message).toMatch(/\.$/);
  });

  it("takes 2,000 headers and a header __proto__ without harm", async () => {
    const many = Array.from({ length: 900 }, (_, index) => `X${index}: 1\r\n`).join("");
    const response = await raw(
      http.port,
      `GET /healthz HTTP/1.1\r\nHost: x\r\n__proto__: 1\r\nconstructor: 1\r\n${many}Connection: close\r\n\r\n`,
    );
    expect(response.status).toBe(200);
  });

  it("tells nothing of what broke inside, and logs it under the same id", async () => {
    const broken = await openHttp({ deps: { readiness: () => Promise.reject(new Error("password=hunter2 at /srv/app/db.ts")) } });
    const answer = await broken.api.get("/readyz").expect(500);
    expect(JSON.stringify(answer.body)).not.toMatch(/hunter2|srv/);
    expect(answer.body.error).toMatchObject({ code: "internal" });
    expect(broken.house.logged.find(({ level }) => level === "error")?.fields).toMatchObject({ requestId: answer.body.error.requestId });
    await broken.close();
  });
});

/** Bytes as they stand; no client would send most of these. */
async function raw(port: number, bytes: string, { untilAnswer = false } = {}) {
  const socket = connect(port, "127.0.0.1");
  let text = "";
  socket.on("data", (chunk) => {
    text += chunk;
    if (untilAnswer && text.includes("}}")) socket.destroy();
  });
  socket.on("error", () => {});
  socket.write(bytes);
  await once(socket, "close");
  const [head = "", body = ""] = text.split("\r\n\r\n");
  return { status: Number(head.split(" ")[1]), head: `${head}\r\n`, body: JSON.parse(body) };
}
