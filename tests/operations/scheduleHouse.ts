import pg from "pg";
import { expect, inject } from "vitest";
import type { ScheduleTimeView, ScheduleView } from "../../src/protocol/schedules.ts";
import { openProduct } from "../fixtures/product.ts";
import { createTestDatabase } from "../fixtures/testDatabase.ts";

export type ScheduleHouse = Awaited<ReturnType<typeof openScheduleHouse>>;

export const usual = { name: "Late ones", operation: "late", args: { days: 3 }, when: "every weekday at 09:00" };
export const viewIn = ({ data }: { data: unknown }): ScheduleView => JSON.parse(JSON.stringify(data)).schedule;

/** The product with a shop, and operations that its people run at times. */
export async function openScheduleHouse() {
  const [product, shop] = await Promise.all([
    openProduct({ allowHosts: new URL(inject("databaseUrl")).host }),
    createTestDatabase("empty"),
  ]);
  const [admin, agent] = [await product.agent("admin@demo.example"), await product.agent()];
  const publish = async ({ name, ...rest }: { name: string } & Record<string, unknown>) => {
    await admin.run("operation.create", { name, parameters: [], ...rest });
    await admin.run("operation.publish", { name });
    await admin.run("operation.share", { name, roles: "everyone" });
  };
  await admin.run("data-source.create", { name: "shop", kind: "postgresql", ...(await fillShop(shop.url)), tls: false });
  const query = { dataSource: "shop", sql: "select name, days from customer where days >= :days order by name" };
  const parameters = [{ name: "days", type: "integer", required: true }];
  await publish({ name: "late", kind: "query", summary: "Who waits.", parameters, query });
  await publish({
    name: "broken",
    kind: "query",
    summary: "Divides by nothing.",
    query: { dataSource: "shop", sql: "select 1 / (days - days) from customer" },
  });
  await publish({
    name: "note-it",
    kind: "message",
    summary: "Tells.",
    message: { by: "notice", to: ["team:support"], text: "It is time." },
  });

  const sql = <Row extends object>(text: string, values: unknown[] = []) => product.database.acrossTenants.query<Row>(text, values);
  const show = async (schedule: string, who = admin): Promise<{ schedule: ScheduleView; times: ScheduleTimeView[] }> =>
    JSON.parse(JSON.stringify((await who.run("schedule.show", { schedule })).data));
  return {
    product,
    admin,
    agent,
    sql,
    show,
    mails: () =>
      sql<{ recipient: string; mail: { subject: string; text: string; html: string } }>(
        "select recipient, mail from mail_out where kind = 'schedule' order by recipient",
      ),
    notices: () =>
      sql<{ email: string; who: string; run_id: string | null }>(
        "select a.email, n.who, n.run_id from notice n join account a on a.id = n.account_id where n.kind = 'message' order by a.email",
      ),
    create: async (more: object = {}, who = admin) => viewIn(await who.run("schedule.create", { ...usual, ...more })),
    /** What waits becomes due, so long ago. */
    comeDue: async (agoMs = 0): Promise<string> => {
      const due = new Date(Date.now() - agoMs).toISOString();
      await sql(
        "update job set due_at = $1::text::timestamptz, state = 'ready', key = gen_random_uuid()::text, data = jsonb_set(data, '{due}', to_jsonb($1::text)) where kind = 'schedule.run' and state = 'later'",
        [due],
      );
      return due;
    },
    /** The worker of one that was `done`, or waits, is gone: another has it again, for the last time after four. */
    leaveJob: (schedule: string, dueAt: string | undefined, { was = "done", attempts = 1 } = {}) =>
      sql(
        `update job set state = 'running', ended_at = null, attempts = $3, holder = gen_random_uuid(), lease_until = now() - interval '1 second',
           data = jsonb_build_object('schedule', $1::text, 'version', 1, 'due', $2::text) where kind = 'schedule.run' and state = $4`,
        [schedule, dueAt, attempts, was],
      ),
    untilTimes: async (schedule: string, states: string[]): Promise<ScheduleTimeView[]> => {
      await expect.poll(async () => (await show(schedule)).times.map(({ state }) => state), { timeout: 15_000 }).toEqual(states);
      return (await show(schedule)).times;
    },
    clear: async () => {
      for (const table of ["mail_out", "notice", "schedule", "job"]) await sql(`delete from ${table}`);
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
  await client.query("create table customer (name text, days integer); insert into customer values ('Ana', 5), ('<b>Bo</b>', 4)");
  await client.end();
  const { hostname, port, pathname, username, password } = new URL(url);
  return { host: hostname, port: Number(port), database: pathname.slice(1), user: username, password };
}
