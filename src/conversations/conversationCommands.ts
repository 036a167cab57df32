import type { AccountPrincipal } from "../access/principal.ts";
import { readingReach } from "../access/roles/reachStore.ts";
import { type CommandResult, defineCommand, type StaffCommand } from "../commands/command.ts";
import { conversationArgument as conversation, conversationOf } from "../commands/conversationArgument.ts";
import type { Json } from "../platform/bus/bus.ts";
import type { Block } from "../protocol/blocks.ts";
import type { ArgSchema } from "../protocol/commands.ts";
import { Refusal } from "../protocol/refusal.ts";
import * as rule from "./control/changeControl.ts";
import { type Controlling, type ControlRule, changeControl } from "./control/changeControl.ts";
import { controlHistory } from "./control/controlStore.ts";
import type { AgentRef, Control, ConversationRef } from "./conversation.ts";
import { findControl } from "./conversationStore.ts";
import { listRatings } from "./marks/ratingStore.ts";
import { explainMerges } from "./merge/explainMerges.ts";
import { addSystemNote } from "./notes/notes.ts";

export interface ConversationCommandDependencies extends Controlling {
  /** The colleague with this mail address who may answer conversations, or none. */
  findAgent: (tenant: string, email: string) => Promise<AgentRef | undefined>;
  /** The active team of this key or name. */
  findTeam: (tenant: string, wanted: string) => Promise<{ key: string; name: string } | undefined>;
  /** Refuses an offer to oneself, or to a colleague who isn't there. */
  mayOffer: (tenant: string, offer: { sender: string; to: AgentRef }) => Promise<void>;
  /** Offers a conversation, as it was seen, to one colleague; answers until when. */
  offerTo: (tenant: string, offer: { conversation: string; generation: number; sender: string; to: AgentRef }) => Promise<string>;
  /** Whom routing considered for a conversation, as sentences and as data. */
  explain: (tenant: string, conversation: string) => Promise<{ lines: string[] } & Record<string, Json | null>>;
}

export { conversation };

const permissions: Record<string, StaffCommand["permission"]> = {
  "conversation.why": "conversations.read",
  "conversation.rating": "conversations.read",
  "conversation.take-over": "conversations.supervise",
};

const reading = new Set(["conversation.why", "conversation.rating"]);

/** What an agent does with a conversation, besides writing in it. */
export function conversationCommands(deps: ConversationCommandDependencies): StaffCommand[] {
  const define = (name: string, summary: string, extra: Record<string, ArgSchema>, run: StaffCommand["run"], required: string[] = []) =>
    defineCommand<StaffCommand>({
      name,
      summary,
      risk: reading.has(name) ? "read" : "write",
      audience: "staff",
      source: "built-in",
      permission: permissions[name] ?? "conversations.answer",
      args: {
        type: "object",
        properties: { conversation, ...extra },
        required: ["conversation", ...required],
        additionalProperties: false,
      },
      run,
    });
  const change = async (call: Parameters<StaffCommand["run"]>[0], make: ControlRule): Promise<Control> =>
    await changeControl(deps, refOf(call), make);

  return [
    define("conversation.take", "Takes a conversation, so that you answer it.", {}, async (call) =>
      told(await change(call, rule.take(rule.agentRef(call.principal))), "You answer this conversation now."),
    ),
    define("conversation.accept", "Takes a conversation that is offered to you.", {}, async (call) =>
      told(await change(call, rule.accept(rule.agentRef(call.principal))), "You answer this conversation now."),
    ),
    define("conversation.take-over", "Takes a conversation from the colleague who answers it.", {}, async (call) =>
      told(await change(call, rule.takeOver(rule.agentRef(call.principal))), "You answer this conversation now."),
    ),
    define(
      "conversation.hand-back",
      "Hands a conversation back to the assistant.",
      { summary: { type: "string", description: "What was found out, as a note.", maxLength: 2000 } },
      async (call) => {
        const control = await change(call, rule.handBack(rule.agentRef(call.principal)));
        const { name } = call.principal;
        await noteFor(deps, call, "summary", `Handed back by ${name}: `, (text) => [{ type: "summary", by: name, text }]);
        return told(control, "The assistant answers again.");
      },
    ),
    define(
      "conversation.transfer",
      "Offers a conversation to a colleague, or hands it to a team, the queue or the assistant.",
      {
        to: { type: "string", description: 'A colleague\'s mail address, a team, "queue" or "bot".', maxLength: 254 },
        note: { type: "string", description: "What they should know; the customer never sees it.", maxLength: 2000 },
      },
      async (call) => await transfer(deps, call, String(call.args["to"]).trim()),
      ["to"],
    ),
    define("conversation.close", "Closes a conversation.", {}, async (call) =>
      told(await change(call, rule.close(rule.agentRef(call.principal))), "The conversation is closed."),
    ),
    define("conversation.reopen", "Opens a closed conversation again; you answer it.", {}, async (call) =>
      told(await change(call, rule.reopen(rule.agentRef(call.principal))), "The conversation is open; you answer it."),
    ),
    define("conversation.rating", "Tells what the visitor said of a conversation each time that it ended.", {}, async (call) => {
      const ref = refOf(call);
      const ratings = await listRatings(deps.database.forTenant(ref.tenant), ref.id);
      if (ratings === undefined) throw new Refusal("not_found", "There is no such conversation.");
      const lines = ratings.map(({ at, score, comment }) => `${at} ${score} of 5${comment === "" ? "" : `: ${comment}`}`);
      const data = { ratings: ratings.map(({ score, comment, at }) => ({ score, comment, at })) };
      return { messages: [{ text: lines.length === 0 ? "The visitor has not rated this conversation." : lines.join("\n") }], data };
    }),
    define("conversation.why", "Tells who controlled a conversation, to whom it was offered and why, and why not.", {}, async (call) => {
      const ref = refOf(call);
      const changes = await controlHistory(deps.database.forTenant(ref.tenant), ref.id);
      if (changes === undefined) throw new Refusal("not_found", "There is no such conversation.");
      const [{ lines: offers, ...routing }, merges] = await Promise.all([
        deps.explain(ref.tenant, ref.id),
        explainMerges(deps, ref, readingReach(call.principal)),
      ]);
      const lines = changes.map(
        (entry) => `${entry.at} ${entry.from} → ${entry.to}: ${merges.said(entry.reason)}${entry.by === null ? "" : ` (${entry.by})`}`,
      );
      return {
        messages: [
          {
            text:
              lines.length + merges.lines.length === 0
                ? "The assistant has had it from the beginning."
                : [...lines, ...merges.lines, ...offers].join("\n"),
          },
        ],
        data: { changes, merges: merges.merges, ...routing },
      };
    }),
  ];
}

/** To a colleague it is an offer, which they may decline; to anything else it is done at once. */
async function transfer(
  deps: ConversationCommandDependencies,
  call: Parameters<StaffCommand["run"]>[0],
  to: string,
): Promise<CommandResult> {
  if (to.includes("@")) return await transferToColleague(deps, call, to);
  const control = await changeControl(deps, refOf(call), await transferRule(deps, call.principal, to));
  await noteFor(deps, call, "note", `Transferred by ${call.principal.name}: `);
  return told(control, "The conversation was transferred.");
}

async function transferRule(deps: ConversationCommandDependencies, principal: AccountPrincipal, to: string): Promise<ControlRule> {
  const me = rule.agentRef(principal);
  if (to === "bot") return rule.handBack(me);
  if (to === "queue") return rule.toQueue(me);
  const team = await deps.findTeam(principal.tenant, to);
  if (team === undefined)
    throw new Refusal("invalid_value", `There is no active team "${to}"; give a mail address, a team, "queue" or "bot".`, {
      path: "args.to",
    });
  return rule.toQueue(me, team);
}

async function transferToColleague(
  deps: ConversationCommandDependencies,
  call: Parameters<StaffCommand["run"]>[0],
  email: string,
): Promise<CommandResult> {
  const ref = refOf(call);
  const me = rule.agentRef(call.principal);
  const colleague = await deps.findAgent(ref.tenant, email.toLowerCase());
  if (colleague === undefined)
    throw new Refusal("invalid_value", `There is no active colleague "${email}"; give a mail address, a team, "queue" or "bot".`, {
      path: "args.to",
    });
  const standing = await findControl(deps.database.forTenant(ref.tenant), ref.id);
  if (standing === undefined) throw new Refusal("not_found", "There is no such conversation.");
  rule.mayGiveAway(me, standing);
  const offer = { conversation: ref.id, sender: me.id, to: colleague };
  await deps.mayOffer(ref.tenant, offer);
  // What the assistant answers has no place in a queue yet, where it could wait for the colleague.
  const seen = standing.controller === "bot" ? await changeControl(deps, ref, rule.toQueue(me)) : standing;
  const until = await deps.offerTo(ref.tenant, { ...offer, generation: seen.generation });
  // With the note as data: whoever is offered it reads it beside the offer.
  await noteFor(deps, call, "note", `Offered to ${colleague.name} by ${me.name}: `, (text) => [
    { type: "offer", to: colleague.id, until, by: me.name, text },
  ]);
  return told(seen, `The conversation is offered to ${colleague.name}. Until they take it, nothing changes.`);
}

/** The note that goes with a change, kept under the run's id: repeated, it is there once. */
async function noteFor(
  deps: Controlling,
  call: Parameters<StaffCommand["run"]>[0],
  argument: string,
  before: string,
  blocks?: (text: string) => Block[],
): Promise<void> {
  const text = call.args[argument];
  if (typeof text === "string") await addSystemNote(deps, refOf(call), `r:${call.run}`, `${before}${text}`, blocks?.(text));
}

/** Which conversation a command names. Refusal `not_found`. */
export function refOf(call: Parameters<StaffCommand["run"]>[0]): ConversationRef {
  return { tenant: call.principal.tenant, id: conversationOf(call.args) };
}

function told(control: Control, text: string): CommandResult {
  return {
    messages: [{ text }],
    data: { controller: control.controller, generation: control.generation, agent: control.agent, open: control.open },
  };
}
