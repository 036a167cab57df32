import type { Principal } from "../access/principal.ts";
import type { ArgSchema, ArgsSchema, OfferedChoices } from "../protocol/commands.ts";
import { ownValue } from "../protocol/ownValue.ts";
import type { Args, ArgValue } from "./command.ts";

/** Entities and files, which arguments may name, found through whoever asks. Of neither commands know more than this. */
export interface NamedThings {
  /** The id of the entity that is called so. Refusal `invalid_value` at `path`, the same for what isn't there and what one may not see. */
  entity(principal: Principal, blueprint: string, called: string, path: string): Promise<string>;
  /** The file as it is handed on, with an address that ends. Refusal as that of `entity`. */
  file(principal: Principal, id: string, path: string): Promise<HandedFile>;
  /** Refusal `invalid_value` at `path` where whoever asks can't choose among the entities of this blueprint. */
  nameable(principal: Principal, blueprint: string, path: string): Promise<void>;
  /** The entities of a blueprint that fit what was typed; none where one may not see them. */
  offer(principal: Principal, blueprint: string, query: string): Promise<OfferedChoices>;
}

export interface HandedFile extends Readonly<Record<string, unknown>> {
  readonly id: string;
  readonly name: string;
  /** The media type, as the content says. */
  readonly type: string;
  /** In bytes. */
  readonly size: number;
  readonly url: string;
}

/** Whether an argument of it names an entity or a file. */
export function namesThings({ properties }: ArgsSchema): boolean {
  return Object.values(properties).some(isNamed);
}

/** The checked arguments with an entity's id in place of what it is called, and a file in place of its id. Refusals as those of `NamedThings`. */
export async function withThings(things: NamedThings, principal: Principal, { properties }: ArgsSchema, args: Args): Promise<Args> {
  const found: Record<string, ArgValue> = {};
  for (const [name, schema] of Object.entries(properties)) {
    const value = ownValue(args, name);
    if (typeof value !== "string" || !isNamed(schema)) continue;
    const path = `args.${name}`;
    found[name] =
      schema.format === "file"
        ? await things.file(principal, value, path)
        : await things.entity(principal, schema.blueprint ?? "", value, path);
  }
  return { ...args, ...found };
}

function isNamed({ format, blueprint }: ArgSchema): boolean {
  return format === "file" || (format === "entity" && blueprint !== undefined);
}
