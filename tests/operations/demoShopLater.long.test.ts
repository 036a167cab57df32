import { once } from "node:events";
import { connect, createServer } from "node:net";
import { pipeline } from "node:stream";
import { afterAll, beforeAll, expect, it } from "vitest";
import { deriveKeys } from "../../src/access/keys/keys.ts";
import { ensureDemoShop } from "../../src/operations/demoShop/demoShop.ts";
import { openProduct, type TestProduct } from "../fixtures/product.ts";

let product: TestProduct;
beforeAll(async () => {
  product = await openProduct();
});
afterAll(() => product.stop());

it("the demo shop is made a little later where its server doesn't answer at first", async () => {
  const { hostname, port } = new URL(product.databaseUrl);
  const through = new URL(product.databaseUrl);
  const doors = { open: false, asked: 0 };
  const server = createServer((socket) => {
    doors.asked++;
    if (!doors.open) {
      socket.destroy();
      return;
    }
    pipeline(socket, connect(Number(port), hostname), socket, () => {});
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  through.host = `127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
  const outside = { ...product, keys: deriveKeys("k".repeat(64)) };
  const made = ensureDemoShop(outside, { tenant: product.tenant, serverUrl: through.href, gone: new AbortController().signal });
  const sources = () => product.database.acrossTenants.query("select from data_source where demo");
  await expect.poll(() => doors.asked).toBe(1);
  expect(await sources()).toEqual([]);
  doors.open = true;
  await made;
  expect(doors.asked).toBeGreaterThan(1);
  expect(await sources()).toHaveLength(1);
  server.close();
}, 120_000);
