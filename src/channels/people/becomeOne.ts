import { takeOverDetails } from "../../conversations/contacts/identityStore.ts";
import { mergeContact } from "../../conversations/contacts/mergeContact.ts";
import type { Sql } from "../../platform/database/database.ts";
import { listContactsOf, lockAccount, shareContact } from "./personStore.ts";

/**
 * Whoever is linked in several places is one contact, the one that was there first: all that was said in each place is one history (C10). A blocked
 * contact stays by itself, so that no link ends a block. In a transaction; answers the contact, where there is one.
 */
export async function becomeOne(tx: Sql, account: string): Promise<string | undefined> {
  await lockAccount(tx, account);
  const [first, ...others] = await listContactsOf(tx, account);
  if (first === undefined) return undefined;
  for (const other of others) {
    await takeOverDetails(tx, other, first);
    await mergeContact(tx, other, first);
  }
  await shareContact(tx, account, first);
  return first;
}
