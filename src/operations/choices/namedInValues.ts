import type { Principal } from "../../access/principal.ts";
import type { HandedFile, NamedThings } from "../../commands/namedThings.ts";
import type { Parameter, ParameterValues } from "../../protocol/operations.ts";
import { ownValue } from "../../protocol/ownValue.ts";

/** The ids of entities and the files that the values name, by their parameters. Refusal `invalid_value` with the argument. */
export async function namedInValues(
  things: Pick<NamedThings, "entity" | "file">,
  principal: Principal,
  parameters: readonly Parameter[],
  values: ParameterValues,
): Promise<Record<string, string | string[] | HandedFile>> {
  const found: Record<string, string | string[] | HandedFile> = {};
  for (const { name, type, blueprint = "" } of parameters) {
    const value = ownValue(values, name);
    if (value === undefined || (type !== "entity" && type !== "file")) continue;
    const path = `args.${name}`;
    if (type === "file") found[name] = await things.file(principal, String(value), path);
    else if (!Array.isArray(value)) found[name] = await things.entity(principal, blueprint, String(value), path);
    else {
      const each: string[] = [];
      for (const [index, one] of value.entries()) each.push(await things.entity(principal, blueprint, String(one), `${path}.${index}`));
      found[name] = each;
    }
  }
  return found;
}
