import { validate as isId } from "uuid";
import { foldEmail } from "../../access/sessions/signIn.ts";
import { refusedAddresses } from "../../platform/mail/outbox.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { fill } from "../slots.ts";
import { contactsAt } from "./contactRecipients.ts";
import type { Addressed, ByChannel } from "./message.ts";
import { channelNamed } from "./messageChannel.ts";
import { peopleAt } from "./peopleRecipients.ts";
import {
  groupOf,
  mostRecipients,
  type Place,
  type PlannedCall,
  type Recipient,
  type RecipientOutside,
  type Skip,
  valuesOf,
} from "./recipient.ts";
import { roomsAt } from "./roomRecipients.ts";
import { rowsOf } from "./segmentRows.ts";

/** By what people are written to. */
export type Way = { by: Exclude<Addressed["by"], "channel"> } | Pick<ByChannel, "by" | "channel">;

export interface Recipients {
  recipients: Recipient[];
  /** Who was meant and doesn't get it, by the reason. */
  skipped: ReadonlyMap<string, string[]>;
}

const mostSkippedNamed = 5;

/** Where those are gathered who are left out. */
export function openSkipped(): { skipped: ReadonlyMap<string, string[]>; skip: Skip } {
  const skipped = new Map<string, string[]>();
  return { skipped, skip: (why, who) => skipped.set(why, [...(skipped.get(why) ?? []), who]) };
}

/**
 * Who gets a message, each once: whoever stands in several places, by the first. Refusals: `invalid_value` and `not_found` with the place
 * (`message.to.0`, `message.rows.query`), and those of the query.
 */
export async function findRecipients(outside: RecipientOutside, message: Addressed, call: PlannedCall): Promise<Recipients> {
  const { skipped, skip } = openSkipped();
  const places = writtenPlaces(message, call);
  if (message.rows !== undefined) {
    for (const [index, row] of (await rowsOf(outside, message.rows, call)).entries()) {
      const value = String(row[message.rows.column] ?? "").trim();
      if (value === "") skip("their row names nobody", `row ${index + 1}`);
      else places.push({ value, path: "message.rows.column", ofRow: true, row });
    }
  }
  const rooms = message.by === "channel" ? await roomsAt(outside, message, call) : [];
  const found = await foundAt(outside, message, places, call, skip);
  const recipients = await withoutRefused(outside, message, [...found, ...rooms], call, skip);
  if (recipients.length === 0 && skipped.size === 0 && message.rows === undefined)
    throw new Refusal("invalid_value", "Nobody would get it.", { path: "message.to" });
  requireFew(recipients, message.by, message.rows === undefined ? "message.to" : "message.rows");
  return { recipients, skipped };
}

/** Who stands at these places, each once, but for those who may not get it. Refusals with the place of what stands for nobody. */
export async function recipientsAt(
  outside: RecipientOutside,
  way: Way,
  places: readonly Place[],
  call: PlannedCall,
  skip: Skip,
): Promise<Recipient[]> {
  return await withoutRefused(outside, way, await foundAt(outside, way, places, call, skip), call, skip);
}

async function foundAt(
  outside: RecipientOutside,
  { by }: Way,
  places: readonly Place[],
  call: PlannedCall,
  skip: Skip,
): Promise<Recipient[]> {
  if (by === "chat") return await contactsAt(outside, by, places, call, skip);
  if (by !== "channel") return await peopleAt(outside, by, places, call, skip);
  const ofContact = (place: Place) => groupOf(place)?.kind === "tag" || isId(place.value);
  const colleagues = places.filter((place) => !ofContact(place));
  return [
    ...(await peopleAt(outside, "notice", colleagues, call, skip)),
    ...(await contactsAt(outside, by, places.filter(ofContact), call, skip)),
  ];
}

/** Each once, but for those who may not get it, or can't. */
async function withoutRefused(
  outside: RecipientOutside,
  way: Way,
  found: readonly Recipient[],
  call: PlannedCall,
  skip: Skip,
): Promise<Recipient[]> {
  const unique = new Map<string, Recipient>();
  for (const one of found) {
    const address = way.by === "mail" && one.email !== null ? foldEmail(one.email) : undefined;
    const key = address ?? one.contact ?? one.account ?? one.room ?? one.email ?? "";
    if (!unique.has(key)) unique.set(key, one);
  }
  const whyNot = await refusals(outside, way, call.principal.tenant, [...unique.values()]);
  return [...unique.values()].filter((one) => {
    const why = whyNot(one);
    if (why !== undefined) skip(why, one.email ?? one.name);
    return why === undefined;
  });
}

/** Refusal `invalid_value` with the path. */
export function requireFew(recipients: readonly Recipient[], by: Addressed["by"], path: string): void {
  const most = mostRecipients[by];
  if (recipients.length <= most) return;
  throw new Refusal("invalid_value", `${most} people are the most at once; these are ${recipients.length}.`, { path });
}

/** Who was left out, in sentences. */
export function skippedLines(skipped: Recipients["skipped"]): string[] {
  return [...skipped].map(([why, who]) => {
    const named = who.slice(0, mostSkippedNamed).join(", ");
    const more = who.length > mostSkippedNamed ? ` and ${who.length - mostSkippedNamed} more` : "";
    return `Left out: ${named}${more}; ${why}.`;
  });
}

function writtenPlaces({ to }: Addressed, call: PlannedCall): Place[] {
  return to.flatMap((written, index) => {
    const filled = fill(written, valuesOf(call));
    return (Array.isArray(filled) ? filled : [filled]).map((one) => ({
      value: typeof one === "string" ? one.trim() : "",
      path: `message.to.${index}`,
      ofRow: false,
      row: {},
    }));
  });
}

type Addressee = Pick<Recipient, "account" | "email" | "contact" | "blocked"> & { room?: string | null };

/** Why somebody is left out: they are blocked, can't be reached so, or their server took no mail for them the last time. */
export async function refusals(
  outside: RecipientOutside,
  way: Way,
  tenant: string,
  recipients: readonly Addressee[],
): Promise<(one: Addressee) => string | undefined> {
  if (way.by === "channel") {
    const there = (one: Addressee) => ({ account: one.account, contact: one.contact, room: one.room ?? null });
    const whyNot = await channelNamed(outside, way.channel).whyNot(tenant, recipients.map(there));
    return (one) => (one.blocked ? "they are blocked" : whyNot(there(one)));
  }
  const { database, blockedAmong } = outside;
  const { by } = way;
  const addresses = by === "notice" ? [] : recipients.flatMap(({ email }) => email ?? []);
  if (addresses.length === 0) return ({ blocked }) => (blocked ? "they are blocked" : undefined);
  const [refused, blocked] = await Promise.all([
    refusedAddresses(database.forTenant(tenant), addresses),
    blockedAmong(tenant, addresses.map(foldEmail)),
  ]);
  return (one) => {
    const isStranger = one.account === null && one.email !== null && blocked.has(foldEmail(one.email));
    if (one.blocked || isStranger) return "they are blocked";
    const onlyMail = by === "mail" || one.contact === null;
    return onlyMail && one.email !== null && refused.has(one.email) ? "the last mail to them was refused" : undefined;
  };
}
