import type { RunAnswer, RunItem } from "../../protocol/commands.ts";
import { stateNow, whyNotUndo } from "./runRules.ts";
import type { StoredRun } from "./runStore.ts";

/** A run as everybody who may see it sees it. */
export function answerOf(run: StoredRun, nowMs: number): RunAnswer {
  const { id, command, messages, data, error, createdAt, args, endedAt } = run;
  const state = stateNow(run, nowMs);
  const iso = (at: Date | null) => at?.toISOString() ?? null;
  return {
    id,
    command,
    state,
    messages,
    data: data ?? null,
    error,
    undoableUntil: whyNotUndo({ ...run, state, hasUndo: run.undo !== null }, nowMs) === undefined ? iso(run.undoableUntil) : null,
    createdAt: createdAt.toISOString(),
    endedAt: state === "running" || state === "waiting" ? null : iso(endedAt),
    expiresAt: state === "waiting" ? iso(endedAt) : null,
    by: { id: run.account, name: run.name ?? "somebody who left" },
    args,
    approvals: run.approval ?? [],
    progress: state === "running" ? run.progress : null,
    stopping: state === "running" && run.stoppedBy !== null,
    undoes: run.undoes,
    undoneBy: run.undoneBy,
  };
}

/** The same for a list that is live: without what may be long. */
export function itemOf(run: StoredRun, nowMs: number): RunItem {
  const { messages: _, data: __, args: ___, ...item } = answerOf(run, nowMs);
  return { kind: "run", ...item };
}
