import type { ApprovalRule, RunAnswer, RunState, RunVerb } from "../../src/protocol/commands.ts";
import type { Tone } from "../look/Chip.tsx";

export const stateWords: Record<RunState, string> = {
  running: "Running",
  waiting: "Waits for approval",
  succeeded: "Done",
  failed: "Failed",
  refused: "Refused",
  cancelled: "Cancelled",
  uncertain: "Not known",
};

export const stateTones: Record<RunState, Tone | undefined> = {
  running: undefined,
  waiting: "warn",
  succeeded: "good",
  failed: "bad",
  refused: "bad",
  cancelled: undefined,
  uncertain: "warn",
};

export const verbWords: Record<RunVerb, string> = {
  approve: "Approve",
  reject: "Refuse",
  "break-glass": "Run without approval",
  cancel: "Cancel",
  undo: "Undo",
  settle: "Say how it ended",
  repeat: "Run again",
};

/** `2 with the role admin`. */
export function ruleInWords({ by, quorum }: ApprovalRule): string {
  return `${quorum} with the ${by.replace(":", " ")}`;
}

/** `850 ms`, `12 s`, `3 min`; nothing while it goes on. */
export function tookInWords({ createdAt, endedAt }: Pick<RunAnswer, "createdAt" | "endedAt">): string | null {
  if (endedAt === null) return null;
  const ms = Math.max(0, Date.parse(endedAt) - Date.parse(createdAt));
  if (ms < 1000) return `${ms} ms`;
  return ms < 90_000 ? `${Math.round(ms / 1000)} s` : `${Math.round(ms / 60_000)} min`;
}

/** The arguments as they are written in a line. */
export function argsInWords(args: Readonly<Record<string, unknown>>): string {
  return Object.entries(args)
    .map(([name, value]) => `${name}:${typeof value === "string" ? (/\s/.test(value) ? `"${value}"` : value) : JSON.stringify(value)}`)
    .join(" ");
}
