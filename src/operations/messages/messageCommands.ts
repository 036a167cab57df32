import { reachOf } from "../../access/policy.ts";
import type { AccountPrincipal } from "../../access/principal.ts";
import type { CommandCall, StaffCommand } from "../../commands/command.ts";
import { commandsOf } from "../../commands/commandsOf.ts";
import type { ArgSchema } from "../../protocol/commands.ts";
import { type ScheduledView, scheduledStates } from "../../protocol/messages.ts";
import { cancelScheduled, changeScheduled, retryScheduled } from "./changeScheduled.ts";
import type { MessageOutside } from "./reaching.ts";
import { type ListedMessage, listScheduled } from "./scheduledStore.ts";

type Call = CommandCall<AccountPrincipal>;
const listed = 200;

const message: ArgSchema = { type: "string", description: "The message's id, as message.scheduled tells it.", format: "uuid" };

/** `message.*`: what was asked to be sent later, until it goes. Everybody has their own; who makes operations sees all. */
export function messageCommands(outside: Pick<MessageOutside, "database" | "bus" | "clock" | "channels">): StaffCommand[] {
  const define = commandsOf("message", { risk: "write", permission: "commands.run", audited: "itself" });
  const idIn = ({ args }: Call) => String(args["message"]).toLowerCase();

  return [
    define(
      "scheduled",
      "Lists the messages that go later, and what became of them.",
      { state: { type: "string", description: "Only those.", enum: [...scheduledStates] } },
      [],
      async ({ principal, args }) => {
        const state = scheduledStates.find((each) => each === args["state"]);
        const account = principal.permissions.has("operations.manage") ? null : principal.account;
        const found = await listScheduled(outside.database.forTenant(principal.tenant), {
          account,
          state,
          reach: reachOf(principal, "conversations.read"),
          limit: listed,
        });
        const messages = found.map(viewOf);
        const lines = messages.map(
          ({ id, state: stands, at, by, channel, names, recipients, sample }) =>
            `${stands} ${at} ${channel ?? by} to ${names[0] ?? "nobody"}${recipients > 1 ? ` and ${recipients - 1} more` : ""}: ${(sample ?? "").slice(0, 80)} (${id})`,
        );
        return { messages: [{ text: lines.join("\n") || "No message waits." }], data: { messages } };
      },
      { risk: "read", audited: "never" },
    ),
    define(
      "reschedule",
      "Has a message that waits go at another time.",
      { message, at: { type: "string", description: "When, like 2026-11-30T09:00:00Z.", format: "date-time" } },
      ["message", "at"],
      async (call) => {
        await changeScheduled(outside, call.principal, idIn(call), { at: String(call.args["at"]) });
        return { messages: [{ text: "It goes at the new time." }] };
      },
    ),
    define(
      "edit",
      "Changes what a message of yours says, as long as it waits.",
      {
        message,
        subject: { type: "string", description: "Of a mail.", minLength: 1, maxLength: 200 },
        text: { type: "string", description: "What it says; {{row.name}} is the name of each.", minLength: 1, maxLength: 4000 },
        version: { type: "integer", description: "The version that was changed.", minimum: 1 },
      },
      ["message", "text"],
      async (call) => {
        const { subject, text, version } = call.args;
        await changeScheduled(outside, call.principal, idIn(call), {
          text: String(text),
          ...(typeof subject === "string" ? { subject } : {}),
          ...(typeof version === "number" ? { seen: version } : {}),
        });
        return { messages: [{ text: "The message is changed." }] };
      },
    ),
    define("cancel", "Takes back a message that waits: it is never sent.", { message }, ["message"], async (call) => {
      await cancelScheduled(outside, call.principal, idIn(call));
      return { messages: [{ text: "It is not sent." }] };
    }),
    define("retry", "Sends a message that failed again, to those who did not get it.", { message }, ["message"], async (call) => {
      await retryScheduled(outside, call.principal, idIn(call));
      return { messages: [{ text: "It is tried again now." }] };
    }),
  ];
}

function viewOf({
  id,
  way,
  channel,
  subject,
  text,
  sample,
  state,
  error,
  failure,
  dueAt,
  account,
  by,
  recipients,
  names,
  sent,
  failed,
  uncertain,
  version,
}: ListedMessage): ScheduledView {
  return {
    id,
    by: way,
    channel,
    subject,
    text,
    sample,
    state,
    error: error === null || failure === null || error === failure ? error : `${error} ${failure}`,
    at: dueAt.toISOString(),
    sender: { id: account, name: by },
    recipients,
    names,
    sent,
    failed,
    uncertain,
    version,
  };
}
