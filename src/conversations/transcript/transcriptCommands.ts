import { readingReach } from "../../access/roles/reachStore.ts";
import { type Command, defineCommand, type StaffCommand, type VisitorCommand } from "../../commands/command.ts";
import { unknownCommand } from "../../commands/execute.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { leaveMail } from "../delivery/leaveMail.ts";
import { sendTranscript, type Transcribing } from "./sendTranscript.ts";

/** `transcript` and `email` for visitors, `conversation.transcript` for agents. */
export function transcriptCommands(deps: Transcribing): Command[] {
  const mine = { risk: "write", audience: "visitor", visitorsOnly: true, source: "built-in" } as const;
  const email = { type: "string", maxLength: 300 } as const;
  return [
    defineCommand<VisitorCommand>({
      ...mine,
      name: "transcript",
      summary: "Mails you this conversation.",
      args: { type: "object", properties: { email: { ...email, description: "Where to; the address that you left here." } } },
      run: async ({ principal, run, args }) => {
        if (principal.kind !== "visitor") throw unknownCommand("transcript");
        const to = args["email"] === undefined ? undefined : String(args["email"]);
        const address = await sendTranscript(deps, { tenant: principal.tenant, id: principal.conversation }, to, run);
        return { messages: [{ text: `This conversation is on its way to ${address}.` }] };
      },
    }),
    defineCommand<VisitorCommand>({
      ...mine,
      name: "email",
      summary: "Leaves a mail address, to which answers go while you are away.",
      args: { type: "object", properties: { email: { ...email, description: "Your mail address." } }, required: ["email"] },
      run: async ({ principal, args }) => {
        if (principal.kind !== "visitor") throw unknownCommand("email");
        const address = await leaveMail(deps, principal, String(args["email"]), "args.email");
        const text =
          deps.mail.off === undefined ? `Answers that you miss here go to ${address}.` : `${address} was kept for whoever answers you.`;
        return { messages: [{ text }] };
      },
    }),
    defineCommand<StaffCommand>({
      name: "conversation.transcript",
      summary: "Mails a conversation, without its notes, to the customer or to an address.",
      risk: "write",
      audience: "staff",
      source: "built-in",
      permission: "conversations.answer",
      args: {
        type: "object",
        properties: {
          conversation: { type: "string", description: "The conversation's id.", format: "uuid" },
          email: { ...email, description: "Where to; the customer's address where it is left out." },
        },
        required: ["conversation"],
        additionalProperties: false,
      },
      run: async ({ principal, run, args }) => {
        const id = String(args["conversation"]).toLowerCase();
        if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) throw new Refusal("not_found", "There is no such conversation.");
        const to = args["email"] === undefined ? undefined : String(args["email"]);
        const address = await sendTranscript(deps, { tenant: principal.tenant, id }, to, run, { reach: readingReach(principal) });
        return { messages: [{ text: `The conversation is on its way to ${address}.` }], data: { to: address } };
      },
    }),
  ];
}
