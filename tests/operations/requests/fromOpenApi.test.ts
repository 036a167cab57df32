import { describe, expect, it } from "vitest";
import { fromOpenApi } from "../../../src/operations/requests/drafts/fromOpenApi.ts";
import { listOperations, readDocument } from "../../../src/operations/requests/drafts/openApiDocument.ts";

const rules = { stage: "production", allowHosts: new Set<string>() } as const;

const shop = `
openapi: 3.1.0
info: { title: Shop, version: "1" }
servers: [{ url: "https://{region}.shop.example.com/v1/", variables: { region: { default: eu } } }]
security: [{ token: [] }]
paths:
  /orders/{orderId}/lines:
    parameters:
      - { name: orderId, in: path, required: true, schema: { type: integer }, description: "Which order\\nit is" }
    get:
      summary: Lines of an order
      security: [{ key: [] }]
      parameters:
        - { $ref: "#/components/parameters/Since" }
        - { name: status, in: query, required: true, schema: { type: string, enum: [open, sent], default: open } }
        - { name: ids, in: query, schema: { type: array, items: { type: integer } } }
        - { name: tags, in: query, explode: false, schema: { type: array, items: { type: string } } }
        - { name: X-Trace, in: header, schema: { type: string } }
        - { name: session, in: cookie, schema: { type: string } }
    post:
      requestBody: { $ref: "#/components/requestBodies/Line" }
  /form:
    post:
      security: [{ grant: [orders.read, orders.write] }]
      requestBody: { content: { application/x-www-form-urlencoded: { schema: { required: [b], properties: { a: { type: string }, b: { type: number } } } } } }
  /upload:
    put: { security: [], requestBody: { content: { multipart/form-data: {} } } }
  /loop:
    get: { $ref: "#/paths/~1loop/get" }
components:
  parameters:
    Since: { name: since, in: query, schema: { type: string, format: date } }
  requestBodies:
    Line: { content: { application/json: { schema: { $ref: "#/components/schemas/Line" } } } }
  schemas:
    Line:
      allOf:
        - { $ref: "#/components/schemas/Priced" }
        - type: object
          required: [sku, to]
          properties:
            id: { type: integer, readOnly: true }
            sku: { type: string }
            rush: { type: [boolean, "null"], default: false }
            to: { type: object, required: [city], properties: { city: { type: string }, at: { type: string, format: date-time } } }
            parts: { type: array, items: { type: object, properties: { part: { type: string } } } }
            tags: { type: array, items: { type: string } }
            self: { $ref: "#/components/schemas/Line" }
    Priced: { properties: { price: { type: number } } }
  securitySchemes:
    token: { type: http, scheme: bearer }
    key: { type: apiKey, in: header, name: X-Api-Key }
    grant: { type: oauth2, flows: { clientCredentials: { tokenUrl: "https://id.shop.example.com/token", scopes: {} } } }
`;

describe("an OpenAPI document", () => {
  it("lists what can be called", () => {
    expect(listOperations(readDocument(shop.replace(/ {2}\/loop:\n.*\n/, "")))).toEqual([
      { method: "GET", path: "/orders/{orderId}/lines", summary: "Lines of an order" },
      { method: "POST", path: "/orders/{orderId}/lines", summary: "/orders/{orderId}/lines" },
      { method: "POST", path: "/form", summary: "/form" },
      { method: "PUT", path: "/upload", summary: "/upload" },
    ]);
  });

  const document = shop.replace(/ {2}\/loop:\n.*\n/, "");
  const read = (method: string, path: string, more = {}) => fromOpenApi(document, { method, path, ...more }, rules);

  it("becomes a call with typed parameters", () => {
    const draft = read("get", "/orders/{orderId}/lines");
    expect(draft.definition).toEqual({
      method: "GET",
      url: "https://eu.shop.example.com/v1/orders/{{orderId}}/lines?status={{status}}&since={{since}}&ids={{ids}}&tags={{tags}}",
      headers: { "X-Trace": "{{X_Trace}}" },
      credential: { kind: "key", in: "header", name: "X-Api-Key" },
    });
    expect(draft.parameters).toEqual([
      { name: "orderId", label: "Which order", type: "integer", required: true },
      { name: "status", type: "choice", choices: ["open", "sent"], default: "open", required: true },
      { name: "since", type: "date", required: false },
      { name: "ids", type: "integer", required: false, list: true },
      { name: "tags", type: "text", required: false },
      { name: "X_Trace", type: "text", required: false },
    ]);
    expect(draft.notes).toEqual(['"session" is a cookie, and an API call sends none.', "Give the secret to the credential."]);
  });

  it("becomes a call with the body that it takes, what is required first", () => {
    const draft = read("POST", "/orders/{orderId}/lines");
    expect(draft.definition).toMatchObject({
      credential: { kind: "bearer" },
      headers: { "Content-Type": "application/json" },
      body: {
        sku: "{{sku}}",
        to: { city: "{{city}}", at: "{{at}}" },
        rush: "{{rush}}",
        price: "{{price}}",
        parts: [{ part: "{{part}}" }],
        tags: "{{tags}}",
      },
    });
    expect(draft.parameters.slice(0, 4).map(({ name, required }) => [name, required])).toEqual([
      ["orderId", true],
      ["sku", true],
      ["city", true],
      ["at", false],
    ]);
    expect(draft.parameters.length).toBeLessThanOrEqual(30);
    expect(JSON.stringify(draft.definition)).not.toContain("{{id}}");
  });

  it("takes forms, client credentials, and another server", () => {
    const draft = read("POST", "/form", { server: "https://other.example.com/", clientId: "us" });
    expect(draft.definition).toMatchObject({
      url: "https://other.example.com/form",
      headers: { "Content-Type": "application/x-www-form-urlencoded" },
      body: { a: "{{a}}", b: "{{b}}" },
      credential: {
        kind: "clientCredentials",
        tokenUrl: "https://id.shop.example.com/token",
        clientId: "us",
        scope: "orders.read orders.write",
      },
    });
    expect(read("POST", "/form").definition.credential).toEqual({ kind: "bearer" });
  });

  it("is read as JSON, and of version 2", () => {
    const old = {
      swagger: "2.0",
      host: "api.example.com",
      basePath: "/v2",
      schemes: ["http", "https"],
      paths: {
        "/pets": {
          post: { parameters: [{ in: "body", name: "body", schema: { $ref: "#/definitions/Pet" } }] },
          get: {
            parameters: [
              { in: "query", name: "limit", type: "integer", default: 20 },
              { in: "query", name: "status", type: "array", items: { type: "string" }, collectionFormat: "multi" },
            ],
          },
          put: { parameters: [{ in: "formData", name: "name", type: "string", required: true }], security: [{ basic: [] }] },
        },
      },
      definitions: { Pet: { type: "object", required: ["name"], properties: { name: { type: "string" } } } },
      securityDefinitions: { basic: { type: "basic" } },
    };
    const of = (method: string) => fromOpenApi(JSON.stringify(old), { method, path: "/pets" }, rules);
    expect(of("POST").definition).toEqual({
      method: "POST",
      url: "https://api.example.com/v2/pets",
      headers: { "Content-Type": "application/json" },
      body: { name: "{{name}}" },
    });
    expect(of("GET").parameters).toEqual([
      { name: "limit", type: "integer", required: false, default: 20 },
      { name: "status", type: "text", required: false, list: true },
    ]);
    expect(of("PUT").definition).toMatchObject({ body: { name: "{{name}}" }, credential: { kind: "basic" } });
  });

  it.each([
    ["no document", "hello", "no OpenAPI 3"],
    ["broken JSON", '{"openapi":', "can't be read"],
    ["broken YAML", "openapi: 3.0.0\n  a: [", "can't be read"],
    [
      "a bomb of aliases",
      `openapi: 3.0.0\na: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: [*d,*d,*d,*d,*d,*d,*d,*d,*d]\n`,
      "can't be read",
    ],
    ["too large", `openapi: 3.0.0\n#${"x".repeat(4_000_000)}`, "larger than 4 MB"],
    ["one that refers to itself", shop, "refers to itself"],
    ["one that leads to a file", document.replace("#/components/schemas/Priced", "file:///etc/passwd"), "leads out of the document"],
    [
      "one that leads to a host",
      document.replace("#/components/schemas/Priced", "http://169.254.169.254/latest"),
      "leads out of the document",
    ],
    ["one that leads beside itself", document.replace("#/components/schemas/Priced", "other.yaml#/a"), "leads out of the document"],
    [
      "one that is small and becomes large",
      JSON.stringify({
        openapi: "3.0.0",
        paths: {
          "/orders/{orderId}/lines": {
            post: {
              parameters: [{ in: "path", name: "orderId" }],
              requestBody: { content: { "application/json": { schema: { $ref: "#/s/0" } } } },
            },
          },
        },
        s: Array.from({ length: 8 }, (_, n) => ({
          properties: Object.fromEntries(Array.from({ length: 50 }, (_, p) => [`p${p}`, { $ref: `#/s/${Math.min(n + 1, 7)}` }])),
        })),
      }),
      "too much of the document",
    ],
    ["one that leads nowhere", document.replace("#/components/requestBodies/Line", "#/constructor/prototype"), "nowhere in the document"],
  ])("is refused where it is %s", (_, text, message) => {
    const imported = () => fromOpenApi(text, { method: "POST", path: "/orders/{orderId}/lines" }, rules);
    expect(imported).toThrow(
      expect.objectContaining({ code: "invalid_value", path: "document", message: expect.stringContaining(message) }),
    );
  });

  it("is refused where it leads inside, says no address, or has no such operation", () => {
    expect(() => read("PUT", "/upload")).toThrow("multipart/form-data");
    expect(() => read("GET", "/nothing")).toThrow("no GET /nothing");
    expect(() => read("GET", "/orders/{orderId}/lines", { server: "https://10.0.0.7" })).toThrow(
      expect.objectContaining({ path: "request.url" }),
    );
    expect(() => fromOpenApi('{"openapi":"3.0.0","paths":{"/a":{"get":{}}}}', { method: "GET", path: "/a" }, rules)).toThrow(
      expect.objectContaining({ path: "server" }),
    );
    expect(() =>
      fromOpenApi(
        '{"openapi":"3.0.0","servers":[{"url":"https://a.example.com"}],"paths":{"/a/{b}":{"get":{}}}}',
        { method: "GET", path: "/a/{b}" },
        rules,
      ),
    ).toThrow("doesn't say what {b}");
  });
});
