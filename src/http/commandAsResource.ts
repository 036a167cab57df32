import type { AccountPrincipal } from "../access/principal.ts";
import type { Command } from "../commands/command.ts";
import { planRun } from "../commands/plans/plan.ts";
import { startRun } from "../commands/runs/startRun.ts";
import type { RunAnswer } from "../protocol/commands.ts";
import { type errorBody, Refusal } from "../protocol/refusal.ts";
import type { HttpDependencies } from "./dependencies.ts";
import type { Given } from "./operation.ts";

/** Who asks for a change of a resource, and by which key. */
type Asking = Pick<Given<AccountPrincipal, unknown, unknown, unknown>, "caller" | "idempotencyKey" | "requestId">;

/**
 * A change of a resource is a run of its command, with its checks, its audit and its key; what it refuses is thrown with the path of the body.
 * Whoever says DELETE has said that they mean it. Answers the run's data.
 */
export async function runAsResource(
  deps: HttpDependencies,
  { caller, idempotencyKey, requestId }: Asking,
  name: string,
  args: Readonly<Record<string, unknown>>,
): Promise<unknown> {
  const command = requireCommand(deps, caller, name);
  const planned = command.risk === "destructive" ? { planHash: (await planRun(deps, caller, command, args).catch(atBody)).hash } : {};
  const asked = { command, principal: caller, args, idempotencyKey, requestId, ...planned };
  const { ended } = await startRun(deps, asked).catch(atBody);
  const { error, data, state, id } = await ended;
  if (state === "waiting") throw new Refusal("approval_needed", `"${name}" needs an approval here: it waits for it as the run ${id}.`);
  if (error !== null) throw new Refusal(error.code, error.message, { ...detailsOf(error), ...pathInBody(error.path) });
  return data;
}

/** Starts the run of a command for long work on a resource, and answers the run to follow. Refusals as `runAsResource`, of what it refuses at once. */
export async function startAsResource(
  deps: HttpDependencies,
  { caller, idempotencyKey, requestId }: Asking,
  name: string,
  args: Readonly<Record<string, unknown>>,
): Promise<RunAnswer> {
  const command = requireCommand(deps, caller, name);
  return (await startRun(deps, { command, principal: caller, args, idempotencyKey, requestId }).catch(atBody)).running;
}

function requireCommand({ registry }: HttpDependencies, { tenant }: AccountPrincipal, name: string): Command {
  const command = registry.of(tenant).find(name);
  if (command === undefined) throw new Error(`there is no command ${name}`);
  return command;
}

/** What a command calls `args.name` is the body's `name`. */
function atBody(thrown: unknown): never {
  if (!(thrown instanceof Refusal)) throw thrown;
  throw thrown.path === undefined ? thrown : thrown.movedTo(thrown.path.replace(/^args\./, ""));
}

function detailsOf({ character, retryAfterMs, current }: ReturnType<typeof errorBody>) {
  return {
    ...(character === undefined ? {} : { character }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(current === undefined ? {} : { current }),
  };
}

function pathInBody(path: string | undefined): { path?: string } {
  return path === undefined ? {} : { path: path.replace(/^args\./, "") };
}
