import { requireConversation } from "../../access/roles/reachStore.ts";
import type { CommandResult, StaffCommand } from "../../commands/command.ts";
import type { Platform } from "../../platform/platform.ts";
import { reactionEmoji } from "../../protocol/blocks.ts";
import type { ArgSchema } from "../../protocol/commands.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { answeringCommand } from "../answeringCommand.ts";
import { refOf } from "../conversationCommands.ts";
import { cleanText } from "../ledger/receiveMessage.ts";
import { changeMessage } from "./changeMessage.ts";
import { type ChangedMessage, listEarlier } from "./changeStore.ts";

type Call = Parameters<StaffCommand["run"]>[0];

const seq: ArgSchema = { type: "integer", description: "The message's number in the conversation.", minimum: 1 };

/** What an agent does with what was said. */
export function changeCommands(deps: Pick<Platform, "database" | "bus">): StaffCommand[] {
  const define = (
    name: string,
    summary: string,
    extra: Record<string, ArgSchema>,
    run: StaffCommand["run"],
    more: Partial<Pick<StaffCommand, "risk" | "permission" | "audited">> = {},
  ) => ({
    ...answeringCommand(name, summary, { seq, ...extra }, run, ["seq", ...Object.keys(extra).filter((one) => one !== "on")]),
    ...more,
  });

  return [
    define(
      "conversation.edit-message",
      "Changes what you said in a conversation.",
      { text: { type: "string", description: "What it says from now on.", maxLength: 4000 } },
      async (call) => {
        // What it said stands beside it, and the audit has no texts of people.
        const text = cleanText(String(call.args["text"]));
        const may = (message: ChangedMessage) => ownOnly(call, message, "change");
        return toldOf(await change(deps, call, { kind: "edited", text }, may), "The message is changed.");
      },
      { audited: "never" },
    ),
    define(
      "conversation.delete-message",
      "Deletes what you said in a conversation; who supervises deletes what anybody said.",
      {},
      async (call) => {
        const { id, tenant } = refOf(call);
        const supervises = await requireConversation(deps.database.forTenant(tenant), call.principal, "conversations.supervise", id).then(
          () => true,
          (error: unknown) => {
            if (error instanceof Refusal) return false;
            throw error;
          },
        );
        const may = (message: ChangedMessage) => (supervises ? undefined : ownOnly(call, message, "delete"));
        return toldOf(await change(deps, call, { kind: "deleted" }, may), "The message is deleted.");
      },
      { risk: "destructive" },
    ),
    define(
      "conversation.react",
      "Reacts to what was said in a conversation, or takes that back.",
      {
        emoji: { type: "string", description: "Which.", enum: [...reactionEmoji] },
        on: { type: "boolean", description: "Without it yes; no takes it back." },
      },
      async (call) => {
        const on = call.args["on"] !== false;
        const who = `a:${call.principal.account}`;
        const outcome = await change(deps, call, { kind: "reacted", emoji: String(call.args["emoji"]), on, who });
        return toldOf(outcome, on ? "Your reaction stands at the message." : "Your reaction is taken back.");
      },
      { audited: "never" },
    ),
    define(
      "conversation.earlier-texts",
      "Tells what a message said before it was changed.",
      {},
      async (call) => {
        const { tenant, id } = refOf(call);
        const earlier = await listEarlier(deps.database.forTenant(tenant), id, Number(call.args["seq"]));
        if (earlier === undefined) throw noMessage();
        const texts = earlier.map(({ text, until }) => ({ text, until: until.toISOString() }));
        const lines = texts.map(({ text, until }) => `Until ${until}: ${text}`);
        return { messages: [{ text: lines.join("\n") || "It was never changed, or it is deleted." }], data: { texts } };
      },
      { risk: "read", permission: "conversations.read" },
    ),
  ];
}

async function change(
  deps: Pick<Platform, "database" | "bus">,
  call: Call,
  wanted: Parameters<typeof changeMessage>[2]["change"],
  may?: (message: ChangedMessage) => void,
) {
  const { name } = call.principal;
  const key = `x:r:${call.run}`;
  const outcome = await changeMessage(deps, refOf(call), {
    seq: Number(call.args["seq"]),
    change: wanted,
    by: name,
    key,
    ...(may === undefined ? {} : { may }),
  });
  if (outcome === "missing") throw noMessage();
  if (outcome === "late") throw new Refusal("conflict", "This message is deleted.");
  return outcome;
}

function ownOnly({ principal }: Call, { authorKind, authorId }: ChangedMessage, what: string): void {
  if (authorKind === "agent" && authorId === principal.account) return;
  const others = what === "delete" ? " Who supervises conversations may delete what others said." : "";
  throw new Refusal("forbidden", `You can ${what} what you said yourself.${others}`, { path: "args.seq" });
}

function noMessage(): Refusal {
  return new Refusal("not_found", "There is no such message in this conversation.", { path: "args.seq" });
}

function toldOf(outcome: string, text: string): CommandResult {
  return { messages: [{ text: outcome === "same" ? "Nothing changed: it was so already." : text }] };
}
