import { describe, expect, test } from "vitest";
import { actionsOn } from "../../../agent-desk/conversation/actionsOn.ts";
import { mayReply } from "../../../agent-desk/conversation/mayReply.ts";
import { head } from "../conversationItem.ts";

const cases = {
  "the assistant answers": head(),
  "somebody waits": head({ controller: "queue", queuedAt: "2026-11-21T10:00:00Z" }),
  "I answer": head({ controller: "agent", agent: { id: "me", name: "Me" } }),
  "a colleague answers": head({ controller: "agent", agent: { id: "other", name: "Ana" } }),
  closed: head({ open: false }),
};

describe("who may write to the customer", () => {
  test.each([
    ["the assistant answers", "take"],
    ["somebody waits", "take"],
    ["a colleague answers", null],
    ["closed", "reopen"],
  ] as const)("not while %s; %s changes that", (name, remedy) => {
    expect(mayReply(cases[name], "me")).toMatchObject({ may: false, remedy });
  });

  test("whoever supervises takes it over, and asks nobody", () => {
    const right = mayReply(cases["a colleague answers"], "me", true);
    expect(right).toEqual({ may: false, reason: "Ana answers this conversation. Take it over, or leave a note.", remedy: "take-over" });
  });

  test("only the one who answers", () => {
    expect(mayReply(cases["I answer"], "me")).toEqual({ may: true });
    expect(mayReply(cases["a colleague answers"], "me")).toMatchObject({ reason: expect.stringContaining("Ana") });
  });
});

test.each([
  ["the assistant answers", ["take", "transfer", "close"]],
  ["somebody waits", ["take", "transfer", "close"]],
  ["I answer", ["hand-back", "transfer", "close"]],
  ["a colleague answers", []],
  ["closed", ["reopen"]],
] as const)("while %s, the buttons are %s", (name, verbs) => {
  expect(
    actionsOn(cases[name], "me")
      .filter(({ seldom }) => !seldom)
      .map(({ verb }) => verb),
  ).toEqual(verbs);
});

test.each([
  ["mine", ["snooze", "invite", "unread", "merge", "spam"]],
  ["a colleague's", ["unread"]],
  ["closed", ["spam"]],
] as const)("the menu of what is %s has %s", (which, verbs) => {
  const answering = {
    controller: "agent",
    agent: { id: which === "mine" ? "me" : "other", name: "Agent" },
    open: which !== "closed",
    offer: null,
  } as const;
  expect(
    actionsOn(answering, "me")
      .filter(({ seldom }) => seldom)
      .map(({ verb }) => verb),
  ).toEqual(verbs);
  const snoozed = actionsOn({ ...answering, snoozedUntil: "2026-11-21T10:00:00.000Z" }, "me").map(({ verb }) => verb);
  expect(snoozed.includes("wake")).toBe(which !== "closed");
});
