import type { Sql, TenantSql } from "../../platform/database/database.ts";
import type { Language } from "../../protocol/languages.ts";
import type { ChatPlace } from "../chatEvent.ts";

export interface PersonRow {
  id: string;
  installation: string;
  workspace: string;
  user: string;
  name: string;
  place: ChatPlace | null;
  contact: string | null;
  account: string | null;
  steppedUpAt: Date | null;
  /** As their service told it, where it tells it only to who asks. */
  language: Language | null;
  languageAskedAt: Date | null;
}

const person = `id, installation_id as installation, workspace, user_id as user, name, place, contact_id as contact, account_id as account,
  stepped_up_at as "steppedUpAt", language, language_asked_at as "languageAskedAt"`;

/** Remembers somebody, with the name and the place that they have now; an id is no name. Unique (tenant_id, installation_id, workspace, user_id). */
export async function meetPerson(
  sql: Sql,
  met: { id: string; installation: string; workspace: string; user: string; name: string; place: ChatPlace | undefined },
): Promise<PersonRow | undefined> {
  const rows = await sql.query<PersonRow>(
    `insert into channel_person (tenant_id, id, installation_id, workspace, user_id, name, place) values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (tenant_id, installation_id, workspace, user_id) do update
       set name = case when excluded.name in ('', excluded.user_id) then channel_person.name else excluded.name end,
         place = coalesce(excluded.place, channel_person.place)
     returning ${person}`,
    [met.id, met.installation, met.workspace, met.user, met.name, met.place === undefined ? null : JSON.stringify(met.place)],
  );
  return rows[0];
}

export async function saveName(sql: TenantSql, id: string, name: string): Promise<void> {
  await sql.query("update channel_person set name = $3 where tenant_id = $1 and id = $2", [id, name]);
}

/** Without one, what was known stays. */
export async function saveLanguage(sql: TenantSql, id: string, language: Language | undefined, now: Date): Promise<void> {
  await sql.query("update channel_person set language = coalesce($3, language), language_asked_at = $4 where tenant_id = $1 and id = $2", [
    id,
    language ?? null,
    now,
  ]);
}

export async function findPerson(sql: Sql, id: string): Promise<PersonRow | undefined> {
  const rows = await sql.query<PersonRow>(`select ${person} from channel_person where tenant_id = $1 and id = $2`, [id]);
  return rows[0];
}

/** Where an account is reached: those linked to it, of installations that work. Index: channel_person_account. */
export async function listPeopleOf(sql: TenantSql, accounts: readonly string[]): Promise<PersonRow[]> {
  return await sql.query<PersonRow>(
    `select ${person} from channel_person where tenant_id = $1 and account_id = any($2::uuid[])
       and exists (select from channel_installation i where i.tenant_id = channel_person.tenant_id and i.id = installation_id and i.state = 'live')`,
    [accounts],
  );
}

/** Those who are linked to these accounts, or are these contacts, of a service: the ones that came first. Indexes: channel_person_account, channel_person_contact. */
export async function listPeopleThere(
  sql: Sql,
  channel: string,
  { accounts, contacts }: { accounts: readonly string[]; contacts: readonly string[] },
): Promise<(PersonRow & { at: string; state: string })[]> {
  return await sql.query<PersonRow & { at: string; state: string } & Record<string, unknown>>(
    `select p.*, i.name as at, i.state from (
       select ${person}, met_at from channel_person where tenant_id = $1 and account_id = any($3::uuid[])
        union select ${person}, met_at from channel_person where tenant_id = $1 and contact_id = any($4::uuid[])) p
       join channel_installation i on i.tenant_id = $1 and i.id = p.installation and i.channel = $2 and i.state <> 'gone'
      order by i.state = 'live' desc, p.met_at, p.id`,
    [channel, accounts, contacts],
  );
}

export interface LinkView {
  person: string;
  channel: string;
  workspace: string;
  name: string;
  linkedAt: Date;
}

/** What an account is linked to. Index: channel_person_account. */
export async function listLinks(sql: TenantSql, account: string): Promise<LinkView[]> {
  return await sql.query<LinkView & Record<string, unknown>>(
    `select p.id as person, i.channel, i.name as workspace, p.name, p.linked_at as "linkedAt" from channel_person p
       join channel_installation i on i.tenant_id = p.tenant_id and i.id = p.installation_id
      where p.tenant_id = $1 and p.account_id = $2 order by p.linked_at, p.id`,
    [account],
  );
}

/**
 * Ends a link of the account; answers whether there was one. What they said stays with the account's contact while others are it too: what they say
 * from now on is somebody else's.
 */
export async function unlink(sql: Sql, account: string, id: string): Promise<boolean> {
  const rows = await sql.query(
    `update channel_person p set account_id = null, linked_at = null, stepped_up_at = null,
       contact_id = case when exists (select from channel_person o where o.tenant_id = p.tenant_id and o.account_id = $2 and o.id <> p.id
         and o.contact_id = p.contact_id) then null else p.contact_id end
      where p.tenant_id = $1 and p.account_id = $2 and p.id = $3 returning p.id`,
    [account, id],
  );
  return rows.length > 0;
}

/** Until the end of the transaction nobody else looks which contacts are this account: what is said first in two places at once is one person's. */
export async function lockAccount(tx: Sql, account: string): Promise<void> {
  await tx.query("select pg_advisory_xact_lock(hashtextextended($1::text || ' one person ' || $2, 0))", [account]);
}

/** The contacts that those linked to an account are, the first first; without the blocked. Index: channel_person_account. */
export async function listContactsOf(tx: Sql, account: string): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `select k.id from contact k where k.tenant_id = $1 and k.blocked_at is null
       and k.id in (select contact_id from channel_person where tenant_id = $1 and account_id = $2) order by k.created_at, k.id for update`,
    [account],
  );
  return rows.map(({ id }) => id);
}

/** The contact that somebody is, whom nobody makes another until the end of the transaction. */
export async function lockContactOf(tx: Sql, person: string): Promise<string | null> {
  const rows = await tx.query<{ contact: string | null }>(
    "select contact_id as contact from channel_person where tenant_id = $1 and id = $2 for update",
    [person],
  );
  return rows[0]?.contact ?? null;
}

/** Those linked to the account who are nobody yet are this contact. */
export async function shareContact(tx: Sql, account: string, contact: string): Promise<void> {
  await tx.query("update channel_person set contact_id = $3 where tenant_id = $1 and account_id = $2 and contact_id is null", [
    account,
    contact,
  ]);
}

/** Gives somebody there a code; those of before count no more. */
export async function insertLink(
  sql: Sql,
  tenant: string,
  { hash, person, expiresAt }: { hash: Buffer; person: string; expiresAt: Date },
): Promise<void> {
  await sql.query("delete from channel_link where tenant_id = $1 and (person_id = $2 or expires_at < now())", [tenant, person]);
  await sql.query("insert into channel_link (tenant_id, code_hash, person_id, expires_at) values ($1, $2, $3, $4)", [
    tenant,
    hash,
    person,
    expiresAt,
  ]);
}

export interface Claimed {
  person: string;
  name: string;
  channel: string;
  workspace: string;
  installation: string;
}

/** Whom a code is of, while it counts and nobody has written it. */
export async function findLink(sql: Sql, tenant: string, hash: Buffer, now: Date): Promise<Claimed | undefined> {
  const rows = await sql.query<Claimed & Record<string, unknown>>(
    `select p.id as person, p.name, i.channel, i.name as workspace, i.id as installation from channel_link l
       join channel_person p on p.tenant_id = l.tenant_id and p.id = l.person_id
       join channel_installation i on i.tenant_id = p.tenant_id and i.id = p.installation_id
      where l.tenant_id = $1 and l.code_hash = $2 and l.account_id is null and l.expires_at > $3`,
    [tenant, hash, now],
  );
  return rows[0];
}

/** The account says that it is whoever asked for the code; they must still say so themselves. False where somebody wrote it before. */
export async function claimLink(sql: Sql, tenant: string, hash: Buffer, account: string, now: Date): Promise<boolean> {
  const rows = await sql.query(
    "update channel_link set account_id = $3 where tenant_id = $1 and code_hash = $2 and account_id is null and expires_at > $4 returning person_id",
    [tenant, hash, account, now],
  );
  return rows.length > 0;
}

/** Whoever asked for the code confirms, or denies; answers the account, or nothing where nothing waits for them. The code is used up. */
export async function takeClaim(sql: Sql, person: string, now: Date): Promise<string | undefined> {
  const rows = await sql.query<{ account: string }>(
    "delete from channel_link where tenant_id = $1 and person_id = $2 and account_id is not null and expires_at > $3 returning account_id as account",
    [person, now],
  );
  return rows[0]?.account;
}

export async function saveAccount(sql: Sql, person: string, account: string, now: Date): Promise<void> {
  await sql.query("update channel_person set account_id = $3, linked_at = $4, stepped_up_at = null where tenant_id = $1 and id = $2", [
    person,
    account,
    now,
  ]);
}

export async function savePersonSteppedUp(sql: Sql, tenant: string, person: string, now: Date): Promise<void> {
  await sql.query("update channel_person set stepped_up_at = $3 where tenant_id = $1 and id = $2", [tenant, person, now]);
}

export async function saveContact(sql: Sql, person: string, contact: string): Promise<void> {
  await sql.query("update channel_person set contact_id = $3 where tenant_id = $1 and id = $2", [person, contact]);
}

/** Whom a card is for. */
export async function findPersonOfCard(sql: Sql, card: string): Promise<PersonRow | undefined> {
  const rows = await sql.query<PersonRow & Record<string, unknown>>(
    `select ${person} from channel_person where tenant_id = $1 and id = (select person_id from channel_card where tenant_id = $1 and id = $2)`,
    [card],
  );
  return rows[0];
}

/** Where they are written to alone, and where the cards are that waited to know. */
export async function savePlace(sql: Sql, id: string, place: ChatPlace): Promise<void> {
  await sql.query("update channel_person set place = $3 where tenant_id = $1 and id = $2", [id, JSON.stringify(place)]);
  await sql.query("update channel_card set place = $3 where tenant_id = $1 and person_id = $2 and place->>'room' = ''", [
    id,
    JSON.stringify(place),
  ]);
}

/** The mail addresses of these accounts. Primary key of account. */
export async function listMails(sql: TenantSql, accounts: readonly string[]): Promise<string[]> {
  const rows = await sql.query<{ email: string }>(
    "select a.email from account a join membership m on m.account_id = a.id and m.tenant_id = $1 where a.id = any($2::uuid[])",
    [accounts],
  );
  return rows.map(({ email }) => email);
}
