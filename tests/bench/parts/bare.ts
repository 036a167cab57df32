import { once } from "node:events";
import type { Duplex } from "node:stream";
import pg from "pg";
import { type WebSocket, WebSocketServer } from "ws";
import { z } from "zod";
import { servePart } from "../processes/part.ts";
import type { listeningSchema } from "./echo.ts";

const questionSchema = z.object({ do: z.literal("listen"), databaseUrl: z.string() });

interface Asked {
  conversation: number;
  key: string;
  text: string;
  answer: string;
  tell(seq: number): void;
}

/** As many as the product has. */
const statementsAtOnce = 2;

const createTables = `
create table bare_conversation (id int primary key, last_seq bigint not null default 0);
create table bare_message (
  conversation_id int not null, seq bigint not null, key text not null, text text not null, at timestamptz not null default now(),
  primary key (conversation_id, seq), unique (conversation_id, key))`;

// Both messages of many turns in one statement, as the product's ledger does it.
const commit = `
with rows as materialized (select * from json_to_recordset($1::json) as rows (conversation int, key text, text text, answer text)),
bumped as (
  update bare_conversation c set last_seq = c.last_seq + 2 from rows where c.id = rows.conversation
  returning c.id, c.last_seq, rows.key, rows.text, rows.answer),
written as (
  insert into bare_message (conversation_id, seq, key, text)
  select id, last_seq - 1, key, text from bumped union all select id, last_seq, 't:' || key, answer from bumped)
select id, last_seq from bumped`;

/**
 * What a turn costs without a product around it: a frame is parsed, its words are turned round, both messages are committed with
 * what arrives meanwhile, and an ack and the answer are sent. No sign-in, no rights, no tenants, no turn that outlives the process.
 */
export function playBare(): void {
  servePart(questionSchema, async ({ databaseUrl }) => {
    const pool = new pg.Pool({ connectionString: databaseUrl, max: statementsAtOnce });
    await pool.query(createTables);
    const write = batches(async (asked) => {
      const { rows } = await pool.query<{ id: number; last_seq: string }>({
        name: "commit",
        text: commit,
        values: [JSON.stringify(asked)],
      });
      const seqs = new Map(rows.map(({ id, last_seq }) => [id, Number(last_seq)]));
      for (const { conversation, tell } of asked) tell(seqs.get(conversation) ?? 0);
    });
    const server = new WebSocketServer({ host: "127.0.0.1", port: 0, perMessageDeflate: false, clientTracking: false });
    let conversations = 0;
    server.on("connection", async (socket, request) => {
      const conversation = ++conversations;
      socket.on("error", () => {});
      const known = pool.query("insert into bare_conversation (id) values ($1)", [conversation]);
      socket.on("message", async (data: Buffer) => {
        const { clientId, text } = JSON.parse(data.toString());
        const answer = text.split(" ").slice(1).reverse().join(" ");
        await known;
        write({ conversation, key: clientId, text, answer, tell: (seq) => tell(socket, request.socket, { clientId, seq, answer }) });
      });
    });
    await once(server, "listening");
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("the bare server does not listen");
    return { url: `http://127.0.0.1:${address.port}` } satisfies z.infer<typeof listeningSchema>;
  });
}

function tell(socket: WebSocket, stream: Duplex, { clientId, seq, answer }: { clientId: string; seq: number; answer: string }): void {
  stream.cork();
  socket.send(JSON.stringify({ type: "ack", clientId, seq: seq - 1 }));
  socket.send(JSON.stringify({ type: "message", message: { seq, text: answer } }));
  stream.uncork();
}

/** What comes while statements are under way goes together into the next. */
function batches(write: (asked: readonly Asked[]) => Promise<void>): (asked: Asked) => void {
  let waiting: Asked[] = [];
  let underWay = 0;
  const next = async () => {
    if (underWay >= statementsAtOnce || waiting.length === 0) return;
    const batch = waiting;
    waiting = [];
    underWay++;
    await write(batch);
    underWay--;
    void next();
  };
  return (asked) => {
    if (waiting.push(asked) === 1) setImmediate(next);
  };
}
