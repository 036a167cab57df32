import type { Database, Sql } from "../../platform/database/database.ts";

export const demoSlug = "demo";
// Any number, the same in every version of the product.
const advisoryLock = 7216441;

/** The commands are named as they are written, in every language. */
const greetings = [
  { language: "en", text: 'Hello! Write "help" to see what I can do, or "person" to talk to somebody.' },
  { language: "pt-BR", text: 'Olá! Escreva "help" para ver o que eu sei fazer, ou "person" para falar com alguém.' },
  { language: "es", text: '¡Hola! Escriba "help" para ver lo que sé hacer, o "person" para hablar con alguien.' },
  { language: "fr", text: "Bonjour ! Écrivez « help » pour voir ce que je sais faire, ou « person » pour parler à quelqu'un." },
  { language: "de", text: 'Hallo! Schreiben Sie "help", um zu sehen, was ich kann, oder "person", um mit jemandem zu sprechen.' },
];

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
    `insert into inbox (tenant_id, id, public_key, name, origins, publishes_all) values ($1, $2, $3, 'Website', array[$4], true)`,
    [demo.tenant, demo.inbox, demo.publicKey, demo.origin],
  );
  await tx.query(
    `insert into inbox_text (tenant_id, inbox_id, key, language, text)
     select $1, $2, 'greeting', g.language, g.text from json_to_recordset($3::json) as g (language text, text text)`,
    [demo.tenant, demo.inbox, JSON.stringify(greetings)],
  );
  for (const account of demo.accounts) {
    await tx.query("insert into account (id, email, name, password_hash, factor_exempt) values ($1, $2, $3, $4, true)", [
      account.id,
      account.email,
      account.name,
      account.hash,
    ]);
    await tx.query("insert into membership (tenant_id, account_id, roles) values ($1, $2, $3)", [demo.tenant, account.id, account.roles]);
  }
  await createDemoTeams(tx, demo);
}

/** Both agents answer for Support, the first for Sales too. */
async function createDemoTeams(tx: Sql, { tenant, accounts }: Demo): Promise<void> {
  const agents = accounts.filter(({ roles }) => roles.includes("agent")).map(({ id }) => id);
  await tx.query("insert into team (tenant_id, key, name) values ($1, 'support', 'Support'), ($1, 'sales', 'Sales')", [tenant]);
  await tx.query("insert into agent_profile (tenant_id, account_id) select $1::uuid, unnest($2::uuid[])", [tenant, agents]);
  await tx.query(
    `insert into team_member (tenant_id, team, account_id)
     select $1::uuid, 'support', unnest($2::uuid[]) union all select $1::uuid, 'sales', ($2::uuid[])[1]`,
    [tenant, agents],
  );
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
