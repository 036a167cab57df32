import type { Sql } from "../../platform/database/database.ts";

/** A site's own name for a person is theirs in that inbox alone: another site of the tenant may call somebody else the same. */
const kind = "website";

/** Until the end of the transaction nobody else opens a chat for this person: ten tabs at once make one contact. */
export async function lockIdentity(tx: Sql, value: string): Promise<void> {
  await tx.query("select pg_advisory_xact_lock(hashtextextended($1::text || ' website ' || $2, 0))", [value]);
}

/** The contact that this identity belongs to. Index contact_identity_verified. */
export async function findContactOf(tx: Sql, value: string): Promise<string | undefined> {
  const rows = await tx.query<{ contact_id: string }>(
    "select contact_id from contact_identity where tenant_id = $1 and kind = $2 and value = $3 and verified",
    [kind, value],
  );
  return rows[0]?.contact_id;
}

export interface TokenOwner {
  contact: string;
  conversation: string;
  lastSeq: number;
  /** Whether a site has said who this is. */
  identified: boolean;
}

/** Whose page has this token, in this inbox. Index: the primary keys. */
export async function findTokenOwner(tx: Sql, inbox: string, tokenHash: Buffer): Promise<TokenOwner | undefined> {
  const rows = await tx.query<TokenOwner>(
    `select v.contact_id as contact, v.conversation_id as conversation, c.last_seq as "lastSeq",
       exists (select from contact_identity n where n.tenant_id = v.tenant_id and n.contact_id = v.contact_id and n.kind = $4 and n.verified) as identified
     from visitor_token v join conversation c on c.tenant_id = v.tenant_id and c.id = v.conversation_id
     where v.tenant_id = $1 and v.token_hash = $2 and v.inbox_id = $3 and v.seen_at > now() - interval '30 days'
     for update of v`,
    [tokenHash, inbox, kind],
  );
  return rows[0];
}

export async function saveIdentity(tx: Sql, contact: string, value: string): Promise<void> {
  await tx.query("insert into contact_identity (tenant_id, contact_id, kind, value, verified) values ($1, $2, $3, $4, true)", [
    contact,
    kind,
    value,
  ]);
}

/** What the site says of the person counts for more than what stood there, and than what they say themselves from now on. */
export async function saveClaims(
  tx: Sql,
  contact: string,
  { name, email }: { name: string | undefined; email: string | undefined },
): Promise<void> {
  await tx.query(
    `update contact set name = coalesce($3, name), email = coalesce($4, email),
       signed_name = coalesce($3, signed_name), signed_email = coalesce($4, signed_email)
     where tenant_id = $1 and id = $2`,
    [contact, name ?? null, email ?? null],
  );
}

/** The conversation of a contact in an inbox that was spoken in last. Index conversation_contact. */
export async function newestConversation(tx: Sql, inbox: string, contact: string): Promise<string | undefined> {
  const rows = await tx.query<{ id: string }>(
    "select id from conversation where tenant_id = $1 and contact_id = $2 and inbox_id = $3 order by last_at desc, id desc limit 1",
    [contact, inbox],
  );
  return rows[0]?.id;
}

/** Gives a contact one token more, for a page that opens this conversation. */
export async function insertToken(
  tx: Sql,
  { tokenHash, inbox, contact, conversation }: { tokenHash: Buffer; inbox: string; contact: string; conversation: string },
): Promise<void> {
  await tx.query("insert into visitor_token (tenant_id, token_hash, inbox_id, contact_id, conversation_id) values ($1, $2, $3, $4, $5)", [
    tokenHash,
    inbox,
    contact,
    conversation,
  ]);
}

/** A page that had said nothing yet goes on where its person is, and the empty conversation goes. */
export async function moveToken(tx: Sql, from: string, to: string): Promise<void> {
  await tx.query("update visitor_token set conversation_id = $3 where tenant_id = $1 and conversation_id = $2", [from, to]);
  await tx.query(
    "delete from conversation c where c.tenant_id = $1 and c.id = $2 and c.last_seq = 0 and not exists (select from visitor_token v where v.tenant_id = $1 and v.conversation_id = c.id)",
    [from],
  );
}

/** What both are known by, and found by, the other keeps. */
export async function forgetDouble(tx: Sql, from: string, to: string): Promise<void> {
  await tx.query("delete from contact_search where tenant_id = $1 and contact_id = $2", [from]);
  await tx.query(
    `delete from contact_identity mine using contact_identity theirs
     where mine.tenant_id = $1 and mine.contact_id = $2 and theirs.tenant_id = $1 and theirs.contact_id = $3
       and theirs.kind = mine.kind and theirs.value = mine.value`,
    [from, to],
  );
}

/** What a contact lacks is taken over from another; what both say stays as it is. Notes of both are kept, as far as there is room. */
export async function takeOverDetails(tx: Sql, from: string, to: string): Promise<void> {
  await tx.query(
    `update contact k set email = coalesce(k.email, o.email), phone = coalesce(k.phone, o.phone), locale = coalesce(k.locale, o.locale),
       time_zone = coalesce(k.time_zone, o.time_zone), notes = left(concat_ws(E'\\n', nullif(k.notes, ''), nullif(o.notes, '')), 10000),
       tags = array(select distinct unnest(k.tags || o.tags)), fields = o.fields || k.fields, version = k.version + 1
     from contact o where k.tenant_id = $1 and k.id = $3 and o.tenant_id = $1 and o.id = $2`,
    [from, to],
  );
}

/** An inbox by its id, its public key or its name. */
export async function findInbox(
  sql: Sql,
  name: string,
  id: string | null,
): Promise<{ id: string; publicKey: string; epoch: number } | undefined> {
  const rows = await sql.query<{ id: string; publicKey: string; epoch: number }>(
    `select id, public_key as "publicKey", identity_epoch as epoch from inbox
     where tenant_id = $1 and active and (id = $3 or public_key = $2 or lower(name) = lower($2)) order by created_at limit 1`,
    [name, id],
  );
  return rows[0];
}

/** The number of the inbox's new secret. */
export async function nextIdentityEpoch(sql: Sql, inbox: string): Promise<number> {
  const rows = await sql.query<{ epoch: number }>(
    `update inbox set identity_epoch = identity_epoch + 1, identity_rotated_at = now() where tenant_id = $1 and id = $2
     returning identity_epoch as epoch`,
    [inbox],
  );
  return rows[0]?.epoch ?? 1;
}
