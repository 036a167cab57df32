import pg from "pg";
import type { Product } from "./product.ts";
import { signIn } from "./signedIn.ts";

/** Customers of the shop: from 1 to this. */
export const customers = 1000;

/** Two steps in one statement: it finds by an index, and sorts. `$1` is the customer. */
export const orders = "select id, due_on, total from orders where customer = $1 order by id limit 10";

const shopSchema = `
  create table orders as select id::integer, (1 + id % ${customers})::integer as customer, date '2026-01-01' + (id % 300)::integer as due_on,
    (id % 977)::numeric(10, 2) as total from generate_series(1, 100000) id;
  create index on orders (customer);
  create view waiting as select pg_sleep(1)::text as waited, 1 as one;
  analyze`;

export async function fillShop(databaseUrl: string): Promise<void> {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  await client.query(shopSchema);
  await client.end();
}

export interface Maker {
  /** Headers of whoever may run them. */
  headers: Record<string, string>;
  runsOf(command: string): string;
}

/** Connects the shop, and publishes operations over HTTP, as a person does on their pages. */
export async function makeOperations(product: Product, shopUrl: string): Promise<Maker> {
  const { headers, ask } = await signIn(product);
  const { hostname, port, pathname, username, password } = new URL(shopUrl);
  const at = { kind: "postgresql", host: hostname, port: Number(port), database: pathname.slice(1), tls: false };
  const who = { user: decodeURIComponent(username), password: decodeURIComponent(password) };
  for (const name of ["shop", "slow-shop"]) await ask("POST", "/data-sources", { name, ...at, ...who });
  const customer = [{ name: "customer", type: "integer", required: true }];
  const query = (dataSource: string, sql: string) => ({ kind: "query", summary: "Asks the shop.", query: { dataSource, sql } });
  const made = [
    { name: "orders-of", parameters: customer, ...query("shop", orders.replace("$1", ":customer")) },
    { name: "wait-a-second", ...query("slow-shop", "select waited from waiting") },
  ];
  for (const operation of made) {
    await ask("POST", "/operations", operation);
    await ask("POST", `/operations/${operation.name}/publish`, {});
  }
  return { headers, runsOf: (command) => `${product.url}/api/v1/commands/${command}/runs` };
}
