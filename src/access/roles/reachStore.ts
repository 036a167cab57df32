import type { Sql, TenantSql } from "../../platform/database/database.ts";
import { Refusal } from "../../protocol/refusal.ts";
import type { Permission } from "../permissions.ts";
import { type Reach, type Rights, reachOf } from "../policy.ts";
import { ownGrantsOfMember, teamsOfMember } from "./roleStore.ts";
import { grantsOf, type OwnGrants } from "./roles.ts";

/**
 * Whether the conversation `c` is within reach, as a condition whose value is bound as `$parameter`; the same rule as `reaches`, and what is
 * merged into one that is. For whoever sees
 * all there is nothing to ask, so that nobody pays for rules that don't concern them.
 */
export function withinReach(reach: Reach, parameter: number): { condition: string; values: unknown[] } {
  if (reach === "all") return { condition: "true", values: [] };
  const value = `$${parameter}::jsonb`;
  const stands = (
    row: string,
  ) => `(${row}.agent_id = (${value}->>'account')::uuid or ${row}.offered_to = (${value}->>'account')::uuid or ${row}.participants ? (${value}->>'account')
      or exists (select from jsonb_to_recordset(${value}->'places') as place (inboxes uuid[], teams text[])
        where (place.inboxes is null or ${row}.inbox_id = any(place.inboxes)) and (place.teams is null or ${row}.team = any(place.teams))))`;
  return {
    // What is merged into another is a part of it. Index conversation_merge_now.
    condition: `(${stands("c")} or (c.muted = 'merged' and exists (
      select from conversation_merge merged join conversation lead on lead.tenant_id = merged.tenant_id and lead.id = merged.target_id
       where merged.tenant_id = c.tenant_id and merged.conversation_id = c.id and merged.ended_at is null and ${stands("lead")})))`,
    values: [JSON.stringify(reach)],
  };
}

/** Whether the conversation whose id stands in this column is within reach; of a tenant's statement. Index: the primary key. */
export function columnWithinReach(reach: Reach | undefined, column: string, parameter: number): { condition: string; values: unknown[] } {
  if (reach === undefined) return { condition: "false", values: [] };
  const { condition, values } = withinReach(reach, parameter);
  if (reach === "all") return { condition: `${column} is not null`, values };
  return { condition: `exists (select from conversation c where c.tenant_id = $1 and c.id = ${column} and ${condition})`, values };
}

/** Those of the conversations that are within reach, of this tenant. Index: the primary key. */
export async function reachableAmong(sql: Sql, reach: Reach, conversations: readonly string[]): Promise<ReadonlySet<string>> {
  if (reach === "all" || conversations.length === 0) return new Set(conversations);
  const { condition, values } = withinReach(reach, 3);
  const rows = await sql.query<{ id: string }>(
    `select c.id from conversation c where c.tenant_id = $1 and c.id = any($2::uuid[]) and ${condition}`,
    [conversations, ...values],
  );
  return new Set(rows.map(({ id }) => id));
}

/** Whether a contact is within reach: by any of their conversations. Index conversation_contact. */
export async function isContactReachable(sql: Sql, reach: Reach, contact: string): Promise<boolean> {
  if (reach === "all") return true;
  const { condition, values } = withinReach(reach, 3);
  const rows = await sql.query(`select from conversation c where c.tenant_id = $1 and c.contact_id = $2 and ${condition} limit 1`, [
    contact,
    ...values,
  ]);
  return rows.length > 0;
}

/** Where this person may read. Refusal `forbidden` for whoever may read nowhere. */
export function readingReach(rights: Rights): Reach {
  const reach = reachOf(rights, "conversations.read");
  if (reach === undefined) throw new Refusal("forbidden", "You may not read conversations; an admin can change that.");
  return reach;
}

/**
 * The one access to a conversation by its id: whoever may not read it, or not do there what they hold the permission for elsewhere, is told what
 * they would be told if it weren't there. Refusal `not_found`.
 */
export async function requireConversation(sql: TenantSql, rights: Rights, permission: Permission, conversation: string): Promise<void> {
  for (const needed of new Set<Permission>(["conversations.read", permission])) {
    const reach = reachOf(rights, needed);
    if (reach === undefined || !(await reachableAmong(sql, reach, [conversation])).has(conversation))
      throw new Refusal("not_found", "There is no such conversation.");
  }
}

/** What a member holds in this moment, for what is brought to them while nobody asks; nothing for whoever may not work here. */
export async function rightsOfMember(sql: Sql, account: string): Promise<Rights> {
  const [found] = await sql.query<{ roles: string[]; own: OwnGrants; teams: string[] }>(
    `select m.roles, ${ownGrantsOfMember} as own, ${teamsOfMember} as teams from membership m where m.tenant_id = $1 and m.account_id = $2 and m.active`,
    [account],
  );
  return { account, grants: found === undefined ? [] : grantsOf(found.roles, found.own), teams: found?.teams ?? [] };
}

/** The same in a transaction over all tenants. */
export async function rightsOfMemberIn(tx: Sql, tenant: string, account: string): Promise<Rights> {
  return await rightsOfMember({ query: (text, values = []) => tx.query(text, [tenant, ...values]) }, account);
}
