import { validate as isId } from "uuid";
import { columnWithinReach, reachableAmong, readingReach } from "../access/roles/reachStore.ts";
import type { MailTransport } from "../platform/mail/mail.ts";
import { announceMail } from "../platform/mail/outbox.ts";
import { conversationOfMail, listMail, type MailListing, type MailState, reviveMail } from "../platform/mail/outboxStore.ts";
import type { Platform } from "../platform/platform.ts";
import { Refusal } from "../protocol/refusal.ts";
import { defineCommand, type StaffCommand } from "./command.ts";

const states: readonly MailState[] = ["waiting", "sent", "dead"];
const listed = 100;

/** `mail.list` and `mail.retry`: what became of the mail that went out. */
export function mailCommands({ database, bus, mail }: Pick<Platform, "database" | "bus"> & { mail: MailTransport }): StaffCommand[] {
  return [
    defineCommand<StaffCommand>({
      name: "mail.list",
      summary: "Lists the newest mails, those that wait, were sent or were given up.",
      risk: "read",
      audience: "staff",
      source: "built-in",
      permission: "conversations.read",
      args: {
        type: "object",
        properties: { state: { type: "string", description: "Only those: waiting, sent or dead.", enum: [...states] } },
        additionalProperties: false,
      },
      run: async ({ principal, args }) => {
        const state = states.find((each) => each === args["state"]);
        const sql = database.forTenant(principal.tenant);
        const reach = readingReach(principal);
        // What belongs to no conversation, like a notice to a colleague, is for whoever sees all.
        const seen = reach === "all" ? undefined : columnWithinReach(reach, "mail_out.conversation_id", 4);
        const mails = await listMail(sql, state, listed, seen);
        return { messages: [{ text: said(mails, mail.off) }], data: { mails, off: mail.off ?? null } };
      },
    }),
    defineCommand<StaffCommand>({
      name: "mail.retry",
      summary: "Sends a mail again that was given up, or one that waits, now.",
      risk: "write",
      audience: "staff",
      source: "built-in",
      permission: "conversations.answer",
      args: {
        type: "object",
        properties: { mail: { type: "string", description: "The mail's id, as mail.list tells it.", format: "uuid" } },
        required: ["mail"],
        additionalProperties: false,
      },
      run: async ({ principal, args }) => {
        if (mail.off !== undefined) throw new Refusal("unavailable", mail.off);
        const id = String(args["mail"]).toLowerCase();
        const sql = database.forTenant(principal.tenant);
        const reach = readingReach(principal);
        const conversation = isId(id) && reach !== "all" ? await conversationOfMail(sql, id) : undefined;
        const hidden =
          reach !== "all" && (conversation === undefined || !(await reachableAmong(sql, reach, [conversation])).has(conversation));
        const before = isId(id) && !hidden ? await reviveMail(sql, id) : undefined;
        if (before === undefined) throw new Refusal("not_found", "There is no such mail.", { path: "args.mail" });
        if (before === "sent") throw new Refusal("conflict", "This mail was sent already.");
        announceMail({ bus });
        return { messages: [{ text: "The mail is tried again now." }], data: { mail: id } };
      },
    }),
  ];
}

function said(mails: readonly MailListing[], off: string | undefined): string {
  const lines = mails.map(
    ({ id, to, subject, state, lastError }) => `${state} ${to} "${subject}"${lastError === null ? "" : `: ${lastError}`} (${id})`,
  );
  return [...(off === undefined ? [] : [off]), ...(lines.length === 0 ? ["There is no mail."] : lines)].join("\n");
}
