import type { Database } from "../platform/database/database.ts";
import type { ListRequest } from "../platform/lists/listSql.ts";
import type { Platform } from "../platform/platform.ts";
import type { EntityChange, EntityView, Named, StartedRun } from "../protocol/blueprints.ts";
import { versionsOf } from "./blueprints/blueprintStore.ts";
import { blueprintFor } from "./blueprints/saveBlueprints.ts";
import { throughBlueprint } from "./blueprints/throughBlueprint.ts";
import { type AskedStart, listChanges } from "./changeStore.ts";
import { listEntities } from "./entityStore.ts";
import { fieldsOf, raiseMissing, requireEntity, seekEntity, viewOf } from "./findEntities.ts";
import { readStarted } from "./flow/readStarted.ts";
import { namedFilter } from "./named/namedFilter.ts";
import { type NamingOutside, nameValues, viewOfOne, viewsOf } from "./named/nameValues.ts";
import { fieldsOn, type Reader, showsStart } from "./reach.ts";
import { shownValues } from "./values.ts";

/** The list itself, which may be slow, goes over connections aside. */
export type ListingOutside = NamingOutside & { database: Pick<Database, "forTenant" | "aside"> };

/** A page of a blueprint's entities, each as the version of its own has it. Refusals: `not_found`, `invalid_value` with `filter…`, `sort` or `cursor`. */
export async function readEntities(
  outside: ListingOutside,
  by: Reader,
  key: string,
  request: ListRequest & { trashed: boolean },
): Promise<{ items: EntityView[]; nextCursor: string | null }> {
  const { blueprint, found: page } = await throughBlueprint(outside, by, "entities.read", key, async (through) => {
    const filter = await namedFilter(outside, by, through.definition.fields, request.filter);
    const listed = await listEntities(outside.database.aside.forTenant(by.tenant), through, { ...request, filter });
    return listed.rows.length === 0 && through.isGuess === true ? undefined : listed;
  });
  const { rows, nextCursor } = page ?? { rows: [], nextCursor: null };
  const sql = outside.database.forTenant(by.tenant);
  const versions = await versionsOf(
    sql,
    blueprint,
    rows.map(({ blueprintVersion }) => blueprintVersion),
  );
  const shown = rows.map((entity) => ({ entity, fields: versions.get(entity.blueprintVersion)?.fields ?? [] }));
  return { items: await viewsOf(outside, by, blueprint, shown), nextCursor };
}

/** Also from the trash. Refusal `not_found`. */
export async function readEntity(outside: NamingOutside, by: Reader, key: string, wanted: string): Promise<EntityView> {
  const sql = outside.database.forTenant(by.tenant);
  const { blueprint, found } = await throughBlueprint(outside, by, "entities.read", key, (through) => seekEntity(sql, through, wanted));
  const entity = found ?? raiseMissing(blueprint);
  return await viewOfOne(outside, by, blueprint, { entity, fields: await fieldsOf(sql, blueprint, entity) });
}

const mostChanges = 200;

/** What became of it, the newest change first. Refusal `not_found`. */
export async function readHistory(
  outside: NamingOutside & Pick<Platform, "clock">,
  by: Reader,
  key: string,
  wanted: string,
): Promise<{ entity: EntityView; changes: EntityChange[]; named: Named }> {
  const blueprint = await blueprintFor(outside, by, "entities.read", key);
  const sql = outside.database.forTenant(by.tenant);
  const entity = await requireEntity(sql, blueprint, wanted);
  const fields = await fieldsOf(sql, blueprint, entity);
  const changes = await listChanges(sql, blueprint.id, entity.id, { limit: mostChanges });
  const seen = fieldsOn(blueprint.reach, fields, entity.parts);
  const contents = [entity.content, ...changes.flatMap(({ before, after }) => [before, after])];
  const named = (await nameValues(outside, by, [{ id: entity.id, fields: seen, contents }]))(entity.id);
  // Of what is started with what they don't see they aren't told by the flow either.
  const tells = ({ command }: AskedStart) =>
    blueprint.reach === "all" ||
    showsStart(blueprint.definition, fieldsOn(blueprint.reach, blueprint.definition.fields, entity.parts), command);
  const startedOf = (started: readonly AskedStart[] | null) => (started ?? []).filter(tells).map((one) => became(one));
  const became = await readStarted(sql, changes, outside.clock.now(), blueprint.reach === "all");
  return {
    entity: { ...viewOf(blueprint, fields, entity), named },
    named,
    changes: changes
      .map(({ version, kind, by: who, at, before, after, started }) => ({
        version,
        kind,
        ...withStarted(startedOf(started)),
        by: who ?? "somebody who left",
        at: at.toISOString(),
        before: shownValues(seen, before),
        after: shownValues(seen, after),
      }))
      // What changed only where they see nothing is not told.
      .filter(
        ({ kind, before, after, started }) =>
          blueprint.reach === "all" || kind !== "change" || started !== undefined || Object.keys({ ...before, ...after }).length > 0,
      ),
  };
}

function withStarted(started: StartedRun[]): Pick<EntityChange, "started"> {
  return started.length === 0 ? {} : { started };
}
