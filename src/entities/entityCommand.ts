import type { Permission } from "../access/permissions.ts";
import type { AccountPrincipal } from "../access/principal.ts";
import { atArgument } from "../commands/atArgument.ts";
import { type CommandCall, type CommandResult, defineCommand, type StaffCommand } from "../commands/command.ts";
import type { EntityView, Field, NamedValue } from "../protocol/blueprints.ts";
import type { ArgSchema } from "../protocol/commands.ts";
import { ownValue } from "../protocol/ownValue.ts";
import { Refusal } from "../protocol/refusal.ts";
import type { StoredBlueprint } from "./blueprints/blueprintStore.ts";
import { fromArgument } from "./entityArguments.ts";
import { entityFields, titleOf } from "./entityBlocks.ts";
import type { WrittenValues } from "./values.ts";

/** No field's key has a capital letter, so the arguments of our own never are one. */
export const entityId: ArgSchema = { type: "string", description: "Which: its number, another unique value, or its id.", maxLength: 1000 };

/** A blueprint as its commands are made of it, for all who may do everything with it or for somebody: then with the fields that they write. */
export interface CommandedBlueprint extends StoredBlueprint {
  writes?: (field: Field) => boolean;
  /** Whether they may take some away: who may write all of them. */
  removes?: boolean;
}

/** Declares commands of the blueprint of this key: `deliveries.create`. */
export function entityCommand(key: string) {
  return (
    verb: string,
    summary: string,
    properties: Record<string, ArgSchema>,
    required: readonly string[],
    run: (call: CommandCall<AccountPrincipal>) => Promise<CommandResult>,
    more: Partial<StaffCommand> & { permission: Permission },
  ): StaffCommand =>
    defineCommand<StaffCommand>({
      name: `${key}.${verb}`,
      summary,
      audience: "staff",
      source: "blueprint",
      blueprint: key,
      risk: "write",
      args: { type: "object", properties, required: [...required], additionalProperties: false },
      run: (call) => run(call).catch(atArgument).catch(atField),
      ...more,
    });
}

/** What a person wrote of these fields, as the fields read it. */
export function valuesIn(fields: readonly Field[], args: Readonly<Record<string, unknown>>): WrittenValues {
  return Object.fromEntries(
    fields.flatMap((field): [string, unknown][] => {
      const value = ownValue(args, field.key);
      return value === undefined ? [] : [[field.key, fromArgument(field, value)]];
    }),
  );
}

/** What the action calls `values.qty` is the argument `qty`. */
function atField(error: unknown): never {
  if (!(error instanceof Refusal) || error.path === undefined) throw error;
  const path = error.path.replace(/^args\.(?:values\.|id$)/, (found) => (found.endsWith("id") ? "args.entityId" : "args."));
  throw path === error.path ? error : error.movedTo(path);
}

/** An entity as a command answers it. */
export function shown(fields: readonly Field[], entity: EntityView): CommandResult {
  return { messages: [{ text: titleOf(fields, entity), blocks: [entityFields(fields, entity)] }], data: { entity: asData(entity) } };
}

/** As a run keeps it: without addresses, which end. */
export function asData(entity: EntityView) {
  return {
    ...entity,
    named: Object.fromEntries(
      Object.entries(entity.named).map(([id, { url: _, previewUrl: __, ...named }]): [string, Omit<NamedValue, "url" | "previewUrl">] => [
        id,
        named,
      ]),
    ),
    values: Object.fromEntries(Object.entries(entity.values).map(([key, value]) => [key, Array.isArray(value) ? [...value] : value])),
  };
}
