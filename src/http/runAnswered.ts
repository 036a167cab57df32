import type { StartedRun } from "../commands/runs/startRun.ts";
import { type Clock, sleep } from "../platform/clock/clock.ts";
import type { RunAnswer } from "../protocol/commands.ts";
import type { ErrorBody } from "../protocol/errors.ts";
import { statusOf } from "./errors.ts";
import type { Answer } from "./operation.ts";

/** Whoever says nothing follows a longer run by itself. */
const usualSeconds = 10;
/** Proxies and browsers give up after 30 s or more. */
const mostSeconds = 25;

/** How the run ended, or how it is when whoever asked has waited long enough: 10 s, or as they prefer (RFC 7240, `wait`). */
export async function soon({ clock }: { clock: Clock }, { running, ended }: StartedRun, prefer: string | undefined): Promise<RunAnswer> {
  const [, wanted] = /(?:^|[,;\s])wait=(\d{1,4})(?:$|[,;\s])/i.exec(prefer ?? "") ?? [];
  const seconds = wanted === undefined ? usualSeconds : Math.min(Number(wanted), mostSeconds);
  return await Promise.race([ended, sleep(clock, seconds * 1000).then(() => running)]);
}

export type RunBody = RunAnswer | (Pick<RunAnswer, "id" | "state"> & { error: ErrorBody });

/** What the command refused answers with its own status, and with which run it was and where it can be read. */
export function runAnswered(requestId: string, run: RunAnswer): Answer<RunBody> {
  const headers = { Location: `/api/v1/runs/${run.id}` };
  const { id, state, error } = run;
  if (error !== null) return { status: statusOf[error.code], body: { error: { ...error, requestId }, id, state }, headers };
  return { status: state === "running" || state === "waiting" ? 202 : 200, body: run, headers };
}
