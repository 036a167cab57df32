import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Agent, openProduct, type TestProduct } from "../../fixtures/product.ts";
import { type StrangeHost, startStrangeHost } from "../../fixtures/strangeHost.ts";

let host: StrangeHost;
let product: TestProduct;
let admin: Agent;

const document = (url: string) => ({
  openapi: "3.1.0",
  info: { title: "Shop", version: "1" },
  servers: [{ url }],
  security: [{ token: [] }],
  components: { securitySchemes: { token: { type: "http", scheme: "bearer" } } },
  paths: {
    "/orders/{id}": {
      get: { summary: "Shows an order.", parameters: [{ name: "id", in: "path", required: true, schema: { type: "integer" } }] },
      delete: { summary: "Deletes an order.", parameters: [{ name: "id", in: "path", required: true, schema: { type: "integer" } }] },
    },
  },
});

beforeAll(async () => {
  host = await startStrangeHost((request, response) => {
    if (request.url === "/openapi.json") return void response.end(JSON.stringify(document(host.url)));
    if (request.url === "/moved") return void response.writeHead(302, { location: "/openapi.json" }).end();
    response.writeHead(404).end();
  });
  product = await openProduct({ allowHosts: host.host });
  admin = await product.agent("admin@demo.example");
});
afterAll(async () => {
  await product.stop();
  await host.stop();
});

const secret = "of-a-pasted-line-4711";
const pasted = () => `curl '${host.url}/orders/17?expand=lines' -H 'Authorization: Bearer ${secret}'`;

describe("operation.from-curl", () => {
  it("makes a draft with parameters, and offers the secret to whoever pasted it and to nobody else", async () => {
    const { data, messages, id } = await admin.run("operation.from-curl", { curl: pasted() });
    expect(data).toEqual({
      request: { method: "GET", url: `${host.url}/orders/{{order_id}}?expand={{expand}}`, headers: {}, credential: { kind: "bearer" } },
      parameters: [
        { name: "order_id", type: "integer", required: true },
        { name: "expand", type: "text", required: true },
      ],
      values: { order_id: 17, expand: "lines" },
      notes: [],
      secret,
    });
    expect(messages[0]?.text).toContain("The secret was taken out");
    const kept = await product.database.acrossTenants.query<{ row: string }>("select to_jsonb(run)::text as row from run where id = $1", [
      id,
    ]);
    expect(kept[0]?.row).toContain("order_id");
    expect(JSON.stringify([kept, product.logged])).not.toContain(secret);
  });

  it("is saved as it was drafted", async () => {
    const { data } = await admin.run("operation.from-curl", { curl: pasted() });
    const { request, parameters } = Object(data);
    await admin.run("operation.create", { name: "from-curl", kind: "request", summary: "x", request, parameters });
    await admin.run("operation.secret", { name: "from-curl", secret: Object(data).secret });
    await admin.run("operation.publish", { name: "from-curl" });
    await admin.refused("from-curl", { order_id: 5, expand: "a&b" });
    expect(host.got.at(-1)).toMatchObject({ url: "/orders/5?expand=a%26b", headers: { authorization: `Bearer ${secret}` } });
  });

  it.each([
    ["what is no curl", "wget https://a.example.com", "args.curl"],
    ["a quotation mark that isn't closed", "curl 'https://a.example.com", "args.curl"],
    ["a private address", "curl https://10.0.0.1/x", "args.request.url"],
    ["a file", "curl https://a.example.com -d @x", "args.curl"],
  ])("refuses %s with its place", async (_, curl, path) => {
    expect(await admin.refused("operation.from-curl", { curl })).toMatchObject({ code: "invalid_value", path });
  });
});

describe("operation.from-openapi", () => {
  it("lists the calls of a document that is pasted or fetched, and makes a draft of one", async () => {
    const calls = [
      { method: "GET", path: "/orders/{id}", summary: "Shows an order." },
      { method: "DELETE", path: "/orders/{id}", summary: "Deletes an order." },
    ];
    const url = `${host.url}/openapi.json`;
    expect((await admin.run("operation.from-openapi", { url })).data).toEqual({ calls });
    expect((await admin.run("operation.from-openapi", { document: JSON.stringify(document(host.url)) })).data).toEqual({ calls });
    expect((await admin.run("operation.from-openapi", { url, method: "DELETE", path: "/orders/{id}" })).data).toMatchObject({
      request: { method: "DELETE", url: `${host.url}/orders/{{id}}`, credential: { kind: "bearer" } },
      parameters: [{ name: "id", type: "integer", required: true }],
      notes: ["Give the secret to the credential."],
    });
  });

  it.each([
    ["a private address", { url: "https://169.254.169.254/openapi.json" }, "args.url"],
    ["a redirect", { url: "/moved" }, "args.url"],
    ["what isn't there", { url: "/nothing" }, "args.url"],
    ["what is no document", { document: "Hello" }, "args.document"],
    ["both at once", { document: "{}", url: "https://a.example.com/" }, "args.document"],
    ["neither", {}, "args.document"],
    ["a call that it hasn't", { url: "/openapi.json", method: "PUT", path: "/orders" }, "args.document"],
  ])("refuses %s with its place", async (_, given, path) => {
    const args = "url" in given && given.url.startsWith("/") ? { ...given, url: `${host.url}${given.url}` } : given;
    expect(await admin.refused("operation.from-openapi", args)).toMatchObject({ code: "invalid_value", path });
  });
});
