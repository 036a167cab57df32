import type { VisitorIdentity } from "../../access/visitorIdentity.ts";
import type { Sql } from "../../platform/database/database.ts";
import type { Platform } from "../../platform/platform.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { publishConversationEvent } from "../events.ts";
import type { Inbox } from "../inboxes/inboxes.ts";
import {
  findContactOf,
  findTokenOwner,
  insertToken,
  lockIdentity,
  moveToken,
  newestConversation,
  saveClaims,
  saveIdentity,
  type TokenOwner,
} from "./identityStore.ts";
import { mergeContact } from "./mergeContact.ts";
import { findVisit, insertVisit } from "./visitorStore.ts";
import { type AboutPage, hashToken, newVisit, newVisitorToken, toVisit, type Visit } from "./visitors.ts";

/**
 * Opens the chat of the person whom the site names: on every device the same contact, with the conversation that was spoken in last.
 * A page that was nobody's until now brings along what was said there; one that was somebody else's begins anew, and learns nothing of them.
 */
export async function openIdentifiedVisit(
  { database, bus }: Pick<Platform, "database" | "bus">,
  inbox: Inbox,
  person: VisitorIdentity,
  { token, ...about }: AboutPage & { token?: string },
): Promise<Visit> {
  const sql = database.forTenant(inbox.tenant);
  const value = `${inbox.id}:${person.subject}`;
  const opened = await sql.transaction(async (tx) => {
    await lockIdentity(tx, value);
    const owner = await findContactOf(tx, value);
    const page = token === undefined ? undefined : await findTokenOwner(tx, inbox.id, hashToken(token));
    const known =
      token !== undefined && page !== undefined && (page.contact === owner || !page.identified)
        ? { token, contact: await adopt(tx, inbox, page, owner) }
        : await begin(tx, inbox, owner, about);
    if (owner === undefined) await saveIdentity(tx, known.contact, value);
    await saveClaims(tx, known.contact, person);
    return known.token;
  });
  const found = await findVisit(sql, inbox.id, hashToken(opened));
  if (found === undefined) throw new Refusal("unavailable", "This chat can't be opened now; please try again.", { retryAfterMs: 1000 });
  publishConversationEvent({ bus }, inbox.tenant, { kind: "described", conversation: found.conversation });
  return toVisit(found, opened);
}

/** The page's own contact becomes the person's: it is theirs already, or the first that is known of them, or goes over to them. */
async function adopt(tx: Sql, inbox: Inbox, page: TokenOwner, owner: string | undefined): Promise<string> {
  if (owner === undefined || owner === page.contact) return page.contact;
  const theirs = await newestConversation(tx, inbox.id, owner);
  if (page.lastSeq === 0 && theirs !== undefined) await moveToken(tx, page.conversation, theirs);
  await mergeContact(tx, page.contact, owner);
  return owner;
}

async function begin(tx: Sql, inbox: Inbox, owner: string | undefined, about: AboutPage): Promise<{ token: string; contact: string }> {
  const token = newVisitorToken();
  const theirs = owner === undefined ? undefined : await newestConversation(tx, inbox.id, owner);
  if (owner !== undefined && theirs !== undefined) {
    await insertToken(tx, { tokenHash: hashToken(token), inbox: inbox.id, contact: owner, conversation: theirs });
    return { token, contact: owner };
  }
  const visit = newVisit(inbox, token, about);
  await insertVisit(tx, visit);
  if (owner !== undefined) await mergeContact(tx, visit.contact, owner);
  return { token, contact: owner ?? visit.contact };
}
