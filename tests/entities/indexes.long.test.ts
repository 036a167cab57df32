import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type EntityHouse, entities, openEntityHouse } from "./entityHouse.ts";

let product: EntityHouse["product"];
let admin: EntityHouse["admin"];
let agent: EntityHouse["agent"];
let ask: EntityHouse["ask"];
let blueprintOf: EntityHouse["blueprintOf"];
let owner: pg.Client;
beforeAll(async () => {
  ({ product, admin, agent, ask, blueprintOf } = await openEntityHouse());
  owner = new pg.Client(product.databaseUrl);
  await owner.connect();
  await owner.query("set app.tenant = '*'");
});
afterAll(async () => {
  await owner.end();
  await product.stop();
});

interface Index {
  name: string;
  valid: boolean;
  scans: number;
  read: number;
}

/** The indexes of a blueprint's fields, as PostgreSQL has them. */
async function indexesIn(key: string): Promise<Index[]> {
  const { rows } = await owner.query<Index>(
    `select c.relname as name, i.indisvalid as valid, s.idx_scan::int as scans, s.idx_tup_read::int as read
     from blueprint b join pg_index i on i.indrelid = to_regclass('entity_' || replace(b.id::text, '-', ''))
     join pg_class c on c.oid = i.indexrelid join pg_stat_user_indexes s on s.indexrelid = c.oid
     where b.key = $1 and starts_with(c.relname, 'by_') order by i.indexrelid`,
    [key],
  );
  return rows;
}

async function statesOf(key: string): Promise<Record<string, string>> {
  const { body } = await ask(agent, "GET", `/blueprints/${key}/indexes`);
  return Object.fromEntries(body.items.map(({ field, state }: { field: string; state: string }) => [field, state]));
}

const patient = { timeout: 20_000, interval: 100 };
const fields = (indexed: boolean) => [
  { key: "n", name: "N", type: "integer", indexed },
  { key: "what", name: "What", type: "text", indexed },
  { key: "price", name: "Price", type: "money", currency: "EUR", indexed },
  { key: "due", name: "Due", type: "date", indexed },
  { key: "at", name: "At", type: "instant", indexed },
  { key: "done", name: "Done", type: "boolean", indexed },
  { key: "state", name: "State", type: "choice", choices: ["NEW", "OPEN", "GONE"], indexed },
];

/** So many that reading all costs more than an index; of each field some have nothing. */
const count = 3000;
const longest = Array.from({ length: 1000 }, (_, n) => String.fromCodePoint(0x4e00 + ((n * 7919) % 20_000))).join("");
const valuesOf = (n: number) => ({
  n: (n * 7919) % count,
  what: n === 17 ? longest : `Thing ${n}`,
  ...(n % 5 === 0 ? {} : { price: `${n}.50`, due: `20${String(10 + (n % 20))}-01-17` }),
  at: new Date(Date.UTC(2026, 0, 1) + n * 60_000).toISOString(),
  done: n % 2 === 0,
  state: ["NEW", "OPEN", "GONE"][n % 3],
});

async function filled(key: string): Promise<void> {
  for (let from = 0; from < count; from += 1000) {
    const items = Array.from({ length: 1000 }, (_, n) => ({ values: valuesOf(from + n) }));
    expect((await ask(agent, "POST", `${entities(key)}/batch`, { items })).status).toBe(201);
  }
}

/** Some pages of a list, as the numbers of what stands there. */
async function pages(key: string, query: string, most = 3): Promise<number[]> {
  const seen: number[] = [];
  for (let cursor = "", page = 0; page < most; page++) {
    const { status, body } = await ask(agent, "GET", `${entities(key)}?limit=50&${query}${cursor}`);
    expect([query, status]).toEqual([query, 200]);
    seen.push(...body.items.map(({ values }: { values: { n: number } }) => values.n));
    if (body.nextCursor === null) break;
    cursor = `&cursor=${body.nextCursor}`;
  }
  return seen;
}

const queries = [
  "sort=n",
  "sort=-n",
  "sort=-price",
  'sort=n&filter={"n":{"gte":2900}}',
  'sort=-price&filter={"price":{"lt":"40.00"}}',
  'sort=due&filter={"due":{"eq":"2019-01-17"}}',
  'filter={"what":{"eq":"Thing 77"}}',
  'filter={"what":{"in":["Thing 5","Thing 6"]}}',
  'sort=-at&filter={"at":{"lt":"2026-01-01T03:00:00Z"}}',
  'sort=-state,n&filter={"done":{"eq":true}}',
];

describe("indexes of fields", () => {
  it("are made in the background of what is there, answer filters, orders and pages with the same, and go when nobody wants them", async () => {
    const key = await blueprintOf([{ key: "n", name: "N", type: "text" }, ...fields(false).slice(1)], "Thing");
    // Of a version in which the field was a text: what stood there is no number, and is in nobody's way.
    await ask(agent, "POST", entities(key), { values: { n: "no number", what: "old" } });
    expect((await ask(admin, "PATCH", `/blueprints/${key}`, { fields: fields(false) })).status).toBe(200);
    await filled(key);
    expect(await statesOf(key)).toEqual({});
    const before = await Promise.all(queries.map((query) => pages(key, query)));
    expect((await ask(admin, "PATCH", `/blueprints/${key}`, { fields: fields(true) })).status).toBe(200);
    expect(Object.keys(await statesOf(key))).toEqual(fields(true).map((field) => field.key));
    await expect.poll(async () => new Set(Object.values(await statesOf(key))), patient).toEqual(new Set(["ready"]));
    expect((await admin.run("blueprint.indexes", { blueprint: key })).messages[0]?.text).toContain("price: ready");
    expect(await Promise.all(queries.map((query) => pages(key, query)))).toEqual(before);

    expect(
      (await ask(admin, "PATCH", `/blueprints/${key}`, { fields: [...fields(true).slice(0, 1), ...fields(false).slice(1)] })).status,
    ).toBe(200);
    await expect.poll(async () => (await indexesIn(key)).length, patient).toBe(1);
    expect(await statesOf(key)).toEqual({ n: "ready" });
  });

  it("are what PostgreSQL reads for a filter, for an order either way, and for the pages behind", async () => {
    const key = await blueprintOf(fields(false), "Thing");
    await filled(key);
    const names = fields(false).map((field) => field.key);
    for (const [field, query] of [
      ["what", 'filter={"what":{"eq":"Thing 77"}}'],
      ["n", "sort=-n"],
      ["price", "sort=price"],
      ["at", 'sort=at&filter={"at":{"gte":"2026-01-02T03:00:00Z"}}'],
      ["due", 'filter={"due":{"eq":"2019-01-17"}}'],
    ] as const) {
      const only = fields(false).map((one) => ({ ...one, indexed: one.key === field }));
      expect(names).toContain(field);
      await ask(admin, "PATCH", `/blueprints/${key}`, { fields: only });
      await expect.poll(() => statesOf(key), patient).toEqual({ [field]: "ready" });
      // A connection tells what it read once a second, when it is used again.
      const used = async () => {
        await pages(key, query, 20);
        return (await indexesIn(key))[0];
      };
      await expect.poll(async () => [field, ((await used())?.scans ?? 0) > 20], patient).toEqual([field, true]);
      const { scans = 0, read = 0 } = (await used()) ?? {};
      expect([field, read / scans]).toEqual([field, expect.closeTo(50, -2)]);
    }
  }, 60_000);

  it("that were left half-made, or are of another form, are made anew at a start", async () => {
    const key = await blueprintOf(fields(true).slice(0, 2), "Thing");
    await expect.poll(() => statesOf(key), patient).toEqual({ n: "ready", what: "ready" });
    const [half, old] = await indexesIn(key);
    await owner.query("update pg_index set indisvalid = false where indexrelid = to_regclass($1)", [half?.name]);
    await owner.query(`alter index "${old?.name}" rename to "${old?.name.replace(/_[^_]+$/, "_00000000")}"`);
    expect(await statesOf(key)).toEqual({ n: "making", what: "making" });
    const other = await product.beside();
    await expect.poll(() => statesOf(key), patient).toEqual({ n: "ready", what: "ready" });
    expect((await indexesIn(key)).map(({ name, valid }) => [name, valid]).sort()).toEqual(
      [half, old].map((one) => [one?.name, true]).sort(),
    );
    await other.stop();
  });

  it("say why they can't be made, and harm nothing else", async () => {
    const key = await blueprintOf(fields(false).slice(0, 2), "Thing");
    const { id } = (await ask(agent, "POST", entities(key), { values: { n: 1, what: "x" } })).body;
    await owner.query(`update entity set content = content || '{"f1": "no number"}' where id = $1`, [id]);
    await ask(admin, "PATCH", `/blueprints/${key}`, { fields: fields(true).slice(0, 2) });
    await expect.poll(async () => (await statesOf(key))["n"], patient).toBe("failed");
    const { body } = await ask(agent, "GET", `/blueprints/${key}/indexes`);
    expect(body.items[0].reason).toContain("can't be compared");
    expect(JSON.stringify(body)).not.toContain("no number");
    expect((await ask(agent, "POST", entities(key), { values: { n: 2 } })).status).toBe(201);
    await owner.query(`update entity set content = content || '{"f1": 3}' where id = $1`, [id]);
    await ask(admin, "PATCH", `/blueprints/${key}`, { fields: [...fields(true).slice(0, 1), ...fields(false).slice(1, 2)] });
    await expect.poll(() => statesOf(key), patient).toEqual({ n: "ready" });
  });

  it("are of fields by which lists are filtered, and not too many", async () => {
    const refused = async (given: object[]) => {
      const { status, body } = await ask(admin, "POST", "/blueprints", { key: "refused", name: "Thing", fields: given });
      return [status, body.error.path];
    };
    expect(await refused([{ key: "a", name: "A", type: "longText", indexed: true }])).toEqual([422, "fields.0.indexed"]);
    const many = Array.from({ length: 21 }, (_, n) => ({ key: `f${n}`, name: `F ${n}`, type: "text", indexed: true }));
    expect(await refused(many)).toEqual([422, "fields"]);
  });
});
