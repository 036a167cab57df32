import MailComposer from "nodemailer/lib/mail-composer";
import type { MailAddress } from "./address.ts";
import { messageIdOf, type OutgoingMail } from "./mail.ts";

/** The mail as RFC 5322 has it: what goes over SMTP, and what the development mailbox keeps. */
export async function composeMail(from: MailAddress, mail: OutgoingMail): Promise<Buffer> {
  const answered = mail.references?.at(-1);
  const composer = new MailComposer({
    from: { name: mail.fromName ?? from.name, address: from.address },
    to: { name: "", address: mail.to },
    subject: mail.subject,
    text: mail.text,
    html: mail.html,
    messageId: messageIdOf(mail.id, from),
    ...(mail.replyTo === undefined ? {} : { replyTo: { name: mail.fromName ?? from.name, address: mail.replyTo } }),
    ...(answered === undefined ? {} : { inReplyTo: answered, references: [...(mail.references ?? [])] }),
    ...(mail.automatic ? { headers: { "Auto-Submitted": "auto-generated" } } : {}),
    // A text must never be taken for the name of a file of ours, or an address to fetch.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return await composer.compile().build();
}
