import { foldEmail } from "../../access/sessions/signIn.ts";
import { refusedAddresses } from "../../platform/mail/outbox.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { fill } from "../slots.ts";
import { contactsAt } from "./contactRecipients.ts";
import type { Addressed } from "./message.ts";
import { peopleAt } from "./peopleRecipients.ts";
import { mostRecipients, type Place, type PlannedCall, type Recipient, type RecipientOutside, type Skip, valuesOf } from "./recipient.ts";
import { rowsOf } from "./segmentRows.ts";

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
  const recipients = await recipientsAt(outside, message.by, places, call, skip);
  if (recipients.length === 0 && skipped.size === 0 && message.rows === undefined)
    throw new Refusal("invalid_value", "Nobody would get it.", { path: "message.to" });
  requireFew(recipients, message.rows === undefined ? "message.to" : "message.rows");
  return { recipients, skipped };
}

/** Who stands at these places, each once, but for those who may not get it. Refusals with the place of what stands for nobody. */
export async function recipientsAt(
  outside: RecipientOutside,
  by: Addressed["by"],
  places: readonly Place[],
  call: PlannedCall,
  skip: Skip,
): Promise<Recipient[]> {
  const found = by === "chat" ? await contactsAt(outside, places, call, skip) : await peopleAt(outside, by, places, call, skip);
  const unique = new Map<string, Recipient>();
  for (const one of found) {
    const key = (by === "mail" && one.email !== null ? foldEmail(one.email) : undefined) ?? one.contact ?? one.account ?? one.email ?? "";
    if (!unique.has(key)) unique.set(key, one);
  }
  const whyNot = await refusals(outside, by, call.principal.tenant, [...unique.values()]);
  return [...unique.values()].filter((one) => {
    const why = whyNot(one);
    if (why !== undefined) skip(why, one.email ?? one.name);
    return why === undefined;
  });
}

/** Refusal `invalid_value` with the path. */
export function requireFew(recipients: readonly Recipient[], path: string): void {
  if (recipients.length <= mostRecipients) return;
  throw new Refusal("invalid_value", `${mostRecipients} people are the most at once; these are ${recipients.length}.`, { path });
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

type Addressee = Pick<Recipient, "account" | "email" | "contact" | "blocked">;

/** Why somebody is left out: they are blocked, or their server took no mail for them the last time. */
export async function refusals(
  { database, blockedAmong }: RecipientOutside,
  by: Addressed["by"],
  tenant: string,
  recipients: readonly Addressee[],
): Promise<(one: Addressee) => string | undefined> {
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
