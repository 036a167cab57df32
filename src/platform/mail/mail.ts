import type { MailAddress } from "./address.ts";

/** A mail as it goes out; text and HTML say the same. */
export interface OutgoingMail {
  /** A UUID. The Message-ID is made of it, so that the same mail sent again is the same mail for whoever receives it. */
  id: string;
  /** A bare address, checked by `readAddress`. */
  to: string;
  subject: string;
  text: string;
  html: string;
  /** A bare address, where the answer goes elsewhere than to the sender. */
  replyTo?: string;
  /** Whom the mail is from, where it is a person who writes through us; the address stays ours. */
  fromName?: string;
  /** Message-IDs, the oldest first: the mails that this one continues. It answers the last of them. */
  references?: readonly string[];
  /** Nobody wrote it: other machines must not answer it (RFC 3834). */
  automatic?: true;
}

/** Hands a mail to whoever brings it. */
export interface MailTransport {
  /** Why no mail goes out here, one sentence; undefined where it does. */
  readonly off: string | undefined;
  /** Who our mails are from. */
  readonly from: MailAddress;
  /**
   * Resolves when the mail was taken over. Refusals: `unavailable` where a later try may succeed; `invalid_value` where none will, with the
   * reason that the receiving side gave.
   */
  send(mail: OutgoingMail): Promise<void>;
  close(): Promise<void>;
}

/** The Message-ID (RFC 5322, 3.6.4) of a mail of ours. */
export function messageIdOf(id: string, { address }: Pick<MailAddress, "address">): string {
  return `<${id}@${address.slice(address.lastIndexOf("@") + 1)}>`;
}

/** The id of the mail of ours that a Message-ID names; undefined for any other. */
export function mailOfMessageId(messageId: string): string | undefined {
  return /^<([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@[^>]+>$/.exec(messageId)?.[1];
}
