import { runOf, runsOf } from "../commands/runs/runs.ts";
import { Refusal } from "../protocol/refusal.ts";
import { byToken } from "./callers.ts";
import type { HttpDependencies } from "./dependencies.ts";
import { noBody, nothing, type Operation, operation } from "./operation.ts";
import { idParams, runAnswer, runsAnswer, runsQuery } from "./schemas.ts";

/** The caller's own runs. */
export function runOperations(deps: HttpDependencies): Operation[] {
  const common = { tag: "Runs", caller: byToken(deps, "own"), body: noBody } as const;

  /** Nothing of today's commands can be stopped or taken back; the addresses answer so, and the run must be the caller's all the same. */
  const impossible = (verb: "cancel" | "undo", why: string) =>
    operation({
      ...common,
      method: "post",
      path: `/api/v1/runs/{id}/${verb}`,
      id: `${verb}Run`,
      summary: verb === "cancel" ? "Stops a run that waits or still runs." : "Takes back what a run did.",
      params: idParams,
      query: nothing,
      answers: { statuses: { 200: "The run." }, schema: runAnswer },
      handle: async ({ caller, params }) => {
        const run = await runOf(deps, caller, params.id);
        throw new Refusal("conflict", `The run of "${run.command}" is ${run.state}; ${why}.`);
      },
    });

  return [
    operation({
      ...common,
      method: "get",
      path: "/api/v1/runs",
      id: "listRuns",
      summary: "Your runs, the newest first.",
      params: nothing,
      query: runsQuery,
      answers: { statuses: { 200: "A page of them." }, schema: runsAnswer },
      handle: async ({ caller, query }) => ({ status: 200, body: await runsOf({ ...deps, database: deps.database.aside }, caller, query) }),
    }),
    operation({
      ...common,
      method: "get",
      path: "/api/v1/runs/{id}",
      id: "readRun",
      summary: "One of your runs.",
      params: idParams,
      query: nothing,
      answers: { statuses: { 200: "The run." }, schema: runAnswer },
      handle: async ({ caller, params }) => ({ status: 200, body: await runOf(deps, caller, params.id) }),
    }),
    impossible("cancel", "it can't be cancelled"),
    impossible("undo", "it can't be undone"),
  ];
}
