import { z } from "zod";
import type { AskerQuestion } from "../parts/asker.ts";
import { type Pace, paceSchema } from "../parts/pace.ts";
import { backendUsage } from "../processes/postgres.ts";
import { fillStock, idOf, otherTenants, type Stock } from "../processes/stock.ts";
import { type Figure, type Measurement, median } from "./figure.ts";

const rounds = 3;

/**
 * Directus 11.17.4 with its history on, the same PostgreSQL, fields and index, on two cores like these: creates a second with 8 in flight, the others in ms with
 * one in flight. Of the four pages those that it was slowest at, at 20,000 rows.
 */
const peerStated = { create: 264, read: 2.4, update: 5.3, page: 6, deep: 14 };
const inFlightOfCreate = 8;
const atLeast = { write: 3, page: 2 };
/** Entities a second. */
const migrationTarget = 20_000;

const pages: readonly { name: string; query: string }[] = [
  { name: "status", query: 'sort=-stored_at&filter={"status":{"eq":"STORED"}}' },
  { name: "range", query: 'sort=qty&filter={"qty":{"gte":5000}}' },
  { name: "type", query: 'sort=-qty&filter={"type":{"eq":"type {n}"}}' },
  { name: "both", query: 'sort=-stored_at&filter={"status":{"eq":"SOLD"},"qty":{"lt":100}}' },
];

/** Entities over HTTP, among many of one tenant and beside many other tenants. */
export const entities: Measurement = {
  name: "entities",
  measure: async (workplace) => {
    const product = await workplace.product();
    const { entities: count, seconds } = workplace;
    const stock = await fillStock(product, count);
    const asker = workplace.part("asker");
    const among = `${count.toLocaleString("en")} entities, ${otherTenants.toLocaleString("en")} tenants beside`;
    const paced = async (question: Pick<AskerQuestion, "url" | "contains"> & Partial<AskerQuestion>) => {
      const asked: AskerQuestion = { method: "GET", headers: stock.headers, body: "", upTo: count, inFlight: 1, seconds, ...question };
      await asker.ask({ ...asked, seconds: 1 }, paceSchema);
      const [before, ours] = [await backendUsage(product.databaseUrl), await product.usage()];
      const paces: Pace[] = [];
      for (let round = 0; round < rounds; round++) paces.push(await asker.ask(asked, paceSchema));
      const [after, ourAfter] = [await backendUsage(product.databaseUrl), await product.usage()];
      const answered = paces.reduce((sum, pace) => sum + pace.answered, 0);
      const own = (ourAfter.user + ourAfter.system - ours.user - ours.system) / answered / 1000;
      const base =
        before === undefined || after === undefined ? "" : ` and ${((after - before) / answered / 1000).toFixed(2)} ms of PostgreSQL's`;
      const processor = `${own.toFixed(2)} ms of the processor${base}`;
      return {
        perSecond: median(paces.map((pace) => pace.perSecond)),
        p50: median(paces.map((pace) => pace.p50)),
        p99: median(paces.map((pace) => pace.p99)),
        processor,
      };
    };
    const figures: Figure[] = [];
    const faster = (
      figure: string,
      { p50, p99, processor }: Awaited<ReturnType<typeof paced>>,
      beside: number,
      target: number,
      note: string,
    ) => {
      figures.push({
        figure,
        value: p50,
        unit: "ms, p50",
        beside,
        ratio: beside / p50,
        target,
        met: beside / p50 >= target,
        note: `${note}; p99 ${p99.toFixed(1)} ms, ${processor} each; beside Directus as it was measured on such a machine`,
      });
    };
    const one = `${stock.path}/${idOf}`;
    faster("entity-read", await paced({ url: one, contains: "STO-" }), peerStated.read, atLeast.write, among);
    for (const { name, query } of pages)
      faster(
        `entity-page-${name}`,
        await paced({ url: `${stock.path}?limit=50&${encoded(query)}`, upTo: 499, contains: "nextCursor" }),
        peerStated.page,
        atLeast.page,
        `50 of ${among}`,
      );
    const cursor = await cursorOf(stock, 200);
    const deep = `${stock.path}?limit=50&${encoded("sort=-stored_at")}&cursor=${cursor}`;
    faster(
      "entity-page-200",
      await paced({ url: deep, contains: "nextCursor" }),
      peerStated.deep,
      atLeast.page,
      `the 200th page of ${among}`,
    );
    const body = JSON.stringify({ values: { space: "Aisle {n}" } });
    faster("entity-update", await paced({ method: "PATCH", url: one, body, contains: "Aisle" }), peerStated.update, atLeast.write, among);
    const values = { type: "type {n}", space: "Aisle 7", weight: "1.250", qty: 12, stored_at: "2026-11-22T09:00:00Z" };
    const created = await paced({
      method: "POST",
      url: stock.path,
      body: JSON.stringify({ values }),
      upTo: 499,
      inFlight: inFlightOfCreate,
      contains: "STO-",
    });
    figures.push({
      figure: "entity-create",
      value: created.perSecond,
      unit: "/s",
      beside: peerStated.create,
      ratio: created.perSecond / peerStated.create,
      target: atLeast.write,
      met: created.perSecond / peerStated.create >= atLeast.write,
      note: `${inFlightOfCreate} in flight, ${among}; p50 ${created.p50.toFixed(1)} ms, ${created.processor} each; beside Directus as it was measured on such a machine`,
    });
    figures.push(await migrated(stock));
    return figures;
  },
};

function encoded(query: string): string {
  return query.replaceAll(/[^={}&\w-]/g, encodeURIComponent);
}

/** Where a page begins. */
async function cursorOf(stock: Stock, page: number): Promise<string> {
  const shape = z.object({ nextCursor: z.string().nullable() });
  let cursor: string | null = "";
  // Pages of 200 lead there in a quarter of the steps.
  for (let read = 0; read < ((page - 1) * 50) / 200; read++) {
    const path: string = `/blueprints/stock/entities?limit=200&sort=-stored_at${cursor === "" ? "" : `&cursor=${cursor}`}`;
    cursor = shape.parse(await stock.ask("GET", path)).nextCursor;
    if (cursor === null) throw new Error(`there are fewer than ${page} pages`);
  }
  return cursor;
}

/** All to a version in which a text became a longer one and a field is new, as the page of blueprints does it. */
async function migrated(stock: Stock): Promise<Figure> {
  const blueprint = z.object({ fields: z.array(z.looseObject({ key: z.string(), type: z.string() })) });
  const { fields } = blueprint.parse(await stock.ask("GET", "/blueprints/stock"));
  const changed = fields.map((field) => (field.key === "space" ? { key: "space", name: "Space", type: "longText" } : field));
  await stock.ask("PATCH", "/blueprints/stock", { fields: [...changed, { key: "note", name: "Note", type: "text", default: "none" }] });
  const run = z.object({ id: z.string(), state: z.string(), data: z.looseObject({ migrated: z.number() }).nullish() });
  const begun = performance.now();
  const { id } = run.parse(await stock.ask("POST", "/blueprints/stock/migrations", {}));
  for (;;) {
    const { state, data } = run.parse(await stock.ask("GET", `/runs/${id}`));
    if (state === "succeeded") {
      const perSecond = (data?.migrated ?? 0) / ((performance.now() - begun) / 1000);
      return {
        figure: "entity-migration",
        value: perSecond,
        unit: "/s",
        beside: migrationTarget,
        ratio: perSecond / migrationTarget,
        target: 1,
        met: perSecond >= migrationTarget,
        note: `${data?.migrated.toLocaleString("en")} entities to a version in which a field is of another type and one is new`,
      };
    }
    if (state !== "running") throw new Error(`the migration ended as ${state}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
