import { describe, expect, test } from "vitest";
import { closedPageSize, withFirstPage, withNextPage } from "../../../agent-desk/inbox/closed.ts";
import { conversation } from "../conversationItem.ts";

/** Closed so many minutes ago. */
const closed = (minutes: number, id = `${minutes}`) =>
  conversation(id, { open: false, closedAt: new Date(Date.UTC(2026, 10, 21, 12) - minutes * 60_000).toISOString() });
const stretch = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, each) => closed(from + each));
const ids = (items: { id: string }[]) => items.map(({ id }) => id);

describe("the list of closed conversations", () => {
  test("gets what was closed at its top, and keeps the pages below", () => {
    const before = stretch(1, 2 * closedPageSize);
    const now = withFirstPage(before, [closed(0), ...stretch(1, closedPageSize - 1)]);
    expect(ids(now)).toEqual(ids(stretch(0, 2 * closedPageSize)));
  });

  test("loses what was reopened, wherever one looks at it, and what was deleted", () => {
    const now = withFirstPage(stretch(1, 2 * closedPageSize), [...stretch(2, closedPageSize + 1)]);
    expect(ids(now)).toEqual(ids(stretch(2, 2 * closedPageSize)));
    expect(withFirstPage(stretch(1, 3), [])).toEqual([]);
  });

  test("has one that was reopened and closed again once, above", () => {
    const before = stretch(1, 2 * closedPageSize);
    const again = closed(0, `${closedPageSize + 7}`);
    const now = withFirstPage(before, [again, ...stretch(1, closedPageSize - 1)]);
    expect(ids(now).filter((id) => id === again.id)).toHaveLength(1);
    expect(now).toHaveLength(before.length);
    expect(ids(withNextPage([again, closed(1)], [closed(2), closed(3, again.id)]))).toEqual([again.id, "1", "2"]);
  });
});
