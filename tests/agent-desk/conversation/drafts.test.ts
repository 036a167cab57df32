import { beforeEach, expect, test } from "vitest";
import { keepDraft, moveDraft, readDraft } from "../../../agent-desk/conversation/drafts.ts";

const kept = new Map<string, string>();
const storage = {
  getItem: (key: string) => kept.get(key) ?? null,
  setItem: (key: string, value: string) => void kept.set(key, value),
  removeItem: (key: string) => void kept.delete(key),
};
const forbidden = () => {
  throw new DOMException("denied", "SecurityError");
};

beforeEach(() => kept.clear());

test("a draft survives per conversation, per account and per mode", () => {
  keepDraft(storage, "me", "c", { mode: "note", reply: "to them", note: "to us" });
  expect(readDraft(storage, "me", "c")).toEqual({ mode: "note", reply: "to them", note: "to us" });
  expect(readDraft(storage, "me", "other")).toEqual({ mode: "reply", reply: "", note: "" });
  expect(readDraft(storage, "colleague", "c").note).toBe("");
});

test("an empty draft leaves nothing behind", () => {
  keepDraft(storage, "me", "c", { mode: "reply", reply: "x", note: "" });
  keepDraft(storage, "me", "c", { mode: "reply", reply: "", note: "" });
  expect(kept.size).toBe(0);
});

test.each(["not json", "null", "[]", '{"reply": 7, "mode": "shout"}'])("what somebody else wrote there is no draft: %s", (value) => {
  kept.set("switchboard.draft.me.c", value);
  expect(readDraft(storage, "me", "c")).toEqual({ mode: "reply", reply: "", note: "" });
});

test("forbidden or full storage costs only the survival", () => {
  expect(readDraft({ getItem: forbidden }, "me", "c").reply).toBe("");
  expect(() => keepDraft({ setItem: forbidden, removeItem: forbidden }, "me", "c", { mode: "reply", reply: "x", note: "" })).not.toThrow();
});

test("what was written to a merged conversation goes along, below what was written where it went", () => {
  keepDraft(storage, "me", "from", { mode: "note", reply: "their words", note: "ours" });
  keepDraft(storage, "me", "to", { mode: "reply", reply: "first", note: "" });
  moveDraft(storage, "me", { from: "from", to: "to" });
  expect(readDraft(storage, "me", "to")).toEqual({ mode: "reply", reply: "first\ntheir words", note: "ours" });
  expect(kept.size).toBe(1);
  moveDraft(storage, "me", { from: "from", to: "to" });
  expect(readDraft(storage, "me", "to").note).toBe("ours");
});
