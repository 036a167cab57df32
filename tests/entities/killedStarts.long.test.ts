import { afterAll, beforeAll, expect, it } from "vitest";
import { openDatabase } from "../../src/platform/database/openDatabase.ts";
import type { EntityChange, EntityView } from "../../src/protocol/blueprints.ts";
import { type KillableProduct, startKillableProduct } from "../fixtures/killableProduct.ts";
import { describeWithServer } from "../fixtures/services.ts";
import { silentLog } from "../fixtures/silentLog.ts";

let product: KillableProduct;
beforeAll(async () => {
  product = await startKillableProduct();
}, 60_000);
afterAll(() => product.stop());

interface Listed<Item> {
  items: Item[];
}

const number = (prefix: string) => ({ key: "id", name: "Id", type: "sequence", prefix });

await describeWithServer("what steps start, while the process is killed", "NATS_URL", (nats) => {
  it("between the commit of a step and its start, and in the middle of many: each is begun once", async () => {
    await product.ask("POST", "/blueprints", {
      key: "letters",
      name: "Letter",
      fields: [number("LET-"), { key: "about", name: "About", type: "text" }],
    });
    await product.ask("POST", "/blueprints", {
      key: "parcels",
      name: "Parcel",
      fields: [number("PAR-"), { key: "status", name: "Status", type: "choice", choices: ["OPEN", "THERE"] }],
      flow: {
        field: "status",
        transitions: [
          {
            ...{ key: "deliver", name: "Delivered", from: ["OPEN"], to: "THERE" },
            start: [{ command: "letters.create", args: { about: { field: "entityId" } } }],
          },
        ],
      },
    });
    const items = Array.from({ length: 80 }, () => ({ values: {} }));
    const made: string[] = (await product.ask<Listed<EntityView>>("POST", "/blueprints/parcels/entities/batch", { items })).items.map(
      ({ id }) => id,
    );
    const [first = "", ...others] = made;
    await product.kill();

    // Nobody does jobs: the step is committed, and the process dies before anything begins what it started.
    await product.begin({ ROLE: "gateway,router", NATS_URL: nats });
    await product.ask("POST", `/blueprints/parcels/entities/${first}/transitions/deliver`, {});
    const historyOf = async (id: string) =>
      (await product.ask<Listed<EntityChange>>("GET", `/blueprints/parcels/entities/${id}/history`)).items;
    expect((await historyOf(first))[0]?.started).toEqual([{ command: "letters.create", state: "asked" }]);
    await product.kill();
    await product.begin();
    const startedOf = async (id: string) => (await historyOf(id))[0]?.started?.[0];
    await expect.poll(async () => (await startedOf(first))?.state, { timeout: 30_000 }).toBe("succeeded");

    for (let from = 0; from < others.length; from += 40) {
      const part = others.slice(from, from + 40);
      const steps = part.map((id) =>
        product.ask("POST", `/blueprints/parcels/entities/${id}/transitions/deliver`, {}).catch(() => undefined),
      );
      await Promise.race([Promise.all(steps.slice(0, 25)), new Promise((resolve) => setTimeout(resolve, 2000))]);
      await product.kill();
      await Promise.all(steps);
      await product.begin();
    }
    const taken: string[] = (
      await product.ask<Listed<EntityView>>(
        "GET",
        `/blueprints/parcels/entities?limit=200&filter=${JSON.stringify({ status: { eq: "THERE" } })}`,
      )
    ).items.map(({ id }) => id);
    expect(taken.length).toBeGreaterThan(30);
    const database = await openDatabase({ url: product.databaseUrl, log: silentLog });
    try {
      const open = "select from job where kind = 'entity.start' and state not in ('done')";
      await expect.poll(async () => (await database.acrossTenants.query(open)).length, { timeout: 60_000 }).toBe(0);
      const runs = await database.acrossTenants.query<{ key: string; state: string }>(
        "select split_part(idempotency_key, ':', 3) as key, state from run where idempotency_key like 'step:%'",
      );
      expect(runs.map(({ key }) => key).sort()).toEqual([...taken].sort());
      const letters = await database.acrossTenants.query<{ about: string; count: number }>(
        `select content ->> 'f2' as about, count(*)::int as count from entity e join blueprint b on b.id = e.blueprint_id
          where b.key = 'letters' group by 1`,
      );
      expect(letters.filter(({ count }) => count !== 1)).toEqual([]);
      const written = new Set(letters.map(({ about }) => about));
      // A run whose process died in it is begun by nobody else: it may have written its letter, and nobody knows.
      for (const { key, state } of runs) if (state === "succeeded") expect(written.has(key)).toBe(true);
      expect(runs.filter(({ state }) => state === "succeeded").length).toBeGreaterThan(taken.length * 0.7);
    } finally {
      await database.close();
    }
  }, 240_000);
});
