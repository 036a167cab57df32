import type { Args, CommandResult, StaffCommand } from "../../src/commands/command.ts";
import { Refusal } from "../../src/protocol/refusal.ts";

export interface TestCommands {
  commands: StaffCommand[];
  /** The arguments of every run that happened. */
  ran: Args[];
  /** Ends the runs of `slow`. */
  letGo(): void;
}

/** A command for each way in which one can end. */
export function testCommands(): TestCommands {
  const ran: Args[] = [];
  const waiting: (() => void)[] = [];
  const define = (name: string, run: (args: Args) => Promise<CommandResult>, change: Partial<StaffCommand> = {}): StaffCommand => ({
    name,
    summary: `The command ${name}.`,
    risk: "write",
    audience: "staff",
    source: "built-in",
    permission: "conversations.answer",
    args: {
      type: "object",
      properties: { text: { type: "string", maxLength: 50 }, pin: { type: "string", format: "password" } },
      additionalProperties: false,
    },
    ...change,
    run: async ({ args }) => {
      ran.push(args);
      return await run(args);
    },
  });
  const refusing = (code: ConstructorParameters<typeof Refusal>[0], retryAfterMs?: number) => () =>
    Promise.reject(new Refusal(code, "No.", { path: "args.text", ...(retryAfterMs === undefined ? {} : { retryAfterMs }) }));
  return {
    ran,
    letGo: () => {
      for (const go of waiting.splice(0)) go();
    },
    commands: [
      define("echo", async ({ text }) => ({ messages: [{ text: `${text}` }], data: { text: text ?? null } })),
      define("odd", async () => ({ messages: [{ text: "a\0b\ud800" }], data: { "k\0": "\0", list: ["\udfff"] } })),
      define("taken", refusing("already_taken")),
      define("busy", refusing("unavailable", 2000)),
      define("lost", refusing("automation_timeout")),
      define("lost-read", refusing("automation_timeout"), { risk: "read" }),
      define("away", refusing("automation_away")),
      define("broken", () => Promise.reject(new Error("select * from secret_table"))),
      define("wipe", async ({ text }) => ({ messages: [{ text: `wiped ${text}` }] }), {
        risk: "destructive",
        harmless: ({ text }) => text === "nothing",
        plan: async ({ args: { text } }) => ({ changes: [{ text: `3 of ${text} would go.` }] }),
      }),
      define("for-admins", async () => ({ messages: [] }), { permission: "people.manage" }),
      define("slow", async () => {
        await new Promise<void>((resolve) => waiting.push(resolve));
        return { messages: [{ text: "at last" }] };
      }),
    ],
  };
}
