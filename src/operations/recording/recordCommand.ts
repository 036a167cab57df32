import type { StaffCommand } from "../../commands/command.ts";
import { mayRun } from "../../commands/execute.ts";
import type { Commands } from "../../commands/registry.ts";
import { storedRun } from "../../commands/runs/readRuns.ts";
import { stateNow } from "../../commands/runs/runRules.ts";
import type { Platform } from "../../platform/platform.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { recordSequence } from "./recordSequence.ts";

interface Outside extends Pick<Platform, "database" | "clock"> {
  /** Fresh, with those of the tenant. */
  commands: (tenant: string) => Promise<Commands>;
}

const mostRuns = 30;

/** `operation.record`: what somebody did by hand, as a draft of a sequence. It saves nothing and lends nobody a right: each step is checked when it runs. */
export function recordCommand(outside: Outside): StaffCommand {
  return {
    name: "operation.record",
    summary: "Makes a draft of a sequence of what you have just run.",
    risk: "read",
    audience: "staff",
    source: "built-in",
    permission: "operations.manage",
    audited: "never",
    args: {
      type: "object",
      properties: { runs: { type: "string", description: "Ids of runs of yours, with commas, as run.list tells them.", maxLength: 2000 } },
      required: ["runs"],
      additionalProperties: false,
    },
    run: async ({ principal, args }) => {
      const ids = [
        ...new Set(
          String(args["runs"])
            .toLowerCase()
            .split(/[\s,]+/)
            .filter((id) => id !== ""),
        ),
      ];
      if (ids.length > mostRuns)
        throw new Refusal("invalid_value", `A sequence has ${mostRuns} steps at most; these are ${ids.length} runs.`, {
          path: "args.runs",
        });
      const sql = outside.database.forTenant(principal.tenant);
      const there = await outside.commands(principal.tenant);
      const found = await Promise.all(
        ids.map(async (id) => {
          const run = await storedRun(sql, principal, id).catch(atRuns);
          // What a colleague did isn't mine to repeat.
          if (run.account !== principal.account) throw new Refusal("not_found", "There is no such run of yours.", { path: "args.runs" });
          const command = there.find(run.command);
          const mine = command !== undefined && mayRun(command, principal) ? command : undefined;
          return { ...run, name: run.command, command: mine, state: stateNow(run, outside.clock.now()) };
        }),
      );
      const recording = recordSequence(found.sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime() || (a.id < b.id ? -1 : 1)));
      const { steps, values, leftOut } = recording;
      const lines = steps.map(({ command }, index) => {
        const own = values.filter(({ step }) => step === index);
        return `${index + 1}. ${[command, ...own.map(({ argument, value, from }) => `${argument}: ${from ?? JSON.stringify(value)}`)].join("  ")}`;
      });
      const out = leftOut.map(({ command, why }) => `Left out: ${command}. ${why}`);
      return { messages: [{ text: [...lines, ...out].join("\n") || "None of it can be a step." }], data: { ...recording } };
    },
  };
}

function atRuns(error: unknown): never {
  if (error instanceof Refusal && error.code === "not_found")
    throw new Refusal("not_found", "There is no such run of yours.", { path: "args.runs" });
  throw error;
}
