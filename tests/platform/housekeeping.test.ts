import { randomUUID } from "node:crypto";
import pg from "pg";
import { expect, it } from "vitest";
import { installation } from "../../src/platform/database/installation.ts";
import { putAnyRow } from "../fixtures/anyRow.ts";
import { createMovableClock } from "../fixtures/movableClock.ts";
import { openProduct } from "../fixtures/product.ts";

interface Rule {
  table: string;
  /** The column that says how old it is. */
  age: string;
  /** As PostgreSQL writes it: what is a little older goes, what is a little younger stays. */
  keptFor: string;
  with?: Record<string, unknown>;
  /** What stays however old it is. */
  stays?: Record<string, unknown>[];
}

const long = "3 years";
/** What housekeeping takes away by age alone. Files, the audit and what a rotated key sealed have tests of their own. */
const rules: Rule[] = [
  { table: "socket_ticket", age: "expires_at", keptFor: "1 hour" },
  { table: "refresh_token", age: "expires_at", keptFor: "2 days" },
  { table: "session", age: "ends_at", keptFor: "30 days" },
  { table: "account_link", age: "expires_at", keptFor: "0" },
  { table: "confirmation", age: "expires_at", keptFor: "1 hour" },
  { table: "sign_in_flow", age: "expires_at", keptFor: "0" },
  { table: "throttle", age: "ends_at", keptFor: "0" },
  { table: "sign_in_failure", age: "ends_at", keptFor: "0" },
  { table: "visitor_token", age: "seen_at", keptFor: "30 days" },
  { table: "agent_connection", age: "seen_at", keptFor: "1 hour" },
  { table: "mail_out", age: "created_at", keptFor: "2 days", with: { tenant_id: installation, state: "dead" } },
  // Whoever waits for one that was given up has it sent again, whenever that is.
  { table: "mail_out", age: "sent_at", keptFor: "90 days", with: { state: "sent" }, stays: [{ state: "dead", sent_at: null }] },
  { table: "notice", age: "at", keptFor: "90 days" },
  { table: "job", age: "ended_at", keptFor: "7 days", with: { state: "done" } },
  { table: "job", age: "ended_at", keptFor: "7 days", with: { state: "cancelled" } },
  { table: "job", age: "ended_at", keptFor: "30 days", with: { state: "dead" } },
  {
    table: "scheduled_message",
    age: "ended_at",
    keptFor: "30 days",
    with: { state: "sent" },
    stays: [{ state: "waiting", ended_at: null, due_at: "2000-01-01" }],
  },
  {
    table: "schedule_time",
    age: "ended_at",
    keptFor: "90 days",
    with: { state: "succeeded" },
    stays: [{ state: "uncertain", ended_at: null, begun_at: "2000-01-01" }],
  },
];

it("the product's housekeeping takes away what is old enough, keeps what isn't, and does so again ten minutes later", async () => {
  const clock = createMovableClock(Date.now());
  const product = await openProduct({ clock });
  const client = new pg.Client(product.databaseUrl);
  await client.connect();
  await client.query("set app.tenant = '*'");
  const ago = async (age: string, more: string) =>
    (await client.query<{ at: Date }>("select now() - $1::interval - $2::interval as at", [age, more])).rows[0]?.at;
  const isThere = async (table: string, row: unknown) =>
    (await client.query(`select 1 from "${table}" t where to_jsonb(t) = $1`, [JSON.stringify(row)])).rows.length === 1;

  const [old, kept]: [{ table: string; row: unknown }[], { table: string; row: unknown }[]] = [[], []];
  for (const { table, age, keptFor, with: more = {}, stays = [] } of rules) {
    const put = async (changed: Record<string, unknown>) => ({
      table,
      row: await putAnyRow(client, table, product.tenant, { ...more, ...changed }),
    });
    old.push(await put({ [age]: await ago(keptFor, "10 minutes") }), await put({ [age]: await ago(keptFor, long) }));
    // The test may take a while, and what it puts there then is still younger.
    kept.push(await put({ [age]: await ago(keptFor, "-10 minutes") }));
    for (const each of stays) kept.push(await put({ [age]: await ago(keptFor, long), ...each }));
  }
  const goes = async () => {
    const left = [];
    for (const { table, row } of old) if (await isThere(table, row)) left.push([table, row]);
    return left;
  };
  expect(await goes()).toHaveLength(old.length);
  const untilGone = () =>
    // The next time is counted from the end of the one before.
    expect
      .poll(
        async () => {
          clock.advance(10 * 60_000);
          return await goes();
        },
        { interval: 200, timeout: 15_000 },
      )
      .toEqual([]);
  await untilGone();
  for (const { table, row } of kept) expect([table, row, await isThere(table, row)]).toEqual([table, row, true]);

  const again = { id: randomUUID(), state: "done", ended_at: await ago("8 days", "0") };
  old.push({ table: "job", row: await putAnyRow(client, "job", product.tenant, again) });
  await untilGone();
  expect(JSON.stringify(product.logged)).not.toContain("housekeeping failed");
  await client.end();
  await product.stop();
});
