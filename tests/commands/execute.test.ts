import { describe, expect, it } from "vitest";
import type { Permission } from "../../src/access/permissions.ts";
import type { AccountPrincipal, Principal } from "../../src/access/principal.ts";
import { type Command, type CommandCall, defineCommand, type StaffCommand, type VisitorCommand } from "../../src/commands/command.ts";
import { execute, mayRun } from "../../src/commands/execute.ts";

const visitor: Principal = { kind: "visitor", tenant: "t", inbox: "i", contact: "k", conversation: "c" };
const calls: CommandCall[] = [];

function account(...permissions: Permission[]): AccountPrincipal {
  const rights = { permissions: new Set(permissions), grants: permissions.map((permission) => ({ permission })), roles: [], teams: [] };
  return { kind: "account", tenant: "t", account: "a", name: "A", email: "a@example.com", session: "s", ...rights };
}

const common = {
  summary: "It does.",
  risk: "write",
  source: "built-in",
  args: { type: "object", properties: { text: { type: "string" }, count: { type: "integer" } }, required: ["text"] },
} as const;
const forVisitors = defineCommand<VisitorCommand>({
  ...common,
  args: { ...common.args, required: ["text"] },
  name: "for-visitors",
  audience: "visitor",
  run: async (call) => {
    calls.push(call);
    return { messages: [{ text: "done" }] };
  },
});
const forStaff = defineCommand<StaffCommand>({
  ...common,
  args: { ...common.args, required: ["text"] },
  name: "for-staff",
  audience: "staff",
  permission: "conversations.answer",
  run: async (call) => {
    calls.push(call);
    return { messages: [{ text: `done for ${call.principal.name}` }] };
  },
});

const who: [name: string, principal: Principal, visitors: boolean, staff: boolean][] = [
  ["a visitor", visitor, true, false],
  ["an account without rights", account(), false, false],
  ["one that may only read", account("conversations.read"), false, false],
  ["one that may run commands", account("commands.run"), true, false],
  ["one that may answer", account("conversations.answer"), false, true],
  ["an agent", account("conversations.read", "conversations.answer", "commands.run"), true, true],
];
const cases = who.flatMap(([name, principal, visitors, staff]) => [
  [name, forVisitors, principal, visitors] as const,
  [name, forStaff, principal, staff] as const,
]);

describe("who may run what", () => {
  it.each(cases.map(([name, command, principal, may]) => [name, command.name, may, command, principal] as const))(
    "%s, %s: %s",
    async (_who, _name, may, command: Command, principal) => {
      expect(mayRun(command, principal)).toBe(may);
      const before = calls.length;
      const running = execute({ command, principal, run: "r", args: { text: "x" } });
      if (may) expect((await running).messages).toHaveLength(1);
      else await expect(running).rejects.toMatchObject({ code: "unknown_command" });
      expect(calls.length - before).toBe(may ? 1 : 0);
    },
  );

  it("is refused before the arguments are looked at: nobody learns them by trying", async () => {
    await expect(execute({ command: forStaff, principal: visitor, run: "r", args: { nonsense: 1 } })).rejects.toMatchObject({
      code: "unknown_command",
    });
  });
});

describe("a command that runs", () => {
  it("gets checked arguments, the run's id and where it was asked, and nothing else", async () => {
    await execute({ command: forVisitors, principal: visitor, run: "r7", args: { text: "x", count: "3" }, conversation: "c" });
    const given = { run: "r7", principal: visitor, args: { text: "x", count: 3 }, conversation: "c" };
    expect(calls.at(-1)).toEqual({ ...given, work: expect.objectContaining({ signal: expect.any(AbortSignal) }) });
  });

  it.each([
    ["a missing argument", {}],
    ["one of the wrong type", { text: 5 }],
    ["one that there is not", { text: "x", tenant: "other" }],
  ])("doesn't with %s", async (_name, args) => {
    const before = calls.length;
    await expect(execute({ command: forVisitors, principal: visitor, run: "r", args })).rejects.toMatchObject({ code: "invalid_value" });
    expect(calls).toHaveLength(before);
  });
});
