import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { closeCodes } from "../../src/protocol/visitor.ts";
import { type Agent, openProduct, type TestProduct } from "../fixtures/product.ts";

let product: TestProduct;
let admin: Agent;
beforeAll(async () => {
  product = await openProduct();
  admin = await product.agent("admin@demo.example");
  await admin.run("blueprint.create", { key: "parcels", name: "Parcel" });
});
afterAll(() => product.stop());

/** complaints.md, entities and blueprints: "lists aren't live". */
it("the topic of a blueprint's entities tells which of them changed, through every door and process", async () => {
  const agent = await product.agent();
  const desk = await agent.desk();
  const parcels = await desk.watch("entities:parcels");
  expect(parcels.snapshots).toBe(1);

  await admin.run("parcels.create", { name: "one" });
  await parcels.until(({ items }) => items.size === 1);
  const [id = ""] = parcels.items.keys();
  expect((await admin.run("parcels.show", { entityId: "PAR-1" })).data).toMatchObject({ entity: { id } });

  const changed = desk.until("delta", ({ topic }) => topic === "entities:parcels");
  await admin.run("parcels.update", { entityId: "PAR-1", name: "first" });
  const answeredAt = performance.now();
  expect(await changed).toMatchObject({ changed: [{ kind: "entity", id }], removed: [] });
  expect(performance.now() - answeredAt).toBeLessThan(1000);

  const more = await fetch(`${product.url}/api/v1/blueprints/parcels/entities/batch`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${admin.token}` },
    body: JSON.stringify({ items: Array.from({ length: 150 }, (_, index) => ({ values: { name: `${index}` } })) }),
  });
  expect(more.status).toBe(201);
  // More than are named: anything may have changed.
  await parcels.until(({ snapshots }) => snapshots === 2);
  await admin.run("blueprint.add-field", { blueprint: "parcels", key: "weight", type: "integer" });
  await parcels.until(({ snapshots }) => snapshots === 3);
  await desk.close();
});

it("nobody watches what isn't there, nor whoever may not see entities, nor goes on when that right is taken", async () => {
  const two = await product.agent("agent2@demo.example");
  const desk = await two.desk();
  desk.send({ type: "watch", topic: `entities:${randomUUID()}` });
  expect((await desk.until("error")).error).toMatchObject({ code: "not_found", path: "topic" });
  await desk.watch("entities:parcels");

  await admin.run("role.create", { key: "chat", name: "Chat", permissions: "conversations.read, conversations.answer, presence.declare" });
  await admin.run("role.grant", { email: two.email, role: "chat" });
  await admin.run("role.revoke", { email: two.email, role: "agent" });
  expect((await desk.ended).code).toBe(closeCodes.tryLater);

  const again = await two.desk();
  again.send({ type: "watch", topic: "entities:parcels" });
  expect((await again.until("error")).error).toMatchObject({ code: "not_found", path: "topic" });
  await again.close();
});
