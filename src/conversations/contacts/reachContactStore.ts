import type { Reach } from "../../access/policy.ts";
import { withinReach } from "../../access/roles/reachStore.ts";
import type { Sql, TenantSql } from "../../platform/database/database.ts";

export interface ReachableContact {
  id: string;
  name: string;
  email: string | null;
  signed: boolean;
  blocked: boolean;
}

const columns = `k.id, k.name, coalesce(k.signed_email, k.email) as email, k.signed_email is not null as signed, k.blocked_at is not null as blocked`;

function reachable(reach: Reach, parameter: number): { condition: string; values: unknown[] } {
  if (reach === "all") return { condition: "true", values: [] };
  const { condition, values } = withinReach(reach, parameter);
  return {
    condition: `exists (select from conversation c where c.tenant_id = k.tenant_id and c.contact_id = k.id and ${condition})`,
    values,
  };
}

/** By ids, and by addresses that their sites have signed, in lower case. Indexes: the primary key, contact_signed_email. */
export async function findReachable(
  sql: Sql,
  reach: Reach,
  { ids, emails }: { ids: readonly string[]; emails: readonly string[] },
): Promise<ReachableContact[]> {
  const { condition, values } = reachable(reach, 4);
  return await sql.query<ReachableContact & Record<string, unknown>>(
    `select ${columns} from contact k where k.tenant_id = $1 and (k.id = any($2::uuid[]) or lower(k.signed_email) = any($3::text[])) and ${condition}
      order by k.created_at desc`,
    [ids, emails, ...values],
  );
}

/** Those with the tag, on them or on an open conversation of theirs that is within reach. Indexes contact_tags, conversation_tags, which may not be used behind the second wall. */
export async function findReachableTagged(
  { unwalled: sql }: TenantSql,
  reach: Reach,
  tag: string,
  limit: number,
): Promise<ReachableContact[]> {
  const { condition, values } = reachable(reach, 4);
  const within = withinReach(reach, 4).condition;
  return await sql.query<ReachableContact & Record<string, unknown>>(
    `select ${columns} from contact k where k.tenant_id = $1 and k.id in (
       select id from contact where tenant_id = $1 and tags @> array[$2::uuid] and tags <> '{}'
       union select c.contact_id from conversation c where c.tenant_id = $1 and c.tags @> array[$2::uuid] and c.tags <> '{}' and c.open and ${within})
       and ${condition} order by k.name, k.id limit $3`,
    [tag, limit, ...values],
  );
}

/** Those of the addresses, in lower case, that blocked contacts wrote or their sites signed. Indexes: contact_blocked, contact_signed_email. */
export async function findBlockedAddresses(sql: Sql, addresses: readonly string[]): Promise<string[]> {
  const rows = await sql.query<{ email: string }>(
    `select lower(email) as email from contact where tenant_id = $1 and blocked_at is not null and lower(email) = any($2::text[])
     union
     select lower(signed_email) from contact
      where tenant_id = $1 and blocked_at is not null and signed_email is not null and lower(signed_email) = any($2::text[])`,
    [addresses],
  );
  return rows.map(({ email }) => email);
}

/** Their open conversation within reach that was spoken in last. Index: conversation_contact. */
export async function findOpenConversation(sql: Sql, reach: Reach, contact: string): Promise<{ id: string; within: boolean } | undefined> {
  const { condition, values } = withinReach(reach, 3);
  const rows = await sql.query<{ id: string; within: boolean }>(
    `select c.id, ${condition} as within from conversation c where c.tenant_id = $1 and c.contact_id = $2 and c.open and c.muted is null
      order by within desc, c.last_at desc, c.id desc limit 1`,
    [contact, ...values],
  );
  return rows[0];
}

export interface ContactDoor {
  email: string | null;
  blocked: boolean;
  language: string | null;
  /** An inbox whose site says who they are, where there is one that takes people. */
  inbox: { id: string; team: string } | null;
}

/** Locked until the end of the transaction, so that two messages to somebody begin one conversation. Indexes: the primary keys. */
export async function lockContactDoor(tx: Sql, contact: string): Promise<ContactDoor | undefined> {
  const rows = await tx.query<ContactDoor & Record<string, unknown>>(
    `select coalesce(k.signed_email, k.email) as email, k.blocked_at is not null as blocked, k.locale as language,
       (select jsonb_build_object('id', i.id, 'team', i.team) from contact_identity n
          join inbox i on i.tenant_id = n.tenant_id and n.value like i.id::text || ':%' and i.active
         where n.tenant_id = k.tenant_id and n.contact_id = k.id and n.kind = 'website' and n.verified order by n.created_at desc limit 1) as inbox
       from contact k where k.tenant_id = $1 and k.id = $2 for update of k`,
    [contact],
  );
  return rows[0];
}

export async function insertConversation(
  tx: Sql,
  { id, inbox, contact, team, language }: { id: string; inbox: string; contact: string; team: string; language: string | null },
): Promise<void> {
  await tx.query(
    `insert into conversation (tenant_id, id, inbox_id, contact_id, team, touched, language)
     values ($1, $2, $3, $4, $5, extract(epoch from now())::int / 10, $6)`,
    [id, inbox, contact, team, language],
  );
}
