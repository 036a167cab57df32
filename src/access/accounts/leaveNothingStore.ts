import type { Sql } from "../../platform/database/database.ts";
import { type Column, quoted, type Table } from "./catalogueStore.ts";

/** Whose traces are meant. */
export interface Person {
  id: string;
  name: string;
  email: string;
}

/** What stands in their place: an id that leads nowhere, a name and an address of nobody. */
export interface Nobody {
  id: string;
  name: string;
  email: string;
}

/** Columns whose rows belong to one account and mean nothing without it. */
const owning: readonly string[] = ["account_id", "principal_id", "owner"];

export function ownedBy({ name, columns }: Table): Column | undefined {
  return name === "account" ? undefined : columns.find((column) => owning.includes(column.name));
}

export async function deleteOwned(tx: Sql, { name }: Table, column: Column, account: string): Promise<void> {
  await tx.query(`delete from ${quoted(name)} where ${quoted(column.name)}::text = any($1)`, [namesOf(account)]);
}

/** Rows as JSON, without what is secret. */
export async function readOwned(sql: Sql, { name }: Table, column: Column, account: string): Promise<Record<string, unknown>[]> {
  const rows = await sql.query<{ row: Record<string, unknown> }>(
    `select to_jsonb(t) - '{token_hash,ticket_hash,request_hash,code_hash,state_hash,browser_hash,auth,p256dh,secret,pending,sealed,password_hash,hash,detail}'::text[] as row
       from ${quoted(name)} t where t.${quoted(column.name)}::text = any($1)`,
    [namesOf(account)],
  );
  return rows.map(({ row }) => row);
}

/** As ids, and as the owner of what is for one person. */
function namesOf(account: string): string[] {
  return [account, `person:${account}`];
}

const textual = new Set(["text", "character varying"]);

/**
 * Rows that belong to others and name the person say "nobody" from now on: the id wherever it stands, the address in JSON, the name in rows that
 * have the id. What customers wrote and read is not searched for the name: it may be anybody's.
 */
export async function forgetPerson(tx: Sql, table: Table, person: Person, nobody: Nobody): Promise<void> {
  const ids = table.columns.filter(({ type }) => type === "uuid");
  const lists = table.columns.filter(({ type }) => type === "uuid[]");
  const texts = table.columns.filter(({ type }) => textual.has(type));
  const json = table.columns.filter(({ type }) => type === "jsonb");
  const values = [person.id, nobody.id, person.name, nobody.name, emailPattern(person.email), nobody.email];
  const inRow = [
    ...ids.map(({ name }) => `${quoted(name)} = $1::uuid`),
    ...lists.map(({ name }) => `$1::uuid = any(${quoted(name)})`),
    ...texts.map(({ name }) => `${quoted(name)} like '%' || $1::text || '%'`),
    ...json.map(({ name }) => `${quoted(name)}::text like '%' || $1::text || '%'`),
  ];
  const sets = [
    ...ids.map(({ name }) => `${quoted(name)} = case when ${quoted(name)} = $1::uuid then $2::uuid else ${quoted(name)} end`),
    ...lists.map(({ name }) => `${quoted(name)} = array_replace(${quoted(name)}, $1::uuid, $2::uuid)`),
    ...texts.map(
      ({ name }) => `${quoted(name)} = case ${quoted(name)} when $3 then $4 else replace(${quoted(name)}, $1::text, $2::text) end`,
    ),
    ...json.map(({ name }) => `${quoted(name)} = ${withoutPerson(quoted(name))}`),
  ];
  if (inRow.length > 0) {
    await tx.query(
      `update ${quoted(table.name)} set ${sets.join(", ")} where ${narrowed(table)} (${inRow.join(" or ")})
         and $5::text is not null and $6::text is not null and $3::text is not null and $4::text is not null`,
      values,
    );
  }
  // A command that named them, in rows of colleagues.
  if (json.length > 0 && table.name !== "message") {
    await tx.query(
      `update ${quoted(table.name)} set ${json.map(({ name }) => `${quoted(name)} = regexp_replace(${quoted(name)}::text, $1, $2, 'gi')::jsonb`).join(", ")}
        where ${json.map(({ name }) => `${quoted(name)}::text ~* $1`).join(" or ")}`,
      [emailPattern(person.email), nobody.email],
    );
  }
}

/** Messages are many: only whoever held a conversation wrote in it. */
function narrowed({ name }: Table): string {
  return name === "message"
    ? "(tenant_id, conversation_id) in (select tenant_id, conversation_id from control_change where agent_id = any(array[$1::uuid, $2::uuid])) and"
    : "";
}

function withoutPerson(column: string): string {
  const named = `replace(${column}::text, to_jsonb($3::text)::text, to_jsonb($4::text)::text)`;
  const byId = `replace(${named}, $1::text, $2::text)`;
  return `case when ${column}::text like '%' || $1::text || '%' then regexp_replace(${byId}, $5, $6, 'gi')::jsonb else ${column} end`;
}

/** The address by itself, and not as a part of another one. */
function emailPattern(email: string): string {
  const literal = email.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);
  return `(?<![\\w.+-])${literal}(?![\\w-]|\\.\\w)`;
}

/** Notes of the product tell in words who did what. */
export async function forgetName(tx: Sql, person: Person, nobody: Nobody): Promise<void> {
  const literal = person.name.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);
  await tx.query(
    `update note set text = regexp_replace(text, $1, $2, 'g') where tenant_id in (select tenant_id from membership where account_id = $3)
       and text ~ $1`,
    [`(?<!\\w)${literal}(?!\\w)`, nobody.name, person.id],
  );
  await tx.query("delete from mail_out where recipient = $1", [person.email]);
}

/** The tenants where nobody else is an active owner, and the conversations that wait for an answer of this account. */
export async function whatHolds(tx: Sql, account: string): Promise<{ tenants: string[]; conversations: number }> {
  const [holds] = await tx.query<{ tenants: string[]; conversations: number }>(
    `select array(select t.name from membership m join tenant t on t.id = m.tenant_id and t.active
                   where m.account_id = $1 and m.active and 'owner' = any(m.roles) and not exists (
                     select 1 from membership o join account a on a.id = o.account_id and a.active
                      where o.tenant_id = m.tenant_id and o.account_id <> $1 and o.active and 'owner' = any(o.roles))
                   order by t.name) as tenants,
       (select count(*)::int from conversation c join membership m on m.tenant_id = c.tenant_id and m.account_id = $1
                                                 join tenant t on t.id = c.tenant_id and t.active
         where c.agent_id = $1 and c.open and c.controller = 'agent') as conversations`,
    [account],
  );
  return holds ?? { tenants: [], conversations: 0 };
}

export async function deleteAccountRow(tx: Sql, account: string): Promise<void> {
  await tx.query("delete from account where id = $1", [account]);
}
