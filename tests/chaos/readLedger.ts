import pg from "pg";
import type { LedgerState } from "./history/history.ts";

/** What the database holds at one moment, read past the product. */
export async function readLedger(url: string): Promise<LedgerState> {
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
    return { messages: messages.rows, conversations: conversations.rows, turns: turns.rows, controls: controls.rows };
  } finally {
    await client.end();
  }
}
