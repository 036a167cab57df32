import pg from "pg";
import { v7 as newId } from "uuid";
import { findHead, listOpenItems, messagesAfter } from "../../../src/conversations/conversationStore.ts";
import { commitWrites } from "../../../src/conversations/ledger/ledgerStore.ts";
import type { Sql, TenantSql } from "../../../src/platform/database/database.ts";
import { valueTypes } from "../../../src/platform/database/valueTypes.ts";
import type { Figure, LeftOut, Measurement } from "./figure.ts";
import { median } from "./figure.ts";

const conversations = 2000;
const messagesOfEach = 20;
/** What a desk and the ledger ask most: each may take so much longer behind the wall. */
const allowed = 1.1;
const firstId = "00000000-0000-0000-0000-000000000000";

/** The product's own statements behind the second wall and, in turn, as a superuser whom no policy binds. */
export const rowSecurity: Measurement = {
  name: "row-security",
  measure: async (workplace) => {
    const url = await workplace.migratedDatabase();
    const { tenant, ids, passes } = await fill(url);
    if (!passes) return [{ figure: "row-security", leftOut: "the user of DATABASE_URL is bound by the policies too" }];
    const behind = { tenant: await connect(url, "switchboard_app", tenant), all: await connect(url, "switchboard_worker", "*") };
    const free = await connect(url, "none", "*");
    try {
      let turn = 0;
      const conversation = () => ids[turn++ % ids.length] ?? firstId;
      const asked: [string, (sql: Sql & TenantSql, of: string) => Promise<unknown>, pg.Client][] = [
        ["a page of 50 conversations", (sql, of) => listOpenItems(sql, of, 50), behind.tenant],
        ["a conversation's head", (sql, of) => findHead(sql, of), behind.tenant],
        ["its messages", (sql, of) => messagesAfter(sql, of, 0, 50), behind.tenant],
        ["a message written", (sql, of) => commitWrites(sql, [writeOf(tenant, of)], null), behind.all],
      ];
      const figures: (Figure | LeftOut)[] = [];
      for (const [what, ask, wall] of asked) {
        const bound = wall === behind.tenant;
        const pairs = await inTurn(
          workplace.seconds,
          () => ask(sqlOf(wall, bound ? tenant : undefined), conversation()),
          () => ask(sqlOf(free, bound ? tenant : undefined), conversation()),
        );
        const [value, beside] = [median(pairs.map(([walled]) => walled)), median(pairs.map(([, open]) => open))];
        figures.push({
          figure: "row-security",
          value,
          unit: `ms, ${what}`,
          beside,
          ratio: value / beside,
          target: allowed,
          met: value / beside <= allowed,
          note: `${what}: medians of ${pairs.length} pairs, in turn; ${(value - beside).toFixed(3)} ms more`,
        });
      }
      return figures;
    } finally {
      await Promise.all([behind.tenant, behind.all, free].map((client) => client.end()));
    }
  },
};

async function inTurn(seconds: number, first: () => Promise<unknown>, second: () => Promise<unknown>): Promise<[number, number][]> {
  const took = async (ask: () => Promise<unknown>) => {
    const begun = performance.now();
    await ask();
    return performance.now() - begun;
  };
  // Plans of named statements settle after some runs.
  for (let warm = 0; warm < 20; warm++) await Promise.all([first(), second()]);
  const pairs: [number, number][] = [];
  const endsAt = performance.now() + seconds * 1000;
  while (performance.now() < endsAt) {
    // Which comes first changes: what goes on beside it falls on both.
    const earlier = pairs.length % 2 === 0 ? await took(first) : undefined;
    const other = await took(second);
    pairs.push([earlier ?? (await took(first)), other]);
  }
  return pairs;
}

/** As `tenantSql` has it where a tenant is given, on the one connection. */
function sqlOf(client: pg.Client, tenant: string | undefined): Sql & TenantSql {
  const query: Sql["query"] = async <Row extends object>(text: string, values: readonly unknown[] = [], name?: string) => {
    const all = tenant === undefined ? [...values] : [tenant, ...values];
    return (await client.query<Row>({ text, values: all, ...(name === undefined ? {} : { name }) })).rows;
  };
  const whole = { tenant: tenant ?? "", query, transaction: () => Promise.reject(new Error("no transactions are measured")) };
  return { ...whole, unwalled: whole };
}

async function connect(url: string, role: string, speaksFor: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, types: valueTypes });
  await client.connect();
  await client.query(`set role ${role}; set app.tenant = '${speaksFor}'; set plan_cache_mode = force_generic_plan`);
  return client;
}

function writeOf(tenant: string, id: string): Parameters<typeof commitWrites>[1][number] {
  const author = { kind: "visitor", name: "Visitor" } as const;
  return { conversation: { tenant, id }, messages: [{ key: newId(), author, text: "reverse hello world" }] };
}

/** Two tenants with as many conversations each; `passes` is whether this user is bound by no policy. */
async function fill(url: string): Promise<{ tenant: string; ids: string[]; passes: boolean }> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    const { rows: users } = await client.query<{ passes: boolean }>("select rolsuper as passes from pg_roles where rolname = current_user");
    const filled: { tenant: string; ids: string[] }[] = [];
    for (const slug of ["ours", "theirs"]) {
      const [tenant, inbox] = [newId(), newId()];
      await client.query("insert into tenant (id, slug, name) values ($1, $2, $2)", [tenant, slug]);
      await client.query("insert into inbox (tenant_id, id, public_key, name) values ($1, $2, $3, 'Website')", [tenant, inbox, slug]);
      const { rows } = await client.query<{ id: string }>(
        `with people as (insert into contact (tenant_id, id, name) select $1, gen_random_uuid(), 'Visitor' from generate_series(1, $3) returning id),
           begun as (insert into conversation (tenant_id, id, inbox_id, contact_id, team, last_seq)
             select $1, gen_random_uuid(), $2, id, 'support', $4 from people returning id),
           said as (insert into message (tenant_id, conversation_id, seq, key, author_kind, author_name, text)
             select $1, id, n, 'k' || n, 'visitor', 'Visitor', 'reverse hello world' from begun, generate_series(1, $4::int) n)
         select id from begun`,
        [tenant, inbox, conversations, messagesOfEach],
      );
      filled.push({ tenant, ids: rows.map(({ id }) => id) });
    }
    await client.query("analyze");
    return { ...(filled[0] ?? { tenant: "", ids: [] }), passes: users[0]?.passes === true };
  } finally {
    await client.end();
  }
}
