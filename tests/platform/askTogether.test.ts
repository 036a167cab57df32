import { expect, it } from "vitest";
import { askTogether } from "../../src/platform/database/askTogether.ts";

/** Answers each question when it is told to, with how many were asked by then. */
function source() {
  const open: { key: string; settle: (failed?: Error) => void }[] = [];
  let asked = 0;
  const ask = (key: string) => {
    const number = ++asked;
    return new Promise<number>((resolve, reject) => {
      open.push({ key, settle: (failed) => (failed === undefined ? resolve(number) : reject(failed)) });
    });
  };
  const settle = async (failed?: Error) => {
    open.shift()?.settle(failed);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { ask, settle, open };
}

it("asks once for all who come while an answer is on its way, and never gives them that answer", async () => {
  const { ask, settle, open } = source();
  const together = askTogether(ask);
  const first = together("a");
  const later = [together("a"), together("a"), together("a")];
  expect(open).toHaveLength(1);
  await settle();
  expect(await first).toBe(1);
  expect(open).toHaveLength(1);
  const latest = together("a");
  await settle();
  expect(await Promise.all(later)).toEqual([2, 2, 2]);
  await settle();
  expect(await latest).toBe(3);
  const afterwards = together("a");
  await settle();
  expect(await afterwards).toBe(4);
});

it("keeps keys apart, and asks again after a failure", async () => {
  const { ask, settle, open } = source();
  const together = askTogether(ask);
  const [a, other, next] = [together("a"), together("b"), together("a")];
  expect(open.map(({ key }) => key)).toEqual(["a", "b"]);
  const failed = expect(a).rejects.toThrow("gone");
  await settle(new Error("gone"));
  await failed;
  await settle();
  expect(await other).toBe(2);
  await settle();
  expect(await next).toBe(3);
});
