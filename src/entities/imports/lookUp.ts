import { v7 as newId } from "uuid";
import type { AccountPrincipal } from "../../access/principal.ts";
import type { Sql } from "../../platform/database/database.ts";
import { findVersions, type StoredBlueprint } from "../blueprints/blueprintStore.ts";
import type { EntityOutside } from "../rewriteEntity.ts";
import { uniqueValueOf } from "../uniqueValues.ts";
import type { TableRow } from "./files/tableRow.ts";
import { type FoundEntity, findEntitiesById, findHolders, listTrashedValues } from "./knownStore.ts";
import { nameCells } from "./nameCells.ts";
import { type KnownEntity, keyOf, type PlannedRows, planRows } from "./planRows.ts";
import { type Importing, readRow } from "./readRows.ts";

/** Of those in the trash, the last that went there: whatever finds one of a million more has to be told by its id. */
const mostTrashed = 100_000;

/** Says what becomes of rows as things stand now. */
export type PlanRows = (sql: Pick<Sql, "query">, rows: readonly TableRow[]) => Promise<PlannedRows>;

/** What is in the trash is read once; a row that finds something there sees it as it is by then. */
export async function planner(
  outside: EntityOutside,
  by: AccountPrincipal,
  blueprint: StoredBlueprint,
  importing: Importing,
): Promise<PlanRows> {
  const sql = outside.database.forTenant(by.tenant);
  const named = nameCells(outside, by, importing);
  const { keyField, definition, version } = importing;
  const trash = new Map<string, string>();
  if (keyField !== undefined)
    for (const { id, value } of await listTrashedValues(sql, blueprint.id, keyField.id, mostTrashed))
      if (value !== undefined) trash.set(keyOf(uniqueValueOf(keyField, value)), id);
  const versions = new Map([[version, definition.fields]]);

  const known = async (found: readonly FoundEntity[]): Promise<Map<string, KnownEntity>> => {
    const missing = [...new Set(found.map(({ blueprintVersion }) => blueprintVersion))].filter((number) => !versions.has(number));
    for (const [number, { fields }] of missing.length === 0 ? [] : await findVersions(sql, blueprint.id, missing))
      versions.set(number, fields);
    return new Map(found.map((entity) => [entity.id, { ...entity, fields: versions.get(entity.blueprintVersion) ?? [] }]));
  };

  return async (now, rows) => {
    const names = await named(rows);
    const read = rows.map((row) => readRow(importing, row, names));
    const wanted = new Map(read.flatMap(({ unique }) => unique.map((value) => [keyOf(value), value])));
    const held = await findHolders(now, blueprint.id, [...wanted.values()]);
    const holders = new Map(held.map((one) => [keyOf(one), one.id]));
    const keys = read.flatMap(({ key }) => (key === undefined ? [] : [keyOf(key)]));
    const inTrash = new Map(keys.flatMap((key) => (holders.has(key) ? [] : [[key, trash.get(key)] as const])));
    const ids = new Set([...keys.map((key) => holders.get(key)), ...inTrash.values()].filter((id) => id !== undefined));
    const found = await findEntitiesById(now, blueprint.id, [...ids]);
    const entities = await known(found.filter(({ isTrashed }) => !isTrashed));
    const trashed = await known(found.filter(({ isTrashed }) => isTrashed));
    const trashedByKey = new Map(
      [...inTrash].flatMap(([key, id]) => {
        const entity = id === undefined ? undefined : trashed.get(id);
        return entity === undefined ? [] : [[key, entity] as const];
      }),
    );
    return planRows(importing, read, { holders, entities, trashed: trashedByKey }, newId);
  };
}
