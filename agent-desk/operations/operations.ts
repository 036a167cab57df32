import type { OperationView } from "../../src/protocol/operations.ts";
import { runCommand } from "../commands/run.ts";
import { argsOf, type Draft, isRecord } from "./draft.ts";

export interface VersionLine {
  version: number;
  by: string;
  /** ISO 8601, UTC. */
  at: string;
}

export interface Known {
  operation: OperationView;
  versions: VersionLine[];
}

/** An operation with its latest version or the one that is named, and which versions there are. Refusal `not_found`. */
export async function showOperation(name: string, version?: number): Promise<Known> {
  const { data } = await runCommand("operation.show", version === undefined ? { name } : { name, version });
  return known(data);
}

/** Saves a new one, or the next version of one. Refusals: `stale`, and what doesn't fit, with its place. */
export async function saveDraft(draft: Draft): Promise<OperationView> {
  const { name, kind, seen } = draft;
  const { data } =
    seen === null
      ? await runCommand("operation.create", { name, kind, ...argsOf(draft) })
      : await runCommand("operation.update", { name, ...argsOf(draft), version: seen });
  return operationIn(data);
}

/** Lets the version run; null takes it back. */
export async function publishVersion(name: string, version: number | null): Promise<void> {
  await (version === null ? runCommand("operation.unpublish", { name }) : runCommand("operation.publish", { name, version }));
}

/** The server checks what it answers; here it is only found. */
function known(data: unknown): Known {
  const versions: unknown = isRecord(data) ? data["versions"] : [];
  return { operation: operationIn(data), versions: Array.isArray(versions) ? versions : [] };
}

function operationIn(data: unknown): OperationView {
  const operation: unknown = isRecord(data) ? data["operation"] : undefined;
  if (!isOperation(operation)) throw new Error("the answer has no operation");
  return operation;
}

function isOperation(value: unknown): value is OperationView {
  return isRecord(value) && typeof value["name"] === "string" && Array.isArray(value["parameters"]);
}
