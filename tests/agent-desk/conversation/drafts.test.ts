import { beforeEach, expect, test } from "vitest";
import { draftedIn, findDrafts, keepDraft, moveDraft, readDraft } from "../../../agent-desk/conversation/drafts.ts";

const kept = new Map<string, string>();
const storage = {
  get length() {
    return kept.size;
  },
  key: (index: number) => [...kept.keys()][index] ?? null,
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

test("the list knows where I have begun to write, also after a reload, and of nobody else", () => {
  findDrafts(storage, "me");
  keepDraft(storage, "me", "c1", { mode: "reply", reply: "begun", note: "" });
  keepDraft(storage, "me", "c2", { mode: "note", reply: "", note: " " });
  keepDraft(storage, "me", "c3", { mode: "note", reply: "", note: "to us" });
  expect([...draftedIn.value]).toEqual(["c1", "c3"]);
  keepDraft(storage, "me", "c3", { mode: "note", reply: "", note: "" });
  expect([...draftedIn.value]).toEqual(["c1"]);
  kept.set("switchboard.draft.colleague.c9", '{"reply": "theirs"}');
  kept.set("switchboard.draft.me.c4", '{"note": "kept"}');
  findDrafts(storage, "me");
  expect([...draftedIn.value].sort()).toEqual(["c1", "c4"]);
  findDrafts({ ...storage, length: 1, key: forbidden }, "me");
  expect([...draftedIn.value]).toEqual([]);
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
