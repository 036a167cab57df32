import type { AccountPrincipal } from "../access/principal.ts";
import { requireConversation } from "../access/roles/reachStore.ts";
import type { Command } from "../commands/command.ts";
import { listCommands } from "../commands/commandList.ts";
import { commandFor as commandForThem, mayRun, permissionFor, unknownCommand } from "../commands/execute.ts";
import { startExport } from "../commands/exports/startExport.ts";
import { planRun } from "../commands/plans/plan.ts";
import type { Commands } from "../commands/registry.ts";
import { startRun } from "../commands/runs/startRun.ts";
import type { CommandListing } from "../protocol/commands.ts";
import { Refusal } from "../protocol/refusal.ts";
import { byToken } from "./callers.ts";
import { choiceParams, choicesAnswer, choicesQuery } from "./choiceSchemas.ts";
import type { HttpDependencies } from "./dependencies.ts";
import { acceptedFile, fileAnswer } from "./fileAnswer.ts";
import { noBody, nothing, type Operation, operation } from "./operation.ts";
import { runAnswered, soon } from "./runAnswered.ts";
import { commandsAnswer, commandsQuery, nameParams, planAnswer, planBody, refusedRunAnswer, runAnswer, runBody } from "./schemas.ts";

/** The commands of the caller, their plans and their runs. */
export function commandOperations(deps: HttpDependencies): Operation[] {
  const { registry } = deps;
  const common = { tag: "Commands", caller: byToken(deps, "own") } as const;

  const commandsFor = async ({ tenant }: AccountPrincipal): Promise<Commands> => {
    await registry.load(tenant);
    return registry.of(tenant);
  };
  const commandFor = async (principal: AccountPrincipal, name: string): Promise<Command> => {
    const command = (await commandsFor(principal)).find(name);
    if (command === undefined || !mayRun(command, principal)) throw unknownCommand(name);
    return commandForThem(command, principal);
  };

  return [
    operation({
      ...common,
      method: "get",
      path: "/api/v1/commands",
      id: "listCommands",
      summary: "The commands that you may run.",
      params: nothing,
      query: commandsQuery,
      body: noBody,
      answers: { statuses: { 200: "A page of them, by name where nothing else is asked." }, schema: commandsAnswer },
      handle: async ({ caller, query }) => {
        const commands = await commandsFor(caller);
        const mine = commands
          .all()
          .filter((command) => mayRun(command, caller))
          .map((command) => commandForThem(command, caller));
        const { items, nextCursor } = listCommands(mine, query);
        return { status: 200, body: { items: items.map((command) => listed(command, commands)), nextCursor } };
      },
    }),
    operation({
      ...common,
      method: "get",
      path: "/api/v1/commands/{name}/choices/{argument}",
      id: "listChoices",
      summary: "What you may choose for an argument that says `choicesFrom`, as far as `q` fits; `args` are those that it depends on.",
      params: choiceParams,
      query: choicesQuery,
      body: noBody,
      answers: { statuses: { 200: "Up to 50 of them." }, schema: choicesAnswer },
      handle: async ({ caller, params, query }) => {
        const { choices } = await commandFor(caller, params.name);
        if (choices === undefined) throw new Refusal("not_found", "This command has no choices to be asked for.");
        const asked = { principal: caller, argument: params.argument, args: query.args, query: query.q };
        return { status: 200, body: await choices(asked) };
      },
    }),
    operation({
      ...common,
      method: "post",
      path: "/api/v1/commands/{name}/plans",
      id: "planCommand",
      summary: "What a run would do; nothing happens.",
      params: nameParams,
      query: nothing,
      body: planBody,
      bodyDefault: {},
      answers: { statuses: { 200: "The plan." }, schema: planAnswer },
      handle: async ({ caller, params, body }) => ({
        status: 200,
        body: await planRun(deps, caller, await commandFor(caller, params.name), body.args),
      }),
    }),
    operation({
      ...common,
      method: "post",
      path: "/api/v1/commands/{name}/runs",
      id: "runCommand",
      summary:
        "Runs a command, once for each Idempotency-Key. What the command refuses is the error of this answer; Location names the run. `Prefer: wait=25` waits longer than the usual 10 s. With `Accept: text/csv` (or XLSX) the answer is its table as a file with all rows, as of a run's `file`.",
      params: nameParams,
      query: nothing,
      body: runBody,
      bodyDefault: {},
      answers: {
        statuses: { 200: "It has ended well.", 202: "It still runs, or waits for an approval: follow it at its Location." },
        schema: runAnswer,
        error: refusedRunAnswer,
      },
      handle: async ({ caller, params, body, idempotencyKey, requestId, header, gone }) => {
        const command = (await commandsFor(caller)).find(params.name);
        if (command === undefined) throw unknownCommand(params.name);
        const { args, planHash, conversation } = body;
        if (conversation !== undefined)
          await requireConversation(deps.database.forTenant(caller.tenant), caller, "conversations.read", conversation).catch(
            atConversation,
          );
        const as = acceptedFile(header("accept"));
        if (as !== undefined) {
          const request = { command, principal: caller, args, idempotencyKey, requestId };
          return fileAnswer(requestId, await startExport(deps, { ...request, as, marked: false, gone: gone() }), as);
        }
        const run = await startRun(deps, { command, principal: caller, args, idempotencyKey, planHash, requestId, conversation });
        return runAnswered(requestId, await soon(deps, run, header("prefer")));
      },
    }),
  ];
}

function atConversation(error: unknown): never {
  throw error instanceof Refusal ? error.movedTo("conversation") : error;
}

function listed(command: Command, commands: Commands): CommandListing {
  const { name, short, summary, risk, args, source, audience } = command;
  const called = short !== undefined && commands.find(short)?.name === name ? { short } : {};
  const stepUp = audience === "staff" && (command.stepUp ?? false) !== false;
  return { name, ...called, summary, risk, args, source, audience, permission: permissionFor(command), ...(stepUp ? { stepUp } : {}) };
}
