import { validate as isId } from "uuid";
import { readAddress } from "../../platform/mail/address.ts";
import { Refusal } from "../../protocol/refusal.ts";
import {
  groupOf,
  type KnownContact,
  mostRecipients,
  type Place,
  type PlannedCall,
  type Recipient,
  type RecipientOutside,
  type Skip,
  strangerAt,
} from "./recipient.ts";

/**
 * Contacts by ids, addresses and tags. An address that no site has signed as a contact's stands for nobody's chat, since anybody may have written
 * it there: it gets a mail. Refusals `not_found`, `invalid_value`.
 */
export async function contactsAt(
  outside: RecipientOutside,
  by: "chat" | "channel",
  places: readonly Place[],
  call: PlannedCall,
  skip: Skip,
): Promise<Recipient[]> {
  const single = places.filter((place) => groupOf(place) === undefined);
  const contacts = await outside.findContacts(call.principal, {
    ids: single.flatMap(({ value }) => (isId(value) ? [value.toLowerCase()] : [])),
    emails: single.flatMap(({ value }) => readAddress(value)?.toLowerCase() ?? []),
  });
  const found: Recipient[] = [];
  for (const place of places) {
    if (groupOf(place) !== undefined) found.push(...(await taggedAt(outside, place, call, mostRecipients[by])));
    else {
      const one = contactAt(contacts, place);
      if (typeof one === "string") skip(one, place.value.slice(0, 100));
      else found.push(one);
    }
  }
  return found;
}

/** Whoever has this tag, one more than `most`, so that they are found to be too many. Refusals `not_found` for no such tag, `invalid_value` for another group. */
export async function taggedAt(outside: RecipientOutside, place: Place, call: PlannedCall, most: number): Promise<Recipient[]> {
  const { path } = place;
  const group = groupOf(place);
  if (group === undefined || group.kind !== "tag")
    throw new Refusal("invalid_value", `A ${group?.kind} has no chat with us: tell them by notice or by mail.`, { path });
  const tagged = await outside.findTagged(call.principal, group.name, most + 1);
  if (tagged === undefined) throw new Refusal("not_found", `There is no tag "${group.name.slice(0, 60)}".`, { path });
  return tagged.map((one) => contact(one, {}));
}

/** Why not, where a row names nobody. */
function contactAt(contacts: readonly KnownContact[], { value, path, ofRow, row }: Place): Recipient | string {
  const address = readAddress(value);
  const known = contacts.find(
    ({ id, email, signed }) =>
      id === value.toLowerCase() || (signed && address !== undefined && email?.toLowerCase() === address.toLowerCase()),
  );
  if (known !== undefined) return contact(known, row);
  if (address !== undefined) return strangerAt(address, row);
  if (ofRow) return "this is no contact's id and no mail address";
  if (isId(value)) throw new Refusal("not_found", "There is no such contact.", { path });
  throw new Refusal("invalid_value", `"${value.slice(0, 100)}" is neither a contact's id nor a mail address.`, { path });
}

function contact({ id, name, email, blocked }: KnownContact, row: Place["row"]): Recipient {
  return { name, email, account: null, contact: id, blocked, row: { name, email: email ?? "", ...row } };
}
