import pg from "pg";
import { expect, inject } from "vitest";
import type { ScheduledView } from "../../src/protocol/messages.ts";
import { openProduct } from "../fixtures/product.ts";
import { createTestDatabase } from "../fixtures/testDatabase.ts";

export type MessageHouse = Awaited<ReturnType<typeof openMessageHouse>>;

/** The product with a shop whose customers are written to, by operations of the admin. */
export async function openMessageHouse() {
  const [product, shop] = await Promise.all([
    openProduct({ allowHosts: new URL(inject("databaseUrl")).host }),
    createTestDatabase("empty"),
  ]);
  const [admin, agent] = [await product.agent("admin@demo.example"), await product.agent()];
  await admin.run("data-source.create", { name: "shop", kind: "postgresql", ...(await fillShop(shop.url)), tls: false });
  let made = 0;
  const sql = <Row extends object>(text: string, values: unknown[] = []) => product.database.acrossTenants.query<Row>(text, values);
  const listed = async (who = admin): Promise<ScheduledView[]> => {
    const { data } = await who.run("message.scheduled");
    return JSON.parse(JSON.stringify(data)).messages;
  };
  return {
    product,
    admin,
    agent,
    sql,
    listed,
    mails: () =>
      sql<{ recipient: string; mail: { subject: string; text: string } }>(
        "select recipient, mail from mail_out where kind = 'message' order by recipient",
      ),
    notices: () =>
      sql<{ email: string; who: string }>(
        "select a.email, n.who from notice n join account a on a.id = n.account_id where n.kind = 'message' order by a.email",
      ),
    /** Makes and publishes an operation of this body; answers its name. */
    publish: async (body: object, parameters: object[] = [], kind = "message"): Promise<string> => {
      const name = `made-${++made}`;
      await admin.run("operation.create", { name, kind, summary: "Tells somebody.", parameters, [kind]: body });
      await admin.run("operation.publish", { name });
      return name;
    },
    planOf: async (
      name: string,
      args: object = {},
    ): Promise<{ changes: { text: string; after?: string }[]; facts: Record<string, unknown> }> => {
      const answer = await fetch(`${product.url}/api/v1/commands/${name}/plans`, {
        method: "POST",
        headers: { authorization: `Bearer ${admin.token}`, "content-type": "application/json" },
        body: JSON.stringify({ args }),
      });
      return JSON.parse(await answer.text());
    },
    /** The time of what waits has come. */
    comeDue: () => sql("update job set due_at = now(), state = 'ready' where kind = 'message.send' and state = 'later'"),
    until: (state: string) => expect.poll(async () => (await listed())[0]?.state, { timeout: 10_000 }).toBe(state),
    clear: async () => {
      for (const table of ["mail_out", "notice", "scheduled_message"]) await sql(`delete from ${table}`);
    },
    close: async () => {
      await product.stop();
      await shop.drop();
    },
  };
}

async function fillShop(url: string) {
  const client = new pg.Client(url);
  await client.connect();
  await client.query(`create table customer (name text, email text, days integer);
    insert into customer values ('Ana', 'ana@example.com', 5), ('Bo', 'bo@example.com', 4), ('Ana again', 'ANA@example.com', 3), ('Cy', null, 9),
      ('Di', 'no address', 9), ('Eve', 'eve@example.com', 9), ('Fay', 'fay@example.com', 9)`);
  await client.end();
  const { hostname, port, pathname, username, password } = new URL(url);
  return { host: hostname, port: Number(port), database: pathname.slice(1), user: username, password };
}
