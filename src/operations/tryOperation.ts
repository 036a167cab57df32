import type { AccountPrincipal } from "../access/principal.ts";
import { checkArguments } from "../commands/arguments.ts";
import type { CommandCall, CommandResult } from "../commands/command.ts";
import type { OperationKind, Parameter } from "../protocol/operations.ts";
import { Refusal } from "../protocol/refusal.ts";
import { namedInValues } from "./choices/namedInValues.ts";
import { requireColleagues } from "./choices/requireColleagues.ts";
import { kindOf } from "./operationKind.ts";
import { findOperation } from "./operationStore.ts";
import { argsOf, checkParameters, valuesOf } from "./parameters.ts";
import type { Draft, SavingOutside } from "./saveOperations.ts";

/** An operation as somebody writes it; its name is empty where it has none yet. */
type Written = Pick<Draft, "body"> & { name: string; kind: OperationKind; parameters: readonly Parameter[] };

/**
 * Runs a definition that nobody saved, with its values, through its kind: what reads answers as it would; of what changes something only the plan is
 * made. Data: `risk`, `plan` (null of what reads), `answer` (null of what changes something), `steps` of a sequence. Refusals: as saving and running it.
 */
export async function tryOperation(
  { kinds, database, things }: Pick<SavingOutside, "kinds" | "database" | "things">,
  { principal, run, work, conversation }: CommandCall<AccountPrincipal>,
  { name, kind, body: written, parameters: declared }: Written,
  values: unknown,
): Promise<CommandResult> {
  if (!principal.permissions.has("commands.run")) throw new Refusal("forbidden", "You may make operations, and run none.");
  const parameters = checkParameters(declared);
  const known = kindOf(kinds, kind);
  const { body, risk } = await known.check(written, { principal, parameters, name });
  // What is kept for one that is saved, a secret for its host, counts for its draft too.
  const saved = name === "" ? undefined : await findOperation(database.forTenant(principal.tenant), name);
  const where = {
    ...(conversation === undefined ? {} : { conversation }),
    ...(saved?.kind === kind ? { operation: saved.id } : {}),
  };
  const given = triedValues(parameters, values);
  await requireColleagues(database.forTenant(principal.tenant), parameters, given).catch(atValue);
  const named = await namedInValues(things, principal, parameters, given).catch(atValue);
  const ready = { version: unsaved, risk, principal, parameters, values: { ...given, ...named }, ...where };
  if (known.try !== undefined) {
    const { messages, data } = await known.try(body, { ...ready, run, work }).catch(atValue);
    return { messages, data: { risk, plan: null, answer: null, ...data } };
  }
  if (risk === "read") {
    const { messages, data } = await known.run(body, { ...ready, run, work }).catch(atValue);
    return { messages, data: { risk, plan: null, answer: data ?? null } };
  }
  const plan = await known.plan?.(body, ready).catch(atValue);
  const changes = plan?.changes ?? [{ text: "What it changes is only known when it runs." }];
  return { messages: changes.map(({ text }) => ({ text })), data: { risk, plan: JSON.parse(JSON.stringify(changes)), answer: null } };
}

/** No version has this number. */
const unsaved = 0;

/** As the command that it becomes would take them. */
function triedValues(parameters: readonly Parameter[], given: unknown): ReturnType<typeof valuesOf> {
  try {
    const record = typeof given === "object" && given !== null ? { ...given } : {};
    return valuesOf(parameters, checkArguments(argsOf(parameters), record));
  } catch (error) {
    return atValue(error);
  }
}

/** Here the arguments of the operation are the values of one argument. */
function atValue(error: unknown): never {
  if (!(error instanceof Refusal) || error.path?.startsWith("args.") !== true) throw error;
  throw error.movedTo(error.path.replace(/^args\./, "values."));
}
