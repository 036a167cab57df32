import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { dismissNotice, dropOldNotices, hearNotice, holdNotices, notices } from "../../../agent-desk/offers/notices.ts";
import { heldBy, queued } from "../conversationItem.ts";

const at = "2026-11-21T10:00:00.000Z";
const declined = (conversation: string) => ({ conversation, text: "Ben declined the transfer." });
const shown = () => notices.value.map(({ conversation }) => conversation);

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  for (const { id } of notices.value) dismissNotice(id);
  vi.useRealTimers();
});

test("a notice goes by itself, but not while somebody reads it", () => {
  hearNotice(declined("a"), undefined);
  vi.advanceTimersByTime(9000);
  holdNotices(true);
  hearNotice(declined("b"), undefined);
  vi.advanceTimersByTime(60_000);
  expect(shown()).toEqual(["b", "a"]);
  holdNotices(false);
  vi.advanceTimersByTime(9000);
  expect(shown()).toEqual(["b", "a"]);
  vi.advanceTimersByTime(1000);
  expect(shown()).toEqual([]);
});

test("a notice goes when its conversation changes hands, and no other does", () => {
  hearNotice(declined("a"), heldBy("me", "a"));
  hearNotice(declined("b"), queued("b", at));
  dropOldNotices((id) => (id === "a" ? heldBy("me", "a", { unread: 3 }) : queued("b", at)));
  expect(shown()).toEqual(["b", "a"]);
  dropOldNotices((id) => (id === "a" ? heldBy("Mia", "a") : undefined));
  expect(shown()).toEqual(["b"]);
});
