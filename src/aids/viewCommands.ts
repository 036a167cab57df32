import type { StaffCommand } from "../commands/command.ts";
import { type Aiding, aidCommands } from "./aidCommands.ts";
import { checkFilter } from "./bodies.ts";

/** Saved views: a name for a filter over the inbox. The desk counts and shows them live. */
export function viewCommands(deps: Aiding): StaffCommand[] {
  return aidCommands<"view">(deps, {
    kind: "view",
    group: "view",
    noun: "view",
    plural: "views",
    args: {
      filter: {
        type: "object",
        description:
          'What it shows: {"team": ["support"], "tag": […], "agent": ["me"], "controller": ["queue"], "priority": [1], "language": ["pt"], "waitingLongerThan": 300, "text": "refund"}.',
      },
    },
    required: ["filter"],
    bodyOf: async ({ args }, before) => ({ filter: args["filter"] === undefined ? before?.filter : checkFilter(args["filter"]) }),
  });
}
