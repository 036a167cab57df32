import type { AccountPrincipal } from "../../access/principal.ts";
import type { ArgSchema, RunAnswer } from "../../protocol/commands.ts";
import { runStates } from "../../protocol/commands.ts";
import { shortestReason } from "../approvals/approvalRules.ts";
import { decideRun } from "../approvals/decideRun.ts";
import type { CommandCall, CommandResult, StaffCommand } from "../command.ts";
import { cancelRun } from "./cancelRun.ts";
import { runsOf, storyOf } from "./readRuns.ts";
import type { RunOutside } from "./runOutside.ts";
import { settleRun } from "./settleRun.ts";
import { undoCommand } from "./undoCommand.ts";

type Call = CommandCall<AccountPrincipal>;

const run: ArgSchema = { type: "string", description: "The run's id, as run.list tells it.", format: "uuid" };
const reason: ArgSchema = { type: "string", description: "Why.", maxLength: 1000 };

/** `run.*`: what was run, what waits, and what to do with it. */
export function runCommands(outside: () => RunOutside): StaffCommand[] {
  const define = (
    name: string,
    summary: string,
    properties: Record<string, ArgSchema>,
    required: string[],
    work: (call: Call) => Promise<CommandResult>,
  ): StaffCommand => ({
    name,
    summary,
    risk: "write",
    audience: "staff",
    source: "built-in",
    permission: "commands.run",
    // With what it changes, in its transaction.
    audited: "itself",
    args: { type: "object", properties, required, additionalProperties: false },
    run: work,
  });
  const decide = (decision: "approve" | "reject" | "break-glass", summary: string, required: string[], more: Record<string, ArgSchema>) =>
    define(`run.${decision}`, summary, { run, ...more }, required, async ({ principal, args }) => {
      const decided = await decideRun(outside(), principal, idOf(args), { decision, reason: String(args["reason"] ?? "") });
      const after = (await decided.ended) ?? decided.run;
      return { messages: [{ text: line(after) }], data: { run: after.id, state: after.state } };
    });
  const reading = (command: StaffCommand): StaffCommand => ({ ...command, risk: "read" });

  return [
    reading(
      define(
        "run.list",
        "Lists your runs, and those that wait for you; everybody's where you may see them.",
        {
          state: { type: "string", description: "Only those of this state.", enum: [...runStates] },
          command: { type: "string", description: "Only those of this command.", maxLength: 100 },
        },
        [],
        async ({ principal, args }) => {
          const filter = Object.fromEntries(Object.entries(args).map(([field, value]) => [field, { eq: value }]));
          const { items } = await runsOf(outside(), principal, { limit: 20, filter: JSON.stringify(filter) });
          const text = items.length === 0 ? "There are no such runs." : items.map(line).join("\n");
          return { messages: [{ text }], data: { items } };
        },
      ),
    ),
    reading(
      define(
        "run.show",
        "Tells all of a run: its plan, who decided, what it did, and what can be done with it.",
        { run },
        ["run"],
        async (call) => {
          const story = await storyOf(outside(), call.principal, idOf(call.args));
          const lines = [
            line(story),
            ...(story.plan?.changes ?? []).map(({ text }) => text),
            ...story.decisions.map(({ by, decision, reason: why }) => `${by.name}: ${decision}${why === "" ? "" : ` (${why})`}`),
            ...story.effects.map(({ step, state, check }) => `${step}: ${state}${state === "done" ? "" : `. ${check}`}`),
            ...(story.may.length === 0 ? [] : [`You can: ${story.may.join(", ")}.`]),
          ];
          return { messages: [{ text: lines.join("\n") }], data: { ...story } };
        },
      ),
    ),
    decide("approve", "Agrees to a run that waits for you.", ["run"], { reason }),
    decide("reject", "Refuses a run that waits for you: it doesn't happen.", ["run"], { reason }),
    decide(
      "break-glass",
      "Runs what waits without the approval that it needs; everybody who could have given it is told.",
      ["run", "reason"],
      {
        reason: { ...reason, description: `Why: ${shortestReason} characters or more, kept in the audit.` },
      },
    ),
    define("run.cancel", "Stops a run of yours that waits or still runs.", { run }, ["run"], async ({ principal, args }) => {
      const after = await cancelRun(outside(), principal, idOf(args));
      return { messages: [{ text: line(after) }], data: { run: after.id, state: after.state } };
    }),
    define(
      "run.settle",
      "Says whether a run of which nobody knows did happen, after a look.",
      { run, found: { type: "string", description: "What you found.", enum: ["happened", "failed"] } },
      ["run", "found"],
      async ({ principal, args }) => {
        const after = await settleRun(outside(), principal, idOf(args), args["found"] === "happened" ? "happened" : "failed");
        return { messages: [{ text: line(after) }], data: { run: after.id, state: after.state } };
      },
    ),
    undoCommand(outside),
  ];
}

function idOf(args: Call["args"]): string {
  return String(args["run"]).toLowerCase();
}

function line({ id, command, state, by, createdAt, progress }: RunAnswer): string {
  const far = progress === null ? "" : ` (${progress.text})`;
  return `${command}, ${state}${far}, asked for by ${by.name} at ${createdAt}: ${id}`;
}
