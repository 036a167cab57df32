import pg from "pg";
import type { LedgerState, Recorded } from "./history/history.ts";
import { readRouting } from "./routing/readRouting.ts";

/** What the database holds at one moment, read past the product; of ids whose they are, those that somebody was told. */
export async function readLedger(url: string, history: readonly Recorded[] = []): Promise<LedgerState> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query("begin isolation level repeatable read, read only");
    const messages = await client.query<LedgerState["messages"][number]>(
      "select conversation_id as conversation, seq::int, key, text from message order by conversation_id, seq",
    );
    const conversations = await client.query<LedgerState["conversations"][number]>(
      `select id, last_seq::int as "lastSeq", controller, agent_name as agent from conversation`,
    );
    const turns = await client.query<LedgerState["turns"][number]>(
      `select conversation_id as conversation, seq::int, dead_reason as "deadReason" from turn`,
    );
    const controls = await client.query<LedgerState["controls"][number]>(
      `select h.conversation_id as conversation, h.generation, h.from_controller as from, h.to_controller as to, a.name as agent
       from control_change h left join account a on a.id = h.agent_id order by h.conversation_id, h.generation`,
    );
    return {
      messages: messages.rows,
      conversations: conversations.rows,
      turns: turns.rows,
      controls: controls.rows,
      routing: await readRouting(client),
      owners: await ownersOf(client, [...new Set(history.flatMap((event) => (event.kind === "named" ? [event.id] : [])))]),
    };
  } finally {
    await client.end();
  }
}

/** The tenants of ids, wherever in the catalog they stand. */
async function ownersOf(client: pg.Client, ids: readonly string[]): Promise<Map<string, string>> {
  const { rows: tables } = await client.query<{ name: string; id: string }>(
    `select t.table_name as name, i.column_name as id
     from information_schema.columns t join information_schema.columns i using (table_schema, table_name)
     where table_schema = 'public' and t.column_name = 'tenant_id' and i.data_type = 'uuid'
       and (i.column_name = 'id' or (t.table_name = 'membership' and i.column_name = 'account_id'))`,
  );
  const owners = new Map<string, string>();
  for (const { name, id } of tables) {
    const { rows } = await client.query<{ id: string; slug: string }>(
      `select x.${id} as id, t.slug from ${name} x join tenant t on t.id = x.tenant_id where x.${id} = any($1::uuid[])`,
      [ids],
    );
    for (const row of rows) owners.set(row.id, row.slug);
  }
  return owners;
}
