import type { StaffCommand } from "../../commands/command.ts";
import { type EntityView, fieldWords, type Transition } from "../../protocol/blueprints.ts";
import { ownValue } from "../../protocol/ownValue.ts";
import type { StoredBlueprint } from "../blueprints/blueprintStore.ts";
import { argumentOf } from "../entityArguments.ts";
import { entityFields, titleOf } from "../entityBlocks.ts";
import { entityCommand, shown, valuesIn } from "../entityCommand.ts";
import { undoOf } from "../entityUndo.ts";
import { chosenEntity } from "../namedEntities.ts";
import { readEntity } from "../readEntities.ts";
import type { EntityOutside } from "../rewriteEntity.ts";
import { planTransition, transitEntity } from "./transitEntity.ts";

/** A command for each transition of a blueprint's flow: `deliveries.deliver`, or `deliver` where no other has that word. */
export function transitionCommands(outside: EntityOutside, blueprint: StoredBlueprint): StaffCommand[] {
  return (blueprint.definition.flow?.transitions ?? []).map((transition) => transitionCommand(outside, blueprint, transition));
}

function transitionCommand(outside: EntityOutside, blueprint: StoredBlueprint, transition: Transition): StaffCommand {
  const { key, definition } = blueprint;
  const { fields, flow } = definition;
  const asked = fields.filter((field) => transition.required?.includes(field.key) === true);
  const touched = new Set([flow?.field ?? "", ...asked.map((field) => field.key), ...Object.keys(transition.set ?? {})]);
  const askedOf = (args: Readonly<Record<string, unknown>>) => ({ transition: transition.key, written: valuesIn(asked, args) });
  const old = (before: EntityView) => Object.fromEntries([...touched].map((name) => [name, ownValue(before.values, name) ?? null]));
  const { which, chosen } = chosenEntity(outside, key);
  return entityCommand(key)(
    transition.key,
    `${transition.name}: a ${definition.name.toLowerCase()} that is ${transition.from.join(" or ")} becomes ${transition.to}.`,
    { entityId: which, ...Object.fromEntries(asked.map((field) => [field.key, argumentOf(field)])) },
    ["entityId"],
    async ({ principal, args }) => {
      const before = await readEntity(outside, principal, key, String(args["entityId"]));
      const after = await transitEntity(outside, principal, key, before.id, askedOf(args));
      const text = `${titleOf(fields, after)} is ${fieldWords(ownValue(after.values, flow?.field ?? "")) ?? ""}.`;
      return {
        ...shown(fields, after),
        messages: [{ text, blocks: [entityFields(fields, after)] }],
        ...(after.version === before.version + 1 ? { undo: { id: after.id, version: after.version, values: old(before) } } : {}),
      };
    },
    {
      permission: "entities.change",
      ...chosen,
      short: transition.key,
      plan: async ({ principal, args }) => ({
        changes: await planTransition(outside, principal, key, String(args["entityId"]), askedOf(args)),
      }),
      undo: undoOf(outside, blueprint).changed,
      ...(transition.approval === undefined ? {} : { approval: transition.approval }),
    },
  );
}
