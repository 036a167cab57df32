import { Refusal } from "../../protocol/refusal.ts";
import type { MailAddress } from "./address.ts";
import type { MailTransport } from "./mail.ts";
import { type Mailbox, openMailbox } from "./mailbox.ts";
import { openSmtp } from "./smtp.ts";

export interface MailSettings {
  smtpUrl: string | undefined;
  mailFrom: MailAddress | undefined;
  stage: "development" | "production";
  dataDir: string;
}

const developmentSender: MailAddress = { name: "Switchboard", address: "chat@switchboard.example" };

/** SMTP where it is set; without it the mailbox in development, and nothing in production, which says so wherever mail is asked for. */
export function openMail({ smtpUrl, mailFrom, stage, dataDir }: MailSettings): { mail: MailTransport; mailbox: Mailbox | undefined } {
  const from = mailFrom ?? developmentSender;
  if (smtpUrl !== undefined) return { mail: openSmtp({ url: smtpUrl, from }), mailbox: undefined };
  if (stage === "production") return { mail: withoutMail(from), mailbox: undefined };
  const mailbox = openMailbox({ dataDir, from });
  return { mail: mailbox, mailbox };
}

function withoutMail(from: MailAddress): MailTransport {
  const off = "No mail can be sent here: whoever runs this must set SMTP_URL.";
  return {
    off,
    from,
    send: () => Promise.reject(new Refusal("unavailable", off)),
    close: async () => {},
  };
}
