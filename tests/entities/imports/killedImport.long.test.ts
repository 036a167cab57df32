import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openDatabase } from "../../../src/platform/database/openDatabase.ts";
import type { ImportView } from "../../../src/protocol/imports.ts";
import { type KillableProduct, startKillableProduct } from "../../fixtures/killableProduct.ts";
import { silentLog } from "../../fixtures/silentLog.ts";

const rows = 200_000;
/** Every thousandth can't be taken, and one in a hundred is there before. */
const bad = rows / 1000;

let product: KillableProduct;
beforeAll(async () => {
  product = await startKillableProduct();
}, 60_000);
afterAll(() => product.stop());

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** complaints.md, entities and blueprints: "Large imports time out or hang without a word". */
describe("an import of 200,000 rows", () => {
  it("is killed twice in the middle, and ends with each row once and its errors as a file", async () => {
    const key = "parts";
    await product.ask("POST", "/blueprints", {
      key,
      name: "Part",
      fields: [
        { key: "id", name: "Id", type: "sequence", prefix: "PRT-" },
        { key: "code", name: "Code", type: "text", unique: true, required: true },
        { key: "qty", name: "Quantity", type: "integer" },
        { key: "bought", name: "Bought", type: "date" },
      ],
    });
    await product.ask("POST", `/blueprints/${key}/entities`, { values: { code: "code-7", qty: 1 } });
    const lines = Array.from(
      { length: rows },
      (_, n) => `code-${n},${n % 1000 === 500 ? "many" : n},2026-11-${String((n % 28) + 1).padStart(2, "0")}`,
    );
    const draft: ImportView = await product.ask(
      "POST",
      `/blueprints/${key}/imports?name=parts.csv`,
      Buffer.from(`Code,Quantity,Bought\n${lines.join("\n")}\n`),
    );
    expect(draft).toMatchObject({ rows, questions: [], problems: [] });
    const at = `/blueprints/${key}/imports/${draft.id}`;
    await product.ask("PATCH", at, { settings: { errors: "fitting" } });
    await product.ask("POST", `${at}/start`);
    const kills: number[] = [];
    let view: ImportView = draft;
    for (const killAt of [rows / 10, rows / 2, rows]) {
      const until = Date.now() + 240_000;
      do {
        await wait(20);
        view = await product.ask("GET", at);
      } while (view.state === "going" && (killAt === rows || view.position < killAt) && Date.now() < until);
      if (killAt === rows) break;
      expect([view.state, view.position < rows]).toEqual(["going", true]);
      kills.push(view.position);
      await product.kill();
      await product.begin();
    }
    expect(view).toMatchObject({
      state: "done",
      position: rows,
      counts: { created: rows - bad - 1, changed: 1, same: 0, skipped: 0, failed: bad },
    });
    expect(kills).toHaveLength(2);
    const database = await openDatabase({ url: product.databaseUrl, log: silentLog }, { poolSize: 1 });
    const [found] = await database.acrossTenants.query(
      `select count(*)::int as entities, count(distinct content ->> 'f2')::int as codes, count(distinct content ->> 'f1')::int as numbers from entity`,
    );
    await database.close();
    expect(found).toEqual({ entities: rows - bad, codes: rows - bad, numbers: rows - bad });
    const errors: string = await product.ask("GET", `${at}/errors`);
    expect(errors.split("\r\n")).toHaveLength(bad + 2);
    expect(errors).toContain('502,Quantity,many,"""Quantity"" must be a whole number."');
  }, 600_000);
});
