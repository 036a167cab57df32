import { afterAll, beforeAll, expect, it } from "vitest";
import { openDatabase } from "../../src/platform/database/openDatabase.ts";
import type { RunAnswer } from "../../src/protocol/commands.ts";
import { type KillableProduct, startKillableProduct } from "../fixtures/killableProduct.ts";
import { silentLog } from "../fixtures/silentLog.ts";

const rows = 60_000;

let product: KillableProduct;
beforeAll(async () => {
  product = await startKillableProduct();
}, 60_000);
afterAll(() => product.stop());

it("a run over 60,000 whose process is killed in the middle changes each once, and is taken back whole", async () => {
  await product.ask("POST", "/blueprints", {
    key: "parts",
    name: "Part",
    fields: [
      { key: "id", name: "Id", type: "sequence", prefix: "PRT-" },
      { key: "qty", name: "Quantity", type: "integer" },
    ],
  });
  const items = Array.from({ length: 1000 }, (_, qty) => ({ values: { qty } }));
  for (let made = 0; made < rows; made += items.length) await product.ask("POST", "/blueprints/parts/entities/batch", { items });

  const { id } = await product.ask<RunAnswer>(
    "POST",
    "/commands/parts.update-all/runs",
    { args: { where: "all", qty: -1 } },
    { prefer: "wait=0" },
  );
  const database = await openDatabase({ url: product.databaseUrl, log: silentLog }, { poolSize: 2, ledgerPoolSize: 1 });
  const run = async (of: string) => await product.ask<RunAnswer>("GET", `/runs/${of}`);
  const behind = async () =>
    (await database.acrossTenants.query<{ count: number }>("select count(*)::int as count from entity_bulk where version is not null"))[0]
      ?.count ?? 0;
  try {
    await expect.poll(behind, { interval: 20, timeout: 30_000 }).toBeGreaterThan(2000);
    await product.kill();
    const left = await behind();
    expect(left).toBeLessThan(rows);
    await product.begin();
    await expect.poll(async () => (await run(id)).state, { interval: 500, timeout: 120_000 }).toBe("succeeded");
    expect((await run(id)).data).toMatchObject({ of: rows, changed: rows, same: 0, refused: 0 });
    const twice = await database.acrossTenants.query("select from entity where version <> 2 or content ->> 'f2' <> '-1'");
    expect(twice).toEqual([]);
    const back = await product.ask<RunAnswer>("POST", "/commands/run.undo/runs", { args: { run: id } });
    await expect.poll(async () => (await run(back.id)).state, { interval: 500, timeout: 120_000 }).toBe("succeeded");
    expect(await database.acrossTenants.query("select from entity where version <> 3 or content ->> 'f2' = '-1'")).toEqual([]);
  } finally {
    await database.close();
  }
}, 300_000);
