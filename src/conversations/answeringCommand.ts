import { defineCommand, type StaffCommand } from "../commands/command.ts";
import { conversationArgument } from "../commands/conversationArgument.ts";
import type { ArgSchema } from "../protocol/commands.ts";

/** A command about one conversation, for whoever may answer it; all of `extra` is required, unless `required` names what is. */
export function answeringCommand(
  name: string,
  summary: string,
  extra: Record<string, ArgSchema>,
  run: StaffCommand["run"],
  required: readonly string[] = Object.keys(extra),
): StaffCommand {
  return defineCommand<StaffCommand>({
    name,
    summary,
    risk: "write",
    audience: "staff",
    source: "built-in",
    permission: "conversations.answer",
    args: {
      type: "object",
      properties: { conversation: conversationArgument, ...extra },
      required: ["conversation", ...required],
      additionalProperties: false,
    },
    run,
  });
}
