import { describe, expect, it, test } from "vitest";
import { type Approver, decideApproval, whyNotDecide } from "../../src/commands/approvals/approvalRules.ts";
import { stateNow, verbsOf, whyNotUndo } from "../../src/commands/runs/runRules.ts";
import type { Decision, RunState } from "../../src/protocol/commands.ts";

const person = (account: string, roles: string[], active = true): Approver => ({ account, roles, active, own: {} });
const people = [person("asks", ["admin"]), person("ann", ["admin"]), person("bo", ["admin", "finance"]), person("cy", ["agent"])];
const one = [{ by: "role:admin", quorum: 1 }];
const two = [{ by: "role:admin", quorum: 2 }];
const both = [
  { by: "role:admin", quorum: 1 },
  { by: "role:finance", quorum: 1 },
];
const yes = (...accounts: string[]) => accounts.map((account) => ({ account, decision: "approve" as const }));
const no = (account: string) => ({ account, decision: "reject" as Decision });

describe("K3: who decides about a run", () => {
  test.each([
    ["nobody yet", one, [], "waiting"],
    ["one who may", one, yes("ann"), "approved"],
    ["the requester, though an admin", one, yes("asks"), "waiting"],
    ["somebody without the role", one, yes("cy"), "waiting"],
    ["somebody who isn't here", one, yes("dee"), "waiting"],
    ["one of two", two, yes("ann"), "waiting"],
    ["the same person twice", two, yes("ann", "ann"), "waiting"],
    ["the requester and one other of two", two, yes("asks", "ann"), "waiting"],
    ["two of two", two, yes("ann", "bo"), "approved"],
    ["one of two rules", both, yes("ann"), "waiting"],
    ["one person for both rules", both, yes("bo"), "approved"],
    ["a refusal after an approval", two, [...yes("ann"), no("bo")], "rejected"],
    ["a refusal of the requester", one, [no("asks")], "waiting"],
    ["no rule at all: nothing is approved by nothing", [], yes("ann"), "waiting"],
  ])("%s", (_, rules, decided, expected) => {
    expect(decideApproval({ requester: "asks", rules, decided }, people)).toBe(expected);
  });

  it("doesn't count who lost the right, or left, since", () => {
    const demoted = [person("ann", ["agent"]), person("bo", ["admin"], false)];
    expect(decideApproval({ requester: "asks", rules: one, decided: yes("ann", "bo") }, demoted)).toBe("waiting");
  });

  test.each([
    ["asks", "requester"],
    ["cy", "not asked"],
    ["ann", "decided"],
    ["bo", undefined],
  ])("%s may not decide: %s", (account, expected) => {
    const who = people.find((each) => each.account === account) ?? person(account, []);
    expect(whyNotDecide({ requester: "asks", rules: two, decided: yes("ann") }, who)).toBe(expected);
  });
});

const at = (ms: number) => new Date(ms);
test.each<[RunState, Date | null, Date | null, number, RunState]>([
  ["running", null, null, 600_001, "uncertain"],
  ["running", null, null, 600_000, "running"],
  ["running", at(600_000), null, 650_000, "running"],
  ["running", at(600_000), null, 660_001, "uncertain"],
  ["waiting", at(0), at(1000), 999, "waiting"],
  ["waiting", at(0), at(1000), 1000, "cancelled"],
  ["succeeded", at(0), at(1), 1_000_000, "succeeded"],
])("a run that is %s, seen %s, until %s, is at %i %s", (state, seenAt, endedAt, now, expected) => {
  expect(stateNow({ state, createdAt: at(0), seenAt, endedAt }, now)).toBe(expected);
});

test.each([
  [{}, undefined],
  [{ undoneBy: "r" }, "it was taken back already"],
  [{ state: "failed" as const }, "it is failed, so there is nothing to take back"],
  [{ hasUndo: false }, "what it did can't be taken back"],
  [{ undoableUntil: at(10) }, "it was too long ago"],
])("taking back %o: %s", (change, expected) => {
  const run = { state: "succeeded" as const, hasUndo: true, undoableUntil: at(11), undoneBy: null };
  expect(whyNotUndo({ ...run, ...change }, 10)).toBe(expected);
});

test.each<[RunState, object, string[]]>([
  ["waiting", { own: true }, ["cancel"]],
  ["waiting", { mayDecide: true }, ["approve", "reject"]],
  ["waiting", { own: true, mayBreakGlass: true }, ["break-glass", "cancel"]],
  ["waiting", { mayBreakGlass: true }, []],
  ["running", { own: true }, ["cancel"]],
  ["running", {}, []],
  ["uncertain", { own: true }, ["settle"]],
  ["succeeded", { own: true, undoable: true }, ["undo", "repeat"]],
  ["succeeded", { own: true, undoable: true, mayRun: false }, []],
])("of a run that is %s, %o may %o", (state, reader, expected) => {
  const nobody = { own: false, mayRun: true, mayDecide: false, mayBreakGlass: false, undoable: false };
  expect(verbsOf(state, { ...nobody, ...reader })).toEqual(expected);
});
