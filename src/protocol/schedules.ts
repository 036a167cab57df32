/** What is done with what a schedule's operation answers. */
export type ScheduleAnswer =
  | { by: "nothing" }
  /** To addresses, `team:support`, `role:admin`; a notice only to people of the desk. */
  | { by: "mail" | "notice"; to: string[] }
  | { by: "note"; conversation: string };

export const timeStates = ["running", "succeeded", "waiting", "failed", "uncertain"] as const;
/** How it went at one of its times; `waiting` is for an approval. */
export type TimeState = (typeof timeStates)[number];

/** One time at which it ran. Instants are ISO 8601, UTC. */
export interface ScheduleTimeView {
  dueAt: string;
  begunAt: string;
  endedAt: string | null;
  state: TimeState;
  run: string | null;
  /** What was done with the answer, or why there is none. */
  outcome: string | null;
}

export interface ScheduleView {
  id: string;
  name: string;
  operation: string;
  args: Record<string, unknown>;
  /** As somebody wrote it: `every weekday at 09:00`. */
  when: string;
  /** The cron expression that it means. */
  pattern: string;
  /** That expression in words, where it was written as one and words say it. */
  words?: string;
  timeZone: string;
  answer: ScheduleAnswer;
  /** Whether an answer without rows is told to nobody. */
  onlyRows: boolean;
  owner: { id: string; name: string };
  state: "active" | "paused";
  /** Why it is paused, where nobody asked for it. */
  reason: string | null;
  /** The next times; none while it is paused. */
  next: string[];
  last: ScheduleTimeView | null;
  version: number;
  changedBy: string;
  changedAt: string;
}
