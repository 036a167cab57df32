import { expect, test } from "vitest";
import type { Connection } from "../../../src/operations/sources/connection.ts";
import { ConnectionPools } from "../../../src/operations/sources/connectionPools.ts";
import { postgresqlAdapter } from "../../../src/operations/sources/postgresql/postgresqlAdapter.ts";
import { using } from "../../../src/operations/sources/reading.ts";

function counted() {
  const open = { now: 0, most: 0, made: 0 };
  const connect = async (): Promise<Connection> => {
    open.now += 1;
    open.made += 1;
    open.most = Math.max(open.most, open.now);
    let isOpen = true;
    const nothing = async () => {};
    return {
      begin: nothing,
      open: () => Promise.reject(new Error("nothing is asked here")),
      commit: nothing,
      rollback: nothing,
      reset: nothing,
      cancel: nothing,
      destroy: () => {
        if (isOpen) open.now -= 1;
        isOpen = false;
      },
    };
  };
  return { open, connect };
}

const limits = { perSource: 4, together: 6, idleMs: 60_000, waitMs: 5000 };

test("a hundred at once share the four connections of their source, and each has its turn", async () => {
  const { open, connect } = counted();
  const pool = new ConnectionPools(limits).pool(connect);
  const order: number[] = [];
  await Promise.all(
    Array.from({ length: 100 }, async (_, index) => {
      const connection = await pool.take();
      order.push(index);
      await new Promise((resolve) => setImmediate(resolve));
      pool.give(connection, true);
    }),
  );
  expect([open.most, open.made]).toEqual([4, 4]);
  expect(order).toEqual(Array.from({ length: 100 }, (_, index) => index));
});

test("all sources together keep their bound, and an idle connection of one makes room for another", async () => {
  const one = counted();
  const other = counted();
  const pools = new ConnectionPools(limits);
  const [first, second] = [pools.pool(one.connect), pools.pool(other.connect)];
  const held = await Promise.all([first.take(), first.take(), first.take(), first.take()]);
  const more = await Promise.all([second.take(), second.take()]);
  const waiting = second.take();
  await Promise.resolve();
  expect([one.open.now, other.open.now]).toEqual([4, 2]);
  for (const connection of held) first.give(connection, true);
  await waiting;
  expect([one.open.now, other.open.now]).toEqual([3, 3]);
  for (const connection of [...more, await waiting]) second.give(connection, false);
  expect(other.open.now).toBe(0);
});

test("who waits too long, or no longer wants to, is told, and leaves the line", async () => {
  const { connect } = counted();
  const pool = new ConnectionPools({ ...limits, perSource: 1, waitMs: 30 }).pool(connect);
  const held = await pool.take();
  await expect(pool.take()).rejects.toThrow("Too many queries run on this data source at once");
  const calledOff = new AbortController();
  const waiting = pool.take(calledOff.signal);
  calledOff.abort();
  await expect(waiting).rejects.toThrow("at once");
  pool.give(held, true);
  expect(await pool.take()).toBe(held);
});

test("a connection that can't be opened frees its place", async () => {
  const pool = new ConnectionPools({ ...limits, perSource: 1 }).pool(() => Promise.reject(new Error("down")));
  await expect(pool.take()).rejects.toThrow("down");
  await expect(pool.take()).rejects.toThrow("down");
});

test("idle connections go after a while, and all when the source is closed", async () => {
  const { open, connect } = counted();
  const pool = new ConnectionPools({ ...limits, idleMs: 10 }).pool(connect);
  pool.give(await pool.take(), true);
  await expect.poll(() => open.now).toBe(0);
  const kept = await pool.take();
  await pool.close();
  pool.give(kept, true);
  expect(open.now).toBe(0);
});

test("who used a connection leaves it reset, and one that failed is thrown away", async () => {
  const { open, connect } = counted();
  const said: string[] = [];
  const pool = new ConnectionPools({ ...limits, perSource: 1 }).pool(async () => ({
    ...(await connect()),
    reset: async () => void said.push("reset"),
  }));
  const adapter = postgresqlAdapter({ dialect: "postgresql", host: "x", port: 1, database: "x", user: "x", password: "", tls: "verified" });
  const work = async () => await using(adapter, pool, { deadlineMs: 1000 }, async () => ({ result: said.push("work"), isClean: true }));
  await work();
  await work();
  expect(said).toEqual(["work", "reset", "work", "reset"].slice(0, said.length));
  expect([said.length >= 3, open.made]).toEqual([true, 1]);
  await expect(using(adapter, pool, { deadlineMs: 1000 }, () => Promise.reject(new Error("torn")))).rejects.toThrow("torn");
  await work();
  expect(open.made).toBe(2);
});
