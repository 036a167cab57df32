import type { Sql } from "../../platform/database/database.ts";
import type { BlueprintDefinition, Flow } from "../../protocol/blueprints.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { shownShort } from "../../protocol/sentence.ts";
import type { Doing } from "../entityStore.ts";
import { type DefinitionSay, toldOf, wrong } from "../sentences/definitions/sentences.ts";
import { mostTold } from "../tellEntities.ts";
import { countByState, moveStates } from "./flowStore.ts";

/** By a state that the flow leaves out, or "" for those in none: the state in which its entities go on. */
export type Moved = Readonly<Record<string, string>>;

/** So many rows are changed while whoever saves waits. */
const mostMoved = 100_000;

/**
 * No entity is left in a state that a new flow doesn't have: they go on where `moved` says. In the transaction that saves the definition. Answers those that
 * did, as many as are told of. Refusals: `conflict` with the states and how many stand there, `invalid_value` with `moved.<state>`.
 */
export async function leaveNoState(
  tx: Sql,
  blueprint: { id: string; before: BlueprintDefinition; after: BlueprintDefinition },
  moved: Moved,
  doing: Doing,
): Promise<{ id: string }[]> {
  const { flow } = blueprint.after;
  requireStates(flow, moved);
  const state = stateOf(blueprint.after);
  if (flow === undefined || state === undefined || keepsAll(blueprint.before, blueprint.after)) return [];
  const counts = await countByState(tx, blueprint.id, state.id);
  const left = [...counts].filter(([name]) => !flow.states.includes(name));
  const unsaid = left.filter(([name]) => !Object.hasOwn(moved, name));
  if (unsaid.length > 0) throw unsaidStates(unsaid);
  const count = left.reduce((sum, [, each]) => sum + each, 0);
  if (count > mostMoved)
    throw new Refusal(
      "conflict",
      toldOf((say) => say.mostMoved(count, mostMoved)),
      {
        path: "moved",
      },
    );
  if (count === 0) return [];
  return await moveStates(tx, blueprint.id, state.id, new Map(left.map(([name]) => [name, moved[name] ?? ""])), doing, mostTold);
}

/** Whether each state that entities may be in is one of the flow that follows. */
function keepsAll(before: BlueprintDefinition, after: BlueprintDefinition): boolean {
  return stateOf(before)?.id === stateOf(after)?.id && before.flow?.states.every((one) => after.flow?.states.includes(one)) === true;
}

function stateOf({ fields, flow }: BlueprintDefinition) {
  return fields.find(({ key }) => key === flow?.field);
}

function requireStates(flow: Flow | undefined, moved: Moved): void {
  for (const [name, becomes] of Object.entries(moved))
    if (flow?.states.includes(becomes) !== true)
      throw wrong(`moved.${name.slice(0, 60)}`, (say) => say.noState(shownShort(becomes), flow?.states.join(", ") ?? "–"));
}

function unsaidStates(states: readonly [string, number][]): Refusal {
  const where: DefinitionSay = (say) => say.statesLeft(states.map(([name, count]) => say.atState(count, name)).join(", "));
  return new Refusal("conflict", toldOf(where), {
    path: "moved",
    current: { states: Object.fromEntries(states) },
  });
}
