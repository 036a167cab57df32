import { findTag } from "../aids/tagStore.ts";
import { contactsTagged, contactsWanted, placeForContact, writeToContact } from "../conversations/contacts/reachContact.ts";
import { findBlockedAddresses } from "../conversations/contacts/reachContactStore.ts";
import type { Recording } from "../conversations/ledger/record.ts";
import { announceNotices } from "../notices/deliverNotices.ts";
import { writeMessageNotices } from "../notices/messageNotices.ts";
import type { MessageOutside } from "../operations/messages/reaching.ts";
import type { Platform } from "../platform/platform.ts";
import { findTeam } from "../routing/teamStore.ts";

/** How messages find people and reach them: by the rooms that stand above operations. */
export function messageParts(
  platform: Platform,
  recording: Recording,
  commands: MessageOutside["commands"],
  channels: MessageOutside["channels"],
): MessageOutside {
  const { database } = platform;
  return {
    ...platform,
    commands,
    channels,
    findTeam: (tenant, wanted) => findTeam(database.forTenant(tenant), wanted),
    findContacts: (principal, wanted) => contactsWanted({ database }, principal, wanted),
    findTagged: async (principal, name, limit) => {
      const tag = await findTag(database.forTenant(principal.tenant), name);
      return tag && (await contactsTagged({ database }, principal, tag.id, limit));
    },
    blockedAmong: async (tenant, addresses) => new Set(await findBlockedAddresses(database.forTenant(tenant), addresses)),
    reaching: {
      notify: writeMessageNotices,
      announceNotices: (tenant, accounts) => {
        for (const account of accounts) announceNotices(platform, { tenant, account });
      },
      placeFor: placeForContact,
      write: (principal, conversation, message) => writeToContact({ ...recording, database }, principal, conversation, message),
    },
  };
}
