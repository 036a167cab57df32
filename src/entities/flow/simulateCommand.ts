import type { AccountPrincipal } from "../../access/principal.ts";
import type { CommandCall, StaffCommand } from "../../commands/command.ts";
import { commandsOf } from "../../commands/commandsOf.ts";
import type { BlueprintDefinition } from "../../protocol/blueprints.ts";
import type { ArgSchema } from "../../protocol/commands.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { checkBlueprint } from "../blueprint.ts";
import { blueprint, blueprintIn } from "../blueprints/blueprintAnswer.ts";
import { fieldDraftsIn, flowDraftIn, stepsIn } from "../blueprints/drafts.ts";
import { type BlueprintOutside, blueprintFor } from "../blueprints/saveBlueprints.ts";
import { fieldsOf, requireEntity } from "../findEntities.ts";
import { momentOf } from "../moment.ts";
import { fieldsOn } from "../reach.ts";
import { told } from "../sentences/sentences.ts";
import { newValues } from "../values.ts";
import { inFirstState } from "./flow.ts";
import { type Simulation, simulate } from "./simulate.ts";

const object = (description: string): ArgSchema => ({ type: "object", description });
const array = (description: string): ArgSchema => ({ type: "array", description });

/** `blueprint.simulate`: a flow is tried on an entity before it is saved. */
export function simulateCommand(outside: BlueprintOutside): StaffCommand {
  return commandsOf("blueprint", { risk: "read", permission: "blueprints.manage", audited: "never" })(
    "simulate",
    "Takes an entity through a flow, and tells what each step would change and what could follow; nothing happens.",
    {
      blueprint,
      entityId: { type: "string", description: "An entity, by its id or number; a new one where nothing is said.", maxLength: 200 },
      values: object("What a new one begins with."),
      fields: array("Other fields than those that are saved."),
      flow: object("Another flow than the one that is saved."),
      steps: array('What is done, in its order: [{"transition": "deliver", "values": {"by_whom": "me"}}].'),
      roles: array("Whose roles; your own where nothing is said."),
    },
    ["blueprint"],
    async (call) => {
      const found = await simulationOf(outside, call);
      return { messages: [{ text: inWords(found) }], data: { ...found } };
    },
  );
}

async function simulationOf(outside: BlueprintOutside, call: CommandCall<AccountPrincipal>): Promise<Simulation> {
  const { principal, args } = call;
  const stored = await blueprintFor(outside, principal, "entities.read", blueprintIn(call));
  const definition = draftIn(stored.definition, stored.nextField, args);
  const moment = await momentOf(outside, principal, true);
  const sql = outside.database.forTenant(principal.tenant);
  const steps = args["steps"] === undefined ? [] : stepsIn(args["steps"]);
  const roles = args["roles"] === undefined ? principal.roles : rolesIn(args["roles"]);
  if (args["entityId"] === undefined) {
    const written = inFirstState(definition, { ...Object(args["values"]) }, "values");
    const content = newValues(definition.fields, written, moment);
    return simulate(definition, { own: definition.fields, content, roles, id: "its id" }, steps, moment);
  }
  if (args["values"] !== undefined)
    throw new Refusal(
      "invalid_value",
      told((say) => say.entityHasValues),
      { path: "values" },
    );
  const entity = await requireEntity(sql, stored, String(args["entityId"]));
  // A draft could copy what is hidden into what isn't.
  if (fieldsOn(stored.reach, definition.fields, entity.parts).length < definition.fields.length)
    throw new Refusal(
      "forbidden",
      told((say) => say.flowOnAll),
      { path: "entityId" },
    );
  const own = entity.blueprintVersion === stored.number ? definition.fields : await fieldsOf(sql, stored, entity);
  return simulate(definition, { own, content: entity.content, roles, id: entity.id }, steps, moment);
}

/** What is saved, with what somebody writes in its place. */
function draftIn(saved: BlueprintDefinition, nextField: number, { fields, flow }: Readonly<Record<string, unknown>>): BlueprintDefinition {
  if (fields === undefined && flow === undefined) return saved;
  const draft = {
    name: saved.name,
    fields: fields === undefined ? saved.fields : fieldDraftsIn(fields),
    ...(flow === undefined ? {} : { flow: flowDraftIn(flow) }),
  };
  return checkBlueprint(draft, saved, nextField).definition;
}

function rolesIn(said: unknown): string[] {
  if (Array.isArray(said) && said.every((role): role is string => typeof role === "string")) return said;
  throw new Refusal(
    "invalid_value",
    told((say) => say.keysOfRoles),
    { path: "roles" },
  );
}

function inWords({ state, steps, next }: Simulation): string {
  const done = steps.map(
    ({ name, after, starts }) =>
      `${name}: ${
        [...Object.entries(after).map(([key, value]) => `${key} ${String(value)}`), ...starts.map((start) => `would start ${start}`)].join(
          ", ",
        ) || "changes nothing"
      }.`,
  );
  const could = next.map(({ name, to, asks, refused }) => {
    if (refused !== undefined) return `${name}: ${refused.message}`;
    return `${name} leads to ${to}${asks.length === 0 ? "" : ` and asks for ${asks.join(", ")}`}.`;
  });
  return [...done, `It is ${state ?? "in no state"}.`, ...(could.length === 0 ? ["Nothing leads on from there."] : could)].join("\n");
}
