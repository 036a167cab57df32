import type { ChoosingCall, Command, CommandCall, CommandResult, Work } from "../commands/command.ts";
import { unknownCommand } from "../commands/execute.ts";
import { keepTenantCommands } from "../commands/madeCommands.ts";
import type { NamedThings } from "../commands/namedThings.ts";
import type { TenantCommands } from "../commands/registry.ts";
import { askTogether } from "../platform/database/askTogether.ts";
import type { Platform } from "../platform/platform.ts";
import type { OfferedChoices } from "../protocol/commands.ts";
import type { Parameter } from "../protocol/operations.ts";
import { ownValue } from "../protocol/ownValue.ts";
import { Refusal } from "../protocol/refusal.ts";
import { namedInValues } from "./choices/namedInValues.ts";
import type { ChoiceOffers } from "./choices/offerChoices.ts";
import { requireColleagues } from "./choices/requireColleagues.ts";
import { type KindOfOperation, kindOf, type OperationCall, type OperationKinds } from "./operationKind.ts";
import { findPublished, listPublished, type StoredVersion } from "./operationStore.ts";
import { argsOf, valuesOf } from "./parameters.ts";

/** Told to every process when a tenant's operations changed. */
export function operationsSubject(tenant: string): string {
  return `tenant.${tenant}.operations`;
}

type Outside = Pick<Platform, "database" | "bus" | "clock">;

/** The published operations of each tenant as commands. What they do is read again when they run: a version that was taken back never does. */
export function createPublishedOperations(
  { database, bus, clock }: Outside,
  kinds: OperationKinds,
  offers: ChoiceOffers,
  things: NamedThings,
): TenantCommands & { stop(): void } {
  const running: Running = {
    database,
    offers,
    things,
    find: askTogether((tenant: string, id: string) => findPublished(database.forTenant(tenant), id)),
  };
  return keepTenantCommands({ bus, clock }, operationsSubject("*"), async (tenant) =>
    (await listPublished(database.forTenant(tenant))).map((operation) => commandOf(running, kinds, operation)),
  );
}

interface Running extends Pick<Outside, "database"> {
  offers: ChoiceOffers;
  things: NamedThings;
  /** The published version of this moment, as `findPublished`. */
  find(tenant: string, id: string): ReturnType<typeof findPublished>;
}

function commandOf(outside: Running, kinds: OperationKinds, operation: StoredVersion): Command {
  const { id, name, kind, sharedWith, definition } = operation;
  const { summary, risk, audience, parameters } = definition;
  const choices = async ({ principal, argument, args, query }: ChoosingCall): Promise<OfferedChoices> => {
    const published = await outside.find(principal.tenant, id);
    if (published === undefined) throw unknownCommand(name);
    const { parameters } = published.definition;
    const { type, blueprint = "" } = parameters.find(({ name }) => name === argument) ?? {};
    if (type === "entity") return await outside.things.offer(principal, blueprint, query);
    return await outside.offers.offer({ principal, parameters, argument, args, query });
  };
  const base = {
    name,
    summary,
    risk,
    args: argsOf(parameters),
    source: "operation",
    sharedWith,
    ...inRows(outside, kinds, operation),
    ...(parameters.some(({ type, choicesFrom }) => choicesFrom !== undefined || type === "entity") ? { choices } : {}),
  } as const;
  const run = (call: CommandCall): Promise<CommandResult> =>
    withPublished(
      outside,
      kinds,
      operation,
      call,
      (kind, body, ready) => kind.run(body, { ...ready, run: call.run, work: call.work }),
      call.work,
    );
  if (audience === "visitor") return { ...base, audience, run };
  if (risk === "read") return { ...base, audience, permission: "commands.run", run };
  const { approval, resumable } = kinds[kind] ?? {};
  return {
    ...base,
    audience,
    permission: "commands.run",
    ...(resumable === undefined ? {} : { resumable }),
    run,
    // Which version was planned is a part of the plan: what was agreed to is not another one's.
    plan: (call) =>
      withPublished(outside, kinds, operation, call, async (of, body, ready, version) => {
        const plan = await of.plan?.(body, ready);
        return { changes: plan?.changes ?? [], facts: { ...plan?.facts, ...entitiesOf(ready), version } };
      }),
    ...(approval === undefined
      ? {}
      : { approval: (call) => withPublished(outside, kinds, operation, call, async (_of, body) => approval(body)) }),
  };
}

/** What only reads can be read whole, as the version says whose answer was looked at. */
function inRows(outside: Running, kinds: OperationKinds, operation: StoredVersion): Pick<Command, "rows"> {
  const { name, kind, definition } = operation;
  if (definition.risk !== "read" || kinds[kind]?.rows === undefined) return {};
  return {
    rows: (call, version) =>
      withPublished(outside, kinds, operation, call, async (of, body, ready, number) => {
        if (version !== undefined && version !== number)
          throw new Refusal("stale", `"${name}" has another version since then; run it again.`, { current: { version: number } });
        if (of.rows === undefined) throw unknownCommand(name);
        return { ...(await of.rows(body, { ...ready, run: call.run, work: call.work })), version: number };
      }),
  };
}

/**
 * What is published in this moment, with the values checked against its parameters. Refusal `stale` where it may do something else than what it was
 * asked as: that it only reads, or for whom it is, was decided by what was known of it.
 */
async function withPublished<Result>(
  { database, find, offers, things }: Running,
  kinds: OperationKinds,
  { id, name, definition: seen }: Pick<StoredVersion, "id" | "name" | "definition">,
  { principal, args, conversation }: Omit<CommandCall, "run" | "work">,
  act: (kind: KindOfOperation, body: unknown, call: Omit<OperationCall, "run" | "work">, version: number) => Promise<Result>,
  /** Of a run: what was offered when it began isn't asked once more by whoever goes on with it. */
  work?: Work,
): Promise<Result> {
  const published = await find(principal.tenant, id);
  if (published === undefined) throw unknownCommand(name);
  const { kind, definition, number, source } = published;
  if (definition.risk !== seen.risk || definition.audience !== seen.audience)
    throw new Refusal("stale", `"${name}" was changed in this moment; look at it, and run it again.`, { current: { version: number } });
  const { parameters, risk } = definition;
  const where = { ...(conversation === undefined ? {} : { conversation }), ...(source === null ? {} : { source }) };
  const ready = { operation: id, risk, principal, parameters, values: valuesOf(parameters, args), version: number, ...where };
  if (!parameters.some(isLookedUp)) return await act(kindOf(kinds, kind), definition[kind], ready, number);
  const lookUp = async () => {
    await requireColleagues(database.forTenant(principal.tenant), parameters, ready.values);
    await offers.requireOffered(ready);
    return { ...(await namedInValues(things, principal, parameters, ready.values)) };
  };
  const named = await (work === undefined ? lookUp() : work.step({ step: "choices", check: "", reads: true, repeatable: true }, lookUp));
  return await act(kindOf(kinds, kind), definition[kind], { ...ready, values: { ...ready.values, ...named } }, number);
}

function isLookedUp({ type, choicesFrom }: Parameter): boolean {
  return choicesFrom !== undefined || type === "account" || type === "entity" || type === "file";
}

/** Another one may be called so by the time that the plan is agreed to. */
function entitiesOf({ parameters, values }: Pick<OperationCall, "parameters" | "values">): Record<string, string> {
  const named = parameters.filter(({ type }) => type === "entity").map(({ name }) => [`entity ${name}`, ownValue(values, name)] as const);
  return Object.fromEntries(named.flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])));
}
