import type { AccountPrincipal } from "../access/principal.ts";
import type { Database } from "../platform/database/database.ts";
import type { ListRequest } from "../platform/lists/listSql.ts";
import type { EntityChange, EntityView } from "../protocol/blueprints.ts";
import { findVersions } from "./blueprints/blueprintStore.ts";
import { blueprintFor } from "./blueprints/saveBlueprints.ts";
import { entityList } from "./entityList.ts";
import { listChanges, listEntities } from "./entityStore.ts";
import { fieldsOf, requireEntity, viewOf } from "./findEntities.ts";
import { shownValues } from "./values.ts";

type Reader = Pick<AccountPrincipal, "tenant" | "grants">;

interface Outside {
  database: Pick<Database, "forTenant">;
}

/** A page of a blueprint's entities, each as the version of its own has it. Refusals: `not_found`, `invalid_value` with `filter…`, `sort` or `cursor`. */
export async function readEntities(
  outside: Outside,
  by: Reader,
  key: string,
  request: ListRequest & { trashed: boolean },
): Promise<{ items: EntityView[]; nextCursor: string | null }> {
  const blueprint = await blueprintFor(outside, by, "entities.read", key);
  const sql = outside.database.forTenant(by.tenant);
  const { rows, nextCursor } = await listEntities(sql, blueprint.id, entityList(blueprint.definition.fields), request);
  const older = [...new Set(rows.map(({ blueprintVersion }) => blueprintVersion))].filter((number) => number !== blueprint.number);
  const versions = older.length === 0 ? new Map() : await findVersions(sql, blueprint.id, older);
  versions.set(blueprint.number, blueprint.definition);
  return { items: rows.map((row) => viewOf(key, versions.get(row.blueprintVersion)?.fields ?? [], row)), nextCursor };
}

/** Also from the trash. Refusal `not_found`. */
export async function readEntity(outside: Outside, by: Reader, key: string, wanted: string): Promise<EntityView> {
  const blueprint = await blueprintFor(outside, by, "entities.read", key);
  const sql = outside.database.forTenant(by.tenant);
  const entity = await requireEntity(sql, blueprint, wanted);
  return viewOf(key, await fieldsOf(sql, blueprint, entity), entity);
}

const mostChanges = 200;

/** What became of it, the newest change first. Refusal `not_found`. */
export async function readHistory(
  outside: Outside,
  by: Reader,
  key: string,
  wanted: string,
): Promise<{ entity: EntityView; changes: EntityChange[] }> {
  const blueprint = await blueprintFor(outside, by, "entities.read", key);
  const sql = outside.database.forTenant(by.tenant);
  const entity = await requireEntity(sql, blueprint, wanted);
  const fields = await fieldsOf(sql, blueprint, entity);
  const changes = await listChanges(sql, blueprint.id, entity.id, { limit: mostChanges });
  return {
    entity: viewOf(key, fields, entity),
    changes: changes.map(({ by, at, before, after, ...change }) => ({
      ...change,
      by: by ?? "somebody who left",
      at: at.toISOString(),
      before: shownValues(fields, before),
      after: shownValues(fields, after),
    })),
  };
}
