import { AsyncLocalStorage } from "node:async_hooks";
import { v7 as newId } from "uuid";
import type { Principal } from "../../access/principal.ts";
import type { Args, ChoosingCall } from "../../commands/command.ts";
import { mayRun, unknownCommand, unwatched } from "../../commands/execute.ts";
import type { Commands } from "../../commands/registry.ts";
import { executeAudited } from "../../commands/runs/executeAudited.ts";
import type { Platform } from "../../platform/platform.ts";
import { typed } from "../../protocol/commandLine.ts";
import type { OfferedChoices } from "../../protocol/commands.ts";
import type { ChoicesFrom, Parameter, ParameterValues } from "../../protocol/operations.ts";
import { ownValue } from "../../protocol/ownValue.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { argsOf, valuesOf } from "../parameters.ts";
import { fitting, type Offered, offeredIn } from "./offered.ts";

export interface ChoiceOffers {
  /** What may be chosen for one of these parameters. Refusals as `Command.choices` says. */
  offer(asked: ChoosingCall & { parameters: readonly Parameter[] }): Promise<OfferedChoices>;
  /** Refusal `invalid_value` with the argument whose value isn't offered to this person. */
  requireOffered(checked: { principal: Principal; parameters: readonly Parameter[]; values: ParameterValues }): Promise<void>;
}

interface Outside extends Pick<Platform, "database" | "clock"> {
  /** Fresh, with those of the tenant. */
  commands: (tenant: string) => Promise<Commands>;
}

const mostShown = 50;
/** While somebody types, the source is asked once; who runs right after choosing needn't wait for it again. */
const freshMs = 5000;
const mostKept = 500;
/** Choices whose source has a choice of its own, and so on; two that need each other end here. */
const mostDeep = 3;

/** Choices are found by running their source as whoever chooses: what one may not run offers one nothing. */
export function createChoiceOffers(outside: Outside): ChoiceOffers {
  const depth = new AsyncLocalStorage<number>();
  const kept = new Map<string, { offered: Offered; until: number }>();

  const found = async (principal: Principal, from: ChoicesFrom, values: ParameterValues, typedSoFar: string): Promise<Offered> => {
    const deep = (depth.getStore() ?? 0) + 1;
    if (deep > mostDeep) throw new Refusal("conflict", `The choices of "${from.operation}" depend on each other in a circle.`);
    const command = (await outside.commands(principal.tenant)).find(from.operation);
    if (command === undefined || command.risk !== "read" || !mayRun(command, principal)) throw unknownCommand(from.operation);
    const args = argsFor(from, values, typedSoFar);
    const key = JSON.stringify([principal.tenant, whose(principal), command.name, from, args]);
    const now = outside.clock.monotonic();
    const before = kept.get(key);
    if (before !== undefined && before.until > now) return before.offered;
    const run = newId();
    const execution = { command, principal, run, args, work: { ...unwatched(run), fresh: true } } as const;
    const offered = await depth.run(deep, async () => offeredIn((await executeAudited(outside, execution)).data, from));
    for (const [old] of kept.size < mostKept ? [] : [...kept].slice(0, mostKept / 2)) kept.delete(old);
    kept.set(key, { offered, until: now + freshMs });
    return offered;
  };

  return {
    offer: async ({ principal, parameters, argument, args, query }) => {
      const from = parameters.find(({ name }) => name === argument)?.choicesFrom;
      if (from === undefined) throw new Refusal("not_found", `"${argument.slice(0, 60)}" has no choices to be asked for.`);
      const { items, truncated } = await found(principal, from, earlierValues(parameters, from, args), query);
      const fit = fitting(items, from.search === undefined || query === "" ? query : "");
      return { items: fit.slice(0, mostShown), truncated: truncated || fit.length > mostShown };
    },
    requireOffered: async ({ principal, parameters, values }) => {
      for (const { name, choicesFrom } of parameters) {
        const value = ownValue(values, name);
        if (choicesFrom === undefined || value === undefined) continue;
        const isIn = ({ items }: Offered) => items.some((item) => item.value === value);
        // What a visitor chooses from is the house's own affair: they hear no names of it.
        const isHidden = principal.kind === "visitor";
        const at = (thrown: unknown) => inArgument(name, thrown, isHidden);
        const all = await found(principal, choicesFrom, values, "").catch(at);
        if (isIn(all)) continue;
        const searched = all.truncated && choicesFrom.search !== undefined;
        if (searched && isIn(await found(principal, choicesFrom, values, String(value)).catch(at))) continue;
        const rest = Object.values(choicesFrom.args ?? {}).filter((each) => ownValue(values, each) !== undefined);
        const under = rest.length === 0 ? "" : ` with ${rest.map((each) => `${each} ${values[each]}`).join(", ")}`;
        const offered = isHidden ? "what can be chosen" : `what "${choicesFrom.operation}" offers`;
        throw new Refusal("invalid_value", `"${name}" must be one of ${offered}${under}.`, { path: `args.${name}` });
      }
    },
  };
}

/** The values that the source is asked with; those of parameters that were left out are left out. */
function argsFor({ args = {}, search }: ChoicesFrom, values: ParameterValues, typedSoFar: string): Args {
  const mapped = Object.entries(args).flatMap(([name, from]) => {
    const value = ownValue(values, from);
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(mapped), ...(search === undefined || typedSoFar === "" ? {} : { [search]: typedSoFar }) };
}

/** What is known so far of those that it depends on. Refusal `invalid_value` for one that must be chosen first. */
function earlierValues(
  parameters: readonly Parameter[],
  { args = {} }: ChoicesFrom,
  given: Readonly<Record<string, unknown>>,
): ParameterValues {
  const needed = parameters.filter(({ name }) => Object.values(args).includes(name));
  const { properties } = argsOf(needed);
  const known = needed.flatMap(({ name, required, default: usual }) => {
    const value = typed(properties[name], ownValue(given, name));
    if (value === undefined || value === null || value === "") {
      if (required && usual === undefined) throw new Refusal("invalid_value", `Choose "${name}" first.`, { path: `args.${name}` });
      return [];
    }
    if (typeof value === "object") throw new Refusal("invalid_value", `"${name}" must be one value.`, { path: `args.${name}` });
    return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? [[name, value] as const] : [];
  });
  return valuesOf(needed, Object.fromEntries(known));
}

function whose(principal: Principal): string {
  return principal.kind === "visitor" ? `visitor:${principal.contact}` : `${principal.account}:${principal.key?.id ?? ""}`;
}

/** What the source refused is told where its value is asked for. */
function inArgument(name: string, thrown: unknown, isHidden: boolean): never {
  if (!(thrown instanceof Refusal)) throw thrown;
  const unseen = thrown.code === "unknown_command";
  const why = unseen ? "You may not see its choices" : isHidden ? "Its choices can't be found now." : thrown.message;
  throw new Refusal(unseen ? "forbidden" : thrown.code, `"${name}" can't be checked: ${why}`, { path: `args.${name}`, cause: thrown });
}
