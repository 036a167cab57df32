import { afterAll, beforeAll, expect, it } from "vitest";
import { openDatabase } from "../../src/platform/database/openDatabase.ts";
import type { EntityView } from "../../src/protocol/blueprints.ts";
import type { RunAnswer, RunStory } from "../../src/protocol/commands.ts";
import { type KillableProduct, startKillableProduct } from "../fixtures/killableProduct.ts";
import { silentLog } from "../fixtures/silentLog.ts";

const rows = 60_000;

let product: KillableProduct;
beforeAll(async () => {
  product = await startKillableProduct();
}, 60_000);
afterAll(() => product.stop());

it("a run over 60,000 whose process is killed in the middle changes each once, and is taken back whole, or not at all where that one is killed", async () => {
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
  const run = async (of: string) => await product.ask<RunStory>("GET", `/runs/${of}`);
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
    const undo = async (wait: string) =>
      await product.ask<RunAnswer>("POST", "/commands/run.undo/runs", { args: { run: id } }, { prefer: `wait=${wait}` });
    const killed = await undo("0");
    const writing = async () =>
      await database.acrossTenants.query<{ id: string }>(
        "select l.transactionid::text as id from pg_locks l join pg_stat_activity a using (pid) where l.locktype = 'transactionid' and a.datname = current_database()",
      );
    // What is written for longer than a moment is the one over all.
    let before: string[] = [];
    const long = async () => {
      const now = (await writing()).map(({ id: one }) => one);
      const both = now.filter((one) => before.includes(one));
      before = now;
      return both;
    };
    await expect.poll(long, { interval: 300, timeout: 30_000 }).toHaveLength(1);
    await product.kill();
    await product.begin();
    expect(await database.acrossTenants.query("select from entity where version <> 2")).toEqual([]);
    expect((await run(id)).may).toContain("undo");
    await database.acrossTenants.query("update run set seen_at = now() - interval '2 minutes' where id = $1", [killed.id]);
    await expect.poll(async () => (await run(killed.id)).state, { interval: 500, timeout: 60_000 }).toBe("failed");
    const back = await undo("5");
    await expect.poll(async () => (await run(back.id)).state, { interval: 500, timeout: 120_000 }).toBe("succeeded");
    expect(await database.acrossTenants.query("select from entity where version <> 3 or content ->> 'f2' = '-1'")).toEqual([]);
  } finally {
    await database.close();
  }
}, 300_000);

it("what was refused in the batch in which the process died is told, and decided by what it is by then", async () => {
  const key = "orders";
  await product.ask("POST", "/blueprints", {
    key,
    name: "Order",
    fields: [
      { key: "id", name: "Id", type: "sequence", prefix: "ORD-" },
      { key: "status", name: "Status", type: "choice", choices: ["NEW", "OPEN", "SHUT"], default: "NEW" },
    ],
    flow: {
      field: "status",
      transitions: [
        { key: "begin", from: ["NEW"], to: "OPEN" },
        { key: "shut", from: ["NEW"], to: "SHUT" },
        { key: "reopen", from: ["SHUT"], to: "NEW" },
      ],
    },
  });
  const items = Array.from({ length: 1000 }, () => ({ values: {} }));
  const made = (await product.ask<{ items: EntityView[] }>("POST", `/blueprints/${key}/entities/batch`, { items })).items;
  const refused = [10, 20, 30, 700].map((index) => made[index]?.id ?? "");
  const take = async (id: string, step: string) => await product.ask("POST", `/blueprints/${key}/entities/${id}/transitions/${step}`, {});
  for (const id of refused) await take(id, "shut");
  const [first = "", second = ""] = refused;

  const database = await openDatabase({ url: product.databaseUrl, log: silentLog }, { poolSize: 6, ledgerPoolSize: 1 });
  const { acrossTenants } = database;
  const blocked = async () =>
    await acrossTenants.query(
      "select from pg_locks l join pg_stat_activity a using (pid) where not l.granted and a.datname = current_database()",
    );
  const died = new Error("its process died");
  let run = "";
  try {
    await acrossTenants
      .transaction(async (holding) => {
        await acrossTenants.transaction(async (tx) => {
          // It waits before it writes its first batch, until there is what shall hold it behind that.
          const [one] = await tx.query<{ tenant: string; blueprint: string }>(
            "select tenant_id as tenant, blueprint_id as blueprint from entity where id = $1 for update",
            [made[0]?.id],
          );
          const args = { step: "begin", where: "all" };
          run = (await product.ask<RunAnswer>("POST", `/commands/${key}.step-all/runs`, { args }, { prefer: "wait=0" })).id;
          await expect.poll(async () => (await blocked()).length, { interval: 20 }).toBe(1);
          await holding.query("insert into entity_bulk (tenant_id, run_id, entity_id, blueprint_id, at) values ($1, $2, $3, $4, now())", [
            one?.tenant,
            run,
            first,
            one?.blueprint,
          ]);
        });
        const written = "select from entity_bulk where run_id = $1 and version is not null";
        await expect.poll(async () => (await acrossTenants.query(written, [run])).length, { interval: 20 }).toBe(497);
        await expect.poll(async () => (await blocked()).length, { interval: 20 }).toBe(1);
        await take(second, "reopen");
        await product.kill();
        // What it said last isn't written without it: PostgreSQL gives it up after 5 s.
        await expect.poll(async () => (await blocked()).length, { interval: 100, timeout: 10_000 }).toBe(0);
        throw died;
      })
      .catch((error) => {
        if (error !== died) throw error;
      });
    await product.begin();
    const now = async () => await product.ask<RunAnswer>("GET", `/runs/${run}`);
    await expect.poll(async () => (await now()).state, { interval: 500, timeout: 60_000 }).toBe("succeeded");
    expect((await now()).data).toMatchObject({
      ...{ of: 1000, changed: 997, same: 0, refused: 3 },
      problems: [{ title: "ORD-11" }, { title: "ORD-31" }, { title: "ORD-701" }],
    });
  } finally {
    await database.close();
  }
}, 120_000);
