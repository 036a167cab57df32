import type { Sql } from "../platform/database/database.ts";
import type { Reference, UniqueValue } from "./entityStore.ts";

/** What a change of an entity does to what it holds: values that no other may have, and others in its relations. */
export interface HeldChange {
  id: string;
  /** What it had alone and has no more, and what it has alone now. */
  freed: readonly UniqueValue[];
  taken: readonly UniqueValue[];
  /** Whom it has in a relation no more, and whom it has now. */
  left: readonly Reference[];
  met: readonly Reference[];
}

/** Rows of `one` (field, held, id) with an id of `changed`. */
type Rows = string;

/**
 * One by one, by primary keys: joined, PostgreSQL goes through all that a blueprint's entities hold for each of a thousand where a table is new to it, which
 * takes seconds.
 */
const letGo = (table: "entity_unique" | "entity_reference", held: "value" | "target_id", rows: Rows) =>
  `delete from ${table} where ctid = any(array(
     select had.place from ${rows} cross join lateral (
       select h.ctid as place from ${table} h
       where h.tenant_id = $1 and h.blueprint_id = $2 and h.field = one.field and h.${held} = one.held and h.entity_id = one.id limit 1) had))`;

const hold = (table: "entity_unique" | "entity_reference", held: "value" | "target_id", rows: Rows) =>
  `insert into ${table} (tenant_id, blueprint_id, field, ${held}, entity_id) select $1, $2, one.field, one.held, one.id from ${rows}`;

const writes = {
  freed: (rows: Rows) => letGo("entity_unique", "value", rows),
  taken: (rows: Rows) => hold("entity_unique", "value", rows),
  left: (rows: Rows) => letGo("entity_reference", "target_id", rows),
  met: (rows: Rows) => `${hold("entity_reference", "target_id", rows)} on conflict do nothing`,
};

/**
 * What a statement that writes `changed` (by id, of the blueprint `$2`) goes on with, so that both are written or neither; parameters from `first`. What there
 * is nothing of isn't in it: it would be planned each time.
 */
export function holdingOf(changes: readonly HeldChange[], first: number): { sql: string; values: string[][] } {
  const values: string[][] = [];
  let sql = "";
  for (const part of ["freed", "taken", "left", "met"] as const) {
    const { type, columns } = columnsOf(changes, part);
    if (columns[0]?.length === 0) continue;
    const at = first + values.length;
    const rows = `changed join unnest($${at}::text[], $${at + 1}::${type}[], $${at + 2}::uuid[]) as one (field, held, id) using (id)`;
    sql += `, held_${part} as (${writes[part](rows)})`;
    values.push(...columns);
  }
  return { sql, values };
}

/** What entities have alone no more, before others take it: one statement would do both in no order. */
export async function freeValues(
  tx: Pick<Sql, "query">,
  blueprint: string,
  changes: readonly Pick<HeldChange, "id" | "freed">[],
): Promise<void> {
  const { columns } = columnsOf(changes, "freed");
  if (columns[0]?.length === 0) return;
  await tx.query(writes.freed("unnest($3::text[], $4::text[], $5::uuid[]) as one (field, held, id)"), [blueprint, ...columns]);
}

function columnsOf<Part extends "freed" | "taken" | "left" | "met">(
  changes: readonly Pick<HeldChange, "id" | Part>[],
  part: Part,
): { type: "text" | "uuid"; columns: string[][] } {
  const rows = changes.flatMap((change) =>
    change[part].map((one: UniqueValue | Reference) => [one.field, "value" in one ? one.value : one.target, change.id]),
  );
  return {
    type: part === "freed" || part === "taken" ? "text" : "uuid",
    columns: [0, 1, 2].map((column) => rows.map((row) => row[column] ?? "")),
  };
}
