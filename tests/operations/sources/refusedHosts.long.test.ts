import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Agent, openProduct, type TestProduct } from "../../fixtures/product.ts";
import { refusedHosts } from "../requests/addresses.ts";

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

const settings = (name: string, host: string, lane: number) => ({
  ...{ name, host, port, kind: lane % 2 === 0 ? "postgresql" : "mysql" },
  ...{ database: "shop", user: "reader", tls: true },
});

const atHost = { code: "invalid_value", path: "args.host" };

/** Some at once, each with a data source and a query of its own. */
async function everyHost(door: string, work: (lane: string, host: string, index: number) => Promise<void>): Promise<void> {
  const left = [...refusedHosts];
  expect(left.length).toBeGreaterThan(120);
  await Promise.all(
    Array.from({ length: 6 }, async (_, index) => {
      const lane = `${door}-${index}`;
      await admin.run("data-source.create", settings(lane, "db.example.com", index));
      const query = { dataSource: lane, sql: "select 1 as one" };
      await admin.run("operation.create", { name: `ask-${lane}`, kind: "query", summary: "x", query });
      await admin.run("operation.publish", { name: `ask-${lane}` });
      for (let next = left.pop(); next !== undefined; next = left.pop()) await work(lane, next, index);
    }),
  );
  expect(connections).toBe(0);
}

it("4.5 no host of the corpus is taken where a data source is made or changed", async () => {
  await everyHost("save", async (lane, host, index) => {
    expect([host, await admin.refused("data-source.create", settings(`new-${lane}`, host, index))]).toMatchObject([host, atHost]);
    expect([host, await admin.refused("data-source.update", { source: lane, host })]).toMatchObject([host, atHost]);
  });
}, 120_000);

it("4.5 nor connected to where one is tested or asked, though it stands in what is kept", async () => {
  await everyHost("run", async (lane, host) => {
    await product.database.acrossTenants.query("update data_source set host = $2, version = version + 1 where name = $1", [lane, host]);
    const tested = await admin.refused("data-source.test", { source: lane });
    expect([host, tested]).toMatchObject([host, { code: "invalid_value" }]);
    const asked = await admin.refused(`ask-${lane}`);
    expect([host, asked]).toMatchObject([host, { code: "invalid_value", message: tested.message }]);
  });
}, 120_000);

it("is heard by the sentinel where the operator allows it", async () => {
  const open = await openProduct({ allowHosts: `127.0.0.1:${port}` });
  const someone = await open.agent("admin@demo.example");
  await someone.run("data-source.create", { ...settings("let-through", "127.0.0.1", 0), tls: false });
  expect(await someone.refused("data-source.test", { source: "let-through" })).toMatchObject({ code: "unavailable" });
  expect(connections).toBeGreaterThan(0);
  await open.stop();
});
