import { createHash, randomBytes } from "node:crypto";
import { v7 as newId } from "uuid";
import type { Platform } from "../../platform/platform.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { type Controlling, changeControl, endedByVisitor } from "../control/changeControl.ts";
import type { Control } from "../conversation.ts";
import type { Inbox } from "../inboxes/inboxes.ts";
import {
  type FoundVisit,
  findEmptyConversation,
  findVisit,
  insertNextVisit,
  insertVisit,
  type NewVisit,
  setContactLocale,
} from "./visitorStore.ts";

export interface Visit {
  /** The secret by which the page is known again; only its hash is kept. */
  token: string;
  conversation: string;
  contact: string;
  contactName: string;
  locale: string | null;
  /** Whether an address is known to which an answer can go. */
  mailKnown: boolean;
  /** Whether they filled in what is asked before the first message. */
  answered: boolean;
  lastSeq: number;
  control: Control;
  /** Whether the site has said who this is. */
  identified: boolean;
}

/** What a page says of itself. */
export interface AboutPage {
  locale?: string;
  page?: string;
  timeZone?: string;
  browser?: string;
}

/** In which language the page is from now on, and whether its site has said again who this is. */
export interface Resuming {
  locale?: string | undefined;
  identified?: boolean;
}

/**
 * The visit that this token belongs to. Refusal `unauthenticated` where it is false, of another inbox, idle for 30 days, or of a person whom
 * the site names and the page doesn't: whoever signed out there must not be read by the next at the same computer.
 */
export async function resumeVisit(
  { database }: Pick<Platform, "database">,
  inbox: Inbox,
  token: string,
  { locale, identified = false }: Resuming = {},
): Promise<Visit> {
  const sql = database.forTenant(inbox.tenant);
  const found = await findVisit(sql, inbox.id, hashToken(token));
  if (found === undefined || (found.identified && !identified))
    throw new Refusal("unauthenticated", "This chat can't be continued; a new one begins.");
  if (locale === undefined || locale === found.locale) return toVisit(found, token);
  await setContactLocale(sql, found.contact, locale);
  return { ...toVisit(found, token), locale };
}

/** A new contact with a conversation of their own, kept before the page hears of it. */
export async function beginVisit({ database }: Pick<Platform, "database">, inbox: Inbox, about: AboutPage): Promise<Visit> {
  const token = newVisitorToken();
  const visit = newVisit(inbox, token, about);
  await insertVisit(database.forTenant(inbox.tenant), visit);
  return {
    token,
    conversation: visit.conversation,
    contact: visit.contact,
    contactName: visit.contactName,
    locale: visit.locale,
    mailKnown: false,
    answered: false,
    lastSeq: 0,
    control: untouched(inbox),
    identified: false,
  };
}

export function newVisitorToken(): string {
  return randomBytes(32).toString("base64url");
}

/** What is kept of a visitor who comes for the first time. */
export function newVisit(inbox: Inbox, token: string, about: AboutPage): NewVisit {
  const contact = newId();
  return {
    tokenHash: hashToken(token),
    inbox: inbox.id,
    team: inbox.team,
    contact,
    contactName: `Visitor ${contact.slice(-4)}`,
    conversation: newId(),
    locale: about.locale ?? null,
    language: about.locale === undefined ? null : languageOf(about.locale),
    page: about.page ?? null,
    timeZone: about.timeZone ?? null,
    browser: about.browser ?? null,
  };
}

/**
 * Another conversation of the visitor whose token this is; the one before is ended. One in which nothing was said yet is taken up again,
 * so that a repeated wish makes no second one. Refusal `unauthenticated`.
 */
export async function beginNextVisit(deps: Controlling, inbox: Inbox, known: string, how: Resuming = {}): Promise<Visit> {
  const before = await resumeVisit(deps, inbox, known, how);
  if (before.lastSeq === 0) return before;
  await changeControl(deps, { tenant: inbox.tenant, id: before.conversation }, endedByVisitor());
  const sql = deps.database.forTenant(inbox.tenant);
  const token = newVisitorToken();
  const conversation = (await findEmptyConversation(sql, before.contact, inbox.id)) ?? newId();
  await insertNextVisit(sql, {
    tokenHash: hashToken(token),
    inbox: inbox.id,
    team: inbox.team,
    contact: before.contact,
    conversation,
    language: before.locale === null ? null : languageOf(before.locale),
  });
  return { ...before, token, conversation, lastSeq: 0, control: untouched(inbox) };
}

/** How a conversation begins. */
function untouched({ team }: Inbox): Control {
  return { controller: "bot", generation: 1, agent: null, queuedAt: null, open: true, team };
}

/** The language of a locale as a page says it, like `pt` of `pt-BR`; null where it is no language tag. */
export function languageOf(locale: string): string | null {
  return /^([a-z]{2,3})(?:[-_]|$)/i.exec(locale)?.[1]?.toLowerCase() ?? null;
}

/** SHA-256 of the token: what was stolen from the database opens nothing. */
export function hashToken(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}

export function toVisit(found: FoundVisit, token: string): Visit {
  return {
    token,
    conversation: found.conversation,
    contact: found.contact,
    contactName: found.contactName,
    locale: found.locale,
    mailKnown: found.mailKnown,
    answered: found.answered,
    lastSeq: found.lastSeq,
    control: found.control,
    identified: found.identified,
  };
}
