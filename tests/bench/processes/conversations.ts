import pg from "pg";

/** Puts so many open conversations with the bot into the demo tenant, each with one message. */
export async function addConversations(databaseUrl: string, count: number): Promise<void> {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  try {
    await client.query(
      `with who as materialized (select n, gen_random_uuid() as contact, gen_random_uuid() as conversation from generate_series(1, $1::int) n),
         place as materialized (select tenant_id, id, team from inbox limit 1),
         contacts as (insert into contact (tenant_id, id, name) select tenant_id, contact, 'Visitor ' || n from who, place),
         messages as (insert into message (tenant_id, conversation_id, seq, key, author_kind, author_id, author_name, text)
           select tenant_id, conversation, 1, 'v:' || n, 'visitor', contact, 'Visitor ' || n, 'message number ' || n from who, place)
       insert into conversation (tenant_id, id, inbox_id, contact_id, team, last_seq, last_text, last_author, last_at, unread)
       select tenant_id, conversation, place.id, contact, team, 1, 'message number ' || n, 'visitor', now() - make_interval(secs => n), 1 from who, place`,
      [count],
    );
    await client.query("analyze");
  } finally {
    await client.end();
  }
}
