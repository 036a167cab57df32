import type { Sql } from "../../platform/database/database.ts";
import type { AuditItem } from "../../protocol/audit.ts";

/** What is asked for; whatever is left out fits everything. Days are those of the tenant. */
export interface AuditFilter {
  /** A mail address, an id, or a name as it stood. */
  person?: string | undefined;
  /** `agent.deactivate`, or a whole group: `agent`. */
  action?: string | undefined;
  /** An id, a name, or a kind of thing. */
  object?: string | undefined;
  /** A day, or an instant with its offset. */
  from?: string | undefined;
  /** A day counts whole. */
  to?: string | undefined;
}

type Row = Omit<AuditItem, "actor" | "object"> & {
  actorKind: string;
  actorId: string | null;
  actorName: string | null;
  address: string | null;
  objectKind: string | null;
  objectId: string | null;
  objectName: string | null;
};

/** The newest first, those before `before`. Primary key, or audit_entry_actor, _object, _action, _at. */
export async function findAuditEntries(
  sql: Sql,
  { person, action, object, from, to }: AuditFilter,
  { before, limit }: { before: number; limit: number },
): Promise<AuditItem[]> {
  const values: unknown[] = [before, limit];
  const bind = (value: unknown) => `$${values.push(value) + 1}`;
  const conditions: string[] = [];
  if (person !== undefined) {
    const [id, email] = [bind(person), bind(person.trim().toLowerCase())];
    conditions.push(`(e.actor_id = ${id} or e.actor_name = ${id} or e.actor_id =
      (select a.id::text from account a join membership m on m.account_id = a.id where m.tenant_id = $1 and a.email = ${email}))`);
  }
  if (action !== undefined) {
    const written = bind(action);
    conditions.push(`(e.action = ${written} or starts_with(e.action, ${written} || '.'))`);
  }
  if (object !== undefined) {
    const written = bind(object);
    conditions.push(`${written} in (e.object_id, e.object_name, e.object_kind)`);
  }
  if (from !== undefined) conditions.push(`e.at >= ${momentSql(from, bind(from), 0)}`);
  if (to !== undefined) conditions.push(`e.at ${isDay(to) ? "<" : "<="} ${momentSql(to, bind(to), 1)}`);
  const rows = await sql.query<Row>(
    `select e.seq, to_char(e.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at, e.action, e.actor_kind as "actorKind",
            e.actor_id as "actorId", e.actor_name as "actorName", e.address, e.object_kind as "objectKind", e.object_id as "objectId",
            e.object_name as "objectName", e.detail, e.request_id as "requestId", encode(e.hash, 'hex') as hash
       from audit_entry e where ${["e.tenant_id = $1", "e.seq < $2", ...conditions].join(" and ")} order by e.seq desc limit $3`,
    values,
  );
  return rows.map(({ actorKind, actorId, actorName, address, objectKind, objectId, objectName, seq, at, action: done, ...rest }) => ({
    seq,
    at,
    action: done,
    actor: { kind: actorKind, id: actorId, name: actorName, address },
    object: objectKind === null ? null : { kind: objectKind, id: objectId, name: objectName },
    ...rest,
  }));
}

function isDay(written: string): boolean {
  return !written.includes("T");
}

/** A day begins when it does where the tenant is. */
function momentSql(written: string, bound: string, daysMore: number): string {
  if (!isDay(written)) return `${bound}::timestamptz`;
  return `((${bound}::date + ${daysMore})::timestamp at time zone (select time_zone from tenant where id = $1))`;
}
