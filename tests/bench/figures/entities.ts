import { z } from "zod";
import type { AskerQuestion } from "../parts/asker.ts";
import { type Pace, paceSchema } from "../parts/pace.ts";
import { fillDirectus } from "../processes/directus.ts";
import { backendUsage } from "../processes/postgres.ts";
import type { Product } from "../processes/product.ts";
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
/** Of the time that a page takes alone: while others are migrated it takes at most twice as long. */
const mostSlowed = 0.5;
const betweenPagesMs = 50;
/** Entities a second. */
const migrationTarget = 20_000;
const pageSize = 50;

/** The same in our words, and in those of Directus. */
const pages: readonly { name: string; query: string; theirs: string }[] = [
  {
    name: "status",
    query: 'sort=-stored_at&filter={"status":{"eq":"STORED"}}',
    theirs: 'sort=-stored_at&filter={"status":{"_eq":"STORED"}}',
  },
  { name: "range", query: 'sort=qty&filter={"qty":{"gte":5000}}', theirs: 'sort=qty&filter={"qty":{"_gte":5000}}' },
  { name: "type", query: 'sort=-qty&filter={"type":{"eq":"type {n}"}}', theirs: 'sort=-qty&filter={"type":{"_eq":"type {n}"}}' },
  {
    name: "both",
    query: 'sort=-stored_at&filter={"status":{"eq":"SOLD"},"qty":{"lt":100}}',
    theirs: 'sort=-stored_at&filter={"status":{"_eq":"SOLD"},"qty":{"_lt":100}}',
  },
];

interface Compared {
  figure: string;
  ours: Pick<AskerQuestion, "url" | "contains"> & Partial<AskerQuestion>;
  theirs: Pick<AskerQuestion, "url" | "contains"> & Partial<AskerQuestion>;
  /** What Directus is stated at, in ms, or a second with `inFlight`. */
  stated: number;
  target: number;
  inFlight?: number;
}

/** Entities over HTTP, among many of one tenant and beside many other tenants, and as many items of Directus. */
export const entities: Measurement = {
  name: "entities",
  measure: async (workplace) => {
    const product = await workplace.product();
    const { entities: count, seconds } = workplace;
    const stock = await fillStock(product, count);
    const directus = workplace.directus === undefined ? undefined : await fillDirectus(workplace.directus, count);
    const asker = workplace.part("asker");
    const items = directus?.path ?? "";
    const beside = directus === undefined ? "Directus as it was measured on such a machine" : "Directus in the same run";
    const compare = async ({ figure, ours, theirs, stated, target, inFlight = 1 }: Compared): Promise<Figure> => {
      const common = { method: "GET", body: "", upTo: count, inFlight, seconds } as const;
      const asked = { ...common, headers: stock.headers, ...ours };
      const peer = directus && { ...common, headers: directus.headers, ...theirs };
      for (const question of [asked, peer]) if (question !== undefined) await asker.ask({ ...question, seconds: 1 }, paceSchema);
      const [paces, peers]: [Pace[], Pace[]] = [[], []];
      const used = processorOf(product);
      for (let round = 0; round < rounds; round++) {
        paces.push(await used.during(() => asker.ask(asked, paceSchema)));
        if (peer !== undefined) peers.push(await asker.ask(peer, paceSchema));
      }
      const middle = (all: readonly Pace[], pick: (pace: Pace) => number) => median(all.map(pick));
      const isRate = inFlight > 1;
      const measured = (all: readonly Pace[]) => middle(all, (pace) => (isRate ? pace.perSecond : pace.p50));
      const [value, other] = [measured(paces), peers.length === 0 ? stated : measured(peers)];
      const ratio = isRate ? value / other : other / value;
      const theirP99 = peers.length === 0 ? "" : `, p99 ${middle(peers, ({ p99 }) => p99).toFixed(1)} ms`;
      return {
        figure: `entity-${figure}`,
        value,
        unit: isRate ? "/s" : "ms, p50",
        beside: other,
        ratio,
        target,
        met: ratio >= target,
        note: `${inFlight} in flight, ${count.toLocaleString("en")} entities, ${otherTenants.toLocaleString("en")} tenants beside; p99 ${middle(paces, ({ p99 }) => p99).toFixed(1)} ms, ${used.each(paces)}; beside ${beside}${theirP99}`,
      };
    };
    const [one, item] = [`${stock.path}/${idOf}`, `${items}/{n}`];
    const deep = `${stock.path}?limit=${pageSize}&${encoded("sort=-stored_at")}&cursor=${await cursorOf(stock, 200)}`;
    const values = { type: "type {n}", space: "Aisle 7", weight: "1.250", qty: 12, stored_at: "2026-11-22T09:00:00Z" };
    const space = { space: "Aisle {n}" };
    const all: Compared[] = [
      {
        figure: "read",
        ours: { url: one, contains: "STO-" },
        theirs: { url: item, contains: "Aisle" },
        stated: peerStated.read,
        target: atLeast.write,
      },
      ...pages.map(
        ({ name, query, theirs }): Compared => ({
          figure: `page-${name}`,
          ours: { url: `${stock.path}?limit=${pageSize}&${encoded(query)}`, upTo: 499, contains: "nextCursor" },
          theirs: { url: `${items}?limit=${pageSize}&${encoded(theirs)}`, upTo: 499, contains: "data" },
          stated: peerStated.page,
          target: atLeast.page,
        }),
      ),
      {
        figure: "page-200",
        ours: { url: deep, contains: "nextCursor" },
        theirs: { url: `${items}?limit=${pageSize}&page=200&${encoded("sort=-stored_at")}`, contains: "data" },
        stated: peerStated.deep,
        target: atLeast.page,
      },
      {
        figure: "update",
        ours: { method: "PATCH", url: one, body: JSON.stringify({ values: space }), contains: "Aisle" },
        theirs: { method: "PATCH", url: item, body: JSON.stringify(space), contains: "Aisle" },
        stated: peerStated.update,
        target: atLeast.write,
      },
      {
        figure: "create",
        ours: { method: "POST", url: stock.path, body: JSON.stringify({ values }), upTo: 499, contains: "STO-" },
        theirs: { method: "POST", url: items, body: JSON.stringify(values), upTo: 499, contains: "Aisle" },
        stated: peerStated.create,
        target: atLeast.write,
        inFlight: inFlightOfCreate,
      },
    ];
    const figures: Figure[] = [];
    for (const compared of all) figures.push(await compare(compared));
    return [...figures, ...(await migrated(stock))];
  },
};

/** What the product and its PostgreSQL take of the processor while something is done. */
function processorOf(product: Product & { databaseUrl: string }) {
  let [own, base]: [number, number | undefined] = [0, 0];
  return {
    during: async <Result>(work: () => Promise<Result>): Promise<Result> => {
      const [before, ours] = [await backendUsage(product.databaseUrl), await product.usage()];
      const result = await work();
      const [after, ourAfter] = [await backendUsage(product.databaseUrl), await product.usage()];
      own += ourAfter.user + ourAfter.system - ours.user - ours.system;
      base = before === undefined || after === undefined || base === undefined ? undefined : base + after - before;
      return result;
    },
    each: (paces: readonly Pace[]): string => {
      const answered = paces.reduce((sum, pace) => sum + pace.answered, 0);
      const bases = base === undefined ? "" : ` and ${(base / answered / 1000).toFixed(2)} ms of PostgreSQL's`;
      return `${(own / answered / 1000).toFixed(2)} ms of the processor${bases} each`;
    },
  };
}

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

/** All to a version in which a text became a longer one and a field is new, as the page of blueprints does it, while somebody turns pages. */
async function migrated(stock: Stock): Promise<Figure[]> {
  const blueprint = z.object({ fields: z.array(z.looseObject({ key: z.string(), type: z.string() })) });
  const { fields } = blueprint.parse(await stock.ask("GET", "/blueprints/stock"));
  const changed = fields.map((field) => (field.key === "space" ? { key: "space", name: "Space", type: "longText" } : field));
  await stock.ask("PATCH", "/blueprints/stock", { fields: [...changed, { key: "note", name: "Note", type: "text", default: "none" }] });
  const run = z.object({ id: z.string(), state: z.string(), data: z.looseObject({ migrated: z.number() }).nullish() });
  const pageMs = async () => {
    const asked = performance.now();
    await stock.ask("GET", `/blueprints/stock/entities?limit=${pageSize}&${encoded(pages[0]?.query ?? "")}`);
    const ms = performance.now() - asked;
    await new Promise((resolve) => setTimeout(resolve, betweenPagesMs));
    return ms;
  };
  const [alone, beside]: [number[], number[]] = [[], []];
  for (let read = 0; read < 50; read++) alone.push(await pageMs());
  const begun = performance.now();
  const { id } = run.parse(await stock.ask("POST", "/blueprints/stock/migrations", {}));
  for (;;) {
    const { state, data } = run.parse(await stock.ask("GET", `/runs/${id}`));
    if (state === "succeeded") {
      const perSecond = (data?.migrated ?? 0) / ((performance.now() - begun) / 1000);
      const [during, before] = [median(beside), median(alone)];
      const migration: Figure = {
        figure: "entity-migration",
        value: perSecond,
        unit: "/s",
        beside: migrationTarget,
        ratio: perSecond / migrationTarget,
        target: 1,
        met: perSecond >= migrationTarget,
        note: `${data?.migrated.toLocaleString("en")} entities to a version in which a field is of another type and one is new`,
      };
      const reading = { figure: "entity-page-migrating", value: during, unit: "ms, p50", beside: before, ratio: before / during };
      const note = `${beside.length} pages of ${pageSize} by status, ${betweenPagesMs} ms between, while the migration goes on, beside the same alone`;
      return [migration, { ...reading, target: mostSlowed, met: before / during >= mostSlowed, note }];
    }
    if (state !== "running") throw new Error(`the migration ended as ${state}`);
    beside.push(await pageMs());
  }
}
