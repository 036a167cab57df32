import type { Reach } from "../../access/policy.ts";
import { readAddress } from "../../platform/mail/address.ts";
import type { MailTransport } from "../../platform/mail/mail.ts";
import { announceMail, queueMail } from "../../platform/mail/outbox.ts";
import { countMail } from "../../platform/mail/outboxStore.ts";
import type { Platform } from "../../platform/platform.ts";
import { pickLanguage } from "../../protocol/languages.ts";
import { Refusal } from "../../protocol/refusal.ts";
import type { ConversationRef } from "../conversation.ts";
import { readStory } from "./story.ts";
import { transcript } from "./transcript.ts";
import { findTranscribed } from "./transcriptStore.ts";

export interface Transcribing extends Pick<Platform, "database" | "bus"> {
  mail: MailTransport;
  /** Whether throttles are on. */
  limits: boolean;
}

const mostMessages = 1000;
const perConversationAnHour = 3;
const perAddressADay = 5;
const daySeconds = 86_400;

/**
 * Mails a conversation, with those of the same person that are merged with it, to an address, the contact's where none is given, once for each run and as far as the `reach` of whoever sends it goes; answers the address. Refusals: `not_found`,
 * `invalid_value`, `rate_limited` (what a stranger types would else be mailed to anybody, as often as they like), `unavailable` without mail.
 */
export async function sendTranscript(
  { database, bus, mail, limits }: Transcribing,
  { tenant, id }: ConversationRef,
  to: string | undefined,
  run: string,
  { reach = "all", path = "args.email" }: { reach?: Reach; path?: string } = {},
): Promise<string> {
  if (mail.off !== undefined) throw new Refusal("unavailable", mail.off);
  const sql = database.forTenant(tenant);
  const found = await findTranscribed(sql, id);
  if (found === undefined) throw new Refusal("not_found", "There is no such conversation.");
  const wanted = to ?? found.email;
  if (wanted === null) throw new Refusal("invalid_value", "The mail address of this person is not known; give one.", { path });
  const address = checkedAddress(wanted, path);
  if (limits) await refuseTooMany(sql, id, address);
  const story = await readStory(sql, id, mostMessages, reach);
  const [first] = story?.parts ?? [];
  if (story === undefined || first === undefined || story.messages.length === 0)
    throw new Refusal("invalid_value", "Nothing was said in this conversation yet.", { path: "args.conversation" });
  const { inbox, locale, timeZone } = found;
  const written = transcript({
    inbox,
    language: pickLanguage(locale === null ? [] : [locale]),
    timeZone,
    beganAt: first.beganAt,
    messages: story.messages,
    cut: story.cut,
  });
  await queueMail(sql, { kind: "transcript", key: `transcript:${run}`, conversation: id, to: address, automatic: true, ...written });
  announceMail({ bus });
  return address;
}

/** A mail address that a person typed. Refusal `invalid_value`. */
function checkedAddress(text: string, path: string): string {
  const address = readAddress(text);
  if (address === undefined) throw new Refusal("invalid_value", '"email" must be a mail address, like name@example.com.', { path });
  return address;
}

async function refuseTooMany(sql: Parameters<typeof countMail>[0], conversation: string, to: string): Promise<void> {
  const [ofConversation, ofAddress] = await Promise.all([
    countMail(sql, "transcript", { conversation }, 3600),
    countMail(sql, "transcript", { to }, daySeconds),
  ]);
  if (ofConversation >= perConversationAnHour)
    throw new Refusal("rate_limited", `${perConversationAnHour} transcripts an hour is the limit; try again later.`, {
      retryAfterMs: 3_600_000,
    });
  if (ofAddress >= perAddressADay)
    throw new Refusal("rate_limited", `${perAddressADay} transcripts a day to one address is the limit; try again tomorrow.`, {
      retryAfterMs: daySeconds * 1000,
    });
}
