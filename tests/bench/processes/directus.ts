import { readFile } from "node:fs/promises";
import pg from "pg";
import { z } from "zod";

const settingsSchema = z.strictObject({ url: z.url(), token: z.string(), database: z.url() });

/** A running Directus 11 with the same fields and indexes as `fillStock`, and as many rows. */
export interface Directus {
  headers: Record<string, string>;
  /** Its items, as HTTP names them. */
  path: string;
  /** Brings a CSV in, by its own import. */
  bring(collection: string, csv: string): Promise<void>;
}

const field = (name: string, type: string, schema: object = {}) => ({ field: name, type, schema });
const indexed = ["type", "status", "qty", "stored_at"];

/** `file` has its address, a token of an admin, and its database, as JSON. Its collections `stock` and `parts` are made anew. */
export async function fillDirectus(file: string, count: number): Promise<Directus> {
  const { url, token, database } = settingsSchema.parse(JSON.parse(await readFile(file, "utf8")));
  const headers = { authorization: `Bearer ${token}` };
  const ask = async (method: string, path: string, body?: object | FormData) => {
    const isForm = body instanceof FormData;
    const sent = body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) };
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: { ...headers, ...(body === undefined || isForm ? {} : { "content-type": "application/json" }) },
      ...sent,
    });
    if (!answer.ok && method !== "DELETE")
      throw new Error(`${path} of Directus was answered by ${answer.status} ${(await answer.text()).slice(0, 300)}`);
  };
  const id = field("id", "integer", { is_primary_key: true, has_auto_increment: true });
  const make = async (collection: string, fields: object[]) => {
    await ask("DELETE", `/collections/${collection}`);
    await ask("POST", "/collections", { collection, meta: { accountability: "all" }, schema: {}, fields: [id, ...fields] });
  };
  await make("stock", [
    field("type", "string"),
    field("status", "string", { default_value: "NEW" }),
    field("space", "string"),
    field("weight", "decimal", { numeric_precision: 10, numeric_scale: 3 }),
    field("qty", "integer"),
    field("stored_at", "timestamp"),
  ]);
  await make("parts", [
    field("code", "string", { is_unique: true }),
    field("name", "string"),
    field("qty", "integer"),
    field("price", "decimal", { numeric_precision: 10, numeric_scale: 2 }),
    field("bought", "date"),
  ]);
  const client = new pg.Client(database);
  await client.connect();
  await client.query(stockStatement, [count]);
  for (const column of indexed) await client.query(`create index on stock (${column})`);
  await client.query("select setval(pg_get_serial_sequence('stock', 'id'), $1)", [count]);
  await client.query("analyze stock");
  await client.end();
  return {
    headers,
    path: `${url}/items/stock`,
    bring: async (collection, csv) => {
      const form = new FormData();
      form.set("file", new Blob([csv], { type: "text/csv" }), "rows.csv");
      await ask("POST", `/utils/import/${collection}`, form);
    },
  };
}

const stockStatement = `
  insert into stock (id, type, status, space, weight, qty, stored_at)
  select n, 'type ' || (n * 7919) % 500, (array['NEW', 'STORED', 'SOLD'])[1 + n % 3], 'Aisle ' || n % 40,
    ((n * 31) % 100000 / 1000.0)::numeric(10, 3), (n * 104729) % 10000, timestamptz '2026-01-01' + n * interval '7 seconds'
  from generate_series(1, $1::bigint) n`;
