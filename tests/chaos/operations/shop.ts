import { randomBytes } from "node:crypto";
import pg from "pg";
import type { Postgres } from "../processes/postgres.ts";
import { query } from "../processes/postgres.ts";
import { type NetworkProxy, startProxy } from "../processes/proxy.ts";

/** A customer's database, which the product reaches through a proxy of its own, and the run looks at directly. */
export interface Shop {
  readonly proxy: NetworkProxy;
  readonly settings: { kind: "postgresql"; host: string; port: number; database: string; user: string; password: string; tls: false };
  ask(text: string, values?: unknown[]): Promise<Record<string, unknown>[]>;
  /** From now on payments wait at their commit, until they are let go; those after that don't. */
  holdCommits(): Promise<{ isWaiting(): Promise<boolean>; letGo(): Promise<void> }>;
  /** How often each marker was paid. */
  payments(): Promise<Map<string, number>>;
  end(): Promise<void>;
}

export const people = 5;

/** The lock that a payment takes at its commit. */
const commits = 4242;
const holdCommit = `
  create function hold_commit() returns trigger language plpgsql as $$ begin perform pg_advisory_xact_lock_shared(${commits}); return null; end $$;
  create constraint trigger held after insert on payment deferrable initially deferred for each row execute function hold_commit()`;

export async function openShop(postgres: Postgres): Promise<Shop> {
  const database = `shop_${randomBytes(6).toString("hex")}`;
  await postgres.createDatabase(database);
  const proxy = await startProxy(postgres.port);
  const url = new URL(postgres.url(database));
  const ask = (text: string, values: unknown[] = []) => query(url.href, text, values);
  await ask("create table payment (id serial primary key, marker text not null)");
  await ask(holdCommit);
  await ask(`create table person as select id::integer, 'Person ' || id as name from generate_series(1, ${people}) id`);
  await ask("create table entry as select id::integer, repeat(md5(id::text), 20) as text from generate_series(1, 40000) id");
  return {
    proxy,
    settings: {
      kind: "postgresql",
      host: "127.0.0.1",
      port: proxy.port,
      database,
      user: decodeURIComponent(url.username),
      password: decodeURIComponent(url.password),
      tls: false,
    },
    ask,
    holdCommits: async () => {
      const holder = new pg.Client(url.href);
      holder.on("error", () => {});
      await holder.connect();
      await holder.query(`select pg_advisory_lock(${commits})`);
      return {
        isWaiting: async () => (await ask("select 1 from pg_locks where locktype = 'advisory' and not granted")).length > 0,
        letGo: () => holder.end(),
      };
    },
    payments: async () => {
      const rows = await ask("select marker, count(*)::int as times from payment group by marker");
      return new Map(rows.map(({ marker, times }) => [String(marker), Number(times)]));
    },
    end: async () => {
      await proxy.close();
      await postgres.dropDatabase(database);
    },
  };
}
