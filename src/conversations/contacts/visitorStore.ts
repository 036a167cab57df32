import type { Sql, TenantSql } from "../../platform/database/database.ts";
import { type ControlRow, toControl } from "../control/controlRow.ts";
import type { Control } from "../conversation.ts";

export interface FoundVisit {
  conversation: string;
  contact: string;
  contactName: string;
  locale: string | null;
  /** Whether an address of theirs is known. */
  mailKnown: boolean;
  answered: boolean;
  lastSeq: number;
  control: Control;
  /** Whether a site has said who this is. */
  identified: boolean;
}

/** Index: the primary keys. `seen_at` moves at most once an hour, so that a reconnect storm writes nothing. */
export async function findVisit(sql: TenantSql, inbox: string, tokenHash: Buffer): Promise<FoundVisit | undefined> {
  const rows = await sql.query<
    ControlRow & {
      conversation_id: string;
      contact_id: string;
      name: string;
      locale: string | null;
      mail_known: boolean;
      answered: boolean;
      last_seq: number;
      stale: boolean;
      identified: boolean;
    }
  >(
    `select v.conversation_id, v.contact_id, k.name, k.locale, k.email is not null as mail_known,
       k.answers <> '[]' as answered, c.last_seq, v.seen_at < now() - interval '1 hour' as stale,
       exists (select from contact_identity n where n.tenant_id = v.tenant_id and n.contact_id = v.contact_id and n.kind = 'website' and n.verified) as identified,
       c.controller, c.generation, c.agent_id, c.agent_name, c.queued_at, c.open, c.team
     from visitor_token v
     join conversation c on c.tenant_id = v.tenant_id and c.id = v.conversation_id
     join contact k on k.tenant_id = v.tenant_id and k.id = v.contact_id
     where v.tenant_id = $1 and v.token_hash = $2 and v.inbox_id = $3 and v.seen_at > now() - interval '30 days'`,
    [tokenHash, inbox],
    "findVisit",
  );
  const row = rows[0];
  if (row === undefined) return undefined;
  if (row.stale) await sql.query("update visitor_token set seen_at = now() where tenant_id = $1 and token_hash = $2", [tokenHash]);
  return {
    conversation: row.conversation_id,
    contact: row.contact_id,
    contactName: row.name,
    locale: row.locale,
    mailKnown: row.mail_known,
    answered: row.answered,
    lastSeq: row.last_seq,
    control: toControl(row),
    identified: row.identified,
  };
}

export interface NewVisit {
  tokenHash: Buffer;
  inbox: string;
  team: string;
  contact: string;
  contactName: string;
  conversation: string;
  locale: string | null;
  /** In which an agent should answer; null where it is not known. */
  language: string | null;
  page: string | null;
  timeZone: string | null;
  browser: string | null;
}

/** Contact, conversation and token, or none of them. */
export async function insertVisit(sql: Sql, visit: NewVisit): Promise<void> {
  await sql.query(
    `with contact as (insert into contact (tenant_id, id, name, locale, page, time_zone, browser) values ($1, $2, $3, $4, $5, $11, $12)),
       conversation as (insert into conversation (tenant_id, id, inbox_id, contact_id, team, touched, language)
         values ($1, $6, $7, $2, $8, extract(epoch from now())::int / 10, $10))
     insert into visitor_token (tenant_id, token_hash, inbox_id, contact_id, conversation_id) values ($1, $9, $7, $2, $6)`,
    [
      visit.contact,
      visit.contactName,
      visit.locale,
      visit.page,
      visit.conversation,
      visit.inbox,
      visit.team,
      visit.tokenHash,
      visit.language,
      visit.timeZone,
      visit.browser,
    ],
    "insertVisit",
  );
}

/** The language in which the visitor reads from now on. */
export async function setContactLocale(sql: TenantSql, contact: string, locale: string): Promise<void> {
  await sql.query("update contact set locale = $3 where tenant_id = $1 and id = $2", [contact, locale]);
}

/** The contact's own word: nobody has proved that the address is theirs. False where their site has signed another one, which stays. */
export async function saveContactMail(sql: TenantSql, contact: string, email: string): Promise<boolean> {
  const rows = await sql.query(
    "update contact set email = $3 where tenant_id = $1 and id = $2 and coalesce(lower(signed_email), lower($3)) = lower($3) returning id",
    [contact, email],
  );
  return rows.length > 0;
}

export interface KeptAnswers {
  answers: { label: string; value: string }[];
  name: string | null;
  email: string | null;
  team: string | null;
}

/**
 * What was filled in before the first message; the team only while nobody but the assistant has the conversation. What the site has signed
 * stays; answers what the contact is called now, and whether an address of theirs is known.
 */
export async function saveAnswers(
  sql: TenantSql,
  contact: string,
  conversation: string,
  kept: KeptAnswers,
): Promise<{ name: string; mailKnown: boolean } | undefined> {
  const rows = await sql.query<{ name: string; mailKnown: boolean }>(
    `with chosen as (update conversation set team = $7 where tenant_id = $1 and id = $3 and $7::text is not null and controller = 'bot')
     update contact set answers = $4, name = coalesce(signed_name, $5, name), email = coalesce(signed_email, $6, email)
     where tenant_id = $1 and id = $2 returning name, email is not null as "mailKnown"`,
    [contact, conversation, JSON.stringify(kept.answers), kept.name, kept.email, kept.team],
    "saveAnswers",
  );
  return rows[0];
}

/** A conversation of this contact and inbox in which nothing was said yet. Index: conversation_contact. */
export async function findEmptyConversation(sql: TenantSql, contact: string, inbox: string): Promise<string | undefined> {
  const rows = await sql.query<{ id: string }>(
    "select id from conversation where tenant_id = $1 and contact_id = $2 and inbox_id = $3 and last_seq = 0 and open order by id desc limit 1",
    [contact, inbox],
  );
  return rows[0]?.id;
}

/** Another conversation of a contact who is known, with its token; where it is there already, the token alone. */
export async function insertNextVisit(
  sql: TenantSql,
  visit: Pick<NewVisit, "tokenHash" | "inbox" | "team" | "contact" | "conversation" | "language">,
): Promise<void> {
  await sql.query(
    `with conversation as (insert into conversation (tenant_id, id, inbox_id, contact_id, team, touched, language)
       values ($1, $2, $3, $4, $5, extract(epoch from now())::int / 10, $7) on conflict do nothing)
     insert into visitor_token (tenant_id, token_hash, inbox_id, contact_id, conversation_id) values ($1, $6, $3, $4, $2)`,
    [visit.conversation, visit.inbox, visit.contact, visit.team, visit.tokenHash, visit.language],
    "insertNextVisit",
  );
}

export async function deleteIdleTokens(sql: Sql): Promise<void> {
  await sql.query("delete from visitor_token where seen_at < now() - interval '30 days'");
}
