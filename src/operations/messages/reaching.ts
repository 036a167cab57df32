import type { AccountPrincipal, Principal } from "../../access/principal.ts";
import type { Bus } from "../../platform/bus/bus.ts";
import type { Clock } from "../../platform/clock/clock.ts";
import type { Sql } from "../../platform/database/database.ts";
import { html, lines, mailPage } from "../../platform/mail/html.ts";
import { queueMail } from "../../platform/mail/outbox.ts";
import type { RecipientOutside } from "./recipient.ts";

/** Where a contact is written to: in a conversation, by mail where there is none, or nowhere. */
export type ContactPlace = { kind: "conversation"; conversation: string } | { kind: "mail"; to: string } | { kind: "nowhere"; why: string };

/** How people are reached who are not reached by mail: joined by `compose`, since those rooms stand above this one. */
export interface Reaching {
  /**
   * Writes a notice for each account, once for a run, in the transaction; `about` is the id of a run that it leads to. `announceNotices` after the
   * commit hurries it.
   */
  notify(tx: Sql, notice: { run: string; about?: string | null; accounts: readonly string[]; text: string }): Promise<void>;
  announceNotices(tenant: string, accounts: readonly string[]): void;
  /** Their open conversation, else a new one where their site says who they are, else mail. A new one is begun in the transaction. */
  placeFor(tx: Sql, principal: AccountPrincipal, contact: string): Promise<ContactPlace>;
  /** Writes there in the name of this person, once for its key. Refusal `not_found` for a conversation that is gone. */
  write(principal: AccountPrincipal, conversation: string, message: { key: string; text: string }): Promise<void>;
}

export interface MessageOutside extends RecipientOutside {
  bus: Pick<Bus, "publish">;
  clock: Pick<Clock, "now">;
  reaching: Reaching;
}

/** A notice says who sends it. */
export function signed(sender: Principal, text: string): string {
  return sender.kind === "visitor" ? text : `${sender.name}: ${text}`;
}

/** Once for each run and whom it is for, an address or a contact, however often it is repeated: two contacts may have one address. */
export async function queueMessage(
  tx: Sql,
  run: string,
  { to, contact, subject, text }: { to: string; contact?: string | null; subject: string; text: string },
): Promise<void> {
  const page = mailPage("en", subject, [html`<p>${lines(text)}</p>`]);
  await queueMail(tx, { kind: "message", key: `message:${run}:${contact ?? to}`, to, subject, text, html: page });
}
