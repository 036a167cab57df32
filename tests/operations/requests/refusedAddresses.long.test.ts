import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Agent, openProduct, type TestProduct } from "../../fixtures/product.ts";
import { refusedAddresses } from "./addresses.ts";

let product: TestProduct;
let admin: Agent;
/** Listens at every address of this machine, where whoever is let through would come. */
let sentinel: Server;
let port = 0;
let connections = 0;

beforeAll(async () => {
  sentinel = createServer((socket) => {
    connections++;
    socket.destroy();
  });
  sentinel.listen(0, "::");
  await once(sentinel, "listening");
  const address = sentinel.address();
  port = typeof address === "object" && address !== null ? address.port : 0;
  product = await openProduct();
  admin = await product.agent("admin@demo.example");
});
afterAll(async () => {
  await product.stop();
  sentinel.close();
});

/** With the port of the sentinel, where none stands there. */
const addresses = () =>
  refusedAddresses.map((address) => address.replace(/^(https:\/\/[^/:[\]@]+|https:\/\/\[[^\]]*\])\//u, `$1:${port}/`));

async function ask(method: string, path: string, body: object) {
  const response = await fetch(`${product.url}/api/v1${path}`, {
    method,
    headers: { "content-type": "application/json", authorization: `Bearer ${admin.token}`, "idempotency-key": randomUUID() },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: JSON.parse(await response.text()) };
}

const refused = {
  status: 422,
  body: { error: { code: "invalid_value", path: "request.url", message: expect.any(String), requestId: expect.any(String) } },
};
const operation = (name: string, url: string) => ({ name, kind: "request", summary: "x", request: { url } });

/** Some at once, each with an operation of its own. */
async function everyAddress(door: string, work: (name: string, address: string) => Promise<void>): Promise<void> {
  const left = addresses();
  expect(left.length).toBeGreaterThan(120);
  await Promise.all(
    Array.from({ length: 6 }, async (_, index) => {
      const name = `${door}-${index}`;
      await ask("POST", "/operations", operation(name, "https://api.example.com/"));
      await ask("POST", `/operations/${name}/publish`, {});
      for (let next = left.pop(); next !== undefined; next = left.pop()) await work(name, next);
    }),
  );
  expect(connections).toBe(0);
}

it("4.6 sec/sql/62 sec/sql/63 no address of the corpus is taken where an operation is made, changed or tried", async () => {
  await everyAddress("save", async (name, url) => {
    expect([url, await ask("POST", "/operations", operation(`new-${name}`, url))]).toMatchObject([url, refused]);
    expect([url, await ask("PATCH", `/operations/${name}`, { request: { url } })]).toMatchObject([url, refused]);
    const tried = await ask("POST", "/commands/operation.try/runs", { args: { kind: "request", request: { url }, values: {} } });
    expect([url, tried]).toMatchObject([url, { ...refused, body: { error: { ...refused.body.error, path: "args.request.url" } } }]);
  });
}, 60_000);

it("4.6 sec/sql/62 sec/sql/63 nor asked where it runs, though it stands in what is published", async () => {
  await everyAddress("run", async (name, url) => {
    await product.database.acrossTenants.query(
      `update operation_version v set definition = jsonb_set(definition, '{request,url}', to_jsonb($2::text)) from operation o
        where o.id = v.operation_id and o.name = $1`,
      [name, url],
    );
    expect([url, await ask("POST", `/commands/${name}/runs`, {})]).toMatchObject([
      url,
      { ...refused, body: { ...refused.body, state: "refused" } },
    ]);
  });
}, 60_000);

it("is heard by the sentinel where the operator allows it", async () => {
  const open = await openProduct({ allowHosts: `127.0.0.1:${port}` });
  const someone = await open.agent("admin@demo.example");
  await someone.run("operation.create", operation("let-through", `http://127.0.0.1:${port}/`));
  await someone.run("operation.publish", { name: "let-through" });
  expect(await someone.refused("let-through")).toMatchObject({ code: "automation_timeout" });
  expect(connections).toBeGreaterThan(0);
  await open.stop();
});
