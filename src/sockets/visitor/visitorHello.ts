import type { VisitorPrincipal } from "../../access/principal.ts";
import { openIdentifiedVisit } from "../../conversations/contacts/identifiedVisits.ts";
import { beginNextVisit, beginVisit, resumeVisit, type Visit } from "../../conversations/contacts/visitors.ts";
import type { Inbox } from "../../conversations/inboxes/inboxes.ts";
import { pickLanguage } from "../../protocol/languages.ts";
import type { VisitorHello } from "../../protocol/visitor.ts";
import type { Gateway } from "../gateway.ts";

/** The visit that a page's first hello means: the one of its token, that of the person whom its site names, the next one, or a new one. */
export async function findVisit(
  gateway: Gateway,
  inbox: Inbox,
  { token, identity, anew, locale, page, timeZone }: VisitorHello,
  peer: { address: string; browser: string },
): Promise<Visit> {
  const person = identity === undefined ? undefined : gateway.access.identify(inbox, identity);
  if (token !== undefined && person === undefined && anew !== true) return await resumeVisit(gateway, inbox, token, { locale });
  if (token === undefined || anew === true) await gateway.limits.newConversation(peer.address);
  const browser = peer.browser.slice(0, 300);
  const about = {
    ...(locale === undefined ? {} : { locale }),
    ...(page === undefined ? {} : { page }),
    ...(timeZone === undefined ? {} : { timeZone }),
    ...(browser === "" ? {} : { browser }),
  };
  if (person !== undefined) {
    const visit = await openIdentifiedVisit(gateway, inbox, person, { ...about, ...(token === undefined ? {} : { token }) });
    return anew === true ? await beginNextVisit(gateway, inbox, visit.token, { locale, identified: true }) : visit;
  }
  return token === undefined ? await beginVisit(gateway, inbox, about) : await beginNextVisit(gateway, inbox, token, { locale });
}

/** Who asks on a page with this visit. */
export function visitorOf({ tenant, id: inbox }: Inbox, { contact, conversation, locale }: Visit): VisitorPrincipal {
  return { kind: "visitor", tenant, inbox, contact, conversation, ...(locale === null ? {} : { locale }) };
}

/** What the visitor reads, the best first: a language that was chosen by hand stands in `locale`, and goes before what page and browser say. */
export function wantedLanguages({ languages, locale }: VisitorHello): string[] {
  const reads = (languages ?? []).filter((tag) => tag !== "");
  if (locale === undefined || (reads.length > 0 && pickLanguage(reads) === pickLanguage([locale]))) return reads;
  return [locale, ...reads];
}
