import { v7 as newId } from "uuid";
import { reachOf } from "../../access/policy.ts";
import type { AccountPrincipal, Principal } from "../../access/principal.ts";
import { readingReach } from "../../access/roles/reachStore.ts";
import type { Sql } from "../../platform/database/database.ts";
import type { Platform } from "../../platform/platform.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { keys } from "../conversation.ts";
import { cleanText } from "../ledger/receiveMessage.ts";
import { type Recording, record } from "../ledger/record.ts";
import {
  findOpenConversation,
  findReachable,
  findReachableTagged,
  insertConversation,
  lockContactDoor,
  type ReachableContact,
} from "./reachContactStore.ts";
import { languageOf } from "./visitors.ts";

type Outside = Recording & Pick<Platform, "database">;

/** The contacts whom this principal may read of. Refusal `forbidden` for whoever may read of nobody. */
export async function contactsWanted(
  { database }: Pick<Platform, "database">,
  principal: Principal,
  wanted: { ids: readonly string[]; emails: readonly string[] },
): Promise<ReachableContact[]> {
  if (wanted.ids.length === 0 && wanted.emails.length === 0) return [];
  return await findReachable(database.forTenant(principal.tenant), reachOfStaff(principal), wanted);
}

/** The same for those of a tag, by its id. */
export async function contactsTagged(
  { database }: Pick<Platform, "database">,
  principal: Principal,
  tag: string,
  limit: number,
): Promise<ReachableContact[]> {
  return await findReachableTagged(database.forTenant(principal.tenant), reachOfStaff(principal), tag, limit);
}

function reachOfStaff(principal: Principal) {
  if (principal.kind === "visitor") throw new Refusal("forbidden", "Visitors write to no contacts.");
  return readingReach(principal);
}

type Place = { kind: "conversation"; conversation: string } | { kind: "mail"; to: string } | { kind: "nowhere"; why: string };

/**
 * Where somebody is written to who didn't ask: their open conversation; else a new one in the inbox whose site says who they are, since there they
 * find it; else their mail address. A new conversation is begun in the transaction.
 */
export async function placeForContact(tx: Sql, principal: AccountPrincipal, contact: string): Promise<Place> {
  const reach = reachOf(principal, "conversations.answer");
  if (reach === undefined) return { kind: "nowhere", why: "You may not answer conversations." };
  const door = await lockContactDoor(tx, contact);
  if (door === undefined) return { kind: "nowhere", why: "There is no such contact any more." };
  if (door.blocked) return { kind: "nowhere", why: "They are blocked." };
  const open = await findOpenConversation(tx, reach, contact);
  if (open?.within === true) return { kind: "conversation", conversation: open.id };
  if (open !== undefined) return { kind: "nowhere", why: "You may not answer their conversation." };
  if (door.inbox !== null) {
    const { id: inbox, team } = door.inbox;
    const conversation = newId();
    await insertConversation(tx, {
      id: conversation,
      inbox,
      contact,
      team,
      language: door.language === null ? null : languageOf(door.language),
    });
    return { kind: "conversation", conversation };
  }
  if (door.email !== null) return { kind: "mail", to: door.email };
  return { kind: "nowhere", why: "They have no open conversation, and no mail address is known." };
}

/** Writes to the customer in a colleague's name whoever controls the conversation: it answers nothing. Once for its key. Refusals `not_found`, `text_too_long`. */
export async function writeToContact(
  outside: Outside,
  { tenant, account, name }: AccountPrincipal,
  conversation: string,
  { key, text }: { key: string; text: string },
): Promise<void> {
  const outcome = await record(outside, {
    conversation: { tenant, id: conversation },
    messages: [{ key: keys.agent(account, key), author: { kind: "agent", id: account, name }, text: cleanText(text) }],
  });
  if (outcome.kind === "refused") throw new Refusal("not_found", "There is no such conversation any more.");
}
