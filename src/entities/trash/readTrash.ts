import type { Database } from "../../platform/database/database.ts";
import type { ListRequest } from "../../platform/lists/listSql.ts";
import type { BlueprintDefinition, TrashEntry } from "../../protocol/blueprints.ts";
import { findVersions, listBlueprints } from "../blueprints/blueprintStore.ts";
import { titleOf } from "../entityBlocks.ts";
import { type EntityReach, fieldsOn, nothing, type ReachedBlueprint, type Reader, reachOf } from "../reach.ts";
import { shownValues } from "../values.ts";
import { listTrashed, type Trashed } from "./trashStore.ts";

/** A page of what is in the trash, as far as whoever asks may read it. Refusals: `invalid_value` with `filter…`, `sort` or `cursor`. */
export async function readTrash(
  { database }: { database: Pick<Database, "forTenant"> },
  by: Reader,
  request: ListRequest,
): Promise<{ items: TrashEntry[]; nextCursor: string | null }> {
  const sql = database.forTenant(by.tenant);
  const reached = (await listBlueprints(sql)).flatMap((blueprint): ReachedBlueprint[] => {
    const reach = reachOf(by, "entities.read", blueprint);
    return reach === undefined ? [] : [{ ...blueprint, reach }];
  });
  const { rows, nextCursor } = await listTrashed(sql, reached, request);
  const reaches = new Map(reached.map(({ id, reach }) => [id, reach]));
  const versions = new Map<string, Map<number, BlueprintDefinition>>();
  for (const { blueprintId } of rows) {
    if (versions.has(blueprintId)) continue;
    const numbers = new Set(rows.filter((row) => row.blueprintId === blueprintId).map(({ number }) => number));
    versions.set(blueprintId, await findVersions(sql, blueprintId, [...numbers]));
  }
  return {
    items: rows.map((row) => entryOf(row, versions.get(row.blueprintId)?.get(row.number), reaches.get(row.blueprintId) ?? nothing)),
    nextCursor,
  };
}

function entryOf(
  { kind, blueprint, id, content, number, trashedAt, trashedBy, parts }: Trashed,
  definition: BlueprintDefinition | undefined,
  reach: EntityReach,
): TrashEntry {
  const fields = fieldsOn(reach, definition?.fields ?? [], parts);
  const title = content === null ? (definition?.name ?? blueprint) : titleOf(fields, { id, values: shownValues(fields, content) });
  const version = kind === "entity" ? { blueprintVersion: number } : {};
  return { kind, blueprint, id, title, ...version, trashedAt: trashedAt.toISOString(), trashedBy: trashedBy ?? "somebody who left" };
}
