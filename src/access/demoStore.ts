import type { Database, Sql } from "../platform/database/database.ts";

export const demoSlug = "demo";
// Any number, the same in every version of the product.
const advisoryLock = 7216441;

interface Demo {
  tenant: string;
  inbox: string;
  publicKey: string;
  origin: string;
  accounts: readonly { id: string; name: string; email: string; roles: readonly string[]; hash: string }[];
}

export async function hasTenants(sql: Sql): Promise<boolean> {
  return (await sql.query("select 1 from tenant limit 1")).length > 0;
}

/** Until the transaction ends. */
export async function lockDemo(tx: Sql): Promise<void> {
  await tx.query("select pg_advisory_xact_lock($1)", [advisoryLock]);
}

export async function createDemoTenant(tx: Sql, demo: Demo): Promise<void> {
  await tx.query("insert into tenant (id, slug, name) values ($1, $2, 'Demo')", [demo.tenant, demoSlug]);
  await tx.query(
    `insert into inbox (tenant_id, id, public_key, name, origins, greeting, publishes_all)
     values ($1, $2, $3, 'Website', array[$4], 'Hello! Write "help" to see what I can do, or "person" to talk to somebody.', true)`,
    [demo.tenant, demo.inbox, demo.publicKey, demo.origin],
  );
  for (const account of demo.accounts) {
    await tx.query("insert into account (id, email, name, password_hash) values ($1, $2, $3, $4)", [
      account.id,
      account.email,
      account.name,
      account.hash,
    ]);
    await tx.query("insert into membership (tenant_id, account_id, roles) values ($1, $2, $3)", [demo.tenant, account.id, account.roles]);
  }
}

/** Adds the origin to those that the demo inbox lists; the last ten stay. */
export async function allowDemoOrigin({ database }: { database: Pick<Database, "acrossTenants"> }, origin: string): Promise<void> {
  await database.acrossTenants.query(
    `update inbox set origins = (origins || $2::text)[greatest(1, cardinality(origins) - 8):]
      where tenant_id = (select id from tenant where slug = $1) and not (origins @> array[$2::text])`,
    [demoSlug, origin],
  );
}

/** The public key of the demo inbox, for the demo page. */
export async function demoInboxKey({ database }: { database: Pick<Database, "acrossTenants"> }): Promise<string | undefined> {
  const [inbox] = await database.acrossTenants.query<{ key: string }>(
    "select i.public_key as key from inbox i join tenant t on t.id = i.tenant_id where t.slug = $1 and i.active order by i.created_at limit 1",
    [demoSlug],
  );
  return inbox?.key;
}
