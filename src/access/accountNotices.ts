import type { Sql } from "../platform/database/database.ts";
import { html, lines, mailPage } from "../platform/mail/html.ts";
import { queueMail } from "../platform/mail/outbox.ts";
import { installationChain } from "./auditStore.ts";

/** What is mailed to a person about their own account. */
export interface AccountNotice {
  to: string;
  /** Of its cause: the same once more is not sent again. */
  key: string;
  subject: string;
  paragraphs: readonly string[];
}

/**
 * Writes the mail down in the transaction of what it tells of; `announceMail` after the commit hurries it. It stands in no tenant's list of mails,
 * since an account may work in several.
 */
export async function tellAccount(tx: Sql, { to, key, subject, paragraphs }: AccountNotice): Promise<void> {
  const content = paragraphs.map((paragraph) => html`<p>${lines(paragraph)}</p>`);
  await queueMail(ofInstallation(tx), {
    kind: "account",
    key,
    to,
    subject,
    text: `${paragraphs.join("\n\n")}\n`,
    html: mailPage("en", subject, content),
    automatic: true,
  });
}

function ofInstallation(tx: Sql): Sql {
  return { tenant: installationChain, query: (text, values = []) => tx.query(text, [installationChain, ...values]) };
}
