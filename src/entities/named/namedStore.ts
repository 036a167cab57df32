import type { Sql } from "../../platform/database/database.ts";
import type { Parts, ReachedBlueprint } from "../reach.ts";
import { bindReach } from "../reachStore.ts";
import type { StoredValues } from "../values.ts";

/** An entity that others name, as whoever asks may see it. */
export interface RelatedEntity {
  id: string;
  content: StoredValues;
  trashed: boolean;
  parts: Parts;
}

/** Of these, those that there are within reach; also from the trash. Primary key. */
export async function findRelated(
  sql: Pick<Sql, "query">,
  { id, reach }: Pick<ReachedBlueprint, "id" | "reach">,
  ids: readonly string[],
): Promise<RelatedEntity[]> {
  const { rows, parts, values } = bindReach(reach, 4);
  return await sql.query<RelatedEntity>(
    `select e.id, e.content, e.trashed_at is not null as trashed, ${parts} as parts from entity e
     where e.tenant_id = $1 and e.blueprint_id = $2 and e.id = any($3::uuid[]) and ${rows}`,
    [id, ids, ...values],
  );
}

export interface Person {
  id: string;
  name: string;
  email: string;
}

const working = `from membership m join account a on a.id = m.account_id where m.tenant_id = $1 and m.active and a.active`;

/** Who works in the tenant and is called so, by ids or by e-mails. Primary key of membership. */
export async function findPeople(sql: Pick<Sql, "query">, ids: readonly string[], emails: readonly string[]): Promise<Person[]> {
  return await sql.query<Person>(`select a.id, a.name, a.email ${working} and (a.id = any($2::uuid[]) or a.email = any($3))`, [
    ids,
    emails,
  ]);
}

/** Who works in the tenant and whose name or e-mail has these words, by name. Primary key of membership. */
export async function searchPeople(sql: Pick<Sql, "query">, words: string, limit: number): Promise<Person[]> {
  return await sql.query<Person>(
    `select a.id, a.name, a.email ${working} and (strpos(lower(a.name), lower($2)) > 0 or strpos(lower(a.email), lower($2)) > 0)
     order by a.name, a.id limit $3`,
    [words, limit],
  );
}

/** The names of those who work in the tenant, or did. Primary key of membership. */
export async function nameAccounts(sql: Pick<Sql, "query">, ids: readonly string[]): Promise<{ id: string; name: string }[]> {
  return await sql.query<{ id: string; name: string }>(
    "select a.id, a.name from membership m join account a on a.id = m.account_id where m.tenant_id = $1 and m.account_id = any($2::uuid[])",
    [ids],
  );
}
