import { reachesBlueprint } from "../../access/policy.ts";
import type { AccountPrincipal } from "../../access/principal.ts";
import type { Database } from "../../platform/database/database.ts";
import type { ListRequest } from "../../platform/lists/listSql.ts";
import type { BlueprintDefinition, TrashEntry } from "../../protocol/blueprints.ts";
import { findVersions, listBlueprints } from "../blueprints/blueprintStore.ts";
import { titleOf } from "../entityBlocks.ts";
import { shownValues } from "../values.ts";
import { listTrashed, type Trashed } from "./trashStore.ts";

/** A page of what is in the trash, as far as whoever asks may read it. Refusals: `invalid_value` with `filter…`, `sort` or `cursor`. */
export async function readTrash(
  { database }: { database: Pick<Database, "forTenant"> },
  by: Pick<AccountPrincipal, "tenant" | "grants">,
  request: ListRequest,
): Promise<{ items: TrashEntry[]; nextCursor: string | null }> {
  const sql = database.forTenant(by.tenant);
  const readable = (await listBlueprints(sql)).filter(({ key }) => reachesBlueprint(by, "entities.read", key));
  const { rows, nextCursor } = await listTrashed(
    sql,
    readable.map(({ id }) => id),
    request,
  );
  const versions = new Map<string, Map<number, BlueprintDefinition>>();
  for (const { blueprintId } of rows) {
    if (versions.has(blueprintId)) continue;
    const numbers = new Set(rows.filter((row) => row.blueprintId === blueprintId).map(({ number }) => number));
    versions.set(blueprintId, await findVersions(sql, blueprintId, [...numbers]));
  }
  return { items: rows.map((row) => entryOf(row, versions.get(row.blueprintId)?.get(row.number))), nextCursor };
}

function entryOf(
  { kind, blueprint, id, content, number, trashedAt, trashedBy }: Trashed,
  definition: BlueprintDefinition | undefined,
): TrashEntry {
  const fields = definition?.fields ?? [];
  const title = content === null ? (definition?.name ?? blueprint) : titleOf(fields, { id, values: shownValues(fields, content) });
  const version = kind === "entity" ? { blueprintVersion: number } : {};
  return { kind, blueprint, id, title, ...version, trashedAt: trashedAt.toISOString(), trashedBy: trashedBy ?? "somebody who left" };
}
