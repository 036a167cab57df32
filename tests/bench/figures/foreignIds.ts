import pg from "pg";
import { z } from "zod";
import { type Measurement, median } from "./figure.ts";

const count = 1000;
const allowedMs = 1;
const absent = "01890a5d-ac96-774b-bcce-b302099a8057";

/** What is another tenant's and what isn't there, asked for in turn: nobody learns from the time which ids exist. */
export const foreignIds: Measurement = {
  name: "foreign-ids",
  measure: async (workplace) => {
    const product = await workplace.product();
    const foreign = await addForeignConversation(product.databaseUrl);
    const session = await fetch(`${product.url}/api/v1/session`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(product.account),
    });
    const { accessToken } = z.object({ accessToken: z.string() }).parse(await session.json());
    const ask = async (conversation: string) => {
      const begun = performance.now();
      const answer = await fetch(`${product.url}/api/v1/commands/conversation.why/runs`, {
        method: "POST",
        headers: { "content-type": "application/json", authorization: `Bearer ${accessToken}` },
        body: JSON.stringify({ args: { conversation } }),
      });
      await answer.text();
      if (answer.status !== 404) throw new Error(`answered by ${answer.status}`);
      return performance.now() - begun;
    };
    for (let warm = 0; warm < 100; warm++) await ask(absent);
    const [theirs, nobodys]: number[][] = [[], []];
    for (let n = 0; n < count; n++) {
      const first = n % 2 === 0;
      if (first) theirs?.push(await ask(foreign));
      nobodys?.push(await ask(absent));
      if (!first) theirs?.push(await ask(foreign));
    }
    const [value, beside] = [median(theirs ?? []), median(nobodys ?? [])];
    return [
      {
        figure: "foreign-ids",
        value,
        unit: "ms, another tenant's",
        beside,
        ratio: value / beside,
        target: beside + allowedMs,
        met: Math.abs(value - beside) <= allowedMs,
        note: `medians of ${count} each, in turn, of a command that names a conversation; they differ by ${Math.abs(value - beside).toFixed(2)} ms`,
      },
    ];
  },
};

/** Answers its id. */
async function addForeignConversation(databaseUrl: string): Promise<string> {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  try {
    const { rows } = await client.query<{ id: string }>(
      `with t as (insert into tenant (id, slug, name) values (gen_random_uuid(), 'elsewhere', 'Elsewhere') returning id),
         i as (insert into inbox (tenant_id, id, public_key, name, origins, publishes_all)
           select id, gen_random_uuid(), 'elsewhere', 'Website', '{}', true from t returning tenant_id, id),
         k as (insert into contact (tenant_id, id, name) select tenant_id, gen_random_uuid(), 'Theirs' from i returning tenant_id, id)
       insert into conversation (tenant_id, id, inbox_id, contact_id, team)
       select i.tenant_id, gen_random_uuid(), i.id, k.id, 'support' from i, k returning id`,
    );
    return rows[0]?.id ?? "";
  } finally {
    await client.end();
  }
}
