import { z } from "zod";
import { decideRun } from "../commands/approvals/decideRun.ts";
import { unknownCommand } from "../commands/execute.ts";
import { exportOfRun } from "../commands/exports/exportOfRun.ts";
import { fileKinds, mediaTypes } from "../commands/exports/table.ts";
import { planRun } from "../commands/plans/plan.ts";
import { cancelRun } from "../commands/runs/cancelRun.ts";
import { runsOf, storyOf } from "../commands/runs/readRuns.ts";
import { settleRun } from "../commands/runs/settleRun.ts";
import { startRun } from "../commands/runs/startRun.ts";
import { byToken } from "./callers.ts";
import type { HttpDependencies } from "./dependencies.ts";
import { fileAnswer } from "./fileAnswer.ts";
import { noBody, nothing, type Operation, operation } from "./operation.ts";
import { runAnswered, soon } from "./runAnswered.ts";
import {
  approvalBody,
  idParams,
  planAnswer,
  refusedRunAnswer,
  runAnswer,
  runStory,
  runsAnswer,
  runsQuery,
  settleBody,
  undoBody,
} from "./schemas.ts";

/** The runs that the caller may see: their own, those that wait for them, or all. */
export function runOperations(deps: HttpDependencies): Operation[] {
  const common = { tag: "Runs", caller: byToken(deps, "own"), body: noBody } as const;
  const ofOne = { ...common, params: idParams, query: nothing } as const;
  const undo = (tenant: string) => {
    const command = deps.registry.of(tenant).find("run.undo");
    if (command === undefined) throw unknownCommand("run.undo");
    return command;
  };

  return [
    operation({
      ...common,
      method: "get",
      path: "/api/v1/runs",
      id: "listRuns",
      summary: "Your runs and those that wait for you, the newest first; everybody's with the permission runs.read.",
      params: nothing,
      query: runsQuery,
      answers: { statuses: { 200: "A page of them." }, schema: runsAnswer },
      handle: async ({ caller, query }) => ({ status: 200, body: await runsOf({ ...deps, database: deps.database.aside }, caller, query) }),
    }),
    operation({
      ...ofOne,
      method: "get",
      path: "/api/v1/runs/{id}",
      id: "readRun",
      summary: "One run, with its plan, who decided, what it did outside, and what you can do with it.",
      answers: { statuses: { 200: "The run." }, schema: runStory },
      handle: async ({ caller, params }) => ({ status: 200, body: await storyOf(deps, caller, params.id) }),
    }),
    operation({
      ...common,
      method: "get",
      path: "/api/v1/runs/{id}/file",
      id: "readRunFile",
      summary:
        "The whole answer of a run of yours as a file, which is asked for once more: a run of its own, which Location names. At most 5,000,000 rows, 1 GiB and 15 minutes; where it can't be whole, the connection breaks, and that run tells why.",
      params: idParams,
      query: fileQuery,
      answers: { statuses: { 200: "The file, in UTF-8." }, schema: z.string(), mediaTypes: Object.values(mediaTypes) },
      handle: async ({ caller, params, query, requestId, gone }) => {
        const started = await exportOfRun(deps, params.id, { principal: caller, as: query.as, marked: true, gone: gone(), requestId });
        return fileAnswer(requestId, started, query.as);
      },
    }),
    operation({
      ...ofOne,
      method: "post",
      path: "/api/v1/runs/{id}/approvals",
      id: "decideRun",
      summary: "Agrees to a run that waits, refuses it, or breaks the glass. With the last voice it runs, as whoever asked for it.",
      body: approvalBody,
      answers: { statuses: { 200: "The run, as it is then.", 202: "It runs, or waits for others." }, schema: runAnswer },
      handle: async ({ caller, params, body, header }) => {
        const { run, ended } = await decideRun(deps, caller, params.id, body);
        const after = ended === undefined ? run : await soon(deps, { running: run, ended }, header("prefer"));
        return { status: after.state === "running" || after.state === "waiting" ? 202 : 200, body: after };
      },
    }),
    operation({
      ...ofOne,
      method: "post",
      path: "/api/v1/runs/{id}/cancel",
      id: "cancelRun",
      summary: "Withdraws a run of yours that waits, or asks one that runs to stop.",
      answers: { statuses: { 200: "It is cancelled.", 202: "It was asked to stop." }, schema: runStory },
      handle: async ({ caller, params }) => {
        const run = await cancelRun(deps, caller, params.id);
        return { status: run.state === "running" ? 202 : 200, body: run };
      },
    }),
    operation({
      ...ofOne,
      method: "post",
      path: "/api/v1/runs/{id}/undo/plan",
      id: "planUndo",
      summary: "What taking back a run would change; nothing happens.",
      answers: { statuses: { 200: "The plan." }, schema: planAnswer },
      handle: async ({ caller, params }) => ({ status: 200, body: await planRun(deps, caller, undo(caller.tenant), { run: params.id }) }),
    }),
    operation({
      ...ofOne,
      method: "post",
      path: "/api/v1/runs/{id}/undo",
      id: "undoRun",
      summary: "Takes back what a run did, once, where nothing newer stands on it. That is a run itself, which is answered.",
      body: undoBody,
      bodyDefault: {},
      answers: {
        statuses: { 200: "It is taken back.", 202: "It still runs, or waits for an approval." },
        schema: runAnswer,
        error: refusedRunAnswer,
      },
      handle: async ({ caller, params, body, idempotencyKey, requestId, header }) => {
        const { planHash } = body;
        const run = await startRun(deps, {
          command: undo(caller.tenant),
          principal: caller,
          args: { run: params.id },
          idempotencyKey,
          planHash,
          requestId,
        });
        return runAnswered(requestId, await soon(deps, run, header("prefer")));
      },
    }),
    operation({
      ...ofOne,
      method: "post",
      path: "/api/v1/runs/{id}/settle",
      id: "settleRun",
      summary: "Says whether a run of which nobody knows did happen, after a look.",
      body: settleBody,
      answers: { statuses: { 200: "The run." }, schema: runStory },
      handle: async ({ caller, params, body }) => ({ status: 200, body: await settleRun(deps, caller, params.id, body.found) }),
    }),
  ];
}

const fileQuery = z.strictObject({ as: z.enum(fileKinds).default("csv") });
