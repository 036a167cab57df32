import { announceMail } from "../../platform/mail/outbox.ts";
import type { Platform } from "../../platform/platform.ts";
import { pickLanguage } from "../../protocol/languages.ts";
import type { Channel } from "../ledger/channel.ts";
import { listUnrated } from "./ratingAskStore.ts";

const atOnce = 100;
/** Longer than any process is away unseen; what ended before isn't asked about any more. */
const lookBackSeconds = 24 * 3600;

/** Asks those who write by a channel how it was, once for each end of their conversation. Any number of processes may do it. */
export async function askRatings({ database, bus }: Pick<Platform, "database" | "bus">, channels: readonly Channel[]): Promise<void> {
  for (const { name, askRating } of channels) {
    if (askRating === undefined) continue;
    const ended = await listUnrated(database.acrossTenants, name, lookBackSeconds, atOnce);
    for (const { tenant, conversation, generation, name: called, email, locale, inbox } of ended)
      await askRating(database.forTenant(tenant), {
        tenant,
        conversation,
        generation,
        contact: { name: called, email },
        language: pickLanguage(locale === null ? [] : [locale]),
        inbox: { name: inbox },
      });
    if (ended.length > 0) announceMail({ bus });
  }
}
