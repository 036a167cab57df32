import type { StaffCommand } from "../../commands/command.ts";
import { commandsOf } from "../../commands/commandsOf.ts";
import type { BlueprintDefinition, Effect, Field, Transition } from "../../protocol/blueprints.ts";
import type { ArgSchema } from "../../protocol/commands.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { shownShort } from "../../protocol/sentence.ts";
import { type BlueprintCall, blueprint, blueprintIn, told } from "../blueprints/blueprintAnswer.ts";
import { readable, startsIn } from "../blueprints/drafts.ts";
import { literalIn } from "../blueprints/fieldCommands.ts";
import { type BlueprintOutside, changeBlueprint, requireBlueprint } from "../blueprints/saveBlueprints.ts";
import { toldOf, wrong } from "../sentences/definitions/sentences.ts";
import { told as toldOfEntity } from "../sentences/sentences.ts";
import { filterIn, whereArgument } from "../where.ts";
import type { FlowDraft } from "./checkFlow.ts";

const key: ArgSchema = { type: "string", description: "The transition's key, which is its command: deliver.", maxLength: 100 };
const list = (description: string): ArgSchema => ({ type: "string", description, maxLength: 2000 });

/** `blueprint.add-transition` and its like: a flow made in lines. */
export function flowCommands(outside: BlueprintOutside): StaffCommand[] {
  const define = commandsOf("blueprint", { risk: "write", permission: "blueprints.manage", audited: "itself" });
  const change = async (call: BlueprintCall, flow: (before: BlueprintDefinition) => FlowDraft | null, text: string) => {
    const before = await requireBlueprint(outside, call.principal.tenant, blueprintIn(call));
    const changed = await changeBlueprint(outside, call.principal, before.key, { flow: flow(before.definition), seen: before.latest });
    return told(changed, `${text}, as of version ${changed.number} of "${changed.key}".`);
  };

  return [
    define(
      "add-transition",
      "Adds a step in the life of an entity: from which states to which, and what it sets.",
      {
        blueprint,
        key,
        from: list("The states that it may begin in, with commas."),
        to: { type: "string", description: "The state that it leads to.", maxLength: 200 },
        name: { type: "string", description: "How people read it; as its key says where nothing is said.", maxLength: 100 },
        set: list("What it writes: started_at=now, qty+=1, note=, with commas."),
        required: list("The fields that must have a value, with commas."),
        roles: list("Who may do it, by their roles, with commas."),
        where: { ...whereArgument, description: "Only where this holds, with commas: qty>=1, note=." },
        start: {
          type: "array",
          description: 'What it starts: [{"command": "tell-customer", "args": {"to": {"field": "email"}, "text": "It is there."}}].',
        },
        field: { type: "string", description: "The choice that is the state, where there are several.", maxLength: 100 },
      },
      ["blueprint", "key", "from", "to"],
      (call) =>
        change(
          call,
          (before) => {
            const flow = flowOf(before, call.args["field"]);
            const added = transitionIn(call, before.fields);
            if (flow.transitions.some((one) => one.key === added.key))
              throw new Refusal(
                "conflict",
                toldOf((say) => say.transitionAlready(added.key)),
                { path: "key" },
              );
            return { field: flow.field, transitions: [...flow.transitions, added] };
          },
          `"${String(call.args["key"])}" is a step`,
        ),
    ),
    define("drop-transition", "Takes a step out of the life of entities.", { blueprint, key }, ["blueprint", "key"], (call) =>
      change(
        call,
        ({ flow }) => {
          const left = flow?.transitions.filter((one) => one.key !== call.args["key"]) ?? [];
          if (flow === undefined || left.length === flow.transitions.length)
            throw new Refusal(
              "not_found",
              toldOfEntity((say) => say.noTransition(shownShort(call.args["key"]))),
              { path: "key" },
            );
          return { ...flow, transitions: left };
        },
        `"${String(call.args["key"])}" is no step any more`,
      ),
    ),
  ];
}

/** The flow that there is, or one of the choice that is named, or of the only one. */
function flowOf({ fields, flow }: BlueprintDefinition, named: unknown): FlowDraft {
  if (flow !== undefined && (named === undefined || named === flow.field)) return flow;
  const choices = fields.filter(({ type, key: called }) => type === "choice" && (named === undefined || called === named));
  const [only] = choices;
  if (only !== undefined && choices.length === 1 && flow === undefined) return { field: only.key, transitions: [] };
  throw wrong("field", (say) =>
    flow === undefined ? say.noStateField(choices.map((field) => field.key).join(", ")) : say.stateAlready(flow.field),
  );
}

function transitionIn({ args }: BlueprintCall, fields: readonly Field[]): Transition {
  const called = String(args["key"]);
  const set = wordsIn(args["set"]).map((said) => effectIn(said, fields));
  return {
    key: called,
    name: args["name"] === undefined ? readable(called) : String(args["name"]),
    from: wordsIn(args["from"]),
    to: String(args["to"]),
    ...(set.length === 0 ? {} : { set: Object.fromEntries(set) }),
    ...(args["required"] === undefined ? {} : { required: wordsIn(args["required"]) }),
    ...(args["roles"] === undefined ? {} : { roles: wordsIn(args["roles"]) }),
    ...(args["where"] === undefined ? {} : { guard: JSON.parse(filterIn(fields, { where: args["where"] }) ?? "{}") }),
    ...(args["start"] === undefined ? {} : { start: startsIn(args["start"]) }),
  };
}

/** `started_at=now`, `qty+=1`, `qty-=1`, `status=late`, `note=`. */
function effectIn(said: string, fields: readonly Field[]): [string, Effect] {
  const [, field, sign, written] = /^([^=+-]+?)\s*([+-]?)=\s*(.*)$/u.exec(said) ?? [];
  if (field === undefined || written === undefined) throw wrong("set", (say) => say.effectLike(shownShort(said)));
  if (sign === "+" || sign === "-") return [field, { add: `${sign === "-" ? "-" : ""}${written}` }];
  if (written === "now") return [field, { now: true }];
  const type = fields.find((one) => one.key === field)?.type ?? "text";
  return [field, written === "" ? null : literalIn(type, written)];
}

function wordsIn(said: unknown): string[] {
  return String(said ?? "")
    .split(",")
    .map((one) => one.trim())
    .filter((one) => one !== "");
}
