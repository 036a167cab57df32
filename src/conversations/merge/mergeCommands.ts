import type { StaffCommand } from "../../commands/command.ts";
import type { ArgSchema } from "../../protocol/commands.ts";
import { answeringCommand } from "../answeringCommand.ts";
import type { Controlling } from "../control/changeControl.ts";
import { refOf } from "../conversationCommands.ts";
import { merge, unmerge } from "./merge.ts";

const into: ArgSchema = { type: "string", description: "The id of the conversation that goes on.", format: "uuid" };
const merged: ArgSchema = { type: "string", description: "The id of the merged one, where there are several.", format: "uuid" };
const otherContact: ArgSchema = {
  type: "boolean",
  description: "Merge two customers' conversations. Each goes on reading only their own.",
};

/** Two conversations about one matter become one timeline, and two again. */
export function mergeCommands(deps: Controlling): StaffCommand[] {
  return [
    answeringCommand(
      "conversation.merge",
      "Merges a conversation into another; agents see and answer both there.",
      { into, otherContact },
      async (call) => {
        const target = String(call.args["into"]).toLowerCase();
        await merge(deps, call.principal, refOf(call), { into: target, otherContact: call.args["otherContact"] === true });
        return { messages: [{ text: "The conversations are merged. You can unmerge them at any time." }], data: { conversation: target } };
      },
      ["into"],
    ),
    answeringCommand(
      "conversation.unmerge",
      "Takes merged conversations apart again.",
      { merged },
      async (call) => {
        const which = call.args["merged"];
        const apart = await unmerge(
          deps,
          call.principal,
          refOf(call),
          which === undefined ? undefined : String(which).toLowerCase(),
          call.run,
        );
        return { messages: [{ text: "The conversations are two again." }], data: { conversation: apart } };
      },
      [],
    ),
  ];
}
