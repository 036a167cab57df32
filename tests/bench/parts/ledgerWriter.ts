import { randomUUID } from "node:crypto";
import pg from "pg";
import { v7 as newId } from "uuid";
import { z } from "zod";
import { type ConversationRef, keys } from "../../../src/conversations/conversation.ts";
import { Ledger } from "../../../src/conversations/ledger/ledger.ts";
import { openDatabase } from "../../../src/platform/database/openDatabase.ts";
import { silentLog } from "../../fixtures/silentLog.ts";
import { servePart } from "../processes/part.ts";

const questionSchema = z.discriminatedUnion("do", [
  z.object({ do: z.literal("open"), databaseUrl: z.string(), conversations: z.number() }),
  z.object({ do: z.literal("ledger"), seconds: z.number() }),
  z.object({ do: z.literal("oneStatement"), seconds: z.number(), rowsPerStatement: z.number() }),
]);

export const rowsSchema = z.object({ perSecond: z.number() });

const question = "reverse hello world";
const answer = "world hello";

/** Writes messages: through the product's ledger, and beside it as fast as one connection takes them. */
export function playLedger(): void {
  let opened: { url: string; conversations: ConversationRef[] } | undefined;
  servePart(questionSchema, async (asked) => {
    if (asked.do === "open") {
      opened = { url: asked.databaseUrl, conversations: await createConversations(asked.databaseUrl, asked.conversations) };
      return {};
    }
    if (opened === undefined) throw new Error("not opened");
    const rows = asked.do === "ledger" ? writeThroughLedger(opened, asked.seconds) : writeStatements(opened, asked);
    return { perSecond: (await rows) / asked.seconds } satisfies z.infer<typeof rowsSchema>;
  });
}

/** In a migrated database. The peer's table is `message` with all its constraints and indexes. */
async function createConversations(url: string, count: number): Promise<ConversationRef[]> {
  const client = new pg.Client(url);
  await client.connect();
  const tenant = newId();
  const inbox = newId();
  await client.query("insert into tenant (id, slug, name) values ($1, 'bench', 'Bench')", [tenant]);
  await client.query("insert into inbox (tenant_id, id, public_key, name) values ($1, $2, 'bench', 'Bench')", [tenant, inbox]);
  const { rows } = await client.query<{ id: string }>(
    `with contact as (insert into contact (tenant_id, id, name) select $1, gen_random_uuid(), 'Visitor' from generate_series(1, $3) returning id)
     insert into conversation (tenant_id, id, inbox_id, contact_id, team)
     select $1, gen_random_uuid(), $2, id, 'support' from contact returning id`,
    [tenant, inbox, count],
  );
  await client.query("create table one_statement (like message including all)");
  await client.end();
  return rows.map(({ id }) => ({ tenant, id }));
}

/** In each conversation a visitor's message and its turn, then the answer that ends it; the next when that is committed. Rows of `message`. */
async function writeThroughLedger(
  { url, conversations }: { url: string; conversations: ConversationRef[] },
  seconds: number,
): Promise<number> {
  const database = await openDatabase({ url, log: silentLog });
  const holder = randomUUID();
  const ledger = new Ledger(database.ledger, holder);
  const contact = newId();
  const run = newId();
  const endsAt = performance.now() + seconds * 1000;
  let rows = 0;

  const converse = async (conversation: ConversationRef) => {
    for (let n = 0; performance.now() < endsAt; n++) {
      const asked = await ledger.commit({
        conversation,
        messages: [{ key: keys.visitor(`${run}${n}`), author: { kind: "visitor", id: contact, name: "Visitor" }, text: question }],
        turn: "wanted",
      });
      if (asked.kind !== "committed") throw new Error(`the ledger answered ${asked.kind}`);
      if (performance.now() < endsAt) rows++;
      const answered = await ledger.commit({
        conversation,
        messages: [{ key: keys.answer(asked.firstSeq, "0"), author: { kind: "bot", name: "Assistant" }, text: answer, command: "reverse" }],
        fence: { generation: asked.control.generation },
        turn: { ends: asked.firstSeq, holder },
      });
      if (answered.kind !== "committed") throw new Error(`the ledger answered ${answered.kind}`);
      if (performance.now() < endsAt) rows++;
    }
  };
  try {
    await Promise.all(conversations.map(converse));
  } finally {
    await database.close();
  }
  return rows;
}

async function writeStatements(
  { url, conversations }: { url: string; conversations: ConversationRef[] },
  { seconds, rowsPerStatement }: { seconds: number; rowsPerStatement: number },
): Promise<number> {
  const client = new pg.Client(url);
  await client.connect();
  const run = newId();
  const { rows: before } = await client.query<{ seq: number }>("select coalesce(max(seq), 0)::int as seq from one_statement");
  let seq = before[0]?.seq ?? 0;
  const endsAt = performance.now() + seconds * 1000;
  let rows = 0;
  let next = 0;
  while (performance.now() < endsAt) {
    const some = Array.from({ length: rowsPerStatement }, () => {
      if (next === conversations.length) next = 0;
      if (next === 0) seq++;
      return conversations[next++];
    });
    await client.query({
      name: "oneStatement",
      text: `insert into one_statement (tenant_id, conversation_id, seq, key, author_kind, author_name, text)
        select * from unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[])`,
      values: [
        some.map((conversation) => conversation?.tenant),
        some.map((conversation) => conversation?.id),
        some.map(() => seq),
        some.map((_, index) => keys.visitor(`${run}${seq}.${index}`)),
        some.map(() => "visitor"),
        some.map(() => "Visitor"),
        some.map(() => question),
      ],
    });
    rows += rowsPerStatement;
  }
  await client.end();
  return rows;
}
