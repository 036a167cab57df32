import type { AuditRecord } from "../../access/audit/audit.ts";
import type { ArgsSchema } from "../../protocol/commands.ts";
import type { ErrorCode } from "../../protocol/errors.ts";
import { Refusal } from "../../protocol/refusal.ts";
import type { Command } from "../command.ts";
import type { Execution } from "../execute.ts";

export type AuditedOutcome = "succeeded" | "failed" | "refused" | "cancelled" | "uncertain";

/** Whether a run that ended so has an entry in the audit. */
export function isAudited(command: Command, outcome: AuditedOutcome): boolean {
  if (command.exports !== undefined) return true;
  // What a visitor asks of us is kept by the conversation; what an automation did for them, outside, is not.
  if (command.audience === "visitor") return command.source === "automation" && command.risk !== "read";
  const { audited } = command;
  if (audited === "never") return false;
  // What the action would have written went with its transaction.
  if (audited === "itself") return outcome !== "succeeded";
  return audited === "always" || command.risk !== "read";
}

/** A time-out is unknown, not failed: what changes something may have done so. */
export function outcomeOf(thrown: unknown, command: Pick<Command, "risk">): AuditedOutcome {
  if (!(thrown instanceof Refusal)) return "failed";
  if (thrown.code === "automation_timeout" || thrown.code === "unavailable") return command.risk === "read" ? "failed" : "uncertain";
  return thrown.code === "automation_failed" || thrown.code === "automation_away" || thrown.code === "internal" ? "failed" : "refused";
}

/** What a run tells the audit: who, the command, what it was about, the arguments without what is secret, and how it ended. */
export function recordOfRun(
  { tenant, actor }: Pick<AuditRecord, "tenant" | "actor">,
  { command, args, conversation }: Omit<Execution, "run" | "principal">,
  { outcome, run, error }: { outcome: AuditedOutcome; run?: string; error?: ErrorCode | undefined },
): AuditRecord {
  const shown = withoutSecrets(command.args, args);
  // What was done with a business's own things is told of these, wherever it was asked.
  const isOfThem = conversation === undefined || command.source === "blueprint";
  const object = isOfThem ? objectOf(command, shown) : { kind: "conversation", id: conversation };
  return {
    tenant,
    actor,
    action: command.name,
    ...(object === undefined ? {} : { object }),
    detail: {
      ...(run === undefined ? {} : { run }),
      outcome,
      ...(command.exports === undefined ? {} : { exports: command.exports }),
      ...(error === undefined ? {} : { error }),
      args: JSON.parse(JSON.stringify(shown)),
    },
  };
}

export function withoutSecrets<Values extends Readonly<Record<string, unknown>>>(schema: ArgsSchema, args: Values) {
  return Object.fromEntries(Object.entries(args).filter(([name]) => schema.properties[name]?.format !== "password"));
}

/** The conversation or the contact that is named, so that erasing it finds the entry; else the first argument, as a thing of the command's group. */
function objectOf(command: Command, args: Readonly<Record<string, unknown>>): { kind: string; id: string } | undefined {
  for (const kind of ["conversation", "contact"]) {
    const id = args[kind];
    if (typeof id === "string") return { kind, id: id.toLowerCase() };
  }
  const [first] = Object.keys(command.args.properties);
  const value = first === undefined ? undefined : args[first];
  return typeof value === "string" ? { kind: command.name.split(".")[0] ?? command.name, id: value } : undefined;
}
