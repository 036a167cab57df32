import { defineCommand, type StaffCommand } from "../commands/command.ts";
import type { Registry } from "../commands/registry.ts";
import { executeAudited } from "../commands/runs/executeAudited.ts";
import { within } from "../commands/runs/keptStep.ts";
import { refOf } from "../conversations/conversationCommands.ts";
import { findHead } from "../conversations/conversationStore.ts";
import { type MacroAction, macroSteps } from "../protocol/aids.ts";
import type { ConversationHead } from "../protocol/desk.ts";
import { Refusal } from "../protocol/refusal.ts";
import { fillSlots, slotValues } from "../protocol/slots.ts";
import { type AidDefinition, type Aiding, aidCommands, findMine } from "./aidCommands.ts";
import { checkActions } from "./bodies.ts";

const macro: Pick<AidDefinition<"macro">, "kind" | "group" | "noun" | "plural"> = {
  kind: "macro",
  group: "macro",
  noun: "macro",
  plural: "macros",
};

type Call = Parameters<StaffCommand["run"]>[0];

/** Several things done to a conversation by one name. Each step is a command of its own, with its own checks. */
export function macroCommands(deps: Aiding & { registry: () => Pick<Registry, "find"> }): StaffCommand[] {
  return [
    ...aidCommands<"macro">(deps, {
      ...macro,
      args: {
        actions: {
          type: "array",
          description: `What it does, in order: [{"do": "tag", "value": "refund"}, {"do": "close"}]; "do" is one of ${Object.keys(macroSteps).join(", ")}.`,
        },
      },
      required: ["actions"],
      bodyOf: async ({ args }, before) => {
        const actions = args["actions"] === undefined ? (before?.actions ?? []) : checkActions(args["actions"]);
        for (const [index, action] of actions.entries()) known(deps.registry(), action, `args.actions.${index}.do`);
        return { actions };
      },
    }),
    defineCommand({
      name: "macro.run",
      summary: "Does the steps of a macro to a conversation, and stops at the first that is refused.",
      risk: "write",
      audience: "staff",
      source: "built-in",
      permission: "conversations.answer",
      args: {
        type: "object",
        properties: {
          conversation: { type: "string", description: "The conversation's id.", format: "uuid" },
          macro: { type: "string", description: "The macro: its name or its id.", maxLength: 200 },
        },
        required: ["conversation", "macro"],
        additionalProperties: false,
      },
      run: async (call) => {
        const { tenant, id } = refOf(call);
        const found = await findMine(deps, call.principal, macro, String(call.args["macro"]));
        const head = await findHead(deps.database.forTenant(tenant), id);
        if (head === undefined) throw new Refusal("not_found", "There is no such conversation.");
        const done: string[] = [];
        for (const [index, action] of found.actions.entries()) {
          try {
            done.push(await runStep(deps, call, head, action, index));
          } catch (error) {
            throw stoppedAt(found.actions, index, done, error);
          }
        }
        return { messages: done.map((text) => ({ text })), data: { macro: found.id, done } };
      },
    }),
  ];
}

/** The run's id with the step's number: a repeated run finds what the step did. */
async function runStep(
  deps: Aiding & { registry: () => Pick<Registry, "find"> },
  { run, work, principal }: Call,
  head: ConversationHead,
  action: MacroAction,
  index: number,
): Promise<string> {
  const { argument } = macroSteps[action.do];
  const value = action.do === "note" ? fillSlots(action.value ?? "", slotValues(head, principal)).text : action.value;
  const { messages } = await executeAudited(deps, {
    command: known(deps.registry(), action, "args.macro"),
    principal,
    run: `${run}.${index}`,
    work: within(work, { step: `${index + 1}`, reads: false }),
    args: { conversation: head.id, ...(argument === null ? {} : { [argument]: value }) },
  });
  return messages.map(({ text }) => text).join(" ");
}

function known(registry: Pick<Registry, "find">, action: MacroAction, path: string) {
  const { command: name, label } = macroSteps[action.do];
  const command = registry.find(name);
  if (command === undefined) throw new Refusal("invalid_value", `"${label}" is not possible in this installation.`, { path });
  return command;
}

/** The refusal of the step, with what was done before it: that stays done. */
function stoppedAt(actions: readonly MacroAction[], index: number, done: readonly string[], error: unknown): unknown {
  const action = actions[index];
  if (!(error instanceof Refusal) || action === undefined) return error;
  const before = done.length === 0 ? "Nothing was done" : `Done: ${done.join(" ")} Then it stopped`;
  const step = `step ${index + 1} of ${actions.length} (${macroSteps[action.do].label.toLowerCase()}) was refused`;
  return new Refusal(error.code, `${before}: ${step}: ${error.message}`, { path: `actions.${index}`, cause: error });
}
