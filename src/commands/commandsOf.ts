import type { ArgSchema } from "../protocol/commands.ts";
import { atArgument } from "./atArgument.ts";
import { defineCommand, type StaffCommand } from "./command.ts";

/** Declares the built-in commands of a group, each with what is usual for them; what a value is refused for is told at its argument. */
export function commandsOf(group: string, usual: Pick<StaffCommand, "risk" | "permission" | "audited">) {
  return (
    verb: string,
    summary: string,
    properties: Record<string, ArgSchema>,
    required: string[],
    run: StaffCommand["run"],
    more: Partial<StaffCommand> = {},
  ): StaffCommand =>
    defineCommand<StaffCommand>({
      ...usual,
      name: `${group}.${verb}`,
      summary,
      audience: "staff",
      source: "built-in",
      args: { type: "object", properties, required, additionalProperties: false },
      run: (call) => run(call).catch(atArgument),
      ...more,
    });
}
