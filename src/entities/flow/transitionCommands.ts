import type { StaffCommand } from "../../commands/command.ts";
import { fieldWords, type Transition } from "../../protocol/blueprints.ts";
import { ownValue } from "../../protocol/ownValue.ts";
import { argumentOf } from "../entityArguments.ts";
import { entityFields, titleOf } from "../entityBlocks.ts";
import { type CommandedBlueprint, entityCommand, shown, valuesIn } from "../entityCommand.ts";
import { undoOf } from "../entityUndo.ts";
import { chosenEntity } from "../namedEntities.ts";
import { readEntity } from "../readEntities.ts";
import type { EntityOutside } from "../rewriteEntity.ts";
import { planTransition, transitEntity } from "./transitEntity.ts";

/** A command for each transition of a blueprint's flow: `deliveries.deliver`, or `deliver` where no other has that word. */
export function transitionCommands(outside: EntityOutside, blueprint: CommandedBlueprint): StaffCommand[] {
  return (blueprint.definition.flow?.transitions ?? []).map((transition) => transitionCommand(outside, blueprint, transition));
}

function transitionCommand(outside: EntityOutside, blueprint: CommandedBlueprint, transition: Transition): StaffCommand {
  const { key, definition, writes: mayWrite = () => true } = blueprint;
  const { fields, flow } = definition;
  const asked = fields.filter((field) => transition.required?.includes(field.key) === true && mayWrite(field));
  const askedOf = (args: Readonly<Record<string, unknown>>) => ({ transition: transition.key, written: valuesIn(asked, args) });
  const { which, chosen } = chosenEntity(outside, key, asked);
  return entityCommand(key)(
    transition.key,
    `${transition.name}: a ${definition.name.toLowerCase()} that is ${transition.from.join(" or ")} becomes ${transition.to}.`,
    { entityId: which, ...Object.fromEntries(asked.map((field) => [field.key, argumentOf(field)])) },
    ["entityId"],
    async ({ principal, args, run }) => {
      const before = await readEntity(outside, principal, key, String(args["entityId"]));
      const after = await transitEntity(outside, principal, key, before.id, { ...askedOf(args), run });
      const is = `${titleOf(fields, after)} is ${fieldWords(ownValue(after.values, flow?.field ?? "")) ?? ""}.`;
      const started = (transition.start ?? []).map(({ command }) => `"${command}"`);
      const text = started.length === 0 ? is : `${is} It starts ${started.join(" and ")}.`;
      return {
        ...shown(fields, after),
        messages: [{ text, blocks: [entityFields(fields, after)] }],
        ...(after.version === before.version + 1 ? { undo: { id: after.id, version: after.version } } : {}),
      };
    },
    {
      permission: "entities.change",
      ...chosen,
      short: transition.key,
      plan: async ({ principal, args }) => ({
        changes: await planTransition(outside, principal, key, String(args["entityId"]), askedOf(args)),
      }),
      undo: undoOf(outside, blueprint).changed("flow"),
      ...(transition.approval === undefined ? {} : { approval: transition.approval }),
    },
  );
}
