import { validate } from "@readme/openapi-parser";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createHttpApp, operationsOf } from "../../src/http/httpApp.ts";
import { errorAnswer, refusedRunAnswer } from "../../src/http/schemas.ts";
import { goodPassword } from "../fixtures/openHouse.ts";
import { type Http, openHttp } from "./openHttp.ts";
import { testCommands } from "./testCommands.ts";

/** As Express keeps what was declared. */
interface Layer {
  route?: { path: string | string[]; methods: Record<string, boolean> };
  handle: { stack?: Layer[] };
}

function routesOf(stack: readonly Layer[]): string[] {
  return stack.flatMap(({ route, handle }) => {
    if (route === undefined) return routesOf(handle.stack ?? []);
    return Object.keys(route.methods).flatMap((method) =>
      [route.path].flat().map((path) => `${method === "_all" ? "all" : method} ${path}`),
    );
  });
}

/** What everybody may ask for: a page, a file of ours, a file by an address that was signed. */
const publicPages = [
  "get /",
  "get /api/docs",
  "get /api/docs/begin.js",
  "get /api/docs/contrast.css",
  "get /api/docs/swagger-ui-bundle.js",
  "get /api/docs/swagger-ui.css",
  "get /api/openapi.json",
  "get /desk",
  "get /desk/worker.js",
  "get /desk/{*place}",
  "get /favicon.ico",
  "get /charts/:out/:place.png",
  "get /files/:id/:name",
  "get /healthz",
  "get /metrics",
  "get /readyz",
  "get /widget.js",
  "get /widget/again/:try/chat-:hash.js",
  "get /widget/chat-:hash.js",
  "get /widget/demo.html",
  // Where a super admin signs in, and where a mailed link leads.
  "get /super",
  "get /super/style.css",
  "post /super/sign-in",
  "get /super/mail",
  "post /super/mail",
];

describe("the document", () => {
  let http: Http;
  let document: { paths: Record<string, Record<string, { security: object[]; responses: object; operationId: string }>> };
  beforeAll(async () => {
    const mail = { off: undefined, from: { name: "S", address: "s@example.org" }, send: async () => {}, close: async () => {} };
    http = await openHttp({ commands: testCommands().commands, deps: { superDoor: { mail } } });
    document = (await http.api.get("/api/openapi.json").expect(200)).body;
  });
  afterAll(() => http.close());

  it("is valid OpenAPI 3.1", async () => {
    expect(document).toMatchObject({ openapi: "3.1.0" });
    const result = await validate(JSON.parse(JSON.stringify(document)));
    expect(result).toMatchObject({ valid: true });
  });

  it("has every operation that is answered, and each of them is", async () => {
    const operations = operationsOf(http.deps).map(({ method, path }) => `${method} ${path}`);
    const documented = Object.entries(document.paths).flatMap(([path, item]) => Object.keys(item).map((method) => `${method} ${path}`));
    expect(documented.sort()).toEqual(operations.sort());
    expect(operations.length).toBeGreaterThanOrEqual(11);
    for (const { method, path, security } of operationsOf(http.deps)) {
      const address = path.replace("{id}", "00000000-0000-4000-8000-000000000000").replace("{name}", "echo");
      const answer = await http.api[method](address);
      expect([path, [404, 405].includes(answer.status)]).toEqual([path, false]);
      // protocol.md: an operation without `security: []` needs a token.
      if (security.length > 0) expect([path, answer.status]).toEqual([path, 401]);
    }
  });

  it("and the pages beside it are every address of the application, each with who may ask it", async () => {
    const app: { router: { stack: Layer[] } } = Object.assign(createHttpApp(http.deps));
    const operations = new Set(operationsOf(http.deps).map(({ method, path }) => `${method} ${path.replaceAll(/\{(\w+)\}/g, ":$1")}`));
    const rows = routesOf(app.router.stack).filter((route) => !operations.has(route) && !route.startsWith("all "));
    // A new page is asked as one that isn't for everybody, until somebody says here that it is.
    const guarded = rows.filter((route) => !publicPages.includes(route));
    expect(publicPages.filter((route) => !rows.includes(route))).toEqual([]);
    expect(guarded.length).toBeGreaterThan(12);
    await http.house.addAccount("pages@example.com", { roles: ["owner"] });
    const session = await http.api.post("/api/v1/session").send({ email: "pages@example.com", password: goodPassword });
    const cookie = session.get("Set-Cookie")?.map((each) => each.split(";")[0]);
    const owner = { authorization: `Bearer ${session.body.accessToken}`, cookie: cookie?.join("; ") ?? "" };
    for (const route of guarded) {
      const [method = "", path = ""] = route.split(" ");
      for (const who of [{}, owner]) {
        const address = `${http.publicUrl}${path.replaceAll(/:\w+/g, "account")}`;
        const body = method === "post" ? { body: new URLSearchParams({ email: "x@example.com" }) } : {};
        const headers = { ...who, origin: http.publicUrl };
        const answer = await fetch(address, { method: method.toUpperCase(), redirect: "manual", headers, ...body });
        const led = answer.status === 303 && answer.headers.get("location") === "/super";
        expect([route, answer.status, answer.status === 401 || led]).toEqual([route, answer.status, true]);
      }
    }
  });

  it("describes the answers as they are", async () => {
    await http.house.addAccount("agent@example.com");
    const session = await http.api.post("/api/v1/session").send({ email: "agent@example.com", password: goodPassword });
    const as = { Authorization: `Bearer ${session.body.accessToken}` };
    const post = (path: string, body: object) => http.api.post(`/api/v1${path}`).set(as).send(body);
    const run = await post("/commands/echo/runs", { args: { text: "x" } });
    const refused = await post("/commands/taken/runs", { args: {} });
    const answers = new Map<string, unknown>([
      ["signIn", session.body],
      ["issueTicket", (await post("/session/ticket", {})).body],
      ["listCommands", (await http.api.get("/api/v1/commands").set(as)).body],
      ["planCommand", (await post("/commands/echo/plans", { args: {} })).body],
      ["runCommand", run.body],
      ["listRuns", (await http.api.get("/api/v1/runs").set(as)).body],
      ["readRun", (await http.api.get(`${refused.get("Location")}`).set(as)).body],
    ]);
    for (const { id, answers: described } of operationsOf(http.deps)) {
      const body = answers.get(id);
      if (body !== undefined) expect([id, described.schema.safeParse(body).error?.issues]).toEqual([id, undefined]);
    }

    expect(refusedRunAnswer.safeParse(refused.body).error).toBeUndefined();
    const unknown = await post("/commands/nothing/runs", {});
    for (const schema of [errorAnswer, refusedRunAnswer]) expect(schema.safeParse(unknown.body).error).toBeUndefined();
  });

  it("can be read at /api/docs, from our own files only", async () => {
    const page = await http.api.get("/api/docs").expect(200);
    expect(page.headers["content-security-policy"]).toContain("default-src 'self'");
    expect(page.headers["content-security-policy"]).not.toMatch(/script-src[^;]*unsafe/);
    expect(page.text).not.toMatch(/https?:|<script>/);
    for (const [, path] of page.text.matchAll(/(?:src|href)="([^"]+)"/g)) {
      const file = await http.api.get(path ?? "").expect(200);
      expect(file.headers["content-type"]).toMatch(/javascript|css/);
    }
    expect((await http.api.get("/api/docs/begin.js")).text).toContain("validatorUrl: null");
    await http.api.get("/api/docs/package.json").expect(404);
  });
});
