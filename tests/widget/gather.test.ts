import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { gather } from "../../widget/chat/gather.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("the first at once, what follows together, in its order", () => {
  const handed: number[][] = [];
  const gathered = gather<number>((things) => handed.push(things));
  gathered.add(1);
  expect(handed).toEqual([[1]]);
  gathered.add(2);
  gathered.add(3);
  expect(handed).toEqual([[1]]);
  vi.advanceTimersByTime(50);
  expect(handed).toEqual([[1], [2, 3]]);
  vi.advanceTimersByTime(50);
  gathered.add(4);
  gathered.add(5);
  gathered.flush();
  expect(handed).toEqual([[1], [2, 3], [4], [5]]);
});
