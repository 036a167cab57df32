import type { Access } from "../access/access.ts";
import { changePassword } from "../access/changePassword.ts";
import { passwordLength } from "../access/passwordRules.ts";
import type { Platform } from "../platform/platform.ts";
import { defineCommand, type StaffCommand } from "./command.ts";

type Outside = Pick<Platform, "database" | "bus" | "clock" | "log"> & Pick<Access, "passwords" | "signInThrottle">;

/** `me.password`. Arguments of the format `password` are never stored. */
export function meCommands(outside: Outside): StaffCommand[] {
  return [
    defineCommand({
      name: "me.password",
      summary: `Changes your password (${passwordLength.min} characters or more) and signs you out everywhere else.`,
      risk: "write",
      audience: "staff",
      source: "built-in",
      permission: "commands.run",
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
  ];
}
