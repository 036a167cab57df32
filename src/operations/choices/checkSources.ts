import type { AccountPrincipal } from "../../access/principal.ts";
import { mayRun } from "../../commands/execute.ts";
import type { Commands } from "../../commands/registry.ts";
import type { Audience } from "../../protocol/commands.ts";
import type { Parameter, ParameterType } from "../../protocol/operations.ts";
import { Refusal } from "../../protocol/refusal.ts";

interface Choosing {
  name: string;
  audience: Audience;
  parameters: readonly Parameter[];
}

/** What visitors can't choose, and why. */
const ofTheHouse: Partial<Record<ParameterType, string>> = {
  account: "Visitors choose no colleague: they aren't told who works here.",
  entity: "Visitors choose no entity: they aren't told what there is.",
  file: "Visitors give no file to an operation: what they send stays in their conversation.",
};

/** Whether those for whom it is may choose what parameters ask for, and choices can come from where they say. Refusals: `invalid_value` with the path of what doesn't fit. */
export function checkSources(there: Commands, by: AccountPrincipal, { name, audience, parameters }: Choosing): void {
  for (const [index, { type, choicesFrom }] of parameters.entries()) {
    const unseen = audience === "visitor" ? ofTheHouse[type] : undefined;
    if (unseen !== undefined) throw new Refusal("invalid_value", unseen, { path: `parameters.${index}.type` });
    if (choicesFrom === undefined) continue;
    const { operation, args = {}, search } = choicesFrom;
    const wrong = (field: string, message: string) =>
      new Refusal("invalid_value", message, { path: `parameters.${index}.choicesFrom.${field}` });
    const source = there.find(operation);
    if (operation === name) throw wrong("operation", "An operation can't offer its own choices.");
    if (source?.source !== "operation" || !mayRun(source, by))
      throw wrong("operation", `There is no published operation "${operation.slice(0, 60)}" that you may run.`);
    if (source.risk !== "read") throw wrong("operation", `"${operation}" changes something; choices come from what only reads.`);
    if (audience === "visitor" && source.audience !== "visitor")
      throw wrong("operation", `Visitors choose here, and may not run "${operation}".`);
    const given = [...Object.keys(args), ...(search === undefined ? [] : [search])];
    const strange = given.find((each) => !Object.hasOwn(source.args.properties, each));
    if (strange !== undefined)
      throw wrong(strange === search ? "search" : `args.${strange}`, `"${operation}" has no parameter "${strange.slice(0, 60)}".`);
    const missing = (source.args.required ?? []).find((each) => !given.includes(each));
    if (missing !== undefined) throw wrong("args", `"${operation}" needs its parameter "${missing}".`);
  }
}
