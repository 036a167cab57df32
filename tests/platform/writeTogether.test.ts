import { expect, it } from "vitest";
import { writeTogether } from "../../src/platform/database/writeTogether.ts";
import { Refusal } from "../../src/protocol/refusal.ts";

/** A table that answers when it is told to, and takes no statement with a `bad` row in it. */
function table() {
  const statements: string[][] = [];
  const open: ((failed?: Error) => void)[] = [];
  const write = (rows: readonly string[]) => {
    statements.push([...rows]);
    return new Promise<boolean[]>((resolve, reject) => {
      open.push((failed) => {
        if (failed !== undefined) reject(failed);
        else if (rows.includes("bad")) reject(new Error("bad"));
        else resolve(rows.map((row) => row !== "old"));
      });
    });
  };
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  const settle = async (failed?: Error) => {
    open.shift()?.(failed);
    await turn();
    await turn();
  };
  return { write, settle, turn, statements };
}

const settled = async (all: readonly Promise<boolean>[]) =>
  (await Promise.allSettled(all)).map((one) => (one.status === "fulfilled" ? one.value : one.reason.message));

it("writes what comes together in one statement, two at once, and what comes meanwhile in the next, at most so many", async () => {
  const { write, settle, turn, statements } = table();
  const add = writeTogether(write, 3);
  const first = ["a", "old", "b", "c"].map(add);
  await turn();
  expect(statements).toEqual([["a", "old", "b"], ["c"]]);
  const later = ["d", "e"].map(add);
  await turn();
  expect(statements).toHaveLength(2);
  await settle();
  expect(statements.slice(2)).toEqual([["d", "e"]]);
  await settle();
  await settle();
  expect(await settled([...first, ...later])).toEqual([true, false, true, true, true, true]);
});

it("a row that can't be written takes no other with it", async () => {
  const { write, settle, turn, statements } = table();
  const told = settled(["a", "bad", "b"].map(writeTogether(write, 10)));
  await turn();
  for (let answers = 0; answers < 4; answers += 1) await settle();
  expect(statements).toEqual([["a", "bad", "b"], ["a"], ["bad"], ["b"]]);
  expect(await told).toEqual([true, "bad", true]);
});

it("where nothing can be written, who waits behind is told at once", async () => {
  const { write, settle, turn, statements } = table();
  const told = settled(["a", "b", "c"].map(writeTogether(write, 1)));
  await turn();
  expect(statements).toEqual([["a"], ["b"]]);
  await settle(new Refusal("unavailable", "no database"));
  await settle();
  expect(await told).toEqual(["no database", true, "no database"]);
  expect(statements).toHaveLength(2);
});
