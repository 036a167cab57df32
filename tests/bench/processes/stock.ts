import pg from "pg";
import { z } from "zod";
import type { Product } from "./product.ts";
import { signIn } from "./signedIn.ts";

/** Beside which a big tenant's entities are read, each with a blueprint and entities of its own. */
export const otherTenants = 1000;
const entitiesOfOthers = 20;
const atOnce = 50_000;

const fields = [
  { key: "id", name: "Id", type: "sequence", prefix: "STO-" },
  { key: "type", name: "Type", type: "text", indexed: true },
  { key: "status", name: "Status", type: "choice", choices: ["NEW", "STORED", "SOLD"], default: "NEW", indexed: true },
  { key: "space", name: "Space", type: "text" },
  { key: "weight", name: "Weight", type: "decimal", places: 3 },
  { key: "qty", name: "Quantity", type: "integer", indexed: true },
  { key: "stored_at", name: "Stored", type: "instant", indexed: true },
];

export interface Stock {
  headers: Record<string, string>;
  /** Its entities, as HTTP names them. */
  path: string;
  ask(method: string, path: string, body?: object): Promise<unknown>;
}

/** A blueprint of stock with four indexed fields and so many entities in the demo tenant, numbered from 1, and other tenants with some each. */
export async function fillStock(product: Product & { databaseUrl: string }, count: number): Promise<Stock> {
  const { headers, ask } = await signIn(product);
  await ask("POST", "/blueprints", { key: "stock", name: "Stock", fields: fields.map(({ indexed: _, ...field }) => field) });
  const client = new pg.Client(product.databaseUrl);
  client.on("error", () => {}); // the running statement tells it
  await client.connect();
  await client.query("set app.tenant = '*'");
  for (let from = 1; from <= count; from += atOnce) await client.query(stockStatement, [from, Math.min(count, from + atOnce - 1)]);
  await client.query("update blueprint set last_number = $1 where key = 'stock'", [count]);
  for (let from = 0; from < otherTenants; from += 100) {
    await client.query(tenantsStatement, [from, from + 99]);
    // Each by itself: a table can't be attached in a statement that reads its parent.
    await client.query("select make_entities(md5('b' || n)::uuid) from generate_series($1::int, $2::int) n", [from, from + 99]);
    await client.query(entitiesStatement, [from, from + 99, entitiesOfOthers]);
  }
  await client.query("analyze entity");
  await client.query("analyze entity_unique");
  await client.end();
  await ask("PATCH", "/blueprints/stock", { fields });
  const indexes = z.object({ items: z.array(z.object({ state: z.string() })) });
  while (indexes.parse(await ask("GET", "/blueprints/stock/indexes")).items.some(({ state }) => state !== "ready"))
    await new Promise((resolve) => setTimeout(resolve, 500));
  return {
    headers,
    path: `${product.url}/api/v1/blueprints/stock/entities`,
    ask,
  };
}

/** The id of entity n. */
export const idOf = "01900000-0000-7000-8000-{n12}";

const stockStatement = `
  with made as (
    insert into entity (tenant_id, blueprint_id, id, blueprint_version, content, created_at, created_by, changed_at, changed_by)
    select b.tenant_id, b.id, ('01900000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 1,
      jsonb_build_object('f1', 'STO-' || n, 'f2', 'type ' || (n * 7919) % 500, 'f3', (array['NEW', 'STORED', 'SOLD'])[1 + n % 3],
        'f4', 'Aisle ' || n % 40, 'f5', ((n * 31) % 100000 / 1000.0)::numeric(10, 3)::text, 'f6', (n * 104729) % 10000,
        'f7', to_char(timestamptz '2026-01-01' + n * interval '7 seconds', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')),
      now(), b.changed_by, now(), b.changed_by
    from blueprint b, generate_series($1::bigint, $2::bigint) n where b.key = 'stock' and b.last_number = 0
    returning tenant_id, blueprint_id, id, content
  )
  insert into entity_unique (tenant_id, blueprint_id, field, value, entity_id)
  select tenant_id, blueprint_id, 'f1', lower(content ->> 'f1'), id from made`;

const tenantsStatement = `
  with tenants as (
    insert into tenant (id, slug, name) select md5('t' || n)::uuid, 't' || n, 'T' || n from generate_series($1::int, $2::int) n
  ), blueprints as (
    insert into blueprint (tenant_id, id, key, latest, next_field, last_number, changed_by, changed_at)
    select md5('t' || n)::uuid, md5('b' || n)::uuid, 'things', 1, 2, 1, md5('a')::uuid, now() from generate_series($1::int, $2::int) n
  )
  insert into blueprint_version (tenant_id, blueprint_id, number, definition, made_by, made_at)
  select md5('t' || n)::uuid, md5('b' || n)::uuid, 1, '{"name": "Thing", "fields": [{"id": "f1", "key": "name", "name": "Name", "type": "text"}]}',
    md5('a')::uuid, now() from generate_series($1::int, $2::int) n`;

const entitiesStatement = `
  insert into entity (tenant_id, blueprint_id, id, blueprint_version, content, created_at, created_by, changed_at, changed_by)
  select md5('t' || n)::uuid, md5('b' || n)::uuid, gen_random_uuid(), 1, jsonb_build_object('f1', 'Thing ' || m), now(), md5('a')::uuid, now(), md5('a')::uuid
  from generate_series($1::int, $2::int) n, generate_series(1, $3::int) m`;
