import MailComposer from "nodemailer/lib/mail-composer";
import type { Email } from "postal-mime";

/** A mail as whoever got this one would answer it; undefined where it says neither whom it went to nor where answers go. */
export async function composeReply(
  { to, from, replyTo, subject = "", messageId, references = "" }: Email,
  text: string,
): Promise<Buffer | undefined> {
  const writer = to?.[0];
  const reader = replyTo?.[0]?.address ?? from?.address;
  if (writer?.address === undefined || reader === undefined) return undefined;
  const composer = new MailComposer({
    from: { name: writer.name, address: writer.address },
    to: reader,
    subject: /^re:/i.test(subject) ? subject : `Re: ${subject}`,
    text,
    ...(messageId === undefined ? {} : { inReplyTo: messageId, references: `${references} ${messageId}`.trim() }),
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return await composer.compile().build();
}
