import type { Access } from "../access/access.ts";
import { changePassword } from "../access/accounts/changePassword.ts";
import { passwordLength } from "../access/accounts/passwordRules.ts";
import { chooseUndoSend } from "../access/accounts/undoSend.ts";
import type { Platform } from "../platform/platform.ts";
import { defineCommand, type StaffCommand } from "./command.ts";

type Outside = Pick<Platform, "database" | "bus" | "clock" | "log"> & Pick<Access, "passwords" | "signInThrottle">;

/** What is one's own to set. Arguments of the format `password` are never stored. */
export function meCommands(outside: Outside): StaffCommand[] {
  return [
    defineCommand({
      name: "me.password",
      summary: `Changes your password (${passwordLength.min} characters or more) and signs you out everywhere else.`,
      risk: "write",
      audience: "staff",
      source: "built-in",
      permission: "commands.run",
      audited: "itself",
      stepUp: true,
      args: {
        type: "object",
        properties: {
          current: { type: "string", description: "The password that you have now.", format: "password", maxLength: 1000 },
          new: { type: "string", description: "The new one.", format: "password", maxLength: 1000 },
        },
        required: ["current", "new"],
        additionalProperties: false,
      },
      run: async ({ principal, args: { current, new: next } }) => {
        const sessionsEnded = await changePassword(outside, principal, { current: String(current), next: String(next) });
        const others =
          sessionsEnded === 0 ? "" : ` ${sessionsEnded === 1 ? "One other session" : `${sessionsEnded} other sessions`} ended.`;
        return { messages: [{ text: `Your password is changed.${others}` }], data: { sessionsEnded } };
      },
    }),
    defineCommand({
      name: "me.undo-send",
      summary: "Holds your replies for 5 seconds, in which you can take them back, or sends them at once.",
      risk: "write",
      audience: "staff",
      source: "built-in",
      permission: "conversations.answer",
      args: {
        type: "object",
        properties: { on: { type: "boolean", description: "Whether they are held." } },
        required: ["on"],
        additionalProperties: false,
      },
      run: async ({ principal, args: { on } }) => {
        await chooseUndoSend(outside, principal, on === true);
        const text = on === true ? "Your replies can be taken back for 5 seconds." : "Your replies are sent at once.";
        return { messages: [{ text }], data: { on: on === true } };
      },
    }),
  ];
}
